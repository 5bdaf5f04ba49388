import { lstatSync, readFileSync, type Stats, statSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import { Fault, Faults } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import type { Node } from "../language/node.ts";
import { parseYaml } from "../language/yaml.ts";

/** What a document is read for. */
export interface DocumentUse {
  /** For people: `playbook`, `tasks of role web`. */
  what: string;
  /** Where the file is named, when another file names it. */
  named?: Place;
  /** The layer of variables it holds, for people. */
  layer?: string;
}

/** A path as people see it: relative to the working directory where that is shorter. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return isAbsolute(path) && short !== "" && short.length < path.length ? short : path;
}

/** Reads and parses one YAML file. Throws `Faults` for a file that is missing, cannot be read or is not right YAML. */
export function readDocument(path: string, use: DocumentUse): Node {
  const file = shownPath(path);
  return parseYaml(readText(path, use), { file, path, ...(use.layer === undefined ? {} : { layer: use.layer }) });
}

/** The text of a file of the controller. Throws `Faults`. */
export function readText(path: string, use: DocumentUse): string {
  try {
    const info = statSync(path);
    if (!info.isFile() && !info.isFIFO() && !info.isDirectory()) throw new Error("it is a device, not a file");
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(readFileSync(path));
  } catch (error) {
    throw new Faults([unreadable(path, use, error)]);
  }
}

/** True for a regular file (or a link to one). */
export function isFile(path: string): boolean {
  return look(path)?.isFile() ?? false;
}

/** True for a folder (or a link to one). */
export function isFolder(path: string): boolean {
  return look(path)?.isDirectory() ?? false;
}

/** The first that is a file; else the first that is there at all, to be read and reported. */
export function firstOf(paths: readonly string[]): string | undefined {
  return paths.find(isFile) ?? paths.find(isThere);
}

/** True where something of this name is, readable or not: what is in the way of a file is a mistake, and not its absence. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** What a path leads to; `undefined` for nothing, also where its links run in a circle or a folder may not be entered. */
function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function unreadable(path: string, use: DocumentUse, error: unknown): Fault {
  const place = use.named === undefined ? {} : { place: use.named };
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const file = shownPath(path);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new Fault("missing-file", `there is no file ${file} (${use.what})`, {
      ...place,
      hint: "write the file, or correct its name",
    });
  }
  if (error instanceof TypeError) {
    return new Fault("unreadable-file", `${file} (${use.what}) is not UTF-8 text`, {
      ...place,
      hint: "save the file as UTF-8",
    });
  }
  const reason =
    code === "EISDIR"
      ? "it is a folder"
      : code === "EACCES"
        ? "permission denied"
        : code === "ELOOP"
          ? "its links run in a circle"
          : error instanceof Error
            ? error.message
            : String(error);
  return new Fault("unreadable-file", `cannot read ${file} (${use.what}): ${reason}`, { ...place, cause: error });
}
