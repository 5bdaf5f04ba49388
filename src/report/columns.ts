/** Columns that a line takes on a terminal: wide characters take two, combining ones none. Colours are not counted. */
export function columns(text: string): number {
  let width = 0;
  for (const character of text.replace(COLOUR, "")) width += columnsOf(character);
  return width;
}

/** Cuts a line without colours to that many columns, with `…` where something is missing. */
export function cutTo(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let used = 0;
  let result = "";
  for (const character of text) {
    used += columnsOf(character);
    if (used > width - 1) break;
    result += character;
  }
  return width < 1 ? "" : `${result}…`;
}

/** Fills with spaces up to that many columns. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

// A colour sequence as picocolors writes it.
const COLOUR = /\u001b\[[0-9;]*m/g;

function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/\p{Mn}|\p{Me}|\u200b|\u200d|[\ufe00-\ufe0f]/u.test(character)) return 0;
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
    character,
  ) ||
    (code >= 0x20000 && code <= 0x3fffd)
    ? 2
    : 1;
}
