import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Fault } from "../errors/fault.ts";
import type { Io } from "./io.ts";
import type { Settings } from "./settings.ts";

/** Inventory sources: the arguments and `-i`, else the setting, else what lies in this folder or above. As people see them. */
export function inventorySources(args: readonly string[], settings: Settings, io: Io): string[] {
  const setting = settings.setting("inventory");
  const given = [...args, ...(args.length > 0 && !setting.from.startsWith("--") ? [] : settings.list("inventory"))];
  if (given.length > 0) return given.map((source) => sourcePath(source, io.cwd));
  for (let folder = io.cwd; ; folder = dirname(folder)) {
    const found = ["inventory.yml", "inventory"].map((name) => join(folder, name)).find((path) => existsSync(path));
    if (found !== undefined) return [sourcePath(found, io.cwd)];
    if (dirname(folder) === folder) break;
  }
  throw new Fault(
    "no-inventory",
    "no inventory was given, and neither inventory.yml nor inventory/ is in this folder or above",
    {
      hint: "give one: `provision COMMAND inventory.yml`, or `-i`",
    },
  );
}

/** The folder from which a source's project is looked for. */
export function folderOf(source: string, cwd: string): string {
  const path = resolve(cwd, source);
  if (!existsSync(path)) return cwd;
  return statSync(path).isDirectory() ? path : dirname(path);
}

/** A file relative to the working directory where that is shorter; else as typed: a list of hosts, or a name that loading reports. */
function sourcePath(source: string, cwd: string): string {
  const path = resolve(cwd, source);
  if (!existsSync(path)) return source;
  const short = relative(cwd, path);
  return short !== "" && short.length < path.length ? short : path;
}
