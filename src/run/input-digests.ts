import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Node } from "../language/node.ts";
import { shownPath } from "../playbook/document.ts";
import type { LoadedProject } from "./load-project.ts";

/**
 * SHA-256 of every file a plan rests on, by its path as shown: the playbook and what lies beside it for plays, the roles
 * that run, the inventory sources with their group_vars and host_vars, and the values of `-e`.
 */
export function inputDigests(project: LoadedProject): Record<string, string> {
  const paths = new Set<string>();
  const playbook = resolve(project.playbook.file);
  addFile(playbook, paths);
  for (const folder of ["tasks", "handlers", "vars", "files", "templates", "group_vars", "host_vars"])
    addTree(join(dirname(playbook), folder), paths);
  for (const role of project.playbook.roles.values()) addTree(role.folder, paths);
  for (const source of project.inventory.sources) {
    addTree(resolve(source), paths);
    for (const folder of ["group_vars", "host_vars"]) addTree(join(dirname(resolve(source)), folder), paths);
  }
  const digests: Record<string, string> = {};
  for (const path of [...paths].sort())
    digests[shownPath(path)] = createHash("sha256").update(readFileSync(path)).digest("hex");
  if (project.extra !== undefined)
    digests["-e"] = createHash("sha256")
      .update(JSON.stringify([...project.extra.entries].map(([name, entry]) => [name, shape(entry.value)])))
      .digest("hex");
  return digests;
}

function shape(node: Node): unknown {
  if (node.kind === "map") return [...node.entries].map(([name, entry]) => [name, shape(entry.value)]);
  if (node.kind === "list" || node.kind === "append") return node.items.map(shape);
  return node.kind === "expr" ? node.source : node.value;
}

function addFile(path: string, paths: Set<string>): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === true) paths.add(path);
}

function addTree(path: string, paths: Set<string>): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) {
    addFile(path, paths);
    return;
  }
  for (const entry of readdirSync(path)) addTree(join(path, entry), paths);
}
