import { Fault } from "../errors/fault.ts";
import type { Draft } from "./draft.ts";
import type { Group } from "./inventory.ts";

/**
 * Completes the groups of a draft: names that are declared nowhere are reported, hosts in no group are ungrouped, groups
 * without a parent are children of `all`, each gets its depth. Cycles are reported with the way around.
 */
export function completeGroups(draft: Draft): void {
  draft.checkDeclared();
  placeUngrouped(draft);
  for (const group of draft.groups.values()) {
    if (group.name !== "all" && group.parents.size === 0) draft.link("all", group.name);
  }
  const left = setDepths(draft.groups);
  if (left.size > 0) draft.fault(cycleFault(draft.groups, left));
  for (const [name, group] of draft.groups) {
    const host = draft.hosts.get(name);
    if (host === undefined) continue;
    const place = group.place ?? host.place;
    draft.warn(
      new Fault("inventory-name-clash", `${name} is the name of a group and of a host`, {
        ...(place && { place }),
        hint: "patterns then mean the host; rename one of them",
        ...(host.place && { related: [{ text: "the host", place: host.place }] }),
      }),
    );
  }
}

function placeUngrouped(draft: Draft): void {
  const ungrouped = draft.groups.get("ungrouped");
  for (const host of draft.hosts.values()) {
    const elsewhere = [...host.groups].some((name) => name !== "all" && name !== "ungrouped");
    if (!elsewhere) draft.host(host.name, "ungrouped");
    else if (host.groups.delete("ungrouped")) ungrouped?.hosts.delete(host.name);
  }
}

/** Sets the depth of each group, parents first; gives the groups that cannot be reached so, which stand in or below a cycle. */
function setDepths(groups: ReadonlyMap<string, Group>): Set<string> {
  const open = new Map<string, number>();
  const ready: Group[] = [];
  for (const group of groups.values()) {
    group.depth = 0;
    open.set(group.name, group.parents.size);
    if (group.parents.size === 0) ready.push(group);
  }
  for (let group = ready.pop(); group !== undefined; group = ready.pop()) {
    open.delete(group.name);
    for (const name of group.children) {
      const child = groups.get(name);
      if (child === undefined) continue;
      child.depth = Math.max(child.depth, group.depth + 1);
      const parents = (open.get(name) ?? 0) - 1;
      open.set(name, parents);
      if (parents === 0) ready.push(child);
    }
  }
  return new Set(open.keys());
}

function cycleFault(groups: ReadonlyMap<string, Group>, left: ReadonlySet<string>): Fault {
  // Every group that is left has a parent that is left, so walking up must come around.
  const [start = ""] = left;
  const way: string[] = [];
  let at = start;
  while (!way.includes(at)) {
    way.push(at);
    at = [...(groups.get(at)?.parents ?? [])].find((parent) => left.has(parent)) ?? at;
  }
  const around = [...way.slice(way.indexOf(at)), at].reverse();
  const shown = around.length > 8 ? [...around.slice(0, 4), "…", ...around.slice(-3)] : around;
  const place = groups.get(around[0] ?? "")?.place;
  return new Fault("inventory-cycle", `groups are children of each other: ${shown.join(" → ")}`, {
    ...(place && { place }),
    hint: "remove one of these children",
  });
}
