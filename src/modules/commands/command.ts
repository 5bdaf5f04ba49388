import { Secret } from "../../base/secret.ts";
import { sh } from "../../base/shell.ts";
import type { Invocation } from "../../resources/shell-words.ts";
import { type ArgsOf, arg } from "../args.ts";
import { defineModule } from "../module.ts";
import { checkNeeded, planRun, runArgs, runNeeds, validateRun } from "./run.ts";
import { SplitMistake, splitWords } from "./split.ts";

const args = {
  cmd: arg.string(
    "The command line. It is split as a shell would, but no shell runs: no variables, no `|`, no `>`, no `*`.",
  ),
  argv: arg.list(arg.string("One word."), "The words of the command, nothing split."),
  ...runArgs,
};

export default defineModule({
  name: "command",
  summary: "Run a program on the host, when it is needed.",
  notes: `A command says when it is needed: \`creates\`, \`removes\`, \`unless\`, \`only_if\`; or that it only looks, \`read_only: true\`;
or that it is to run every time, \`always: true\`. After it has run, its condition is asked again: a command that leaves its
\`unless\` false, or its \`creates\` missing, has failed. With several, \`unless\`, else \`creates\`, is what must then hold; the others say when to try.

Registered: \`rc\`, \`stdout\`, \`stderr\` (without the newlines at their end), \`stdout_lines\`, \`stderr_lines\`, \`cmd\`. The step fails when rc is not 0;
\`failed_when\` decides otherwise. Secrets belong in \`stdin\` or in the task's \`environment\`, never on the command line, which every user of
the host can read. Conditions see the \`environment\`, except for the secrets in it.`,
  args,
  bare: "cmd",
  examples: [
    {
      title: "Once: until a file is there",
      yaml: "- command: {cmd: touch /tmp/example-made, creates: /tmp/example-made}\n",
      before: "rm -f /tmp/example-made",
    },
    {
      title: "Words that are not split, in a folder",
      yaml: "- command:\n    argv: [cp, my notes.txt, copy.txt]\n    chdir: /tmp/example-folder\n    creates: copy.txt\n",
      before:
        "mkdir -p /tmp/example-folder && echo hello >'/tmp/example-folder/my notes.txt' && rm -f /tmp/example-folder/copy.txt",
    },
    {
      title: "Only looks; runs in check too",
      yaml: "- command: {cmd: uname -r, read_only: true}\n  register: kernel\n- debug: {msg: 'runs {{kernel.stdout}}'}\n",
    },
    {
      title: "A condition of its own",
      yaml: "- command:\n    cmd: mkdir /tmp/example-state\n    unless: test -d /tmp/example-state\n",
      before: "rm -rf /tmp/example-state",
    },
  ],
  checkGiven(given) {
    if (given.has("cmd") && given.has("argv")) return ["cmd and argv exclude each other"];
    if (!given.has("cmd") && !given.has("argv")) return ["command needs cmd or argv"];
    return checkNeeded("command", given);
  },
  validate(given) {
    const problem = given.cmd instanceof Secret ? undefined : wordsProblem(given.cmd, given.argv);
    return problem === undefined ? validateRun("command", given) : [problem];
  },
  needs(given, host) {
    const run = invocation(given);
    return run === undefined ? [] : runNeeds(given, run, host);
  },
  plan(given, see, host) {
    const run = invocation(given);
    if (run?.argv === undefined)
      return {
        fail: "a secret is on the command line, which every user of the host can read: give it in stdin or in the task's environment",
      };
    return planRun(given, run, sh`exec ${run.argv}`, see, host);
  },
});

/** The program and its folder; undefined where a word is secret. */
function invocation(given: ArgsOf<typeof args>): Invocation | undefined {
  if (given.cmd instanceof Secret || given.unless instanceof Secret || given.only_if instanceof Secret)
    return undefined;
  const argv: string[] = [];
  for (const word of given.cmd === undefined ? (given.argv ?? []) : splitWords(given.cmd)) {
    if (word instanceof Secret) return undefined;
    argv.push(word);
  }
  return given.chdir === undefined ? { argv } : { argv, chdir: given.chdir };
}

function wordsProblem(cmd: string | undefined, argv: readonly (string | Secret)[] | undefined): string | undefined {
  try {
    const words = cmd === undefined ? (argv ?? []) : splitWords(cmd);
    if (words.length === 0 || words[0] === "") return "the command is empty";
    const pair =
      cmd === undefined
        ? undefined
        : words.find((word) => /^(creates|removes|chdir|stdin|executable)=/.test(String(word)));
    if (pair !== undefined)
      return `"${String(pair)}" is part of the command here: write ${String(pair).replace("=", ": ")} as an argument of its own, beside cmd`;
    return undefined;
  } catch (error) {
    if (error instanceof SplitMistake) return error.message;
    throw error;
  }
}
