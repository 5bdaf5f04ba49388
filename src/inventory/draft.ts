import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import { nearest } from "../base/nearest.ts";
import type { MapNode } from "../language/node.ts";
import type { Group, InventoryHost } from "./inventory.ts";

/** Faults beyond this many are not collected: one slip at the top of a long file can cause one on each line. */
const MAX_FAULTS = 50;

/** An inventory while its sources are being read: what the readers write into. */
export class Draft {
  readonly hosts = new Map<string, InventoryHost>();
  readonly groups = new Map<string, Group>();
  readonly faults: Fault[] = [];
  readonly warnings: Fault[] = [];
  /** Groups that are named as children and not declared yet, each with who waits for it. */
  readonly #waiting = new Map<string, { parent: string; place: Place }[]>();
  /** Groups that only have variables so far. */
  readonly #onlyVars = new Map<string, Place>();

  constructor() {
    this.group("all");
    this.group("ungrouped");
    this.link("all", "ungrouped");
  }

  fault(fault: Fault): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push(fault);
  }

  warn(fault: Fault): void {
    if (this.warnings.length < MAX_FAULTS) this.warnings.push(fault);
  }

  /** Declares a group, and gives it to the parents that named it before. */
  group(name: string, place?: Place): Group {
    const group = this.#open(name, place);
    this.#onlyVars.delete(name);
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) {
      this.#waiting.delete(name);
      for (const { parent } of waiting) this.link(parent, name);
    }
    return group;
  }

  /** Names a host as a member of a group that is declared. */
  host(name: string, group: string, place?: Place): InventoryHost {
    let host = this.hosts.get(name);
    if (host === undefined) {
      host = { name, groups: new Set(), vars: [], ...(place && { place }) };
      this.hosts.set(name, host);
    }
    host.groups.add(group);
    this.groups.get(group)?.hosts.add(name);
    return host;
  }

  link(parent: string, child: string): void {
    this.groups.get(parent)?.children.add(child);
    this.groups.get(child)?.parents.add(parent);
  }

  /** Names a child that has to be declared somewhere, before or after. */
  child(parent: string, child: string, place: Place): void {
    if (this.groups.has(child) && !this.#onlyVars.has(child)) {
      this.link(parent, child);
      return;
    }
    const waiting = this.#waiting.get(child) ?? [];
    waiting.push({ parent, place });
    this.#waiting.set(child, waiting);
  }

  /** Begins the variables of a group that has to be declared somewhere, before or after. */
  varsOf(name: string, place: Place): void {
    if (!this.groups.has(name)) {
      this.#open(name, place);
      this.#onlyVars.set(name, place);
    }
  }

  /** Adds a layer of variables of a group; `ansible_group_priority` is taken out of it. */
  groupVars(name: string, vars: MapNode): void {
    const group = this.#open(name, vars.place);
    const priority = vars.entries.get("ansible_group_priority")?.value;
    if (priority === undefined) {
      if (vars.entries.size > 0) group.vars.push(vars);
      return;
    }
    const value =
      priority.kind === "scalar" && priority.value !== "" && priority.value !== null
        ? Number(priority.value)
        : Number.NaN;
    if (Number.isSafeInteger(value)) group.priority = value;
    else {
      this.fault(
        new Fault("inventory-priority", `ansible_group_priority of group ${name} has to be a whole number`, {
          place: priority.place,
          hint: "write a number, for example 10; the default is 1",
        }),
      );
    }
    const entries = new Map(vars.entries);
    entries.delete("ansible_group_priority");
    if (entries.size > 0) group.vars.push({ ...vars, entries });
  }

  /** Reports the groups that are named and declared nowhere. */
  checkDeclared(): void {
    const declared = [...this.groups.keys()].filter((name) => !this.#onlyVars.has(name));
    for (const [name, waiting] of this.#waiting) {
      for (const { parent, place } of waiting)
        this.fault(
          undeclared(`group ${parent} has the child ${name}, which is declared nowhere`, name, declared, place),
        );
    }
    for (const [name, place] of this.#onlyVars) {
      if (!this.#waiting.has(name))
        this.fault(
          undeclared(`variables are given to group ${name}, which is declared nowhere`, name, declared, place),
        );
    }
  }

  #open(name: string, place?: Place): Group {
    let group = this.groups.get(name);
    if (group !== undefined) return group;
    group = {
      name,
      hosts: new Set(),
      children: new Set(),
      parents: new Set(),
      vars: [],
      priority: 1,
      depth: 0,
      ...(place && { place }),
    };
    this.groups.set(name, group);
    if (name === "_meta") {
      this.fault(
        new Fault("inventory-name", "a group cannot be called _meta: that name belongs to printed inventories", {
          ...(place && { place }),
          hint: "choose another name",
        }),
      );
    }
    return group;
  }
}

function undeclared(message: string, name: string, declared: readonly string[], place: Place): Fault {
  const near = nearest(name, declared);
  return new Fault("inventory-undefined-group", message, {
    place,
    hint:
      near === undefined
        ? `declare it: a section [${name}] in INI, or \`${name}:\` below children in YAML`
        : `did you mean ${near}?`,
  });
}
