import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Faults } from "../../src/errors/fault.ts";
import { modules } from "../../src/modules/registry.generated.ts";
import { isSelected } from "../../src/playbook/select.ts";
import type { Event, StepEvent } from "../../src/run/events.ts";
import { loadProject } from "../../src/run/load-project.ts";
import { runProject } from "../../src/run/project-run.ts";
import type { RunResult } from "../../src/run/run.ts";

export interface PlaybookRun {
  /** Path → content, written into a scratch folder; `inventory.yml` and `playbook.yml` are what is run. */
  files: Record<string, string>;
  mode?: "apply" | "check" | "verify";
  limit?: string;
  tags?: string[];
  skipTags?: string[];
  hostKeyChecking?: "accept-new" | "strict" | "off";
  /** An existing folder to run in, which is kept. */
  folder?: string;
}

export interface PlaybookOutcome {
  result: RunResult;
  events: Event[];
  steps: StepEvent[];
  folder: string;
}

/** Runs a playbook in this process, as the commands do. `$ROOT` in the files is the scratch folder. */
export async function runPlaybook(run: PlaybookRun): Promise<PlaybookOutcome> {
  const folder = run.folder ?? mkdtempSync(join(tmpdir(), "provision-test-"));
  try {
    for (const [name, content] of Object.entries(run.files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content.replaceAll("$ROOT", folder));
    }
    const project = await loadProject({
      sources: [join(folder, "inventory.yml")],
      playbook: join(folder, "playbook.yml"),
      start: folder,
      extra: undefined,
      modules,
    });
    if (project.faults.length > 0) throw new Faults(project.faults);
    const events: Event[] = [];
    const selection = { tags: run.tags ?? [], skipTags: run.skipTags ?? [], role: undefined };
    const result = await runProject(project, {
      mode: run.mode ?? "apply",
      limit: { limit: run.limit, failedFile: undefined },
      forks: 50,
      hostKeyChecking: run.hostKeyChecking ?? "strict",
      timeout: 20,
      signal: new AbortController().signal,
      selected: (task) => isSelected(task, selection),
      emit: (event) => events.push(event),
    });
    return { result, events, steps: events.filter((event): event is StepEvent => event.event === "step"), folder };
  } finally {
    if (run.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** An inventory of hosts that are this machine. */
export function localHosts(names: readonly string[]): string {
  return JSON.stringify({
    all: { vars: { ansible_connection: "local" }, hosts: Object.fromEntries(names.map((name) => [name, {}])) },
  });
}
