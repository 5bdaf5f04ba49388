import { joinShell } from "../../base/shell.ts";
import type { Change, Outcome, Plan } from "../module.ts";
import type { Part } from "./put-file.ts";

/** A part as the plan of a step. `whole`: it sets the content of a file whatever was there. */
export function asPlan(part: (Part & { path?: string }) | { fail: string }, dest: string, whole = false): Plan {
  if ("fail" in part) return { fail: part.fail };
  const result = { dest: part.path ?? dest };
  if (part.apply.length === 0) return { result };
  return { change: whole ? { ...asChange(part), whole } : asChange(part), result };
}

/** A part as a change; the name of a backup that was made is in its result. */
export function asChange(part: Part): Change {
  const change = { differs: part.differs, apply: joinShell(part.apply), becomes: part.becomes, touches: part.touches };
  if (!change.apply.text.includes("file_backup")) return change;
  return { ...change, finish: (outcome: Outcome) => backupResult(outcome) };
}

function backupResult(outcome: Outcome): { result?: { backup_file: string } } {
  const name = /^backup_file=(.*)$/m.exec(outcome.stdout)?.[1];
  return name === undefined ? {} : { result: { backup_file: name } };
}
