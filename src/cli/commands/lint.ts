import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Fault, Faults } from "../../errors/fault.ts";
import { type Command, EXIT, type Input } from "../command.ts";
import type { Engine, Project } from "../engine.ts";
import { INVENTORY, PLAYBOOK } from "../options.ts";
import { projectFolder } from "../project-run.ts";
import { inventorySources } from "../sources.ts";
import { showWarnings } from "../warnings.ts";

export const lint: Command = {
  name: "lint",
  summary: "Check the files of a project; reach no host.",
  inventory: "option",
  arguments: [{ name: "PATH", summary: "A playbook, or the folder of a project; this one unless given." }],
  options: [...INVENTORY, ...PLAYBOOK.filter((option) => option.name === "playbook")],
  notes:
    "Every playbook of the project is checked with the inventory. Exits 1 where there are mistakes; warnings alone exit 0.",
  run,
};

async function run(input: Input): Promise<number> {
  const { io, settings } = input;
  const { engine } = await import("../adapter.ts");
  const playbooks = await playbooksOf(input);
  const sources = sourcesOf(input);
  const faults = new Map<string, Fault>();
  const warnings = new Map<string, Fault>();
  for (const file of playbooks) {
    const result = await look(engine, { sources, playbook: { file }, extraVars: settings.list("extra-vars") });
    for (const fault of result.faults) faults.set(keyOf(fault), fault);
    for (const warning of result.warnings) warnings.set(keyOf(warning), warning);
  }
  showWarnings([...warnings.values()], io);
  if (faults.size > 0) throw new Faults([...faults.values()]);
  const found =
    warnings.size === 0 ? "no mistakes" : `no mistakes, ${warnings.size} warning${warnings.size === 1 ? "" : "s"}`;
  io.out(`${playbooks.length} playbook${playbooks.length === 1 ? "" : "s"}: ${found}\n`);
  return EXIT.asDeclared;
}

async function look(
  engine: Engine,
  request: Parameters<Engine["project"]>[0],
): Promise<{ faults: readonly Fault[]; warnings: readonly Fault[] }> {
  try {
    const project: Project = await engine.project(request);
    return { faults: [], warnings: [...project.inventory.warnings, ...project.warnings] };
  } catch (error) {
    if (error instanceof Faults) return { faults: error.faults, warnings: [] };
    throw error;
  }
}

/** The playbook that is named; else every one in `playbooks/` and in the project's folder itself, else the one that would be run. */
async function playbooksOf(input: Input): Promise<string[]> {
  const { findPlaybook, findProject } = await import("../../playbook/project.ts");
  const path = input.args[0] === undefined ? undefined : resolve(input.io.cwd, input.args[0]);
  if (path !== undefined && !isFolder(path)) return [path];
  const named = input.settings.text("playbook");
  const project = path === undefined ? projectFolder(input) : findProject(path);
  if (named !== undefined) return [findPlaybook(project, named)];
  const all = [...yamlFiles(join(project.folder, "playbooks")), ...yamlFiles(project.folder).filter(isPlaybook)];
  return all.length === 0 ? [findPlaybook(project, undefined)] : all;
}

function yamlFiles(folder: string): string[] {
  if (!isFolder(folder)) return [];
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

/** Told by its text, so that one that is no right YAML is checked too: a list, with what only plays have. */
function isPlaybook(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const text = readFileSync(path, "utf8");
  return /^- /m.test(text) && /^(?:- | {2})(?:hosts|import_playbook):/m.test(text);
}

/** The inventory, looked for from the path that is linted; a project without one is checked for localhost. */
function sourcesOf(input: Input): string[] {
  const path = input.args[0] === undefined ? input.io.cwd : resolve(input.io.cwd, input.args[0]);
  const { io } = input;
  const from = isFolder(path) ? path : io.cwd;
  const given = input.settings.list("inventory").length > 0;
  if (given) return inventorySources([], input.settings, io);
  const found = ["inventory.yml", "inventory"].map((name) => join(from, name)).find((one) => existsSync(one));
  return [found ?? "localhost,"];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function keyOf(fault: Fault): string {
  return JSON.stringify([fault.code, fault.message, fault.details.place ?? null]);
}
