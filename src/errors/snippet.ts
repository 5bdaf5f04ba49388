import type { Place } from "./place.ts";

const TAB = "    ";
const WIDTH = 100;

/** The line of a place as it is shown, with what has to stand below it to point at the place. */
export interface Snippet {
  line: string;
  /** White space up to the caret, in columns of the shown line. */
  indent: string;
  /** `^`, once for each column. */
  caret: string;
}

/**
 * Cuts the line of a place out of its source. Tabs become four columns, control characters are shown as `·`, and of a
 * long line only the surroundings of the place are shown. Undefined when the source has no such line.
 */
export function cutSnippet(source: string, place: Place): Snippet | undefined {
  const text = lineOf(source, place.line);
  if (text === undefined) return undefined;
  const from = Math.min(Math.max(place.column - 1, 0), text.length);
  const to = Math.min(from + Math.max(place.length ?? 1, 1), Math.max(text.length, from + 1));
  const start = from > WIDTH - 30 ? from - 40 : 0;
  const before = visible(text.slice(start, from));
  const marked = visible(text.slice(from, Math.min(to, from + WIDTH)));
  const room = Math.max(WIDTH - before.length - marked.length, 10);
  const after = visible(text.slice(to, to + room));
  const cutBefore = start > 0 ? "…" : "";
  const cutAfter = to + room < text.length ? "…" : "";
  const indent = " ".repeat(width(cutBefore + before));
  const length = Math.min(Math.max(width(marked), 1), WIDTH);
  return { line: `${cutBefore}${before}${marked}${after}${cutAfter}`.trimEnd(), indent, caret: "^".repeat(length) };
}

/** Without control characters: nothing that was read from a file may steer a terminal. Line ends and tabs become spaces. */
export function plainText(text: string): string {
  return text.replace(/[\t\n\r]/g, " ").replace(CONTROL, "·");
}

/** C0, DEL, C1, and the marks that turn the direction of text around or hide it. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function visible(text: string): string {
  return text.replaceAll("\t", TAB).replace(CONTROL, "·");
}

function lineOf(source: string, line: number): string | undefined {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const next = source.indexOf("\n", start);
    if (next < 0) return undefined;
    start = next + 1;
  }
  const end = source.indexOf("\n", start);
  return source.slice(start, end < 0 ? source.length : end).replace(/\r$/, "");
}

/** Columns of a terminal: wide characters take two, marks that combine none. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (/\p{Mn}/u.test(character)) continue;
    columns += isWide(code) ? 2 : 1;
  }
  return columns;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1f9ff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
