import { type FileState, file } from "../../resources/file.ts";
import { normalizePath } from "../../resources/file-words.ts";
import type { See } from "../module.ts";

/** Where a path ends: the path itself, or what the links lead to. `fail` when they go in a circle. */
export interface End {
  path: string;
  state: FileState;
  /** True when the path given is a link. */
  isLink: boolean;
}

/** Follows the links of the last part of a path. Each link that was not read before costs a round trip, so few do. */
export function followLinks(path: string, see: See): End {
  let at = normalizePath(path);
  for (let hops = 0; hops < 40; hops += 1) {
    const state = see(file(at));
    if (state.type !== "link" || (state.leads === "absent" && hops > 0 && state.target === null))
      return { path: at, state, isLink: hops > 0 };
    at = resolveTarget(state.real ?? at, state.target ?? "");
  }
  return { path: at, state: see(file(at)), isLink: true };
}

/** The path a link's text means. `link` is the link's path with links in its folders resolved, so `..` can be taken as text. */
export function resolveTarget(link: string, target: string): string {
  if (target.startsWith("/")) return normalizePath(target);
  const parts = parentOf(link).split("/");
  let plain = true;
  for (const part of target.split("/")) {
    // Behind a name that may be a link, `..` is for the host to resolve.
    if (part === ".." && plain && parts.length > 1) parts.pop();
    else {
      if (part !== "" && part !== ".") plain = false;
      parts.push(part);
    }
  }
  return normalizePath(parts.join("/"));
}

/** True when files can be put into the folder: it is one, or a link to one. */
export function isFolder(state: FileState): boolean {
  return state.type === "directory" || (state.type === "link" && state.leads === "directory");
}

/** The folder of an absolute path. */
export function parentOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at <= 0 ? "/" : path.slice(0, at);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
