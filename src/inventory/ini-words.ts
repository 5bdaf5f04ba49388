/** One word of a line, unquoted as a shell would, and where it stands (columns count from 1). */
export interface Word {
  text: string;
  column: number;
  /** Length in the line, quotes included. */
  length: number;
}

/** The words of a line; `comment` is the column of a `#` that stands right behind a word and cuts it. */
export interface Words {
  words: Word[];
  cutAt?: number;
}

/** A quote that is never closed, or a backslash with nothing behind it. */
export class WordsMistake extends Error {
  override name = "WordsMistake";
  constructor(
    message: string,
    readonly column: number,
  ) {
    super(message);
  }
}

/**
 * Splits a host line as a POSIX shell splits words: single quotes, double quotes (in which a backslash escapes `"` and
 * itself), backslashes, and `#` up to the end of the line. Nothing is expanded. Throws WordsMistake.
 */
export function splitWords(line: string): Words {
  const words: Word[] = [];
  const pattern = /\S/g;
  for (let start = pattern.exec(line); start !== null; start = pattern.exec(line)) {
    if (start[0] === "#") break;
    const { word, end, cutAt } = readWord(line, start.index);
    words.push(word);
    if (cutAt !== undefined) return { words, cutAt };
    pattern.lastIndex = end;
  }
  return { words };
}

function readWord(line: string, start: number): { word: Word; end: number; cutAt?: number } {
  let text = "";
  let at = start;
  while (at < line.length) {
    const plain = /[^\s#'"\\]+/y;
    plain.lastIndex = at;
    const run = plain.exec(line)?.[0];
    if (run !== undefined) {
      text += run;
      at += run.length;
      continue;
    }
    const char = line[at] ?? "";
    if (char === "#") return { word: word(text, start, at), end: at, cutAt: at + 1 };
    if (char === "'" || char === '"') {
      const quoted = readQuoted(line, at);
      text += quoted.text;
      at = quoted.end;
    } else if (char === "\\") {
      if (at + 1 >= line.length) throw new WordsMistake("the backslash at the end of the line escapes nothing", at + 1);
      text += line[at + 1] ?? "";
      at += 2;
    } else break;
  }
  return { word: word(text, start, at), end: at };
}

function word(text: string, start: number, end: number): Word {
  return { text, column: start + 1, length: end - start };
}

function readQuoted(line: string, start: number): { text: string; end: number } {
  const quote = line[start] ?? "";
  const special = quote === '"' ? /["\\]/g : /'/g;
  let text = "";
  let from = start + 1;
  for (;;) {
    special.lastIndex = from;
    const found = special.exec(line);
    if (found === null) throw new WordsMistake(`the quote ${quote} is never closed`, start + 1);
    text += line.slice(from, found.index);
    if (found[0] === quote) return { text, end: found.index + 1 };
    const next = line[found.index + 1] ?? "";
    text += next === '"' || next === "\\" ? next : `\\${next}`;
    from = found.index + 2;
  }
}
