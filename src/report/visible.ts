/**
 * Text from a host or a file, made safe to print: control characters are shown as `\x1b`, never sent, so that no file
 * name or output can move the cursor or hide text. Newlines and tabs stay.
 */
export function visible(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(UNSAFE, escaped);
}

/** The same on one line: newlines and tabs are shown too. */
export function visibleLine(text: string): string {
  return text.replace(/[\n\r\t]/g, (character) => NAMED[character] ?? character).replace(UNSAFE, escaped);
}

// C0, DEL, C1, marks that reorder or break lines, halves of surrogate pairs.
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const NAMED: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  if (character in NAMED) return NAMED[character] ?? "";
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
