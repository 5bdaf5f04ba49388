import { sh } from "../base/shell.ts";
import type { BatchEvent } from "../agent/wire.ts";
import { type Machine, Unreachable } from "./machine.ts";

/** How one command ended on one host. */
export interface CommandResult {
  rc: number;
  stdout: string;
  stderr: string;
  seconds: number;
}

/** Runs a shell command on a host, as people would type it there: their locale, their home. */
export async function runCommand(machine: Machine, command: string, become: boolean): Promise<CommandResult> {
  let ended: Extract<BatchEvent, { event: "end" }> | undefined;
  const item = { do: "run" as const, id: 1, shell: sh`/bin/sh -c ${command}`.text, blobs: [], command: {} };
  const end = await machine.batch(machine.channel(become), [item], (event) => {
    if (event.event === "end") ended = event;
  });
  if (ended === undefined) throw new Unreachable(end.end === "lost" ? end.why : "the command gave no result");
  return {
    rc: ended.rc,
    stdout: ended.stdout.toString("utf8"),
    stderr: ended.stderr.toString("utf8"),
    seconds: ended.seconds,
  };
}
