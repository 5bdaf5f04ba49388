import { structuredPatch } from "diff";
import { visible } from "./visible.ts";

/** Milliseconds a comparison may take: two large texts with nothing in common take for ever and tell nothing. */
const TIMEOUT = 200;

export interface DiffLine {
  kind: "hunk" | "added" | "removed" | "same" | "note";
  text: string;
}

/**
 * The lines in which two texts differ, three lines of context around. `null` is a text that is not there.
 * Texts that cannot be compared are one `note` line.
 */
export function contentDiff(before: string | null, after: string | null): DiffLine[] {
  if (`${before ?? ""}${after ?? ""}`.includes("\0")) return [note("binary content differs")];
  const patch = structuredPatch("", "", before ?? "", after ?? "", undefined, undefined, {
    context: 3,
    timeout: TIMEOUT,
  });
  if (patch === undefined) return [note("too different to show line by line")];
  // A text that was not there, or is no more, needs no line numbers.
  if ((before ?? "") === "" || (after ?? "") === "") return patch.hunks.flatMap((hunk) => hunk.lines.map(diffLine));
  return patch.hunks.flatMap((hunk) => [
    { kind: "hunk", text: `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@` } as const,
    ...hunk.lines.map(diffLine),
  ]);
}

function diffLine(line: string): DiffLine {
  // A carriage return at the end of a line is a difference people must be able to see.
  const text = visible(line.replace(/\r$/, "␍"));
  if (line.startsWith("+")) return { kind: "added", text };
  if (line.startsWith("-")) return { kind: "removed", text };
  if (line.startsWith("\\")) return note("no newline at the end");
  return { kind: "same", text };
}

function note(text: string): DiffLine {
  return { kind: "note", text: `(${text})` };
}
