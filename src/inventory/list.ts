import { Fault } from "../errors/fault.ts";
import { nearest } from "../base/nearest.ts";
import { Unknown, type Value } from "../base/value.ts";
import { isMap, newMap } from "../language/convert.ts";
import { USUAL_NAMES } from "./connection-names.ts";
import type { Group, Inventory } from "./inventory.ts";

/** Gives the variables of a host, evaluated; they may be lazy. Throws a Fault for a mistake in them. */
export type ValuesOf = (host: string) => Value;

export interface ListOptions {
  /** Gets a warning for each variable that is left out because its value is only known on the host. */
  warn?: (warning: Fault) => void;
  /** Only these hosts; all of the inventory otherwise. */
  hosts?: readonly string[];
}

/**
 * The inventory as JSON text, in the shape that tools read and that this program reads back: `_meta.hostvars`, and each
 * group that is not empty with `hosts` and `children`. Connection settings stand under their usual `ansible_*` names.
 * Throws Faults of `valuesOf`.
 */
export function listInventory(inventory: Inventory, valuesOf: ValuesOf, options: ListOptions = {}): string {
  const wanted = options.hosts === undefined ? undefined : new Set(options.hosts);
  const isWanted = (host: string) => wanted === undefined || wanted.has(host);
  const hostvars = newMap();
  for (const host of inventory.hosts.keys())
    if (isWanted(host)) hostvars[host] = printable(valuesOf(host), host, options.warn);
  const list = newMap();
  list._meta = { hostvars };
  for (const group of topDown(inventory)) {
    const hosts = group.name === "all" ? [] : [...group.hosts].filter(isWanted);
    const entry = newMap();
    if (hosts.length > 0) entry.hosts = hosts;
    if (group.children.size > 0) entry.children = [...group.children];
    if (Object.keys(entry).length > 0) list[group.name] = entry;
  }
  return JSON.stringify(list, null, 2);
}

/** The variables of one host as JSON text, as `listInventory` has them. Throws a Fault when there is no such host. */
export function listHost(inventory: Inventory, host: string, valuesOf: ValuesOf, options: ListOptions = {}): string {
  requireHost(inventory, host);
  return JSON.stringify(printable(valuesOf(host), host, options.warn), null, 2);
}

/** The groups as a tree: `@all:`, children before hosts, each level indented by `  |`. Ends without a newline. */
export function graphInventory(inventory: Inventory, top = "all"): string {
  const group = inventory.groups.get(top);
  if (group === undefined) {
    const near = nearest(top, inventory.groups.keys());
    throw new Fault("pattern-no-match", `there is no group ${top}`, {
      hint: near === undefined ? "provision inventory --graph shows all groups" : `did you mean ${near}?`,
    });
  }
  const lines: string[] = [];
  // A list of what is still to print, last first, so that deep trees need no deep calls.
  const open: { group?: string; text: string; depth: number }[] = [{ group: top, text: `@${top}:`, depth: 0 }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    lines.push(item.depth === 0 ? item.text : `${"  |".repeat(item.depth)}--${item.text}`);
    if (item.group === undefined) continue;
    const depth = item.depth + 1;
    const members = inventory.groups.get(item.group);
    const hosts = item.group === "all" ? [] : [...(members?.hosts ?? [])].map((text) => ({ text, depth }));
    const children = [...(members?.children ?? [])].map((child) => ({ group: child, text: `@${child}:`, depth }));
    open.push(...[...children, ...hosts].reverse());
  }
  return lines.join("\n");
}

/** Throws a Fault that names the nearest host when there is none of this name. */
export function requireHost(inventory: Inventory, host: string): void {
  if (inventory.host(host) !== undefined) return;
  const near = nearest(host, inventory.hosts.keys());
  throw new Fault("unknown-host", `there is no host ${host}`, {
    hint: near === undefined ? "provision inventory --hosts all prints all of them" : `did you mean ${near}?`,
  });
}

/** All groups, parents before children where they allow it: an order that printing and reading keeps. */
function topDown(inventory: Inventory): Group[] {
  const names = new Set(["all"]);
  for (const name of names) for (const child of inventory.groups.get(name)?.children ?? []) names.add(child);
  return [...names].map((name) => inventory.groups.get(name)).filter((group) => group !== undefined);
}

function printable(vars: Value, host: string, warn: ListOptions["warn"]): Value {
  return withUsualNames(known(vars, [], host, warn) ?? newMap());
}

/** A copy without what is not known yet; undefined when the whole value is not. */
function known(value: Value, path: readonly string[], host: string, warn: ListOptions["warn"]): Value | undefined {
  if (Array.isArray(value)) return value.map((item) => known(item, path, host, warn) ?? null);
  if (!isMap(value)) return value;
  const result = newMap();
  for (const key of Object.keys(value)) {
    const here = [...path, key];
    try {
      const item = known(value[key] ?? null, here, host, warn);
      if (item !== undefined) result[key] = item;
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      warn?.(
        new Fault("inventory-unknown-value", `${here.join(".")} of host ${host} is left out: ${error.why}`, {
          hosts: [host],
          hint: "its value is only known while the host is connected",
        }),
      );
    }
  }
  return result;
}

/** Settings of `ssh` and `become` under the names that other tools know; what has no such name stays where it is. */
function withUsualNames(vars: Value): Value {
  if (!isMap(vars)) return vars;
  const result = newMap();
  for (const key of Object.keys(vars)) {
    const value = vars[key] ?? null;
    if ((key !== "ssh" && key !== "become") || !isMap(value)) {
      result[key] = value;
      continue;
    }
    const rest = newMap();
    for (const name of Object.keys(value)) {
      const usual = USUAL_NAMES.get(`${key}.${name}`);
      const local = key === "ssh" && name === "transport" && value[name] === "local";
      if (local) result.ansible_connection = "local";
      else if (usual === undefined) rest[name] = value[name] ?? null;
      else result[usual] = value[name] ?? null;
    }
    if (Object.keys(rest).length > 0) result[key] = rest;
  }
  return result;
}
