import { statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";

/** Where a file (`files`) or a template (`templates`) of the controller is looked for, first wins. An absolute name stands for itself. */
export function localCandidates(name: string, searchPath: readonly string[], inner: "files" | "templates"): string[] {
  if (isAbsolute(name)) return [name];
  return searchPath.flatMap((folder) => [join(folder, inner, name), resolve(folder, name)]);
}

/** The first that is there. */
export function findLocalPath(
  name: string,
  searchPath: readonly string[],
  inner: "files" | "templates",
): string | undefined {
  return localCandidates(name, searchPath, inner).find(
    (path) => statSync(path, { throwIfNoEntry: false }) !== undefined,
  );
}
