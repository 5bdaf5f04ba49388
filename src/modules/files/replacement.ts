/** Why a replacement cannot be used. */
export class ReplacementMistake extends Error {
  override name = "ReplacementMistake";
}

const escapes: { [letter: string]: string } = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
};

/**
 * The text that a replacement stands for: `\1` and `\g<1>` are groups, `\g<name>` a named one, `\n` and `\t` what they
 * are in strings, `\\` a backslash. A group that took no part is empty. Throws ReplacementMistake for a group that does
 * not exist and for an escape that means nothing.
 */
export function expandReplacement(
  template: string,
  match: readonly (string | undefined)[],
  groups: { [name: string]: string | undefined } | undefined,
): string {
  return template.replace(
    /\\(?:g<([^>]*)>|([1-9]\d?)|([\s\S]|$))/g,
    (found, name: string | undefined, number: string | undefined, other: string | undefined) => {
      if (name !== undefined && !/^\d+$/.test(name)) {
        if (groups === undefined || !(name in groups))
          throw new ReplacementMistake(`the pattern has no group "${name}"`);
        return groups[name] ?? "";
      }
      const index = name ?? number;
      if (index !== undefined) {
        if (Number(index) >= match.length) throw new ReplacementMistake(`the pattern has no group ${index}`);
        return match[Number(index)] ?? "";
      }
      if (other !== undefined && other in escapes) return escapes[other] ?? "";
      if (other === "0") return "\0";
      if (other === undefined || other === "" || /[A-Za-z]/.test(other))
        throw new ReplacementMistake(
          `${found === "\\" ? "the backslash at the end" : found} means nothing in a replacement; write \\\\ for a backslash`,
        );
      return found;
    },
  );
}

/** What is wrong with a replacement for any match of the pattern, found without one. */
export function replacementMistake(template: string, pattern: RegExp): string | undefined {
  // With an empty alternative the pattern matches anything, and shows how many groups it has.
  const match = new RegExp(`${pattern.source}|`, pattern.flags.replace("g", "")).exec("");
  try {
    if (match !== null) expandReplacement(template, match, match.groups);
    return undefined;
  } catch (error) {
    if (error instanceof ReplacementMistake) return error.message;
    throw error;
  }
}
