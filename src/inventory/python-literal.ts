/** A value that a Python literal can have here; tuples and sets are lists. */
export type Literal = null | boolean | number | string | Literal[] | { [key: string]: Literal };

const MAX_DEPTH = 50;
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/**
 * What an INI value means: the value of a Python literal (`5`, `1.5`, `True`, `None`, `'text'`, `['a', 'b']`,
 * `{'x': 1}`, `1,2`), or the text itself when it is none (`yes`, `0644`, `10.0.0.1`). A comment behind a literal goes.
 */
export function readPythonLiteral(text: string): Literal {
  if (!/^[\s\d+\-.'"([{TFNrRuU]/.test(text)) return text;
  try {
    const reader = new Reader(text);
    return reader.whole();
  } catch (error) {
    if (error === NOT_LITERAL) return text;
    throw error;
  }
}

const NOT_LITERAL = new Error("not a literal");

class Reader {
  #at = 0;
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }

  whole(): Literal {
    const first = this.#value(0);
    if (!this.#take(",")) return this.#end(first);
    const items = [first];
    while (!this.#atEnd()) {
      items.push(this.#value(0));
      if (!this.#take(",")) break;
    }
    return this.#end(items);
  }

  #end(value: Literal): Literal {
    if (!this.#atEnd()) throw NOT_LITERAL;
    return value;
  }

  #atEnd(): boolean {
    this.#space();
    return this.#at >= this.#text.length || this.#text[this.#at] === "#";
  }

  #value(depth: number): Literal {
    if (depth > MAX_DEPTH) throw NOT_LITERAL;
    this.#space();
    const word = this.#match(/(?:True|False|None)(?![\w])/y);
    if (word !== undefined) return word === "None" ? null : word === "True";
    if (this.#take("[")) return this.#items("]", depth).items;
    if (this.#take("(")) {
      const { items, comma } = this.#items(")", depth);
      return items.length === 1 && !comma ? (items[0] ?? null) : items;
    }
    if (this.#take("{")) return this.#braces(depth);
    const string = this.#strings();
    return string ?? this.#number();
  }

  #items(close: string, depth: number): { items: Literal[]; comma: boolean } {
    const items: Literal[] = [];
    let comma = false;
    while (!this.#take(close)) {
      if (items.length > 0 && !comma) throw NOT_LITERAL;
      items.push(this.#value(depth + 1));
      comma = this.#take(",");
    }
    return { items, comma };
  }

  #braces(depth: number): Literal {
    if (this.#take("}")) return {};
    const first = this.#value(depth + 1);
    if (!this.#take(":")) {
      if (!this.#take(",") && this.#text[this.#at] !== "}") throw NOT_LITERAL;
      return [first, ...this.#items("}", depth).items];
    }
    const entries: [string, Literal][] = [[keyText(first), this.#value(depth + 1)]];
    while (this.#take(",") && !this.#peek("}")) {
      const key = keyText(this.#value(depth + 1));
      if (!this.#take(":")) throw NOT_LITERAL;
      entries.push([key, this.#value(depth + 1)]);
    }
    if (!this.#take("}")) throw NOT_LITERAL;
    return Object.fromEntries(entries);
  }

  #strings(): string | undefined {
    let result: string | undefined;
    for (;;) {
      this.#space();
      const opening = this.#match(/[rRuU]?(?:'''|"""|'|")/y);
      if (opening === undefined) return result;
      const raw = /^[rR]/.test(opening);
      result = (result ?? "") + this.#string(opening.replace(/^[rRuU]/, ""), raw);
    }
  }

  #string(quote: string, raw: boolean): string {
    let result = "";
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined) throw NOT_LITERAL;
      if (this.#text.startsWith(quote, this.#at)) {
        this.#at += quote.length;
        return result;
      }
      this.#at += 1;
      if (char !== "\\") result += char;
      else if (raw) result += char + (this.#text[this.#at++] ?? "");
      else result += this.#escape();
    }
  }

  #escape(): string {
    const coded = this.#match(/x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
    if (coded !== undefined) return codePoint(Number.parseInt(coded.slice(1), 16));
    const octal = this.#match(/[0-7]{1,3}/y);
    if (octal !== undefined) return codePoint(Number.parseInt(octal, 8));
    const char = this.#text[this.#at++] ?? "";
    if (char === "x" || char === "u" || char === "U" || char === "N") throw NOT_LITERAL;
    return ESCAPES[char] ?? `\\${char}`;
  }

  #number(): number {
    const text = this.#match(
      /[+-]?\s*(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?)(?![\w.])/y,
    );
    if (text === undefined) throw NOT_LITERAL;
    const negative = text.startsWith("-");
    const digits = text.replace(/^[+-]?\s*/, "").replaceAll("_", "");
    if (/^0\d*[1-9]\d*$/.test(digits)) throw NOT_LITERAL;
    const value = Number(digits);
    if (!Number.isFinite(value)) throw NOT_LITERAL;
    // A whole number that would lose digits stays the text that it is.
    if (/^\d+$/.test(digits) && !Number.isSafeInteger(value)) throw NOT_LITERAL;
    return negative ? -value : value;
  }

  #take(char: string): boolean {
    if (!this.#peek(char)) return false;
    this.#at += 1;
    return true;
  }

  #peek(char: string): boolean {
    this.#space();
    return this.#text[this.#at] === char;
  }

  #space(): void {
    while (this.#text[this.#at] === " " || this.#text[this.#at] === "\t") this.#at += 1;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

function keyText(key: Literal): string {
  if (typeof key === "object" && key !== null) throw NOT_LITERAL;
  return String(key);
}

function codePoint(code: number): string {
  if (code > 0x10ffff) throw NOT_LITERAL;
  return String.fromCodePoint(code);
}
