import { compileRegex } from "../regex.ts";
import type { Codec } from "./text.ts";
import { bare, endingOf } from "./text.ts";

/**
 * A pattern for single lines. Each is looked at with a `\n` at its end where it has an ending, and `$` stands before
 * it, so that `\s` at the end of a pattern matches as people expect.
 */
export interface LinePattern {
  exec(line: string): RegExpExecArray | null;
  test(line: string): boolean;
  /** Asked for with `(?m)`: the pattern is to be looked for in the whole text. */
  multiline: boolean;
  regex: RegExp;
}

export function linePattern(source: string, codec: Codec): LinePattern {
  // With (?m) the pattern is for the whole text, where `$` is as it is.
  const whole = /^\(\?[a-z]*m[a-z]*\)/.test(source);
  const regex = compileRegex(whole ? codec.own(source) : dollarBeforeNewline(codec.own(source)));
  const subject = (line: string): string => bare(line) + (endingOf(line) === "" ? "" : "\n");
  return {
    exec: (line) => regex.exec(subject(line)),
    test: (line) => regex.test(subject(line)),
    multiline: regex.multiline,
    regex,
  };
}

/** `$` outside classes and escapes: before a newline at the end, or at the end. */
export function dollarBeforeNewline(source: string): string {
  return source.replace(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\$/g, (found) =>
    found === "$" ? "(?=\\n?(?![\\s\\S]))" : found,
  );
}
