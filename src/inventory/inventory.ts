import type { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import type { MapNode } from "../language/node.ts";

/** A host of the inventory, with what its sources say about itself. */
export interface InventoryHost {
  name: string;
  /** Where it is first named; absent for what has no text (the implicit localhost). */
  place?: Place;
  /** The groups that name it themselves; `Inventory.groupsOf` gives those above them too. */
  groups: Set<string>;
  /** Variables from inventory sources, lowest first; those of host_vars/ are only in `Inventory.layers`. */
  vars: MapNode[];
}

/** A group of the inventory. `all` and `ungrouped` always exist. */
export interface Group {
  name: string;
  place?: Place;
  /** Hosts that the group names itself, in order; `Inventory.hostsOf` gives those of its children too. */
  hosts: Set<string>;
  children: Set<string>;
  parents: Set<string>;
  /** Variables from inventory sources, lowest first; those of group_vars/ are only in `Inventory.layers`. */
  vars: MapNode[];
  /** `ansible_group_priority`: among groups of one depth the higher one wins. 1 unless set. */
  priority: number;
  /** Length of the longest way from `all`, which has 0. */
  depth: number;
}

/** What the sources say, put together and checked: no cycles, every group below `all`. */
export interface Inventory {
  /** In the order in which the sources name them. The implicit localhost is not among them. */
  hosts: Map<string, InventoryHost>;
  groups: Map<string, Group>;
  warnings: Fault[];
  /** The sources as people gave them, files relative to the working directory. */
  sources: string[];
  /** A host by name; `localhost` exists even when no source names it. */
  host(name: string): InventoryHost | undefined;
  /** Layers of variables, lowest first: `all`, groups from parents to children, the host. Never empty; none for unknown names. */
  layers(host: string): MapNode[];
  /** All groups of a host but `all`, lowest layer first. */
  groupsOf(host: string): string[];
  /** All hosts of a group: its own, then its children's. Empty for unknown names. */
  hostsOf(group: string): string[];
}
