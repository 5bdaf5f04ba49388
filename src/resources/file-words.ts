/**
 * Paths and words of canonical lines. A word is text of printable ASCII without spaces as it is; anything else is
 * written as `\x` and the hex of its UTF-8 bytes, which the host's `file_encode` does in the same way.
 */

const plain = /^[!-~]+$/;

export function encodeWord(text: string | null): string | null {
  if (text === null) return null;
  if (plain.test(text) && text !== "-" && !text.startsWith("\\x")) return text;
  return `\\x${Buffer.from(text, "utf8").toString("hex")}`;
}

export function decodeWord(word: string | null): string | null {
  if (word === null || !word.startsWith("\\x")) return word;
  return Buffer.from(word.slice(2), "hex").toString("utf8");
}

/** An absolute path without `//`, `/./` and a trailing slash. `..` stays: what it means depends on links. */
export function normalizePath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return `/${parts.join("/")}`;
}
