import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { Fault, Faults } from "../errors/fault.ts";
import { nearest } from "../base/nearest.ts";
import type { MapNode } from "../language/node.ts";
import { parseYaml } from "../language/yaml.ts";
import type { Draft } from "./draft.ts";
import { isNull, kindOf } from "./nodes.ts";
import { decode, readBytes, reasonOf, shownPath } from "./text-file.ts";

/** How a file of variables may end; the first that exists counts. */
const ENDINGS = ["", ".yml", ".yaml", ".json"];
/** Beyond this many names a file that belongs to none is not compared with all of them. */
const MAX_COMPARED = 5000;

/** Layers of variables from files, lowest first, by the group or host they belong to. */
export interface VarsFiles {
  groups: Map<string, MapNode[]>;
  hosts: Map<string, MapNode[]>;
}

/**
 * Reads `group_vars/` and `host_vars/` of some folders, the later ones above the earlier. Only files of groups and
 * hosts that exist are opened. Mistakes are collected in the draft.
 */
export async function readVarsFiles(draft: Draft, folders: readonly string[], cwd: string): Promise<VarsFiles> {
  const files: VarsFiles = { groups: new Map(), hosts: new Map() };
  for (const folder of folders) {
    await readKind(draft, join(folder, "group_vars"), "group", draft.groups, files.groups, cwd);
    await readKind(draft, join(folder, "host_vars"), "host", draft.hosts, files.hosts, cwd);
  }
  return files;
}

async function readKind(
  draft: Draft,
  folder: string,
  kind: "group" | "host",
  known: ReadonlyMap<string, unknown>,
  into: Map<string, MapNode[]>,
  cwd: string,
): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (!isMissing(error))
      draft.fault(
        new Fault("inventory-unreadable", `${shownPath(folder, cwd)} cannot be read: ${reasonOf(error)}`, {
          hint: "check its permissions",
        }),
      );
    return [] as string[];
  });
  const chosen = new Map<string, { rank: number; file: string }>();
  for (const file of names.filter((name) => !name.startsWith(".") && !name.endsWith("~")).sort()) {
    const owner = ownerOf(file, known);
    if (owner === undefined) warnStray(draft, join(folder, file), kind, known, cwd);
    else choose(draft, chosen, owner, file, folder, cwd);
  }
  for (const [name, { file }] of chosen) {
    const layers = into.get(name) ?? [];
    for (const path of await filesBelow(draft, join(folder, file), cwd, new Set())) {
      const node = await readVarsFile(draft, path, `${kind} ${name}`, cwd);
      if (node !== undefined) layers.push(kind === "group" ? withoutPriority(draft, node) : node);
    }
    if (layers.length > 0) into.set(name, layers);
  }
}

/** Whose variables a file holds: `web` those of web, `web.yml` too, unless there is a `web.yml` itself. */
function ownerOf(file: string, known: ReadonlyMap<string, unknown>): { name: string; rank: number } | undefined {
  for (const [rank, ending] of ENDINGS.entries()) {
    const name = file.slice(0, file.length - ending.length);
    if (file.endsWith(ending) && known.has(name)) return { name, rank };
  }
  return undefined;
}

function choose(
  draft: Draft,
  chosen: Map<string, { rank: number; file: string }>,
  owner: { name: string; rank: number },
  file: string,
  folder: string,
  cwd: string,
): void {
  const other = chosen.get(owner.name);
  const wins = other === undefined || owner.rank < other.rank;
  if (wins) chosen.set(owner.name, { rank: owner.rank, file });
  if (other === undefined) return;
  const [used, passed] = wins ? [file, other.file] : [other.file, file];
  draft.warn(
    new Fault(
      "inventory-vars-twice",
      `${shownPath(join(folder, passed), cwd)} is not read, because ${used} stands beside it`,
      { hint: `keep one of them, or make a folder ${owner.name}/ with both in it` },
    ),
  );
}

/** The files of a folder of variables, in order of their names, folders in it included; the file itself when it is none. */
async function filesBelow(draft: Draft, path: string, cwd: string, seen: Set<string>): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const real = await realpath(path);
    if (seen.has(real)) return [];
    seen.add(real);
    const found: string[] = [];
    for (const name of (await readdir(path)).sort()) {
      if (name.startsWith(".") || name.endsWith("~")) continue;
      const below = join(path, name);
      const folder = (await stat(below)).isDirectory();
      if (folder ? extname(name) === "" : ENDINGS.includes(extname(name)))
        found.push(...(await filesBelow(draft, below, cwd, seen)));
    }
    return found;
  } catch (error) {
    draft.fault(
      new Fault("inventory-unreadable", `${shownPath(path, cwd)} cannot be read: ${reasonOf(error)}`, {
        hint: "check its permissions",
      }),
    );
    return [];
  }
}

async function readVarsFile(draft: Draft, path: string, layer: string, cwd: string): Promise<MapNode | undefined> {
  const file = shownPath(path, cwd);
  try {
    const node = parseYaml(decode(await readBytes(path, file), file), { file, path, layer });
    if (isNull(node)) return undefined;
    if (node.kind === "map") return node;
    throw new Fault("inventory-vars-file", `a file of variables is a map, this is ${kindOf(node)}`, {
      place: node.place,
      hint: "write `name: value` pairs",
    });
  } catch (error) {
    if (error instanceof Fault) draft.fault(error);
    else if (error instanceof Faults) for (const fault of error.faults) draft.fault(fault);
    else throw error;
    return undefined;
  }
}

/** People expect a priority in a file of variables to count; it is read with the group only, before such files. */
function withoutPriority(draft: Draft, node: MapNode): MapNode {
  const priority = node.entries.get("ansible_group_priority");
  if (priority === undefined) return node;
  draft.warn(
    new Fault("inventory-priority", "ansible_group_priority has no effect in group_vars", {
      place: priority.keyPlace,
      hint: "move it to the variables of the group in the inventory itself",
    }),
  );
  const entries = new Map(node.entries);
  entries.delete("ansible_group_priority");
  return { ...node, entries };
}

/** A file for a name that does not exist may belong to another inventory; one for nearly a name is a slip. */
function warnStray(
  draft: Draft,
  path: string,
  kind: "group" | "host",
  known: ReadonlyMap<string, unknown>,
  cwd: string,
): void {
  if (known.size > MAX_COMPARED) return;
  const file = path.slice(path.lastIndexOf("/") + 1);
  const name = ENDINGS.slice(1).reduce(
    (text, ending) => (text.endsWith(ending) ? text.slice(0, -ending.length) : text),
    file,
  );
  const near = nearest(name, known.keys());
  if (near === undefined) return;
  draft.warn(
    new Fault("inventory-vars-stray", `there is no ${kind} ${name}: ${shownPath(path, cwd)} is not read`, {
      hint: `did you mean ${near}?`,
    }),
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
