import type { Alias, Document, Node as YamlNode, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { Value } from "../base/value.ts";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import { nearest } from "../base/nearest.ts";
import { readPlainScalar } from "./plain-scalar.ts";
import { loadYaml } from "./lazy.cjs";
import type { MapEntry, Node, Origin } from "./node.ts";
import { syntaxFault } from "./yaml-syntax.ts";

const MAX_DEPTH = 100;
/** How many nodes aliases may add to a document by being expanded. */
const MAX_EXPANDED = 200_000;
const TAGS = ["!expr", "!raw", "!append", "!vault"];

/** Reads all documents of a text with the library, which knows all of YAML; `parseYaml` says what faults are thrown. */
export function readWithLibrary(text: string, origin: Origin): Node[] {
  const yaml = loadYaml();
  const lines = new yaml.LineCounter();
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const nul = source.indexOf("\0");
  const placeAt = (offset: number, length = 1): Place => placeIn(lines, origin, offset, length);
  const documents = yaml.parseAllDocuments(source, {
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
    lineCounter: lines,
  });
  if (nul >= 0) throw new Fault("yaml-syntax", "the file holds a NUL character", { place: placeAt(nul) });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const error = document.errors[0];
    if (error !== undefined) throw syntaxFault(error, source, placeAt);
    return new Reader(source, origin, placeAt).document(document);
  });
}

/** A value as YAML in block style. */
export function writeWithLibrary(value: Value): string {
  return loadYaml().stringify(value, { compat: "yaml-1.1", lineWidth: 0 });
}

function placeIn(
  lines: { linePos(offset: number): { line: number; col: number } },
  origin: Origin,
  offset: number,
  length: number,
): Place {
  const { line, col } = lines.linePos(offset);
  return { file: origin.file, line: Math.max(line, 1), column: Math.max(col, 1), length: Math.max(length, 1) };
}

/** What an empty text means. */
export function emptyNode(origin: Origin): Node {
  return {
    kind: "scalar",
    value: null,
    raw: "",
    quoted: false,
    origin,
    place: { file: origin.file, line: 1, column: 1 },
  };
}

/** Turns the library's nodes of one document into ours. */
class Reader {
  /** Finished anchors: the node and how many nodes it stands for. */
  #anchors = new Map<string, { node: Node; size: number }>();
  readonly #yaml = loadYaml();
  #size = 0;
  #expanded = 0;
  readonly #text: string;
  readonly #origin: Origin;
  readonly #placeAt: (offset: number, length?: number) => Place;

  constructor(text: string, origin: Origin, placeAt: (offset: number, length?: number) => Place) {
    this.#text = text;
    this.#origin = origin;
    this.#placeAt = placeAt;
  }

  document(document: Document.Parsed): Node {
    return document.contents === null ? emptyNode(this.#origin) : this.#node(document.contents, 0);
  }

  #node(node: YamlNode, depth: number): Node {
    const from = node.range?.[0] ?? 0;
    if (depth > MAX_DEPTH) {
      throw new Fault("yaml-limit", `the YAML is nested deeper than ${MAX_DEPTH} levels`, {
        place: this.#placeAt(from),
      });
    }
    if (this.#yaml.isAlias(node)) return this.#alias(node, from);
    const before = this.#size++;
    const result = this.#tagged(node, from, depth);
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, { node: result, size: this.#size - before });
    return result;
  }

  #alias(node: Alias, from: number): Node {
    const anchor = this.#anchors.get(node.source);
    const place = this.#placeAt(from, node.source.length + 1);
    if (anchor === undefined) {
      throw new Fault("yaml-alias", `there is no finished anchor "&${node.source}" before this alias`, {
        place,
        hint: `a text that begins with * must be quoted: "*${node.source}"`,
      });
    }
    this.#expanded += anchor.size;
    this.#size += anchor.size;
    if (this.#expanded > MAX_EXPANDED) {
      throw new Fault("yaml-limit", `the aliases of this file expand to more than ${MAX_EXPANDED} values`, { place });
    }
    return anchor.node;
  }

  #tagged(node: YamlNode, from: number, depth: number): Node {
    const tag = node.tag;
    if (tag === undefined || tag.startsWith("tag:yaml.org,2002:")) {
      const text = tag === "tag:yaml.org,2002:str";
      if (!text && tag !== undefined && this.#isWritten(tag, from))
        throw this.#unknownTag(tag.replace(/^.*:/, "!!"), from);
      return this.#untagged(node, from, depth, text);
    }
    const base = { origin: this.#origin, place: this.#tagPlace(tag, from) };
    if (tag === "!append") {
      if (!this.#yaml.isSeq(node)) throw this.#tagFault("!append", "a list: `!append [x]`", base.place);
      return { kind: "append", items: this.#items(node, depth), ...base };
    }
    if (tag !== "!expr" && tag !== "!raw" && tag !== "!vault") throw this.#unknownTag(tag, from);
    if (!this.#yaml.isScalar(node)) throw this.#tagFault(tag, `a text: \`${tag} '…'\``, base.place);
    const value = typeof node.value === "string" ? node.value : "";
    if (tag === "!raw") return { kind: "raw", value, ...base };
    if (tag === "!vault") {
      throw new Fault("yaml-vault", "encrypted values (!vault) cannot be read yet", {
        place: base.place,
        hint: "put the value into a file of its own that is not in the repository, and read it with env() or file()",
      });
    }
    if (value.trim() === "") throw this.#tagFault(tag, "an expression: `!expr 'a + b'`", base.place);
    return { kind: "expr", source: value, sourcePlace: this.#contentPlace(node, from), raw: this.#raw(node), ...base };
  }

  #untagged(node: YamlNode, from: number, depth: number, asText: boolean): Node {
    if (this.#yaml.isMap(node))
      return { kind: "map", entries: this.#entries(node, depth), origin: this.#origin, place: this.#placeAt(from) };
    if (this.#yaml.isSeq(node))
      return { kind: "list", items: this.#items(node, depth), origin: this.#origin, place: this.#placeAt(from) };
    if (!this.#yaml.isScalar(node))
      throw new Fault("yaml-syntax", "this is not a value", { place: this.#placeAt(from) });
    return this.#scalar(node, from, asText);
  }

  #scalar(node: Scalar, from: number, asText: boolean): Node {
    const text = typeof node.value === "string" ? node.value : "";
    const raw = this.#raw(node);
    const quoted = asText || (node.type !== undefined && node.type !== "PLAIN");
    const value = quoted ? text : readPlainScalar(text);
    const lineEnd = raw.indexOf("\n");
    const place = this.#placeAt(from, lineEnd < 0 ? raw.length : lineEnd);
    if (
      typeof value === "number" &&
      Number.isInteger(value) &&
      !Number.isSafeInteger(value) &&
      /^[-+]?\d+$/.test(raw)
    ) {
      throw new Fault("yaml-number", `the number ${raw} is too large to be kept exactly`, {
        place,
        hint: `write it as a text: "${raw}"`,
      });
    }
    return { kind: "scalar", value, raw, quoted, origin: this.#origin, place };
  }

  #items(node: YAMLSeq, depth: number): Node[] {
    return node.items.map((item) => {
      if (this.#yaml.isPair(item))
        throw new Fault("yaml-syntax", "a key stands here without braces around it", {
          place: this.#placeAt(node.range?.[0] ?? 0),
        });
      return this.#node(item as YamlNode, depth + 1);
    });
  }

  #entries(node: YAMLMap, depth: number): Map<string, MapEntry> {
    const entries = new Map<string, MapEntry>();
    for (const pair of node.items) {
      const keyNode = pair.key as YamlNode | null;
      const { key, keyPlace } = this.#key(node, keyNode);
      const earlier = entries.get(key);
      if (earlier !== undefined) {
        throw new Fault("yaml-duplicate-key", `the key "${key}" stands here a second time`, {
          place: keyPlace,
          hint: "keep one of them",
          related: [{ text: "the first one", place: earlier.keyPlace }],
        });
      }
      const value = pair.value as YamlNode | null;
      const after = keyNode?.range?.[1] ?? node.range?.[0] ?? 0;
      entries.set(key, { key, keyPlace, value: value === null ? this.#missing(after) : this.#node(value, depth + 1) });
    }
    return entries;
  }

  /** The value of a key without one (`{a, b}`). */
  #missing(at: number): Node {
    return { kind: "scalar", value: null, raw: "", quoted: false, origin: this.#origin, place: this.#placeAt(at) };
  }

  #key(map: YAMLMap, node: YamlNode | null): { key: string; keyPlace: Place } {
    const from = node?.range?.[0] ?? map.range?.[0] ?? 0;
    if (node !== null && this.#yaml.isMap(node) && map.flow === true) {
      throw new Fault("yaml-braces", "`{{` begins a map here, not a text", {
        place: this.#placeAt(map.range?.[0] ?? from, 2),
        hint: 'put the whole value in quotes: "{{ name }}"',
      });
    }
    if (!this.#yaml.isScalar(node)) {
      throw new Fault("yaml-key", "a key has to be a plain text", {
        place: this.#placeAt(from),
        hint: "write one word or a quoted text before the colon",
      });
    }
    const raw = this.#raw(node);
    const keyPlace = this.#placeAt(from, Math.max(1, raw.length));
    if (node.tag !== undefined && !node.tag.startsWith("tag:yaml.org,2002:")) {
      throw new Fault("yaml-key", `a key cannot have a tag (${node.tag})`, {
        place: keyPlace,
        hint: "a key is always a text; only values are computed",
      });
    }
    if (node.anchor !== undefined) throw new Fault("yaml-key", "a key cannot have an anchor", { place: keyPlace });
    const key = typeof node.value === "string" ? node.value : "";
    if (key === "<<" && node.type === "PLAIN") {
      throw new Fault("yaml-merge-key", "`<<` does not merge here", {
        place: keyPlace,
        hint: "layers of variables merge by themselves; an alias (*name) can stand for a whole value",
      });
    }
    if (key === "" && (node.type === undefined || node.type === "PLAIN")) {
      throw new Fault("yaml-key", "there is no key before the colon", { place: keyPlace });
    }
    return { key, keyPlace };
  }

  #raw(node: Scalar): string {
    return node.range ? this.#text.slice(node.range[0], node.range[1]) : "";
  }

  /** Where the content of a scalar begins: after the quote, on the first line of a block. */
  #contentPlace(node: Scalar, from: number): Place {
    if (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE") return this.#placeAt(from + 1);
    if (node.type !== "BLOCK_FOLDED" && node.type !== "BLOCK_LITERAL") return this.#placeAt(from);
    const body = /[^\n]*\n[ \n]*/y;
    body.lastIndex = from;
    return this.#placeAt(from + (body.exec(this.#text)?.[0].length ?? 0));
  }

  #isWritten(tag: string, from: number): boolean {
    return this.#text.slice(Math.max(0, from - 60), from).includes(tag.replace(/^.*:/, "!!"));
  }

  #tagPlace(tag: string, from: number): Place {
    const at = this.#text.lastIndexOf(tag, from);
    return this.#placeAt(at < 0 ? from : at, tag.length);
  }

  #tagFault(tag: string, needs: string, place: Place): Fault {
    return new Fault("yaml-tag-value", `${tag} needs ${needs}`, { place });
  }

  #unknownTag(tag: string, from: number): Fault {
    const place = this.#tagPlace(tag, from);
    if (tag === "!unsafe")
      return new Fault("yaml-unknown-tag", "the tag !unsafe is called !raw here", { place, hint: "write !raw" });
    const near = nearest(tag, TAGS);
    const condition = /^![\w.]+$/.test(tag) ? `; to negate a condition, quote it: '${tag}'` : "";
    return new Fault("yaml-unknown-tag", `unknown tag ${tag}`, {
      place,
      hint: near === undefined ? `the tags are !expr, !raw and !append${condition}` : `did you mean ${near}?`,
    });
  }
}
