import type { MapNode, Node } from "../language/node.ts";
import { mergeNodes } from "../language/merge.ts";
import type { Inventory } from "./inventory.ts";
import { type Leaf, leavesOf, nodeAt, writtenAs } from "./leaves.ts";
import { requireHost } from "./list.ts";

/**
 * Says where each variable of a host comes from: every leaf as it is written, with file, line and layer, and below it
 * the lower layers that say something else there. Ends without a newline. Throws a Fault when there is no such host.
 */
export function explainHost(inventory: Inventory, host: string): string {
  requireHost(inventory, host);
  const layers = inventory.layers(host);
  const groups = inventory.groupsOf(host);
  const leaves = leavesOf(mergeNodes(layers));
  const lines = [host, `  groups: ${groups.length === 0 ? "none" : groups.join(", ")} (lowest first)`];
  if (leaves.length === 0) lines.push("  no variables");
  for (const leaf of leaves)
    lines.push(`  ${nameOf(leaf.path)} = ${writtenAs(leaf.node)}`, `      ${from(leaf.node)}`, ...below(leaf, layers));
  for (const leaf of removed(layers))
    lines.push(`  ${nameOf(leaf.path)} is removed`, `      ${from(leaf.node)}`, ...below(leaf, layers));
  return lines.join("\n");
}

/** Lines for the lower layers that a leaf hides, or adds to; the nearest first. */
function below(leaf: Leaf, layers: readonly MapNode[]): string[] {
  const lines: string[] = [];
  let adds = false;
  let found = false;
  for (const layer of layers.toReversed()) {
    const node = nodeAt(layer, leaf.path);
    if (node === undefined) continue;
    if (found) lines.push(`      ${adds ? "adds to" : "hides"} ${writtenAs(node)} of ${from(node)}`);
    // The leaf itself is in the highest layer that speaks of it; appended lists go on to the next.
    adds = node.kind === "append" && (!found || adds);
    found = true;
  }
  return lines;
}

/** Leaves that the highest layer that speaks of them sets to null while a lower one has a value. */
function removed(layers: readonly MapNode[]): Leaf[] {
  const seen = new Set<string>();
  const found: Leaf[] = [];
  layers.forEach((layer, index) => {
    for (const leaf of leavesOf(layer)) {
      const key = JSON.stringify(leaf.path);
      if (!removes(leaf.node) || seen.has(key)) continue;
      const lower = layers.slice(0, index).some((each) => speaks(each, leaf.path));
      const higher = layers.slice(index + 1).some((each) => speaks(each, leaf.path));
      if (!lower || higher) continue;
      seen.add(key);
      found.push(leaf);
    }
  });
  return found;
}

function speaks(layer: MapNode, path: readonly string[]): boolean {
  return nodeAt(layer, path) !== undefined;
}

function removes(node: Node): boolean {
  return node.kind === "scalar" && node.value === null && !node.quoted;
}

function nameOf(path: readonly string[]): string {
  return path
    .map((key, index) =>
      /^[A-Za-z_]\w*$/.test(key) ? `${index === 0 ? "" : "."}${key}` : index === 0 ? key : `[${JSON.stringify(key)}]`,
    )
    .join("");
}

function from(node: Node): string {
  return `${node.place.file}:${node.place.line} (${node.origin.layer ?? "inventory"})`;
}
