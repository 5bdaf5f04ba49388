import type { Place } from "../errors/place.ts";
import type { MapNode, Node } from "../language/node.ts";
import type { Inventory } from "./inventory.ts";

/** A value of a layer that is no map: what merging replaces as a whole. */
export interface Leaf {
  path: string[];
  node: Node;
}

/** The leaves of a layer, in order; an empty map is one too. */
export function leavesOf(node: Node, path: string[] = []): Leaf[] {
  if (node.kind !== "map" || (node.entries.size === 0 && path.length > 0))
    return path.length === 0 ? [] : [{ path, node }];
  return [...node.entries.values()].flatMap((entry) => leavesOf(entry.value, [...path, entry.key]));
}

/** What a layer says at a path: the value there, or the one above it that is no map. */
export function nodeAt(layer: MapNode, path: readonly string[]): Node | undefined {
  let node: Node = layer;
  for (const key of path) {
    if (node.kind !== "map") return node;
    const entry = node.entries.get(key);
    if (entry === undefined) return undefined;
    node = entry.value;
  }
  return node;
}

/** Where the value of a variable of a host stands: the highest layer that says something at the path. */
export function placeOfVariable(inventory: Inventory, host: string, path: readonly string[]): Place | undefined {
  return inventory
    .layers(host)
    .map((layer) => nodeAt(layer, path)?.place)
    .findLast((place) => place !== undefined);
}

/** A value as it is written, on one line, for people. */
export function writtenAs(node: Node): string {
  switch (node.kind) {
    case "expr":
      return `!expr ${shorten(node.source)}`;
    case "raw":
      return `!raw ${JSON.stringify(shorten(node.value))}`;
    case "append":
      return `!append ${listText(node.items)}`;
    case "list":
      return listText(node.items);
    case "map":
      return `{${[...node.entries.values()].map((entry) => `${entry.key}: ${writtenAs(entry.value)}`).join(", ")}}`;
    case "scalar":
      return typeof node.value === "string"
        ? JSON.stringify(shorten(node.value))
        : node.value === null
          ? "null"
          : shorten(node.raw);
  }
}

function listText(items: readonly Node[]): string {
  return `[${shorten(items.slice(0, 20).map(writtenAs).join(", "), 200)}${items.length > 20 ? ", …" : ""}]`;
}

function shorten(text: string, most = 80): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
