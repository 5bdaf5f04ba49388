import { realpath } from "node:fs/promises";
import { Faults } from "../errors/fault.ts";
import type { MapNode } from "../language/node.ts";
import { Draft } from "./draft.ts";
import { completeGroups } from "./group-tree.ts";
import type { Group, Inventory, InventoryHost } from "./inventory.ts";
import { readSource } from "./source.ts";
import { readVarsFiles, type VarsFiles } from "./vars-files.ts";

export interface LoadOptions {
  /** The folder that relative sources start from. */
  cwd: string;
  /** The folder of the playbook: its `group_vars/` and `host_vars/` stand above those beside the sources. */
  playbookFolder?: string;
}

/**
 * Loads an inventory from its sources, the later ones above the earlier: files (YAML, INI, JSON, told apart by their
 * content), programs, folders of these, and lists of hosts (`h1,h2,`). Throws Faults with every mistake that was found.
 */
export async function loadInventory(sources: readonly string[], options: LoadOptions): Promise<Inventory> {
  const draft = new Draft();
  const folders: string[] = [];
  for (const source of sources) {
    const folder = await readSource(draft, source, options.cwd);
    if (folder !== undefined) folders.push(folder);
  }
  completeGroups(draft);
  const { playbookFolder } = options;
  const [beside, above] = await withoutRepeats(folders, playbookFolder);
  const inventoryVars = await readVarsFiles(draft, beside, options.cwd);
  const playbookVars = await readVarsFiles(draft, above, options.cwd);
  if (draft.faults.length > 0) throw new Faults(draft.faults);
  return new LoadedInventory(draft, [...sources], inventoryVars, playbookVars);
}

/** A folder counts once, as the highest it is given as, so that its `!append`s add once. */
async function withoutRepeats(
  folders: readonly string[],
  playbookFolder: string | undefined,
): Promise<[string[], string[]]> {
  const above = playbookFolder === undefined ? [] : [playbookFolder];
  const byReal = new Map<string, string>();
  for (const folder of [...folders, ...above]) {
    const real = await realpath(folder).catch(() => folder);
    byReal.delete(real);
    byReal.set(real, folder);
  }
  const kept = [...byReal.values()];
  return playbookFolder === undefined ? [kept, []] : [kept.slice(0, -1), above];
}

class LoadedInventory implements Inventory {
  readonly hosts: Map<string, InventoryHost>;
  readonly groups: Map<string, Group>;
  readonly warnings: Draft["warnings"];
  readonly sources: string[];
  readonly #inventoryVars: VarsFiles;
  readonly #playbookVars: VarsFiles;
  readonly #localhost: InventoryHost;
  /** What hosts with the same groups share. */
  readonly #shared = new Map<string, { groups: string[]; layers: MapNode[] }>();

  constructor(draft: Draft, sources: string[], inventoryVars: VarsFiles, playbookVars: VarsFiles) {
    this.hosts = draft.hosts;
    this.groups = draft.groups;
    this.warnings = draft.warnings;
    this.sources = sources;
    this.#inventoryVars = inventoryVars;
    this.#playbookVars = playbookVars;
    this.#localhost = implicitLocalhost();
  }

  host(name: string): InventoryHost | undefined {
    return this.hosts.get(name) ?? (name === "localhost" ? this.#localhost : undefined);
  }

  layers(name: string): MapNode[] {
    const host = this.host(name);
    if (host === undefined) return [];
    const ofFiles = [this.#inventoryVars, this.#playbookVars].flatMap((files) => files.hosts.get(name) ?? []);
    const layers = [...this.#sharedBy(host).layers, ...host.vars, ...ofFiles];
    return layers.length === 0 ? [NOTHING] : layers;
  }

  groupsOf(name: string): string[] {
    const host = this.host(name);
    return host === undefined ? [] : [...this.#sharedBy(host).groups];
  }

  hostsOf(name: string): string[] {
    const hosts = new Set<string>();
    const seen = new Set([name]);
    // A set that grows while it is walked: children come after all groups of the level above.
    for (const each of seen) {
      const group = this.groups.get(each);
      for (const host of group?.hosts ?? []) hosts.add(host);
      for (const child of group?.children ?? []) seen.add(child);
    }
    return [...hosts];
  }

  #sharedBy(host: InventoryHost): { groups: string[]; layers: MapNode[] } {
    const key = JSON.stringify([...host.groups]);
    let shared = this.#shared.get(key);
    if (shared === undefined) {
      const groups = this.#above(host);
      shared = { groups, layers: this.#groupLayers(groups) };
      this.#shared.set(key, shared);
    }
    return shared;
  }

  /** Groups of a host and those above them, without `all`: by depth, then priority, then name. */
  #above(host: InventoryHost): string[] {
    const seen = new Set(host.groups);
    for (const name of seen) for (const parent of this.groups.get(name)?.parents ?? []) seen.add(parent);
    seen.delete("all");
    const groups = [...seen].map((name) => this.groups.get(name)).filter((group) => group !== undefined);
    groups.sort((a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1));
    return groups.map((group) => group.name);
  }

  /** First `all` from each kind of place, then all other groups from each: what people know as the order of precedence. */
  #groupLayers(groups: readonly string[]): MapNode[] {
    return [["all"], groups].flatMap((names) => [
      ...names.flatMap((name) => this.groups.get(name)?.vars ?? []),
      ...names.flatMap((name) => this.#inventoryVars.groups.get(name) ?? []),
      ...names.flatMap((name) => this.#playbookVars.groups.get(name) ?? []),
    ]);
  }
}

const BUILT_IN = { file: "built in", line: 1, column: 1 };
const NOTHING: MapNode = { kind: "map", entries: new Map(), origin: { file: BUILT_IN.file }, place: BUILT_IN };

function implicitLocalhost(): InventoryHost {
  const base = { origin: { file: BUILT_IN.file, layer: "host localhost" }, place: BUILT_IN };
  const value = { kind: "scalar", value: "local", raw: "local", quoted: true, ...base } as const;
  const entries = new Map([["ansible_connection", { key: "ansible_connection", keyPlace: BUILT_IN, value }]]);
  return { name: "localhost", groups: new Set(), vars: [{ kind: "map", entries, ...base }] };
}
