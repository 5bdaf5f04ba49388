import { readFileSync, statSync } from "node:fs";
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
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(readFileSync(path));
  } catch (error) {
    throw new Faults([unreadable(path, use, error)]);
  }
}

/** True for a regular file (or a link to one). */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** True for a folder (or a link to one). */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
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
        : error instanceof Error
          ? error.message
          : String(error);
  return new Fault("unreadable-file", `cannot read ${file} (${use.what}): ${reason}`, { ...place, cause: error });
}
