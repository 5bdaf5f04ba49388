import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Value } from "../../src/base/value.ts";
import type { Inventory } from "../../src/inventory/inventory.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { matchHosts } from "../../src/inventory/patterns.ts";
import { arg, type ArgSpec } from "../../src/modules/args.ts";
import { defineModule, type Module } from "../../src/modules/module.ts";
import { loadPlaybook, type LoadedPlaybook } from "../../src/playbook/load.ts";
import { findProject, findRoles } from "../../src/playbook/project.ts";
import type { RoleLibrary } from "../../src/playbook/roles.ts";
import { Variables } from "../../src/playbook/variables.ts";

/** Step types for the tests: only names and arguments, nothing is ever planned. */
const step = (name: string, args: Record<string, ArgSpec>, more: Partial<Module> = {}): [string, Module] => [
  name,
  defineModule({ name, summary: name, args, examples: [], plan: () => ({}), ...more }),
];

export const modules: ReadonlyMap<string, Module> = new Map([
  step("file", {
    path: arg.path("path", { required: true, aliases: ["dest"] }),
    state: arg.string("state"),
    mode: arg.mode("mode"),
  }),
  step("copy", { dest: arg.path("dest", { required: true }), content: arg.any("content"), src: arg.source("src") }),
  step("template", { src: arg.template("src", { required: true }), dest: arg.path("dest", { required: true }) }),
  step(
    "command",
    {
      cmd: arg.string("cmd"),
      argv: arg.list(arg.string("word"), "argv"),
      creates: arg.path("creates"),
      read_only: arg.bool("read_only"),
    },
    { bare: "cmd" },
  ),
  step("service", { name: arg.string("name", { required: true }), state: arg.string("state") }),
  step("package", { name: arg.list(arg.string("name"), "names", { required: true }) }),
  step("debug", { msg: arg.any("message") }, { bare: "msg" }),
  step("assert", { that: arg.condition("that", { required: true }) }),
  step("expect", { port: arg.int("port") }),
  step("set_fact", {}, { freeForm: true }),
]);

/** Files in a folder of their own below the system's temporary folder. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), "playbook-"));

  constructor(files: Record<string, string> = {}) {
    this.write(files);
  }

  write(files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), text);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface Loaded extends LoadedPlaybook {
  library: RoleLibrary;
  folder: string;
}

/** Loads `play.yml` of a folder made of the files. */
export function load(files: Record<string, string>, playbook = "play.yml"): Loaded {
  const folder = new Folder({ "provision.yml": "", ...files });
  try {
    return loadIn(folder, playbook);
  } finally {
    folder.remove();
  }
}

export function loadIn(folder: Folder, playbook = "play.yml"): Loaded {
  const file = join(folder.path, playbook);
  const project = findProject(folder.path, join(folder.path, "installed"));
  const library = findRoles(project, file);
  return { ...loadPlaybook(file, { modules, library }), library, folder: folder.path };
}

/** Codes and lines of faults, in order: `unknown-key play.yml:3`. */
export function shown(
  faults: readonly { code: string; details: { place?: { file: string; line: number } } }[],
): string[] {
  return faults.map(
    ({ code, details }) =>
      `${code} ${details.place === undefined ? "-" : `${details.place.file.replace(/^.*playbook-\w+\//, "")}:${details.place.line}`}`,
  );
}

export interface Declared extends Loaded {
  inventory: Inventory;
  variables: Variables;
}

/** A playbook and its inventory, kept on disk while `work` runs. */
export async function withProject<T>(
  files: Record<string, string>,
  work: (declared: Declared) => T | Promise<T>,
  facts: Record<string, Value> = {},
): Promise<T> {
  const folder = new Folder({ "provision.yml": "", "play.yml": "[]", ...files });
  try {
    const loaded = loadIn(folder);
    const inventory = await loadInventory([join(folder.path, "inventory.yml")], { cwd: folder.path });
    const variables = new Variables({
      inventory,
      playbook: loaded.playbook,
      library: loaded.library,
      folder: folder.path,
      hostsOf: (pattern) => matchHosts(inventory, pattern),
      factsOf: (host) => facts[host] ?? {},
    });
    return await work({ ...loaded, inventory, variables });
  } finally {
    folder.remove();
  }
}
