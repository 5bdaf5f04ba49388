/** Why a regular expression cannot be used, and where: `at` counts characters from 0; absent when it cannot be told. */
export class RegexMistake extends Error {
  override name = "RegexMistake";
  constructor(
    message: string,
    readonly at?: number,
  ) {
    super(message);
  }
}

/**
 * Compiles the regular expression of an argument: JavaScript's, and what people bring along that means the same:
 * `(?P<name>…)`, `(?P=name)`, `\A`, `\Z`, `{,3}`, `[]x]`, and flags in front, `(?i)`. Throws `RegexMistake`.
 */
export function compileRegex(source: string, flags = ""): RegExp {
  const inFront = /^\(\?([a-z]+)\)/.exec(source);
  let rest = source;
  let allFlags = flags;
  if (inFront?.[1] !== undefined) {
    const unknown = /[^imsu]/.exec(inFront[1])?.[0];
    if (unknown !== undefined) throw new RegexMistake(`the flag (?${unknown}) is not offered`, 0);
    rest = source.slice(inFront[0].length);
    allFlags = [...new Set((flags + inFront[1]).match(/./g))].join("");
  }
  try {
    return new RegExp(translate(rest), allFlags);
  } catch (error) {
    const mistake = findMistake(rest);
    const skipped = source.length - rest.length;
    if (mistake !== undefined) throw new RegexMistake(mistake.why, mistake.at + skipped);
    const text = error instanceof Error ? error.message : String(error);
    throw new RegexMistake(text.slice(text.lastIndexOf(": ") + 2).toLowerCase());
  }
}

function translate(source: string): string {
  const parts = /\\[\s\S]|\[(\^?)(\]?)((?:\\[\s\S]|[^\]\\])*)\]|\{,(\d+)\}|\(\?P<|\(\?P=([A-Za-z_]\w*)\)/g;
  return source.replace(
    parts,
    (found: string, not?: string, first?: string, rest?: string, most?: string, name?: string) => {
      if (found === "(?P<") return "(?<";
      if (name !== undefined) return `\\k<${name}>`;
      if (most !== undefined) return `{0,${most}}`;
      // A bracket that comes first in a class is one of its characters.
      if (first === "]") return `[${not ?? ""}\\]${rest ?? ""}]`;
      if (found === "\\A") return "(?<![\\s\\S])";
      if (found === "\\Z") return "(?![\\s\\S])";
      return found;
    },
  );
}

/** The engine's own messages carry no position; this finds it for the mistakes people make. */
function findMistake(source: string): { why: string; at: number } | undefined {
  const groups: number[] = [];
  let repeatable = false;
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at];
    if (char === "\\") {
      if (at + 1 === source.length) return { why: "the backslash at the end escapes nothing", at };
      at += 1;
      repeatable = true;
    } else if (char === "[") {
      const end = endOfClass(source, at);
      if (end === undefined) return { why: "[ is never closed", at };
      at = end;
      repeatable = true;
    } else if (char === "(") {
      groups.push(at);
      const head = /^\(\?(?:[:=!]|<[=!]|P?<[^>]*>|P=\w+)/.exec(source.slice(at));
      if (head !== null) at += head[0].length - 1;
      else if (source[at + 1] === "?") return { why: "this kind of group is not known", at };
      repeatable = false;
    } else if (char === ")") {
      if (groups.pop() === undefined) return { why: ") closes nothing", at };
      repeatable = true;
    } else if (char === "*" || char === "+" || char === "?") {
      if (!repeatable) return { why: `${char} repeats nothing`, at };
      if (source[at + 1] === "?") at += 1;
      repeatable = false;
    } else repeatable = char !== "|" && char !== "^";
  }
  const open = groups.pop();
  return open === undefined ? undefined : { why: "( is never closed", at: open };
}

function endOfClass(source: string, start: number): number | undefined {
  for (let at = start + 1; at < source.length; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === "]") return at;
  }
  return undefined;
}
