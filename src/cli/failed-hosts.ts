import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunResult } from "./engine.ts";
import type { Io } from "./io.ts";

/** Keeps the names of hosts that failed or could not be reached; none where all went well. Only names: no result is kept. */
export function rememberFailed(result: RunResult, project: string, io: Io): void {
  const file = failedFile(project, io);
  if (file === undefined) return;
  const failed = Object.entries(result.hosts).filter(([, counts]) => counts.failed > 0 || counts.unreachable > 0);
  try {
    if (failed.length === 0) {
      rmSync(file, { force: true });
      return;
    }
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, failed.map(([host]) => `${host}\n`).join(""), { mode: 0o600 });
  } catch {
    // A convenience that cannot be had (read-only home) is no reason to fail a run.
  }
}

/** The file of a project, in the folder for state of the user; undefined where there is no home. */
export function failedFile(project: string, { env }: Io): string | undefined {
  const state =
    env.XDG_STATE_HOME ?? (env.HOME === undefined || env.HOME === "" ? undefined : join(env.HOME, ".local/state"));
  if (state === undefined || state === "") return undefined;
  return join(state, "provision", `${createHash("sha256").update(project).digest("hex").slice(0, 16)}.failed`);
}
