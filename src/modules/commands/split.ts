/** Why a text cannot be split into words, or would mean more in a shell than words. */
export class SplitMistake extends Error {
  override name = "SplitMistake";
}

const OPERATORS = /^(?:\|\|?|&&?|;|[0-9]*(?:<|>>?|>\|)(?:&[0-9-])?|[0-9]*<<-?|&>)$/;

/**
 * Splits a command line into words as a POSIX shell does: blanks, quotes and backslashes; and nothing else: `*` and `#`
 * stay as they are. What a shell would act on (`|`, `$HOME`, `~/`) is refused unless it is quoted, for it would silently
 * mean something else. Throws `SplitMistake`.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) at += 1;
    else if (text.startsWith("\\\n", at)) at += 2;
    else {
      const { word, end } = readWord(text, at);
      const source = text.slice(at, end);
      if (OPERATORS.test(source))
        throw new SplitMistake(`"${source}" is for a shell: use the module shell, or quote it`);
      if (/^~(?:\/|$)/.test(source))
        throw new SplitMistake(`"${source}" is not expanded: write the whole path, or use the module shell`);
      words.push(word);
      at = end;
    }
  }
  return words;
}

function readWord(text: string, start: number): { word: string; end: number } {
  let word = "";
  let at = start;
  while (at < text.length && !/\s/.test(text.charAt(at))) {
    const char = text.charAt(at);
    if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) throw unclosed(text, at);
      word += text.slice(at + 1, end);
      at = end + 1;
    } else if (char === '"') {
      const quoted = readDouble(text, at);
      word += quoted.word;
      at = quoted.end;
    } else if (char === "\\") {
      if (at + 1 === text.length) throw new SplitMistake("the backslash at the end escapes nothing");
      if (text[at + 1] !== "\n") word += text.charAt(at + 1);
      at += 2;
    } else {
      refuseExpansion(text, at);
      word += char;
      at += 1;
    }
  }
  return { word, end: at };
}

function readDouble(text: string, start: number): { word: string; end: number } {
  let word = "";
  let at = start + 1;
  for (; at < text.length && text[at] !== '"'; at += 1) {
    if (text[at] === "\\" && /[$`"\\\n]/.test(text.charAt(at + 1))) {
      if (text[at + 1] !== "\n") word += text.charAt(at + 1);
      at += 1;
    } else {
      refuseExpansion(text, at);
      word += text.charAt(at);
    }
  }
  if (at >= text.length) throw unclosed(text, start);
  return { word, end: at + 1 };
}

function refuseExpansion(text: string, at: number): void {
  const found = /^(?:\$(?:\{\w+|\(|[A-Za-z_]\w*)|`)/.exec(text.slice(at, at + 80));
  if (found !== null)
    throw new SplitMistake(`"${found[0]}" is for a shell: use the module shell, or put it in single quotes`);
}

function unclosed(text: string, at: number): SplitMistake {
  return new SplitMistake(`the quote ${text.charAt(at)} at character ${at + 1} is never closed`);
}
