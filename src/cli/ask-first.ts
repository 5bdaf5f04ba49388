import { EXIT, type Input } from "./command.ts";
import type { RunResult } from "./engine.ts";
import { execute, exitCodeOf, formatOf, type Prepared } from "./project-run.ts";

/** People are asked; programs and `-y` are not. */
export function asksFirst(input: Input): boolean {
  return input.io.canAsk && formatOf(input) === "terminal" && input.settings.flag("yes") !== true;
}

/** Shows the plan and asks; undefined to go on, else the exit code. */
export async function askFirst(prepared: Prepared): Promise<number | undefined> {
  const { io, settings } = prepared.input;
  // As for apply: what changes in files is shown when it is asked for.
  const result = await execute(prepared, "check", { diff: settings.flag("diff") === true });
  if (io.interrupted()) return EXIT.interrupted;
  const pending = pendingOf(result);
  if (pending.steps === 0) return exitCodeOf(result, "check", prepared.input);
  const steps = `${pending.steps} step${pending.steps === 1 ? "" : "s"}`;
  const hosts = `${pending.hosts} host${pending.hosts === 1 ? "" : "s"}`;
  if (await io.confirm(`apply ${steps} on ${hosts}?`)) return undefined;
  if (io.interrupted()) return EXIT.interrupted;
  io.out("nothing was changed\n");
  return EXIT.changesToMake;
}

/** Steps that would change something or may, and the hosts they are on. */
function pendingOf(result: RunResult): { steps: number; hosts: number } {
  const perHost = Object.values(result.hosts).map((counts) => counts.changed + counts.maybe + counts.unknown);
  return {
    steps: perHost.reduce((sum, number) => sum + number, 0),
    hosts: perHost.filter((number) => number > 0).length,
  };
}
