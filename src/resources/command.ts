import { type Captured, captureFunctions } from "./capture.ts";
import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";
import { type Invocation, invocationText } from "./shell-words.ts";

export const commandKind: ResourceKind<Captured> = {
  kind: "command",
  summary: "Exit status and output of a program that only reads.",
  reader: `command_at=0
for command_text do
  capture_run "$command_text"
  echo "$command_at $captured"
  command_at=$((command_at + 1))
done`,
  functions: captureFunctions,
  line: fields<Captured>({ rc: "int", stdout: "word", stderr: "word" }),
  isAbsent: () => false,
  opaque: true,
  unpredictable: true,
  asUser: true,
};

/** A program that only reads, run as the step's user; in check too. */
export function commandOutput(run: Invocation): Ref<Captured> {
  return { kind: commandKind, key: invocationText(run) };
}
