import { Fault } from "../errors/fault.ts";
import { createReporter, type OutputFormat } from "../report/create.ts";
import type { Reporter, Verbosity } from "../report/reporter.ts";
import type { Event } from "../run/events.ts";
import { type Input, EXIT } from "./command.ts";
import type { Asked, Engine, Project, Reach, Request, RunOptions, RunResult } from "./engine.ts";
import { failedFile, rememberFailed } from "./failed-hosts.ts";
import { catchInterrupts } from "./interrupt.ts";
import { type Io, UNREAD } from "./io.ts";
import type { Settings } from "./settings.ts";
import { inventorySources } from "./sources.ts";

/** A project that is loaded and checked, and what was asked of it. */
export interface Prepared {
  engine: Engine;
  project: Project;
  asked: Asked;
  input: Input;
}

const COMMAND_LINE = "the command line";

export type Mode = RunOptions["mode"];

/** Loads what apply, check, plan and verify work on. No host is touched. Throws every mistake of the files. */
export async function prepare(input: Input): Promise<Prepared> {
  const { settings } = input;
  if (settings.has("start-at-task") && settings.text("start-at-task") !== undefined) {
    throw new Fault(
      "no-start-at-task",
      "a run does not start in the middle: a host that is right costs one read, whatever the number of steps",
      {
        hint: "use --role ROLE for one role, --tags for some steps, --limit @failed for the hosts that failed",
      },
    );
  }
  const { findPlaybook } = await import("../playbook/project.ts");
  const folder = projectFolder(input);
  const asked: Asked = {
    folder: input.io.cwd,
    sources: inventorySources(input.rest, settings, input.io),
    playbook: { file: findPlaybook(folder, settings.text("playbook")) },
    extraVars: [...settings.list("extra-vars")],
    limit: limitOf(settings) ?? null,
    tags: settings.has("tags") ? settings.words("tags") : [],
    skipTags: settings.has("skip-tags") ? settings.words("skip-tags") : [],
    role: settings.has("role") ? (settings.text("role") ?? null) : null,
  };
  return { ...(await load(asked)), asked, input };
}

/** Loads the project that was asked for. */
export async function load(asked: Asked): Promise<{ engine: Engine; project: Project }> {
  const { engine } = await import("./adapter.ts");
  const request: Request = { sources: asked.sources, playbook: asked.playbook, extraVars: asked.extraVars };
  return { engine, project: await engine.project(request) };
}

/** Runs in a mode and shows it. */
export async function execute(prepared: Prepared, mode: Mode, more: Partial<RunOptions> = {}): Promise<RunResult> {
  const { engine, project, asked, input } = prepared;
  const asks = input.settings.has("diff") ? input.settings.flag("diff") : false;
  const diff = more.diff ?? asks ?? (mode === "check" || mode === "plan");
  const reporter = await reporterFor(input, diff);
  for (const warning of project.warnings) {
    const { place } = warning.details;
    reporter.event({ event: "warning", text: warning.message, ...(place === undefined ? {} : { place }) });
  }
  const options: RunOptions = {
    ...reachOf(input),
    mode,
    limit: asked.limit ?? undefined,
    tags: asked.tags,
    skipTags: asked.skipTags,
    role: asked.role ?? undefined,
    diff,
    plan: undefined,
    acceptOpen: false,
    ...more,
  };
  const result = await runShown(engine, project, options, reporter, "text" in asked.playbook);
  tellRest(result, input.io);
  rememberFailed(result, projectFolder(input).folder, input.io);
  return result;
}

/** The reporter is ended whatever happens, so that the terminal is left as it was. */
async function runShown(
  engine: Engine,
  project: Project,
  options: RunOptions,
  reporter: Reporter,
  fromCommandLine: boolean,
): Promise<RunResult> {
  const tell = (): void =>
    reporter.event({ event: "warning", text: "interrupted: nothing new is started; again: leave at once" });
  options.signal.addEventListener("abort", tell);
  catchInterrupts();
  try {
    return await engine.run(project, options, (event) => reporter.event(fromCommandLine ? withoutFile(event) : event));
  } finally {
    options.signal.removeEventListener("abort", tell);
    await reporter.end();
  }
}

/** A playbook that a command made itself has no file that people could look at. */
function withoutFile(event: Event): Event {
  if (event.event === "start") return { ...event, playbook: COMMAND_LINE };
  return event.event === "step" ? { ...event, place: { ...event.place, file: COMMAND_LINE } } : event;
}

/** The exit code of a run. */
export function exitCodeOf(result: RunResult, mode: Mode, { settings, io }: Input): number {
  const total = Object.values(result.hosts);
  const some = (...names: ("changed" | "maybe" | "unknown" | "failed" | "unreachable")[]): boolean =>
    total.some((counts) => names.some((name) => counts[name] > 0));
  if (io.interrupted()) return EXIT.interrupted;
  if (some("unreachable")) return EXIT.unreachable;
  if (some("failed") || result.refused.length > 0) return EXIT.failed;
  const open = (mode === "check" || mode === "plan") && some("changed", "maybe", "unknown");
  return open && settings.flag("exit-zero") !== true ? EXIT.changesToMake : EXIT.asDeclared;
}

/** How hosts are reached, from the options of connections. */
export function reachOf({ settings, io, project }: Input): Reach {
  return {
    limit: limitOf(settings),
    failedFile: project === undefined ? undefined : failedFile(project.folder, io),
    forks: settings.number("forks", 50),
    hostKeyChecking: (settings.text("host-key-checking") ?? "accept-new") as Reach["hostKeyChecking"],
    timeout: settings.number("timeout", 10),
    signal: io.signal,
  };
}

/** `--limit` given several times means hosts of any of them. */
export function limitOf(settings: Settings): string | undefined {
  const limits = settings.list("limit");
  return limits.length === 0 ? undefined : limits.join(",");
}

export function projectFolder(input: Input): NonNullable<Input["project"]> {
  if (input.project === undefined) throw new TypeError("this command has no project");
  return input.project;
}

/** `--output`, else what stdout is. */
export function formatOf(input: Input): OutputFormat {
  const asked = input.settings.text("output");
  if (asked === "json" || asked === "plain" || asked === "terminal") return asked;
  return input.io.terminal ? "terminal" : "plain";
}

/** -1 with `-q`, else the number of `-v`, at most 2. */
export function verbosityOf(settings: Settings): Verbosity {
  if (settings.flag("quiet") === true) return -1;
  return Math.min(2, settings.list("verbose").length) as Verbosity;
}

async function reporterFor(input: Input, diff: boolean): Promise<Reporter> {
  const { io } = input;
  const output = { write: io.out, warn: io.err, color: io.colorOut, size: io.size };
  return await createReporter(formatOf(input), { verbosity: verbosityOf(input.settings), diff }, output);
}

function tellRest(result: RunResult, io: Io): void {
  for (const reason of result.refused) io.err(`error: the saved plan is refused: ${reason}\n`);
  if (io.interrupted() && io.signal.reason !== UNREAD)
    io.err("interrupted; nothing of this run still runs on a host\n");
}
