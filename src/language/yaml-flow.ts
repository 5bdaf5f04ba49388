import type { Place } from "../errors/place.ts";
import type { MapEntry, Node, Origin } from "./node.ts";
import { readPlainScalar } from "./plain-scalar.ts";

/** Thrown at anything that is not plain YAML. */
export const UNUSUAL = new Error("not plain YAML");

/** What a quoted text means whose only escapes, if any, are those of newline, tab, quote and backslash. */
export function unquoted(raw: string): string {
  const text = raw.slice(1, -1);
  if (raw.startsWith("'") || !text.includes("\\")) return text;
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === "n" ? "\n" : letter === "t" ? "\t" : letter));
}

type PlaceAt = (offset: number, length: number) => Place;

/** `[a, b]` or `{a: 1}` that ends on its line, with nothing but a comment behind it. Throws UNUSUAL for anything else. */
export function readFlow(text: string, at: number, end: number, origin: Origin, placeAt: PlaceAt): Node {
  const reader = new FlowReader(text, at, end, origin, placeAt);
  const node = reader.collection(0);
  if (!/^(?: *| +#.*)$/.test(text.slice(reader.at, end))) throw UNUSUAL;
  return node;
}

const QUOTED = /"(?:[^"\\\n]|\\[nt"\\])*"|'[^'\n]*'/y;
const PLAIN =
  /(?:[A-Za-z0-9_/.~+$^]|-(?=[A-Za-z0-9_/.]))[A-Za-z0-9_/.~+$^@=<>|&;*()-]*(?: [A-Za-z0-9_/.~+$^@=<>|&;*()-]+)*/y;

class FlowReader {
  constructor(
    readonly text: string,
    public at: number,
    readonly end: number,
    readonly origin: Origin,
    readonly placeAt: PlaceAt,
  ) {}

  collection(depth: number): Node {
    if (depth > 20) throw UNUSUAL;
    const place = this.placeAt(this.at, 1);
    const isMap = this.text[this.at++] === "{";
    return isMap
      ? { kind: "map", entries: this.#entries(depth), origin: this.origin, place }
      : { kind: "list", items: this.#items(depth), origin: this.origin, place };
  }

  #items(depth: number): Node[] {
    const items: Node[] = [];
    this.#spaces();
    while (this.#char() !== "]") {
      items.push(this.#value(depth));
      this.#separator("]");
    }
    this.at++;
    return items;
  }

  #entries(depth: number): Map<string, MapEntry> {
    const entries = new Map<string, MapEntry>();
    this.#spaces();
    while (this.#char() !== "}") {
      const from = this.at;
      const written = this.#scalar();
      const key = written.quoted ? unquoted(written.raw) : written.raw;
      const next = this.text[this.at + 1];
      if (entries.has(key) || this.#char() !== ":" || (next !== " " && next !== "}" && next !== ",")) throw UNUSUAL;
      this.at++;
      this.#spaces();
      if (this.#char() === "}" || this.#char() === ",") throw UNUSUAL;
      entries.set(key, { key, keyPlace: this.placeAt(from, written.raw.length), value: this.#value(depth) });
      this.#separator("}");
    }
    this.at++;
    return entries;
  }

  #value(depth: number): Node {
    const char = this.#char();
    if (char === "[" || char === "{") return this.collection(depth + 1);
    const from = this.at;
    const { raw, quoted } = this.#scalar();
    if (/^[-+]?\d{16,}$/.test(raw)) throw UNUSUAL;
    const value = quoted ? unquoted(raw) : readPlainScalar(raw);
    return { kind: "scalar", value, raw, quoted, origin: this.origin, place: this.placeAt(from, raw.length) };
  }

  #scalar(): { raw: string; quoted: boolean } {
    const char = this.#char();
    const quoted = char === '"' || char === "'";
    const pattern = quoted ? QUOTED : PLAIN;
    pattern.lastIndex = this.at;
    const raw = pattern.exec(this.text)?.[0];
    if (raw === undefined || this.at + raw.length > this.end) throw UNUSUAL;
    this.at += raw.length;
    return { raw, quoted };
  }

  /** A comma, or the closing bracket ahead; spaces around. */
  #separator(close: string): void {
    this.#spaces();
    if (this.#char() === close) return;
    if (this.#char() !== ",") throw UNUSUAL;
    this.at++;
    this.#spaces();
    if (this.#char() === ",") throw UNUSUAL;
  }

  #spaces(): void {
    while (this.text.charCodeAt(this.at) === 32) this.at++;
    if (this.at >= this.end) throw UNUSUAL;
  }

  #char(): string {
    if (this.at >= this.end) throw UNUSUAL;
    return this.text[this.at] ?? "";
  }
}
