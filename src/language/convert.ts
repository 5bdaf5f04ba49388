import type { Value } from "../base/value.ts";
import { Secret } from "../base/secret.ts";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import type { MapEntry, Node, Origin } from "./node.ts";

const MAX_DEPTH = 100;

/**
 * Nodes for data that has no YAML of its own (JSON of an executable, an INI literal, `-e`): every part gets the same
 * place. Throws a Fault for what is no data (functions, symbols) or is nested deeper than 100 levels.
 */
export function toNode(value: unknown, origin: Origin, place: Place, depth = 0): Node {
  const base = { origin, place };
  if (depth > MAX_DEPTH) throw new Fault("yaml-limit", "the data is nested deeper than 100 levels", { place });
  if (value === null || value === undefined)
    return { kind: "scalar", value: null, raw: "null", quoted: false, ...base };
  if (typeof value === "string") return { kind: "scalar", value, raw: value, quoted: true, ...base };
  if (typeof value === "number" || typeof value === "boolean") {
    return { kind: "scalar", value, raw: String(value), quoted: false, ...base };
  }
  if (Array.isArray(value)) {
    return { kind: "list", items: value.map((item) => toNode(item, origin, place, depth + 1)), ...base };
  }
  if (typeof value === "object") {
    const entries = new Map<string, MapEntry>();
    for (const [key, item] of Object.entries(value)) {
      entries.set(key, { key, keyPlace: place, value: toNode(item, origin, place, depth + 1) });
    }
    return { kind: "map", entries, ...base };
  }
  throw new Fault("yaml-syntax", `a ${typeof value} is not data`, { place });
}

/**
 * The value of nodes taken literally: text is not a template. Throws a Fault at an `!expr`, which has no value before it
 * is computed.
 */
export function literalValue(node: Node): Value {
  switch (node.kind) {
    case "scalar":
    case "raw":
      return node.value;
    case "list":
    case "append":
      return node.items.map(literalValue);
    case "map": {
      const result = newMap();
      for (const entry of node.entries.values()) result[entry.key] = literalValue(entry.value);
      return result;
    }
    case "expr":
      throw new Fault("expression-not-here", "a computed value (!expr) is not possible here", {
        place: node.place,
        hint: "write the value itself",
      });
  }
}

/** An empty map value. It has no prototype, so that keys such as `__proto__` and `constructor` are plain keys. */
export function newMap(): { [key: string]: Value } {
  return Object.create(null) as { [key: string]: Value };
}

/** True for map values: not null, lists or secrets. */
export function isMap(value: unknown): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

/** A deep copy without getters: everything lazy is computed. Throws what a getter throws (`Fault`, `Unknown`). */
export function forceValue(value: Value): Value {
  if (Array.isArray(value)) return value.map(forceValue);
  if (!isMap(value)) return value;
  const result = newMap();
  for (const key of Object.keys(value)) result[key] = forceValue(value[key] ?? null);
  return result;
}
