import type { Place } from "../errors/place.ts";
import type { MapEntry, Node, Origin, ScalarNode } from "./node.ts";
import { readPlainScalar } from "./plain-scalar.ts";
import { readFlow, unquoted, UNUSUAL } from "./yaml-flow.ts";

/**
 * Reads the YAML that nearly all files are made of: maps and lists in blocks, scalars on one line, literal blocks, flow
 * collections on one line. Ten times faster than the library, which need not even be loaded. Whatever else a text holds
 * (and every mistake) is left to the library: the answer is undefined. Where it answers, it answers what the library would.
 */
export function readPlainYaml(text: string, origin: Origin): Node | undefined {
  if (/[\t\r\0\uFEFF\u0085\u2028\u2029]/.test(text)) return undefined;
  try {
    return new PlainReader(text, origin).document();
  } catch (error) {
    if (error === UNUSUAL) return undefined;
    throw error;
  }
}

const MAX_DEPTH = 40;
const KEY = /(?:[A-Za-z0-9_/.][A-Za-z0-9_/.+@-]*(?: [A-Za-z0-9_/.+@-]+)*|"[^"\\\n]*"|'[^'\n]*'):(?= |\n|$)/y;

/** A line with content: where it starts, how far it is indented, where its content ends. */
interface Line {
  number: number;
  start: number;
  indent: number;
  end: number;
}

class PlainReader {
  readonly #text: string;
  readonly #origin: Origin;
  #line: Line | undefined;
  #next = 0;
  #number = 0;

  constructor(text: string, origin: Origin) {
    this.#text = text;
    this.#origin = origin;
  }

  document(): Node {
    this.#advance();
    if (this.#line?.indent === 0 && this.#content(this.#line) === "---") this.#advance();
    if (this.#line === undefined) throw UNUSUAL;
    const node = this.#block(0, 0);
    if (!this.#atEnd()) throw UNUSUAL;
    return node;
  }

  #atEnd(): boolean {
    return this.#line === undefined;
  }

  /** Moves to the next line that is neither empty nor a comment. */
  #advance(): void {
    const text = this.#text;
    while (this.#next < text.length) {
      const start = this.#next;
      const newline = text.indexOf("\n", start);
      const end = newline < 0 ? text.length : newline;
      this.#next = end + 1;
      this.#number++;
      let at = start;
      while (at < end && text.charCodeAt(at) === 32) at++;
      if (at === end || text.charCodeAt(at) === 35) continue;
      this.#line = { number: this.#number, start, indent: at - start, end };
      if (
        at === start &&
        /^(?:---|\.\.\.|%)/.test(text.slice(start, start + 3)) &&
        !(text.slice(start, end) === "---" && this.#first(start))
      )
        throw UNUSUAL;
      return;
    }
    this.#line = undefined;
  }

  #first(start: number): boolean {
    return /^(?:#[^\n]*\n|\n)*$/.test(this.#text.slice(0, start));
  }

  #content(line: Line): string {
    return this.#text.slice(line.start + line.indent, line.end).trimEnd();
  }

  /** A block whose first line is the current one, which is indented at least `least`. */
  #block(least: number, depth: number): Node {
    const line = this.#line;
    if (line === undefined || line.indent < least || depth > MAX_DEPTH) throw UNUSUAL;
    return this.#isItem(line.start + line.indent, line.end)
      ? this.#list(line.indent, depth)
      : this.#map(line.indent, depth);
  }

  #isItem(at: number, end: number): boolean {
    return this.#text.charCodeAt(at) === 45 && (at + 1 === end || this.#text.charCodeAt(at + 1) === 32);
  }

  #list(indent: number, depth: number): Node {
    const first = this.#line;
    if (first === undefined) throw UNUSUAL;
    const place = this.#place(first, first.start + indent, 1);
    const items: Node[] = [];
    while (this.#line?.indent === indent && this.#isItem(this.#line.start + indent, this.#line.end)) {
      items.push(this.#item(this.#line, indent, depth));
    }
    if (this.#line !== undefined && this.#line.indent > indent) throw UNUSUAL;
    return { kind: "list", items, origin: this.#origin, place };
  }

  #item(line: Line, indent: number, depth: number): Node {
    let at = line.start + indent + 1;
    while (at < line.end && this.#text.charCodeAt(at) === 32) at++;
    if (at >= line.end || this.#text.charCodeAt(at) === 35)
      return this.#below(line, line.start + indent + 1, indent + 1, depth);
    if (!this.#isItem(at, line.end) && this.#keyEnd(at) < 0) return this.#scalar(line, at, indent);
    // What follows the dash is a block of its own, indented to where it begins.
    this.#line = { ...line, indent: at - line.start };
    return this.#block(at - line.start, depth + 1);
  }

  /** Offset of the colon of a key at an offset; -1 when there is none. */
  #keyEnd(at: number): number {
    KEY.lastIndex = at;
    return KEY.test(this.#text) ? KEY.lastIndex - 1 : -1;
  }

  #map(indent: number, depth: number): Node {
    const first = this.#line;
    if (first === undefined) throw UNUSUAL;
    const place = this.#place(first, first.start + indent, 1);
    const entries = new Map<string, MapEntry>();
    while (this.#line?.indent === indent) {
      const line = this.#line;
      const from = line.start + indent;
      const colon = this.#keyEnd(from);
      if (colon < 0 || colon >= line.end || colon - from > 1000) throw UNUSUAL;
      const written = this.#text.slice(from, colon);
      const quoted = written.startsWith('"') || written.startsWith("'");
      const key = quoted ? written.slice(1, -1) : written;
      if (entries.has(key)) throw UNUSUAL;
      entries.set(key, {
        key,
        keyPlace: this.#place(line, from, written.length),
        value: this.#value(line, colon + 1, indent, depth),
      });
    }
    if (this.#line !== undefined && this.#line.indent > indent) throw UNUSUAL;
    return { kind: "map", entries, origin: this.#origin, place };
  }

  #value(line: Line, after: number, indent: number, depth: number): Node {
    let at = after;
    while (at < line.end && this.#text.charCodeAt(at) === 32) at++;
    if (at < line.end && !(this.#text.charCodeAt(at) === 35 && at > after)) return this.#scalar(line, at, indent);
    const next = this.#peek();
    if (next?.indent === indent && this.#isItem(next.start + indent, next.end)) return this.#list(indent, depth + 1);
    return this.#nested(line, after, indent + 1, depth);
  }

  /** Steps to the next line and shows it. */
  #peek(): Line | undefined {
    this.#advance();
    return this.#line;
  }

  #below(line: Line, after: number, least: number, depth: number): Node {
    this.#advance();
    return this.#nested(line, after, least, depth);
  }

  /** What is indented below the line before; null when nothing is. */
  #nested(line: Line, after: number, least: number, depth: number): Node {
    if (this.#line !== undefined && this.#line.indent >= least) return this.#block(least, depth + 1);
    return {
      kind: "scalar",
      value: null,
      raw: "",
      quoted: false,
      origin: this.#origin,
      place: this.#place(line, after, 1),
    };
  }

  /** A value that begins on this line. Afterwards the current line is the one behind it. */
  #scalar(line: Line, at: number, indent: number): Node {
    const node = this.#text[at] === "|" ? this.#literal(line, at, indent) : this.#oneLine(line, at);
    if (node.kind !== "scalar" || !node.raw.startsWith("|") || !node.quoted) this.#advance();
    if (this.#line !== undefined && this.#line.indent > indent) throw UNUSUAL;
    return node;
  }

  #oneLine(line: Line, at: number): Node {
    const first = this.#text[at] ?? "";
    if (first === "[" || first === "{")
      return readFlow(this.#text, at, line.end, this.#origin, (offset, length) => this.#place(line, offset, length));
    if (first === "!") return this.#tagged(line, at);
    const scalar = this.#plainOrQuoted(line, at);
    return { kind: "scalar", ...scalar, origin: this.#origin, place: this.#place(line, at, scalar.raw.length) };
  }

  #plainOrQuoted(line: Line, at: number): Pick<ScalarNode, "value" | "raw" | "quoted"> {
    const first = this.#text[at] ?? "";
    const rest = this.#text.slice(at, line.end);
    if (first === '"' || first === "'") {
      const raw = (first === '"' ? /^"(?:[^"\\]|\\[nt"\\])*"(?= *$| +#)/ : /^'[^']*'(?= *$| +#)/).exec(rest)?.[0];
      if (raw === undefined) throw UNUSUAL;
      return { value: unquoted(raw), raw, quoted: true };
    }
    const comment = rest.indexOf(" #");
    const raw = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
    if (!isPlain(raw)) throw UNUSUAL;
    return { value: readPlainScalar(raw), raw, quoted: false };
  }

  #tagged(line: Line, at: number): Node {
    const [tag = ""] = /^!(?:expr|raw) +(?=[^ #&*!|>])/.exec(this.#text.slice(at, Math.min(at + 40, line.end))) ?? [];
    if (tag === "") throw UNUSUAL;
    const name = tag.trimEnd();
    const from = at + tag.length;
    if (/[[{]/.test(this.#text[from] ?? "")) throw UNUSUAL;
    const { raw, quoted } = this.#plainOrQuoted(line, from);
    if (quoted && raw.includes("\\")) throw UNUSUAL;
    const value = quoted ? raw.slice(1, -1) : raw;
    const base = { origin: this.#origin, place: this.#place(line, at, name.length) };
    if (name === "!raw") return { kind: "raw", value, ...base };
    if (value.trim() === "") throw UNUSUAL;
    return { kind: "expr", source: value, sourcePlace: this.#place(line, quoted ? from + 1 : from, 1), raw, ...base };
  }

  /** A literal block `|` or `|-`. */
  #literal(line: Line, at: number, indent: number): Node {
    const header = this.#text.slice(at, line.end).trimEnd();
    if (header !== "|" && header !== "|-") throw UNUSUAL;
    const lines: string[] = [];
    let width = -1;
    let end = this.#next;
    while (this.#next < this.#text.length) {
      const start = this.#next;
      const newline = this.#text.indexOf("\n", start);
      const stop = newline < 0 ? this.#text.length : newline;
      const written = this.#text.slice(start, stop);
      const spaces = written.length - written.trimStart().length;
      const empty = spaces === written.length;
      if (!empty && spaces <= indent) break;
      if (width < 0 && empty) throw UNUSUAL;
      if (width < 0) width = spaces;
      if (!empty && spaces < width) throw UNUSUAL;
      if (empty && spaces > 0) throw UNUSUAL;
      lines.push(written.slice(width));
      this.#next = stop + 1;
      this.#number++;
      if (newline < 0) throw UNUSUAL;
      if (!empty) end = this.#next;
    }
    while (lines.at(-1) === "") lines.pop();
    if (lines.length === 0) throw UNUSUAL;
    const value = lines.join("\n") + (header === "|" ? "\n" : "");
    const raw = this.#text.slice(at, end);
    this.#advance();
    return {
      kind: "scalar",
      value,
      raw,
      quoted: true,
      origin: this.#origin,
      place: this.#place(line, at, line.end - at),
    };
  }

  #place(line: Line, offset: number, length: number): Place {
    return { file: this.#origin.file, line: line.number, column: offset - line.start + 1, length: Math.max(length, 1) };
  }
}

/** Whether a text without its comment is a plain scalar that needs no further thought. */
function isPlain(raw: string): boolean {
  if (!/^(?:[A-Za-z0-9_/.~+$(^=\\;]|-(?=[^ ]))/.test(raw) || raw.includes(": ") || raw.endsWith(":")) return false;
  if (/^[-+]?\d{16,}$/.test(raw)) return false;
  return !raw.startsWith("---") && !raw.startsWith("...");
}
