/** A part of a glob: any run of characters, or a test of one. */
type Part = "run" | ((char: string) => boolean);

/**
 * A test of names against a glob (`*`, `?`, `[abc]`, `[a-z]`, `[!x]`), over the whole name, case counts. Its time grows
 * with the length of the name times that of the glob, whatever both are.
 */
export function nameGlob(glob: string): (name: string) => boolean {
  const parts = readParts(Array.from(glob));
  return (name) => matches(parts, Array.from(name));
}

function matches(parts: readonly Part[], name: readonly string[]): boolean {
  let part = 0;
  let at = 0;
  // The last run that was passed, and where it began to be tried: only this one is ever tried again.
  let retry: { part: number; at: number } | undefined;
  while (at < name.length) {
    const test = parts[part];
    if (test === "run") {
      retry = { part, at };
      part += 1;
    } else if (test?.(name[at] ?? "") === true) {
      part += 1;
      at += 1;
    } else if (retry === undefined) return false;
    else {
      retry.at += 1;
      part = retry.part + 1;
      at = retry.at;
    }
  }
  return parts.slice(part).every((left) => left === "run");
}

function readParts(chars: readonly string[]): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? "";
    if (char === "*") {
      if (parts.at(-1) !== "run") parts.push("run");
    } else if (char === "?") parts.push(() => true);
    else {
      const end = char === "[" ? endOfSet(chars, at) : -1;
      if (end < 0) parts.push((each) => each === char);
      else {
        parts.push(oneOf(chars.slice(at + 1, end)));
        at = end;
      }
    }
  }
  return parts;
}

/** Where a set ends; a `]` right after its beginning belongs to it. -1 when it is none. */
function endOfSet(chars: readonly string[], start: number): number {
  const first = chars[start + 1] === "!" ? start + 2 : start + 1;
  return chars.indexOf("]", first + 1);
}

function oneOf(set: readonly string[]): (char: string) => boolean {
  const not = set[0] === "!";
  const chars = not ? set.slice(1) : set;
  const ranges: [string, string][] = [];
  for (let at = 0; at < chars.length; at += 1) {
    const from = chars[at] ?? "";
    const to = chars[at + 1] === "-" ? chars[at + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) at += 2;
  }
  return (char) => ranges.some(([from, to]) => from <= char && char <= to) !== not;
}
