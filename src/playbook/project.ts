import { dirname, join, resolve } from "node:path";
import { nearest } from "../base/nearest.ts";
import { installRoot } from "../base/install-root.ts";
import { Fault, Faults } from "../errors/fault.ts";
import type { MapEntry, MapNode } from "../language/node.ts";
import { firstOf, isFile, isFolder, readDocument } from "./document.ts";
import { describe, literalText } from "./form.ts";
import { RoleLibrary } from "./roles.ts";

/** The folder that belongs together: inventory, playbooks, roles, and how the program is to run there. */
export interface Project {
  /** Absolute. */
  folder: string;
  /** `provision.yml` as it was read; `undefined` without one. */
  config: MapNode | undefined;
  configFile: string | undefined;
  /** Where the program and its roles are. */
  installRoot: string;
}

/**
 * The project of an inventory: the nearest folder at or above it with `provision.yml`, `playbooks/` or `roles/`, else the
 * inventory's own folder. `start`: path of the inventory (file or folder), or the working directory where there is none.
 * Throws `Faults` for a `provision.yml` that is not right YAML.
 */
export function findProject(start: string, root: string = installRoot()): Project {
  const own = isFolder(start) ? resolve(start) : dirname(resolve(start));
  const folder = nearestProject(own) ?? own;
  const configFile = join(folder, "provision.yml");
  const config = firstOf([configFile]) === undefined ? undefined : readConfig(configFile);
  return { folder, config, configFile: config === undefined ? undefined : configFile, installRoot: root };
}

/** Reports keys of `provision.yml` that are not options. `known`: long options without dashes in front; `_` counts as `-`. */
export function checkConfig(project: Project, known: readonly string[]): Fault[] {
  const names = new Set([...known, "roles-path"].map(optionName));
  return [...(project.config?.entries.values() ?? [])].flatMap(({ key, keyPlace }) => {
    if (names.has(optionName(key))) return [];
    const near = nearest(optionName(key), names);
    return [
      new Fault("unknown-key", `unknown key "${key}" of provision.yml`, {
        place: keyPlace,
        hint:
          near === undefined ? `its keys are the long options: ${[...names].join(", ")}` : `did you mean "${near}"?`,
      }),
    ];
  });
}

/** The entry of `provision.yml` for an option, however it is spelt (`roles_path`, `roles-path`). */
export function configEntry(project: Project, option: string): MapEntry | undefined {
  return [...(project.config?.entries.values() ?? [])].find(({ key }) => optionName(key) === optionName(option));
}

/** The playbook to run: the one given, else the project's `playbooks/site.yml`, else the shipped one. Absolute. */
export function findPlaybook(project: Project, given: string | undefined): string {
  if (given !== undefined) return resolve(given);
  const found = [project.folder, project.installRoot]
    .map((folder) => join(folder, "playbooks", "site.yml"))
    .find(isFile);
  if (found === undefined)
    throw new Faults([
      new Fault("no-playbook", "there is no playbooks/site.yml, neither in the project nor in the installation", {
        hint: "name a playbook with -p FILE",
      }),
    ]);
  return found;
}

/** The roles that a playbook can use: beside it, in the project, in `roles_path`, then the shipped ones. Throws `Faults`. */
export function findRoles(project: Project, playbook: string): RoleLibrary {
  return new RoleLibrary([
    join(dirname(resolve(playbook)), "roles"),
    join(project.folder, "roles"),
    ...rolesPath(project),
    join(project.installRoot, "roles"),
  ]);
}

function rolesPath(project: Project): string[] {
  const node = configEntry(project, "roles-path")?.value;
  if (node === undefined || (node.kind === "scalar" && node.value === null)) return [];
  const items = node.kind === "list" ? node.items : [node];
  return items.flatMap((item) => {
    const text = literalText(item);
    if (text === undefined)
      throw new Faults([
        new Fault("wrong-form", `roles_path has to be a folder or a list of folders, and is ${describe(item)}`, {
          place: item.place,
        }),
      ]);
    return text
      .split(":")
      .filter((part) => part !== "")
      .map((part) => resolve(project.folder, part));
  });
}

function optionName(key: string): string {
  return key.replaceAll("_", "-");
}

function nearestProject(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (
      firstOf([join(folder, "provision.yml")]) !== undefined ||
      isFolder(join(folder, "playbooks")) ||
      isFolder(join(folder, "roles"))
    )
      return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function readConfig(path: string): MapNode {
  const node = readDocument(path, { what: "configuration" });
  if (node.kind === "map") return node;
  if (node.kind === "scalar" && node.value === null)
    return { kind: "map", entries: new Map(), origin: node.origin, place: node.place };
  throw new Faults([
    new Fault("wrong-form", `provision.yml has to be a map of options, and is ${describe(node)}`, {
      place: node.place,
    }),
  ]);
}
