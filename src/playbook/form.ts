import { nearest } from "../base/nearest.ts";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import { locateScalar } from "../language/locate.ts";
import type { ExprNode, MapNode, Node, ScalarNode } from "../language/node.ts";

/** The text of a node that holds no template and no expression; `undefined` for anything else. */
export function literalText(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (node.kind === "raw") return node.value;
  if (node.kind !== "scalar" || typeof node.value !== "string") return undefined;
  return node.origin.data !== true && node.value.includes("{{") ? undefined : node.value;
}

/** What a node is, for people: `a list`, `text`. */
export function describe(node: Node): string {
  if (node.kind === "map") return "a map";
  if (node.kind === "list" || node.kind === "append") return "a list";
  if (node.kind === "expr") return "an expression";
  if (node.kind === "raw" || typeof node.value === "string") return "text";
  if (node.value === null) return "nothing";
  return typeof node.value === "boolean" ? "true or false" : "a number";
}

/**
 * A map of the files whose keys are fixed, read key by key. Wrong forms are added to `faults`, and the reading goes on
 * as if the key were absent, so that one look finds every mistake.
 */
export class Form {
  constructor(
    readonly map: MapNode,
    /** For people: `play "web"`, `task "copy keys"`. */
    readonly what: string,
    readonly faults: Fault[],
  ) {}

  has(key: string): boolean {
    return this.map.entries.has(key);
  }

  node(key: string): Node | undefined {
    const node = this.map.entries.get(key)?.value;
    return node?.kind === "scalar" && node.value === null ? undefined : node;
  }

  keyPlace(key: string): Place {
    return this.map.entries.get(key)?.keyPlace ?? this.map.place;
  }

  /** Literal text; a number counts as its source text. */
  text(key: string): string | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    const text = literalText(node);
    if (text !== undefined) return text;
    if (node.kind === "scalar" && typeof node.value === "number") return node.raw;
    const template = node.kind === "expr" || (node.kind === "scalar" && typeof node.value === "string");
    this.wrong(key, node, template ? "literal text (it is read before hosts are known)" : "text");
    return undefined;
  }

  flag(key: string): boolean | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
    this.wrong(key, node, "true or false");
    return undefined;
  }

  number(key: string, range: { min: number; max?: number; whole?: boolean }): number | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    const value = node.kind === "scalar" && typeof node.value === "number" ? node.value : undefined;
    const fits =
      value !== undefined &&
      value >= range.min &&
      value <= (range.max ?? Number.MAX_SAFE_INTEGER) &&
      (range.whole !== true || Number.isSafeInteger(value));
    if (fits) return value;
    const wanted = `${range.whole === true ? "a whole number" : "a number"} ${range.max === undefined ? `of at least ${range.min}` : `from ${range.min} to ${range.max}`}`;
    this.wrong(key, node, wanted);
    return undefined;
  }

  choice<const C extends string>(key: string, choices: readonly C[]): C | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice === text);
    if (found === undefined) {
      const near = nearest(text, choices);
      this.fault(
        "wrong-form",
        `${key} of ${this.what} cannot be "${text}"`,
        this.node(key)?.place ?? this.map.place,
        near === undefined ? `one of: ${choices.join(", ")}` : `did you mean "${near}"? One of: ${choices.join(", ")}`,
      );
    }
    return found;
  }

  /** A list of literal words, or one text with commas between them. */
  words(key: string): string[] {
    const node = this.node(key);
    if (node === undefined) return [];
    if (node.kind !== "list")
      return (this.text(key) ?? "")
        .split(",")
        .map((word) => word.trim())
        .filter((word) => word !== "");
    return node.items.flatMap((item) => {
      const text =
        literalText(item) ?? (item.kind === "scalar" && typeof item.value === "number" ? item.raw : undefined);
      if (text === undefined) this.wrong(key, item, "a list of words");
      return text === undefined ? [] : text.split(",").map((word) => word.trim());
    });
  }

  /** A list; a single value counts as a list of one. */
  nodes(key: string): Node[] {
    const node = this.node(key);
    if (node === undefined) return [];
    return node.kind === "list" ? node.items : [node];
  }

  list(key: string): Node[] {
    const node = this.node(key);
    if (node === undefined || node.kind === "list") return node?.items ?? [];
    this.wrong(key, node, "a list");
    return [];
  }

  mapOf(key: string): MapNode | undefined {
    const node = this.node(key);
    if (node === undefined || node.kind === "map") return node;
    this.wrong(key, node, "a map");
    return undefined;
  }

  /** Conditions: each an `expr` node or a boolean scalar. A list means and. */
  conditions(key: string): Node[] {
    return this.nodes(key).flatMap((node) => {
      if (node.kind === "expr" || (node.kind === "scalar" && typeof node.value === "boolean")) return [node];
      if (node.kind === "scalar" && typeof node.value === "string") return [expression(node, node.value)];
      this.wrong(key, node, "a condition (an expression in text, true, false, or a list of these)");
      return [];
    });
  }

  wrong(key: string, node: Node, wanted: string): void {
    this.fault("wrong-form", `${key} of ${this.what} has to be ${wanted}, and is ${describe(node)}`, node.place);
  }

  fault(
    code: "wrong-form" | "unknown-key" | "missing-key" | "old-spelling" | "not-offered" | "bad-name",
    message: string,
    place: Place,
    hint?: string,
  ): void {
    this.faults.push(new Fault(code, message, hint === undefined ? { place } : { place, hint }));
  }

  /** Reports every key that is not known: an old spelling with its translation, else the nearest name. */
  onlyKeys(known: readonly string[], old: ReadonlyMap<string, string> = new Map()): void {
    for (const { key, keyPlace } of this.map.entries.values()) {
      if (known.includes(key)) continue;
      const translation = old.get(key);
      if (translation !== undefined) {
        this.fault("old-spelling", `"${key}" is not a key of ${this.what}`, keyPlace, translation);
        continue;
      }
      const near = nearest(key, known);
      this.fault(
        "unknown-key",
        `unknown key "${key}" of ${this.what}`,
        keyPlace,
        near === undefined ? `known keys: ${known.join(", ")}` : `did you mean "${near}"?`,
      );
    }
  }
}

/** The expression that a text holds where a condition stands. */
function expression(node: ScalarNode, source: string): ExprNode {
  const sourcePlace = { ...locateScalar(node.raw, source, node.place)(0), length: Math.max(1, source.trim().length) };
  return { kind: "expr", origin: node.origin, place: node.place, raw: node.raw, source, sourcePlace };
}
