import { isUtf8 } from "node:buffer";

/** Bytes as text for editing: UTF-8 where they are that, else a character a byte, so that nothing else changes. */
export interface Codec {
  decode(bytes: Buffer): string;
  encode(text: string): Buffer;
  /** A text of the arguments in this form (patterns and new lines, too, are then bytes). */
  own(text: string): string;
}

const utf8: Codec = {
  decode: (bytes) => bytes.toString("utf8"),
  encode: (text) => Buffer.from(text, "utf8"),
  own: (text) => text,
};
const bytewise: Codec = {
  decode: (bytes) => bytes.toString("latin1"),
  encode: (text) => Buffer.from(text, "latin1"),
  own: (text) => Buffer.from(text, "utf8").toString("latin1"),
};

const latin1: Codec = { ...bytewise, own: (text) => text };

/** `declared`: the text of the arguments is meant in Latin-1, too, whatever the bytes look like. */
export function codecFor(bytes: Buffer, declared?: "latin-1"): Codec {
  if (declared !== undefined) return latin1;
  return isUtf8(bytes) ? utf8 : bytewise;
}

/** Lines with their endings; only `\n` and `\r\n` end one. Joined they are the text. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A line without its ending. */
export function bare(line: string): string {
  return line.replace(/[\r\n]+$/, "");
}

/** The ending of a line; empty where it has none. */
export function endingOf(line: string): string {
  return /\r?\n$/.exec(line)?.[0] ?? "";
}

/** What ends the lines of a text: its first line decides. */
export function lineEnding(lines: readonly string[]): string {
  return endingOf(lines[0] ?? "") || "\n";
}

/** Gives the last of some lines an ending where it has none. */
export function endLast(lines: string[], ending: string): void {
  const last = lines.at(-1);
  if (last !== undefined && !/[\r\n]$/.test(last)) lines[lines.length - 1] = last + ending;
}
