import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../base/nearest.ts";
import { Fault } from "../errors/fault.ts";
import type { MapEntry, MapNode } from "../language/node.ts";
import { nameFault } from "./names.ts";
import type { Variables } from "./variables.ts";

/** Variables that mean something by themselves. */
const SPECIAL = /^(?:ssh|become|addresses|ansible_.*)$/;
const MAX_FILES = 3000;
const MAX_SIZE = 1_000_000;

/**
 * Names of the variables that inventory, plays and `-e` set: names that expressions cannot use, names that are nearly a
 * role's, and (warnings) names that nothing reads. `read`: roots that the files use.
 */
export function checkVariables(
  variables: Variables,
  read: ReadonlySet<string>,
): { faults: Fault[]; warnings: Fault[] } {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const { inventory, library, playbook, extra, folder } = variables.options;
  const declared = new Set([...inventory.hosts.keys()].flatMap((host) => inventory.layers(host)));
  const written = new Set([...playbook.plays.flatMap((play) => play.vars), ...(extra === undefined ? [] : [extra])]);
  const unread = new Map<string, { entry: MapEntry; layer: MapNode }>();
  for (const layer of [...declared, ...written]) {
    for (const entry of layer.entries.values()) {
      if (library.has(entry.key) || SPECIAL.test(entry.key)) continue;
      const bad = nameFault("variable", entry.key, entry.keyPlace);
      // A name that no expression can spell does no harm in an inventory that others use too; one that is taken does.
      if (bad !== undefined) (written.has(layer) || /^[a-z][a-z0-9_]*$/.test(entry.key) ? faults : warnings).push(bad);
      else if (!read.has(entry.key) && !unread.has(entry.key)) unread.set(entry.key, { entry, layer });
    }
  }
  if (unread.size === 0) return { faults, warnings };
  const folders = [join(folder, "playbooks"), ...library.folders.filter((path) => path.startsWith(folder))];
  const mentioned = wordsIn(folders, new Set(unread.keys()));
  for (const [name, { entry, layer }] of unread) {
    const details = {
      place: entry.keyPlace,
      ...(layer.origin.layer === undefined ? {} : { layer: layer.origin.layer }),
    };
    const role = nearest(name, library.names());
    if (mentioned.has(name)) continue;
    if (role !== undefined)
      faults.push(
        new Fault("near-role-name", `${name} is not a role, but nearly: ${role}`, {
          ...details,
          hint: `write "${role}", or choose a name that cannot be mistaken for it`,
        }),
      );
    else
      warnings.push(
        new Fault("unused-variable", `nothing reads the variable ${name}`, {
          ...details,
          hint: "remove it, or correct its name",
        }),
      );
  }
  return { faults, warnings };
}

/** Which of the words stand in some file below the folders: other playbooks of the project may read what this one does not. */
function wordsIn(folders: readonly string[], words: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  let files = 0;
  const visit = (path: string): void => {
    if (files > MAX_FILES || found.size === words.size) return;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) {
      for (const entry of readdirSync(path, { withFileTypes: true }))
        if (!entry.isSymbolicLink() && !entry.name.startsWith(".")) visit(join(path, entry.name));
    } else if (stat?.isFile() === true && stat.size < MAX_SIZE) {
      files++;
      for (const word of readFileSync(path, "utf8").match(/[a-z][a-z0-9_]*/g) ?? [])
        if (words.has(word)) found.add(word);
    }
  };
  for (const folder of folders) visit(folder);
  return found;
}
