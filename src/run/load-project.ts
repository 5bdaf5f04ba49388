import { dirname } from "node:path";
import { type Fault, Faults } from "../errors/fault.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { loadInventory } from "../inventory/load.ts";
import { matchHosts } from "../inventory/patterns.ts";
import type { MapNode } from "../language/node.ts";
import type { ModuleLookup } from "../playbook/load.ts";
import { loadPlaybook } from "../playbook/load.ts";
import { findProject, findRoles } from "../playbook/project.ts";
import { RoleLibrary } from "../playbook/roles.ts";
import type { Playbook } from "../playbook/tree.ts";
import { type Runtime, Variables } from "../playbook/variables.ts";
import { FactStore } from "./facts.ts";

/** Everything that was declared, read: what runs and listings start from. */
export interface LoadedProject {
  folder: string;
  inventory: Inventory;
  playbook: Playbook;
  library: RoleLibrary;
  variables: Variables;
  facts: FactStore;
  /** What hosts have got at run time in plays that are over; other hosts see it as `hosts["x"]`. */
  runtimes: Map<string, Runtime>;
  extra: MapNode | undefined;
  faults: Fault[];
  warnings: Fault[];
}

export interface LoadRequest {
  sources: readonly string[];
  /** Absolute path. */
  playbook: string;
  /** Folder from which the project is looked for. */
  start: string;
  extra: MapNode | undefined;
  modules: ModuleLookup;
}

/** Loads inventory, playbook and roles. Faults of the inventory are thrown; those of the playbook are collected. */
export async function loadProject(request: LoadRequest): Promise<LoadedProject> {
  const project = findProject(request.start);
  const library = findRoles(project, request.playbook);
  const loaded = loadPlaybook(request.playbook, { modules: request.modules, library });
  let inventory: Inventory;
  try {
    inventory = await loadInventory(request.sources, { cwd: process.cwd(), playbookFolder: dirname(request.playbook) });
  } catch (error) {
    if (error instanceof Faults) throw new Faults([...error.faults, ...loaded.faults]);
    throw error;
  }
  return { ...assemble(inventory, loaded.playbook, library, project.folder, request.extra), faults: loaded.faults };
}

/** An inventory without a playbook: for commands that only ask hosts. */
export async function loadHosts(
  sources: readonly string[],
  start: string,
  extra: MapNode | undefined,
): Promise<LoadedProject> {
  const inventory = await loadInventory(sources, { cwd: process.cwd() });
  const playbook: Playbook = { file: "", plays: [], roles: new Map() };
  return assemble(inventory, playbook, new RoleLibrary([]), findProject(start).folder, extra);
}

function assemble(
  inventory: Inventory,
  playbook: Playbook,
  library: RoleLibrary,
  folder: string,
  extra: MapNode | undefined,
): LoadedProject {
  const facts = new FactStore();
  const runtimes = new Map<string, Runtime>();
  const hostsOf = (pattern: string): string[] => matchHosts(inventory, pattern);
  const variables = new Variables({
    inventory,
    playbook,
    library,
    folder,
    extra,
    hostsOf,
    factsOf: facts.factsOf,
    runtimeOf: (host) => runtimes.get(host),
  });
  return {
    folder,
    inventory,
    playbook,
    library,
    variables,
    facts,
    runtimes,
    extra,
    faults: [],
    warnings: [...inventory.warnings],
  };
}
