import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../errors/fault.ts";
import type { MapNode } from "../language/node.ts";
import { isFolder, readDocument } from "./document.ts";
import { describe } from "./form.ts";

/**
 * Reads `platforms/NAME.yml` of a role: one table a distribution or family, all with the same keys, so that a step that
 * works on one platform cannot name what another one lacks. Faults are added to `faults`.
 */
export function readPlatforms(folder: string, role: string, faults: Fault[]): Map<string, MapNode> {
  const tables = new Map<string, MapNode>();
  if (!isFolder(folder)) return tables;
  for (const file of readdirSync(folder).sort()) {
    const name = /^([a-z0-9_-]+)\.ya?ml$/.exec(file)?.[1];
    if (name === undefined) continue;
    const node = readDocument(join(folder, file), {
      what: `platform table of role ${role}`,
      layer: `platform ${name} of role ${role}`,
    });
    if (node.kind === "map") tables.set(name, node);
    else
      faults.push(
        new Fault("wrong-form", `a platform table has to be a map, and is ${describe(node)}`, { place: node.place }),
      );
  }
  compareKeys(tables, role, faults);
  return tables;
}

function compareKeys(tables: Map<string, MapNode>, role: string, faults: Fault[]): void {
  const holders = new Map<string, string>();
  for (const [name, table] of tables) {
    for (const path of keyPaths(table)) if (!holders.has(path)) holders.set(path, name);
  }
  for (const [name, table] of tables) {
    const own = new Set(keyPaths(table));
    const missing = [...holders].filter(([path]) => !own.has(path));
    if (missing.length === 0) continue;
    const keys = missing.map(([path]) => path).join(", ");
    const from = [...new Set(missing.map(([, holder]) => holder))].join(", ");
    faults.push(
      new Fault("platform-keys", `platform table ${name} of role ${role} lacks ${keys}`, {
        place: table.place,
        hint: `all tables have the same keys; ${from} has it: add it here (an empty text or list where there is nothing)`,
      }),
    );
  }
}

/** Paths of the leaves; lists and computed values are leaves, an empty map too. */
function keyPaths(table: MapNode, before = ""): string[] {
  return [...table.entries.values()].flatMap(({ key, value }) =>
    value.kind === "map" && value.entries.size > 0 ? keyPaths(value, `${before}${key}.`) : [`${before}${key}`],
  );
}
