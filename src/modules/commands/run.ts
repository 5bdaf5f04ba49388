import { blobOf } from "../../base/blob.ts";
import { Secret } from "../../base/secret.ts";
import type { Shell } from "../../base/shell.ts";
import type { Value } from "../../base/value.ts";
import { textOf } from "../../resources/capture.ts";
import { commandOutput } from "../../resources/command.ts";
import { condition } from "../../resources/condition.ts";
import { file } from "../../resources/file.ts";
import { glob } from "../../resources/glob.ts";
import { becomes, type Prediction, type Ref } from "../../resources/resource.ts";
import { type Invocation, showInvocation } from "../../resources/shell-words.ts";
import { type ArgsOf, arg } from "../args.ts";
import type { Change, HostView, Outcome, Plan, See } from "../module.ts";

/** What `command` and `shell` have in common: when they are needed, and what they run in. */
export const runArgs = {
  creates: arg.string(
    "Not needed when this path exists. A pattern with `*` is matched; a relative path counts from `chdir`, else from the home of the step's user.",
  ),
  removes: arg.string("Not needed when this path does not exist. As `creates`."),
  unless: arg.string("Not needed when this shell text ends with 0. It only looks: it runs in check too."),
  only_if: arg.string("Not needed when this shell text ends with anything but 0. It only looks: it runs in check too."),
  read_only: arg.bool("The command changes nothing: it runs in check too, its step is never `changed`.", {
    default: false,
  }),
  always: arg.bool("Run it every time, beside any conditions: the step is always `changed`.", { default: false }),
  chdir: arg.path("Folder to run in. Without it the home of the step's user."),
  stdin: arg.string("Text for its standard input; without it the input is empty. The place for a secret."),
  stdin_add_newline: arg.bool("Put a newline behind `stdin`.", { default: true }),
};

export type RunArgs = Partial<ArgsOf<typeof runArgs>>;

const CONDITIONS = ["creates", "removes", "unless", "only_if"] as const;
const NEEDED =
  "does not say when it is needed: give creates, removes, unless or only_if; read_only: true if it only looks; always: true if it is to run every time";

/** `checkGiven` of both modules. */
export function checkNeeded(module: string, given: ReadonlySet<string>): string[] {
  const conditions = CONDITIONS.filter((name) => given.has(name));
  if (conditions.length === 0 && !given.has("read_only") && !given.has("always")) return [`${module} ${NEEDED}`];
  return [];
}

/** `validate` of both modules. */
export function validateRun(module: string, args: RunArgs): string[] {
  const conditions = CONDITIONS.filter((name) => args[name] !== undefined);
  const readOnly = args.read_only === true;
  if (conditions.length === 0 && !readOnly && args.always !== true) return [`${module} ${NEEDED}`];
  if (readOnly && args.always === true) return ["read_only and always exclude each other"];
  if (readOnly && conditions.length > 0)
    return [
      `read_only and ${conditions[0] ?? ""} exclude each other: a command that only looks runs whenever \`when\` lets it`,
    ];
  return [];
}

/** What a step asks the host before it decides. */
export function runNeeds(args: RunArgs, run: Invocation, host: HostView): Ref[] {
  const questions = questionsOf(args, run, host).map(({ ref }) => ref);
  const folder = args.chdir === undefined ? [] : [file(args.chdir)];
  const output =
    args.read_only === true && secretsOf(args, host).length === 0
      ? [commandOutput(readInvocation(args, run, host))]
      : [];
  return [...folder, ...questions, ...output] as Ref[];
}

/** The decision: nothing to do, a result that was read, or an opaque change. `shell` is what the change runs. */
export function planRun(args: RunArgs, run: Invocation, shell: Shell, see: See, host: HostView): Plan {
  const wrongFolder = args.chdir === undefined ? undefined : checkFolder(args.chdir, see);
  if (wrongFolder !== undefined) return { fail: wrongFolder };
  if (args.read_only === true) return readOnly(args, run, see, host);
  const questions = questionsOf(args, run, host);
  const settled = questions.find(({ ref, settles }) => settles(see(ref)));
  if (settled !== undefined) {
    return { result: { ...resultOf(run, { rc: 0, stdout: "", stderr: "" }), msg: `not run: ${settled.why}` } };
  }
  const always = args.always === true;
  const change: Change = {
    differs: [{ what: "run", before: null, after: showInvocation(run) }],
    apply: shell,
    becomes: always ? [] : questions.slice(0, 1).map(({ predicted }) => predicted),
    touches: ["everything"],
    opaque: true,
    command: {},
    finish: (outcome) => finish(run, outcome),
  };
  if (always) change.always = true;
  if (args.chdir !== undefined) change.command = { ...change.command, chdir: args.chdir };
  if (args.stdin !== undefined) change.command = { ...change.command, stdin: blobOf(stdinText(args)) };
  return { change, result: { cmd: commandValue(run) } };
}

interface Question {
  ref: Ref;
  /** True for an answer that makes the command needless. */
  settles(answer: object): boolean;
  why: string;
  /** What the answer is once the command has done its work. */
  predicted: Prediction;
}

/**
 * Any of them settles it. The first is what the command must bring about: `unless` and `creates` say what is to be,
 * `removes` and `only_if` beside them only when it makes sense to try.
 */
function questionsOf(args: RunArgs, run: Invocation, host: HostView): Question[] {
  const questions: Question[] = [];
  const ask = (shell: string): Invocation => ({ ...placeOf(run, host), shell });
  if (typeof args.unless === "string") {
    const ref = condition(ask(args.unless));
    questions.push(question(ref, ({ rc }) => rc === 0, `unless holds (${args.unless})`, becomes(ref, { rc: 0 })));
  }
  if (typeof args.creates === "string") {
    const ref = glob(args.creates, run.chdir, () => host.home);
    questions.push(question(ref, ({ matches }) => matches, `${args.creates} exists`, becomes(ref, { matches: true })));
  }
  if (typeof args.removes === "string") {
    const ref = glob(args.removes, run.chdir, () => host.home);
    questions.push(
      question(ref, ({ matches }) => !matches, `${args.removes} does not exist`, becomes(ref, { matches: false })),
    );
  }
  if (typeof args.only_if === "string") {
    const ref = condition(ask(args.only_if));
    questions.push(
      question(ref, ({ rc }) => rc !== 0, `only_if does not hold (${args.only_if})`, becomes(ref, {}, { rc: 0 })),
    );
  }
  return questions;
}

function question<V extends object>(
  ref: Ref<V>,
  settles: (answer: V) => boolean,
  why: string,
  predicted: Prediction,
): Question {
  return { ref: ref, settles: (answer) => settles(answer as V), why, predicted };
}

function checkFolder(path: string, see: See): string | undefined {
  const found = see(file(path));
  if (found.type === "directory" || found.leads === "directory") return undefined;
  if (found.type === "denied") return `chdir: ${path} cannot be reached by the user that the step runs as`;
  return found.type === "absent" || found.leads === "absent"
    ? `chdir: the folder ${path} does not exist`
    : `chdir: ${path} is not a folder`;
}

function readOnly(args: RunArgs, run: Invocation, see: See, host: HostView): Plan {
  const secrets = secretsOf(args, host);
  if (secrets.length > 0) {
    return {
      fail: `${secrets.join(", ")}: a secret is not given to a command that is only read; let the command take it from a file`,
    };
  }
  const seen = see(commandOutput(readInvocation(args, run, host)));
  const outcome = { rc: seen.rc, stdout: textOf(seen.stdout), stderr: textOf(seen.stderr) };
  const plan: Plan = { result: resultOf(run, outcome) };
  const why = failureOf(run, outcome);
  return why === undefined ? plan : { ...plan, fail: why };
}

function readInvocation(args: RunArgs, run: Invocation, host: HostView): Invocation {
  const full: Invocation = { ...run, ...placeOf(run, host) };
  if (args.stdin !== undefined) full.stdin = String(stdinText(args));
  return full;
}

/** Folder and environment of the step, for what is asked of the host. Secrets stay away from it. */
function placeOf(run: Invocation, host: HostView): Invocation {
  const place: Invocation = run.chdir === undefined ? {} : { chdir: run.chdir };
  const open = Object.entries(host.environment ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  if (open.length > 0) place.environment = Object.fromEntries(open);
  return place;
}

function secretsOf(args: RunArgs, host: HostView): string[] {
  const names = Object.entries(host.environment ?? {}).filter(([, value]) => value instanceof Secret);
  return [...(args.stdin instanceof Secret ? ["stdin"] : []), ...names.map(([name]) => `environment ${name}`)];
}

function stdinText(args: RunArgs): string | Secret {
  const text = args.stdin ?? "";
  const plain = text instanceof Secret ? text.reveal() : text;
  const ended = args.stdin_add_newline === false ? plain : `${plain}\n`;
  return text instanceof Secret ? new Secret(ended) : ended;
}

function finish(run: Invocation, outcome: Outcome): { result: { [key: string]: Value }; fail?: string } {
  const fail = failureOf(run, outcome);
  return fail === undefined ? { result: resultOf(run, outcome) } : { result: resultOf(run, outcome), fail };
}

type Ended = Pick<Outcome, "rc" | "stdout" | "stderr">;

/** What is registered; the newlines at the end of the outputs are dropped, as people's conditions expect. */
function resultOf(run: Invocation, outcome: Ended): { [key: string]: Value } {
  const stdout = outcome.stdout.replace(/[\r\n]+$/, "");
  const stderr = outcome.stderr.replace(/[\r\n]+$/, "");
  return {
    rc: outcome.rc,
    stdout,
    stderr,
    stdout_lines: linesOf(stdout),
    stderr_lines: linesOf(stderr),
    cmd: commandValue(run),
  };
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/\r\n|\n|\r/);
}

function commandValue(run: Invocation): Value {
  return run.argv === undefined ? (run.shell ?? "") : [...run.argv];
}

function failureOf(run: Invocation, outcome: Ended): string | undefined {
  if (outcome.rc === 0) return undefined;
  const program = run.argv?.[0] ?? run.executable;
  if (outcome.rc === 127 && run.argv !== undefined)
    return `the program "${program ?? ""}" was not found on the host (rc 127): give its full path, or install it in a step before`;
  if (outcome.rc === 126 && run.argv !== undefined)
    return `"${program ?? ""}" is not a program that can be run (rc 126)`;
  return `the command ended with rc ${outcome.rc}`;
}
