import type { Place } from "../errors/place.ts";

/** Finds the place in the file of `length` units from `offset` of a text that was read from it. */
export type Locate = (offset: number, length?: number) => Place;

/** For a text that stands in the file as it is, from `start` on: a template file, a plain one-line scalar. */
export function locateVerbatim(text: string, start: Place): Locate {
  let starts: number[] | undefined;
  return (offset, length = 1) => {
    starts ??= lineStarts(text);
    const line = lineAt(starts, offset);
    const column = line === 0 ? start.column + offset : offset - (starts[line] ?? 0) + 1;
    return { file: start.file, line: start.line + line, column, length: Math.max(length, 1) };
  };
}

/** Offsets at which the lines of a text begin. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the line that an offset is in. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * For the value of a YAML scalar: `raw` is its source text with quotes or block header, `start` where that begins.
 * Quotes, escapes, folding and indentation only differ in white space and escapes, so characters are paired off.
 */
export function locateScalar(raw: string, value: string, start: Place): Locate {
  if (raw === value) return locateVerbatim(raw, start);
  let offsets: Int32Array | undefined;
  const inSource = locateVerbatim(raw, start);
  return (offset, length = 1) => {
    offsets ??= pairOffsets(raw, value);
    const from = offsets[Math.min(offset, value.length)] ?? 0;
    const to = offsets[Math.min(offset + length, value.length)] ?? from + 1;
    const place = inSource(from, to - from);
    const lineEnd = raw.indexOf("\n", from);
    if (lineEnd >= 0 && to > lineEnd) place.length = Math.max(1, lineEnd - from);
    return place;
  };
}

/** For each offset of `value` (its end included) the offset in `raw` where that character was written. */
function pairOffsets(raw: string, value: string): Int32Array {
  const offsets = new Int32Array(value.length + 1);
  const style = raw[0] ?? "";
  let at = 0;
  let end = raw.length;
  if (style === '"' || style === "'") {
    at = 1;
    end = raw.length - 1;
  } else if (style === "|" || style === ">") {
    const header = raw.indexOf("\n");
    at = header < 0 ? raw.length : header + 1;
  }
  for (let index = 0; index < value.length; index++) {
    if (isSpace(value[index])) {
      offsets[index] = at;
      if (isSpace(raw[at])) at++;
      else if (style === '"' && raw[at] === "\\" && !isSpace(raw[at + 1])) at += escapeLength(raw, at);
      continue;
    }
    while (at < end && (isSpace(raw[at]) || (style === '"' && raw[at] === "\\" && isSpace(raw[at + 1])))) at++;
    offsets[index] = at;
    if (style === '"' && raw[at] === "\\") {
      at += escapeLength(raw, at);
      if (isHighSurrogate(value, index)) offsets[++index] = at;
    } else if (style === "'" && raw[at] === "'") at += 2;
    else at++;
  }
  offsets[value.length] = Math.min(at, end);
  return offsets;
}

function escapeLength(raw: string, at: number): number {
  const kind = raw[at + 1];
  if (kind === "x") return 4;
  if (kind === "u") return 6;
  if (kind === "U") return 10;
  return 2;
}

function isHighSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xd800 && code <= 0xdbff;
}

function isSpace(char: string | undefined): boolean {
  return char === " " || char === "\n" || char === "\t" || char === "\r";
}
