import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StepEvent } from "../../src/run/events.ts";
import { localHosts, type PlaybookOutcome, runPlaybook } from "../support/run-playbook.ts";

export interface PlayRequest {
  hosts?: string[];
  mode?: "apply" | "check";
  /** Keys of the play beside `hosts` and `tasks`. */
  play?: Record<string, unknown>;
  files?: Record<string, string>;
  limit?: string;
  tags?: string[];
}

/** Scratch folders of one `describe`, gone after it. */
export function scratchFolders(): () => string {
  const made: string[] = [];
  after(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), "provision-scratch-"));
    made.push(folder);
    return folder;
  };
}

/** Runs tasks on local hosts. `$ROOT` in them is the folder. */
export async function play(folder: string, tasks: unknown[], request: PlayRequest = {}): Promise<PlaybookOutcome> {
  return await plays(folder, [{ hosts: "all", ...request.play, tasks }], request);
}

export async function plays(folder: string, list: unknown[], request: PlayRequest = {}): Promise<PlaybookOutcome> {
  return await runPlaybook({
    folder,
    mode: request.mode ?? "apply",
    files: {
      "inventory.yml": localHosts(request.hosts ?? ["h1"]),
      "playbook.yml": JSON.stringify(list),
      ...request.files,
    },
    ...(request.limit === undefined ? {} : { limit: request.limit }),
    ...(request.tags === undefined ? {} : { tags: request.tags }),
  });
}

/** `step: status`, loop items as `step[item]: status`, in order; with several hosts `host step: status`. */
export function told(outcome: PlaybookOutcome, host?: string): string[] {
  return outcome.steps
    .filter((step) => host === undefined || step.host === host)
    .map((step) => `${step.step}${step.item === undefined ? "" : `[${String(step.item)}]`}: ${step.status}`);
}

/** The one event of a step (not of its items). */
export function stepOf(outcome: PlaybookOutcome, name: string, host?: string): StepEvent {
  const found = outcome.steps.find(
    (step) => step.step === name && step.item === undefined && (host === undefined || step.host === host),
  );
  if (found === undefined) throw new Error(`no event of ${name}: ${told(outcome).join(", ")}`);
  return found;
}
