import type { MapEntry, MapNode, Node, Origin } from "../language/node.ts";
import { toNode } from "../language/convert.ts";
import type { Place } from "../errors/place.ts";

/** A copy of nodes that belongs to another layer. In data, null is a value and removes nothing. */
export function inLayer(node: Node, origin: Origin): Node {
  switch (node.kind) {
    case "map":
      return mapInLayer(node, origin);
    case "list":
    case "append":
      return { ...node, origin, items: node.items.map((item) => inLayer(item, origin)) };
    case "scalar":
      return origin.data === true && node.value === null ? { ...node, quoted: true, origin } : { ...node, origin };
    case "expr":
    case "raw":
      return { ...node, origin };
  }
}

/** As `inLayer`, for a map. */
export function mapInLayer(node: MapNode, origin: Origin): MapNode {
  const entries = new Map<string, MapEntry>();
  for (const entry of node.entries.values()) entries.set(entry.key, { ...entry, value: inLayer(entry.value, origin) });
  return { kind: "map", entries, origin, place: node.place };
}

/** Nodes for a value that was not written as YAML. Its nulls are values: they hide what lower layers say, and remove nothing. */
export function dataNode(value: unknown, origin: Origin, place: Place): Node {
  const node = toNode(value, origin, place);
  keepNulls(node);
  return node;
}

function keepNulls(node: Node): void {
  if (node.kind === "scalar" && node.value === null) node.quoted = true;
  else if (node.kind === "list") node.items.forEach(keepNulls);
  else if (node.kind === "map") for (const entry of node.entries.values()) keepNulls(entry.value);
}

/** A map of one layer out of its entries. */
export function mapOf(entries: readonly MapEntry[], origin: Origin, place: Place): MapNode {
  return { kind: "map", entries: new Map(entries.map((entry) => [entry.key, entry])), origin, place };
}

/** True for `key:` without a value, and for `null`. */
export function isNull(node: Node): boolean {
  return node.kind === "scalar" && node.value === null;
}

/** What a node is, for people: "a list", "a text". */
export function kindOf(node: Node): string {
  if (node.kind === "list" || node.kind === "append") return "a list";
  if (node.kind === "map") return "a map";
  if (node.kind === "expr") return "a computed value";
  if (node.kind === "raw" || typeof node.value === "string") return "a text";
  return node.value === null ? "nothing" : `a ${typeof node.value}`;
}
