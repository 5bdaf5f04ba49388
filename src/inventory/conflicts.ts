import { Fault } from "../errors/fault.ts";
import { mergeNodes } from "../language/merge.ts";
import type { MapNode, Node } from "../language/node.ts";
import type { Group, Inventory } from "./inventory.ts";
import { leavesOf, nodeAt, writtenAs } from "./leaves.ts";

/**
 * Finds groups that share hosts, stand at the same depth with the same priority, and set one leaf to different values,
 * so that only their names decide. One fault a leaf and pair of groups, at the value that counts.
 */
export function siblingConflicts(inventory: Inventory): Fault[] {
  const faults = new Map<string, Fault>();
  const leaves = new Map<string, Map<string, Node>>();
  const seen = new Set<string>();
  for (const host of inventory.hosts.keys()) {
    const groups = inventory.groupsOf(host);
    const key = JSON.stringify(groups);
    if (seen.has(key)) continue;
    seen.add(key);
    const layers = groupLayers(inventory, host);
    const members = groups.map((name) => inventory.groups.get(name)).filter((group) => group !== undefined);
    for (const [lower, higher] of siblings(members)) {
      const below = leavesOfGroup(leaves, lower.name, layers);
      const above = leavesOfGroup(leaves, higher.name, layers);
      for (const [path, node] of above) {
        const hidden = below.get(path);
        if (hidden === undefined || writtenAs(hidden) === writtenAs(node)) continue;
        faults.set(
          `${lower.name}\0${higher.name}\0${path}`,
          conflict(path, lower.name, hidden, higher.name, node, host),
        );
      }
    }
  }
  return [...faults.values()];
}

function groupLayers(inventory: Inventory, host: string): Map<string, MapNode[]> {
  const byGroup = new Map<string, MapNode[]>();
  for (const layer of inventory.layers(host)) {
    const name = /^group (.*)$/s.exec(layer.origin.layer ?? "")?.[1];
    if (name !== undefined) byGroup.set(name, [...(byGroup.get(name) ?? []), layer]);
  }
  return byGroup;
}

/** Pairs of groups whose order only their names decide, in that order. */
function siblings(groups: readonly Group[]): [Group, Group][] {
  const pairs: [Group, Group][] = [];
  groups.forEach((lower, index) => {
    for (const higher of groups.slice(index + 1)) {
      if (lower.depth === higher.depth && lower.priority === higher.priority) pairs.push([lower, higher]);
    }
  });
  return pairs;
}

function leavesOfGroup(
  cache: Map<string, Map<string, Node>>,
  group: string,
  layers: ReadonlyMap<string, MapNode[]>,
): Map<string, Node> {
  let leaves = cache.get(group);
  if (leaves === undefined) {
    const own = layers.get(group) ?? [];
    const merged = own.length === 0 ? [] : leavesOf(mergeNodes(own));
    // What is appended replaces nothing, so it is no conflict.
    const set = merged.filter(({ path }) => !own.some((layer) => nodeAt(layer, path)?.kind === "append"));
    leaves = new Map(set.map(({ path, node }) => [path.join("."), node]));
    cache.set(group, leaves);
  }
  return leaves;
}

function conflict(path: string, lower: string, hidden: Node, higher: string, node: Node, host: string): Fault {
  return new Fault(
    "sibling-conflict",
    `groups ${lower} and ${higher} both set ${path}: ${writtenAs(node)} of ${higher} counts, by its name alone`,
    {
      place: node.place,
      layer: `group ${higher}`,
      hosts: [host],
      hint: "set ansible_group_priority in one of them, make one the child of the other, or set the value on the host",
      related: [{ text: `${writtenAs(hidden)} of group ${lower}`, place: hidden.place }],
    },
  );
}
