import { Fault } from "../errors/fault.ts";
import { nearest } from "../base/nearest.ts";
import type { MapEntry, MapNode, Node, Origin } from "../language/node.ts";
import type { Draft } from "./draft.ts";
import { isNull, kindOf, mapInLayer } from "./nodes.ts";

const KEYS = ["hosts", "children", "vars"];

/** The hosts' variables of a document in the printed shape; undefined when it has no `_meta.hostvars`. */
export function hostVarsOf(root: MapNode): MapNode | undefined {
  const meta = root.entries.get("_meta")?.value;
  const hostVars = meta?.kind === "map" ? meta.entries.get("hostvars")?.value : undefined;
  return hostVars?.kind === "map" ? hostVars : undefined;
}

/** The hosts that a document in the printed shape names, in order. */
export function hostNamesOf(root: MapNode): string[] {
  const names = new Set<string>();
  for (const entry of root.entries.values()) {
    if (entry.key === "_meta") continue;
    const hosts = entry.value.kind === "map" ? entry.value.entries.get("hosts")?.value : entry.value;
    for (const { name } of namesIn(hosts)) names.add(name);
  }
  return [...names];
}

/**
 * Reads the shape that executables print and `provision inventory --list` writes into the draft: groups with lists of
 * `hosts` and `children`, and `vars`; variables of hosts as given by `hostVars`. Values are data: no text in them is a
 * template, and null is a value. Mistakes are collected in the draft.
 */
export function readJsonGroups(draft: Draft, root: MapNode, hostVars: MapNode | undefined, origin: Origin): void {
  const data = { ...origin, data: true };
  // Names come in the order of hostvars first: a printed inventory keeps its order there.
  const members = new Set(hostNamesOf(root));
  for (const entry of hostVars?.entries.values() ?? []) {
    if (members.has(entry.key)) reserve(draft, entry);
    else
      draft.warn(
        new Fault(
          "inventory-stray-host",
          `host ${entry.key} has variables in _meta and is in no group: it is left out`,
          { place: entry.keyPlace, hint: "name it in the hosts of a group" },
        ),
      );
  }
  for (const entry of root.entries.values()) if (entry.key !== "_meta") readGroup(draft, entry, data);
  for (const entry of hostVars?.entries.values() ?? []) {
    const host = draft.hosts.get(entry.key);
    if (host === undefined || isNull(entry.value)) continue;
    if (entry.value.kind !== "map") wrong(draft, `the variables of host ${entry.key} have to be a map`, entry.value);
    else if (entry.value.entries.size > 0)
      host.vars.push(mapInLayer(entry.value, { ...data, layer: `host ${entry.key}` }));
  }
}

function reserve(draft: Draft, entry: MapEntry): void {
  if (draft.hosts.has(entry.key)) return;
  draft.hosts.set(entry.key, { name: entry.key, place: entry.keyPlace, groups: new Set(), vars: [] });
}

function readGroup(draft: Draft, entry: MapEntry, origin: Origin): void {
  const name = entry.key;
  const body = entry.value;
  draft.group(name, entry.keyPlace);
  if (isNull(body)) return;
  if (body.kind === "list") {
    addHosts(draft, name, body);
    return;
  }
  if (body.kind !== "map") {
    wrong(draft, `group ${name} has to be a map or a list of hosts`, body);
    return;
  }
  if (body.entries.size > 0 && !KEYS.some((key) => body.entries.has(key))) {
    readLoneHost(draft, name, body, entry, origin);
    return;
  }
  for (const part of body.entries.values()) {
    if (isNull(part.value)) continue;
    if (part.key === "hosts") addHosts(draft, name, part.value);
    else if (part.key === "children") addChildren(draft, name, part.value);
    else if (part.key !== "vars")
      draft.warn(
        new Fault("inventory-group-key", `unknown key "${part.key}" of group ${name} is left out`, {
          place: part.keyPlace,
        }),
      );
    else if (part.value.kind !== "map") wrong(draft, `vars of group ${name} has to be a map`, part.value);
    else draft.groupVars(name, mapInLayer(part.value, { ...origin, layer: `group ${name}` }));
  }
}

/** The oldest shape: a name with variables alone is a host, and a group of that host with these variables. */
function readLoneHost(draft: Draft, name: string, body: MapNode, entry: MapEntry, origin: Origin): void {
  for (const part of body.entries.values()) {
    const near = nearest(part.key, KEYS);
    if (near !== undefined) {
      draft.fault(
        new Fault("inventory-group-key", `unknown key "${part.key}" of group ${name}`, {
          place: part.keyPlace,
          hint: `did you mean ${near}?`,
        }),
      );
      return;
    }
  }
  draft.host(name, name, entry.keyPlace);
  draft.groupVars(name, mapInLayer(body, { ...origin, layer: `group ${name}` }));
}

function addHosts(draft: Draft, group: string, list: Node): void {
  if (list.kind !== "list") {
    wrong(draft, `hosts of group ${group} has to be a list of names`, list);
    return;
  }
  for (const { name, node } of namesIn(list)) draft.host(name, group, node.place);
  for (const item of list.items)
    if (nameOf(item) === undefined) wrong(draft, `a host of group ${group} has to be a name`, item);
}

function addChildren(draft: Draft, group: string, list: Node): void {
  if (list.kind !== "list") {
    wrong(draft, `children of group ${group} has to be a list of names`, list);
    return;
  }
  for (const item of list.items) {
    const name = nameOf(item);
    if (name === undefined) wrong(draft, `a child of group ${group} has to be a name`, item);
    else {
      draft.group(name, item.place);
      draft.link(group, name);
    }
  }
}

function namesIn(list: Node | undefined): { name: string; node: Node }[] {
  if (list?.kind !== "list") return [];
  return list.items.flatMap((node) => {
    const name = nameOf(node);
    return name === undefined ? [] : [{ name, node }];
  });
}

function nameOf(node: Node): string | undefined {
  if (node.kind !== "scalar" || node.value === null || node.value === "" || typeof node.value === "boolean")
    return undefined;
  return String(node.value);
}

function wrong(draft: Draft, message: string, node: Node): void {
  draft.fault(
    new Fault("inventory-shape", `${message}, this is ${kindOf(node)}`, {
      place: node.place,
      hint: 'the shape is {"group": {"hosts": [], "children": [], "vars": {}}, "_meta": {"hostvars": {}}}',
    }),
  );
}
