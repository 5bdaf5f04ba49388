import { Fault } from "../errors/fault.ts";
import type { AppendNode, ListNode, MapEntry, MapNode, Node } from "./node.ts";

/**
 * All layers of variables folded into one, lowest first: JSON Merge Patch (RFC 7396). Maps merge by key, everything else
 * replaces, a plain `null` removes, `!append [x]` adds to the list below. Each leaf keeps its place and its origin.
 * The layers themselves are not changed; parts of them are shared with the result. Needs at least one layer. Throws a
 * Fault for an `!append` over something that is no list.
 */
export function mergeNodes(layers: readonly Node[]): Node {
  const [first, ...rest] = layers;
  if (first === undefined) throw new TypeError("nothing to merge");
  return rest.reduce<Node>((below, layer) => mergeOver(below, layer), settle(first));
}

function mergeOver(below: Node | undefined, layer: Node): Node {
  if (layer.kind === "append") return append(below, layer);
  if (layer.kind !== "map") return layer;
  if (below?.kind !== "map") return settle(layer);
  const entries = new Map(below.entries);
  for (const entry of layer.entries.values()) {
    if (removes(entry.value)) entries.delete(entry.key);
    else entries.set(entry.key, { ...entry, value: mergeOver(entries.get(entry.key)?.value, entry.value) });
  }
  return { ...layer, entries };
}

/** A layer over nothing: its nulls remove nothing and go, its `!append`s are the list. */
function settle(node: Node): Node {
  if (node.kind === "append") return append(undefined, node);
  if (node.kind !== "map") return node;
  const entries = new Map<string, MapEntry>();
  for (const entry of node.entries.values()) {
    if (!removes(entry.value)) entries.set(entry.key, { ...entry, value: settle(entry.value) });
  }
  return { ...node, entries } satisfies MapNode;
}

function append(below: Node | undefined, layer: AppendNode): ListNode {
  if (below !== undefined && below.kind !== "list") {
    const computed =
      below.kind === "expr" ||
      (below.kind === "scalar" && typeof below.value === "string" && below.value.includes("{{"));
    throw new Fault(
      "append-no-list",
      `!append adds to a list, and the layer below has ${computed ? "a computed value" : below.kind === "map" ? "a map" : "a single value"}`,
      {
        place: layer.place,
        hint: computed
          ? 'write !expr other_list + ["x"] instead'
          : "make it a list there, or leave out !append to replace it",
        ...(layer.origin.layer === undefined ? {} : { layer: layer.origin.layer }),
        related: [{ text: "the value below", place: below.place }],
      },
    );
  }
  const before = below?.items ?? [];
  return { kind: "list", items: [...before, ...layer.items], origin: layer.origin, place: layer.place };
}

function removes(node: Node): boolean {
  return node.kind === "scalar" && node.value === null && !node.quoted;
}
