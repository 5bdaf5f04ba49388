import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, type Stats, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { Fault } from "../errors/fault.ts";
import { findLocalPath, localCandidates } from "../playbook/local-path.ts";
import type { LocalFile, LocalFolder, LocalSource } from "../modules/args.ts";

const sources = new Map<string, LocalSource>();

/**
 * A file or folder of the controller by the name an argument gives: absolute, or looked for in `files/` of each folder and
 * in the folder itself, nearest first. A trailing slash is kept in `name` (it means: what is in the folder).
 */
export function findSource(name: string, searchPath: readonly string[]): LocalSource {
  const path = findLocal(name, searchPath, "files");
  const known = sources.get(`${path}\0${name}`);
  if (known !== undefined) return known;
  const found = statSync(path).isDirectory() ? readFolder(path, name) : readLocal(path, name);
  sources.set(`${path}\0${name}`, found);
  return found;
}

/** The absolute path of a file named by an argument. Throws a Fault that says where it was looked for. */
export function findLocal(name: string, searchPath: readonly string[], inner: "files" | "templates"): string {
  const found = findLocalPath(name, searchPath, inner);
  if (found !== undefined) return found;
  const hint = isAbsolute(name)
    ? "check the path"
    : `looked for ${localCandidates(name, searchPath, inner).join(", ")}`;
  throw new Fault("local-file-missing", `no file "${name}" on this machine`, { hint });
}

function readLocal(path: string, name: string): LocalFile {
  const stat = statSync(path);
  const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
  return {
    kind: "file",
    name,
    size: stat.size,
    mode: stat.mode & 0o7777,
    sha256: hash,
    bytes: () => readFileSync(path),
  };
}

/** `within`: the folders this one was reached through, by their real paths, so that no link leads round in a circle. */
function readFolder(path: string, name: string, within: readonly string[] = []): LocalFolder {
  const entries: LocalFolder["entries"][number][] = [];
  const walk = (folder: string, relative: string, above: readonly string[]): void => {
    const chain = [...above, realpathSync(folder)];
    for (const entry of readdirSync(folder).sort()) {
      const at = join(folder, entry);
      const below = relative === "" ? entry : `${relative}/${entry}`;
      const stat = lstatSync(at);
      if (stat.isSymbolicLink()) entries.push({ path: below, type: "link", ...readLink(at, below, stat, chain) });
      else if (stat.isDirectory()) {
        entries.push({ path: below, type: "folder", mode: stat.mode & 0o7777 });
        walk(at, below, chain);
      } else entries.push({ path: below, type: "file", file: readLocal(at, below), mode: stat.mode & 0o7777 });
    }
  };
  walk(path, "", within);
  return { kind: "folder", name, entries };
}

/** What a link says and what it leads to: a file, or a folder that it is not in. */
function readLink(
  at: string,
  name: string,
  own: Stats,
  within: readonly string[],
): Pick<LocalFolder["entries"][number], "target" | "mode" | "file" | "folder"> {
  const target = readlinkSync(at);
  const end = statSync(at, { throwIfNoEntry: false });
  const link = { target, mode: (end ?? own).mode & 0o7777 };
  if (end?.isFile() === true) return { ...link, file: readLocal(at, name) };
  if (end?.isDirectory() !== true || within.includes(realpathSync(at))) return link;
  return { ...link, folder: readFolder(at, name, within) };
}
