import { Fault } from "../errors/fault.ts";
import { nearest } from "../base/nearest.ts";
import type { MapEntry, MapNode, Node, Origin } from "../language/node.ts";
import type { Draft } from "./draft.ts";
import { HostNameMistake, readHostNames } from "./host-range.ts";
import { dataNode, isNull, kindOf, mapInLayer, mapOf } from "./nodes.ts";

const KEYS = ["hosts", "children", "vars"];

/**
 * Reads a YAML inventory, a map of groups, into the draft. A group is a map of `hosts` (names to variables),
 * `children` (names to groups) and `vars`. Mistakes are collected in the draft, each with its place.
 */
export function readYamlGroups(draft: Draft, root: MapNode, origin: Origin): void {
  const plugin = root.entries.get("plugin");
  if (plugin?.value.kind === "scalar" && typeof plugin.value.value === "string") {
    draft.fault(
      new Fault("inventory-shape", "this file configures an inventory plugin; there are none here", {
        place: plugin.keyPlace,
        hint: "give an executable that prints the inventory as JSON for --list",
      }),
    );
    return;
  }
  for (const entry of root.entries.values()) readGroup(draft, entry, origin, true);
}

function readGroup(draft: Draft, entry: MapEntry, origin: Origin, top: boolean): void {
  const name = entry.key;
  draft.group(name, entry.keyPlace);
  const body = entry.value;
  if (isNull(body)) return;
  if (body.kind !== "map") {
    draft.fault(
      new Fault("inventory-shape", `group ${name} has to be a map, this is ${kindOf(body)}`, {
        place: body.place,
        hint: groupHint(name, top),
      }),
    );
    return;
  }
  for (const part of body.entries.values()) {
    if (part.key === "hosts") forEachOf(draft, name, part, (host) => readHost(draft, name, host, origin));
    else if (part.key === "children") {
      forEachOf(draft, name, part, (child) => {
        readGroup(draft, child, origin, false);
        draft.link(name, child.key);
      });
    } else if (part.key === "vars") readVars(draft, name, part, origin);
    else unknownKey(draft, name, part, top);
  }
}

/** Walks `hosts` or `children`: a map, nothing, or the name of just one. */
function forEachOf(draft: Draft, group: string, part: MapEntry, read: (entry: MapEntry) => void): void {
  const { value } = part;
  if (isNull(value)) return;
  if (value.kind === "map") {
    for (const entry of value.entries.values()) read(entry);
    return;
  }
  if (value.kind === "scalar" && typeof value.value === "string") {
    const nothing: Node = {
      kind: "scalar",
      value: null,
      raw: "",
      quoted: false,
      origin: value.origin,
      place: value.place,
    };
    read({ key: value.value, keyPlace: value.place, value: nothing });
    return;
  }
  draft.fault(
    new Fault("inventory-shape", `${part.key} of group ${group} has to be a map, this is ${kindOf(value)}`, {
      place: value.place,
      hint: "write each name on a line of its own with a colon behind it, without the dash",
    }),
  );
}

function readHost(draft: Draft, group: string, entry: MapEntry, origin: Origin): void {
  let read: { names: string[]; port?: number };
  try {
    read = readHostNames(entry.key);
  } catch (error) {
    if (!(error instanceof HostNameMistake)) throw error;
    draft.fault(new Fault("inventory-host-name", error.message, { place: entry.keyPlace, hint: error.hint }));
    return;
  }
  if (entry.value.kind !== "map" && !isNull(entry.value)) {
    draft.fault(
      new Fault(
        "inventory-shape",
        `host ${entry.key} has to be a map of its variables, this is ${kindOf(entry.value)}`,
        { place: entry.value.place, hint: "write `name: value` pairs below the host, or nothing" },
      ),
    );
    return;
  }
  for (const name of read.names) {
    const host = draft.host(name, group, entry.keyPlace);
    const layer = { ...origin, layer: `host ${name}` };
    if (read.port !== undefined) {
      host.vars.push(
        mapOf(
          [{ key: "ansible_port", keyPlace: entry.keyPlace, value: dataNode(read.port, layer, entry.keyPlace) }],
          layer,
          entry.keyPlace,
        ),
      );
    }
    if (entry.value.kind === "map" && entry.value.entries.size > 0) host.vars.push(mapInLayer(entry.value, layer));
  }
}

function readVars(draft: Draft, group: string, part: MapEntry, origin: Origin): void {
  if (isNull(part.value)) return;
  if (part.value.kind !== "map") {
    draft.fault(
      new Fault("inventory-shape", `vars of group ${group} has to be a map, this is ${kindOf(part.value)}`, {
        place: part.value.place,
        hint: "write `name: value` pairs below vars",
      }),
    );
    return;
  }
  draft.groupVars(group, mapInLayer(part.value, { ...origin, layer: `group ${group}` }));
}

function unknownKey(draft: Draft, group: string, part: MapEntry, top: boolean): void {
  const near = nearest(part.key, KEYS);
  let hint = "a group has hosts, children and vars; variables stand below vars";
  if (near !== undefined) hint = `did you mean ${near}?`;
  else if (top && KEYS.includes(group)) hint = `"${group}" is read as the name of a group here; put it below all:`;
  draft.fault(
    new Fault("inventory-group-key", `unknown key "${part.key}" of group ${group}`, { place: part.keyPlace, hint }),
  );
}

function groupHint(name: string, top: boolean): string {
  if (top && KEYS.includes(name)) return `"${name}" is read as the name of a group here; put it below all:`;
  return "a group has hosts, children and vars, each below a key of its own";
}
