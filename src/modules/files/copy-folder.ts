import type { Secret } from "../../base/secret.ts";
import type { Blob } from "../../base/shell.ts";
import { file } from "../../resources/file.ts";
import { fileHash } from "../../resources/file-hash.ts";
import type { HostView, See } from "../module.ts";
import type { Attributes } from "./attributes.ts";
import { makeFolders } from "./file-folder.ts";
import { planLink } from "./file-link.ts";
import { followLinks, isFolder, parentOf } from "./links.ts";
import { showMode } from "./mode.ts";
import { type HostContent, joinParts, type Part, putAttributes, putFile, overlay, whyNotFile } from "./put-file.ts";

/** One path of a folder to copy, relative to it (`.` is the folder itself); folders come before what is in them. */
export type SourceEntry =
  | { path: string; type: "folder"; mode?: number }
  | { path: string; type: "file"; content: Blob | HostContent; mode: number }
  | { path: string; type: "link"; target: string };

export interface FolderCopy {
  entries: readonly SourceEntry[];
  /** The folder that they go to; made when anything goes there. */
  into: string;
  attributes: Attributes;
  directoryMode: string | undefined;
  force: boolean;
  backup: boolean;
  follow: boolean;
  validate: string | Secret | undefined;
  /** Files that have the content already keep their mode, too. */
  sameStays?: boolean;
}

const none = { modification_time_format: "", access_time_format: "" };

/** A folder's content on the host: folders, files and links; what else is there stays. */
export function copyFolder(copy: FolderCopy, see: See, host: HostView): (Part & { path: string }) | { fail: string } {
  const { into, attributes } = copy;
  const ofFolders: Attributes = { mode: copy.directoryMode, owner: attributes.owner, group: attributes.group };
  const parts: Part[] = [];
  const over = overlay(see);
  const look = over.see;
  const folder = (path: string, own: boolean, mode?: number): string | undefined => {
    const state = look(file(path));
    if (isFolder(state)) {
      if (own && state.type === "directory") parts.push(putAttributes(path, ofFolders, state, host));
      return undefined;
    }
    const made = makeFolders(path, mode === undefined ? ofFolders : { ...ofFolders, mode: showMode(mode) }, look, host);
    if ("fail" in made) return made.fail;
    parts.push(made);
    over.lay(made.becomes);
    return undefined;
  };
  // Links last: what they lead to may be made here.
  const links = copy.entries.filter((entry) => entry.type === "link");
  const others = copy.entries.filter((entry) => entry.type !== "link");
  for (const entry of [...others, ...links]) {
    const path = entry.path === "." ? into : `${into}/${entry.path}`;
    const why = entry.type === "folder" ? folder(path, true, entry.mode) : folder(parentOf(path), false);
    if (why !== undefined) return { fail: why };
    if (entry.type === "folder") continue;
    const part =
      entry.type === "link" ? linkPart(path, entry.target, copy, look, host) : filePart(path, entry, copy, look, host);
    if ("fail" in part) return part;
    parts.push(part);
    over.lay(part.becomes);
  }
  return { ...joinParts(parts), path: into };
}

function linkPart(path: string, target: string, copy: FolderCopy, see: See, host: HostView): Part | { fail: string } {
  const { owner, group } = copy.attributes;
  return planLink({ path, src: target, force: true, follow: false, owner, group, ...none }, see, host);
}

function filePart(
  path: string,
  entry: Extract<SourceEntry, { type: "file" }>,
  copy: FolderCopy,
  see: See,
  host: HostView,
): Part | { fail: string } {
  const found = see(file(path));
  if (found.type !== "absent" && !copy.force) return joinParts([]);
  const end = copy.follow && found.type === "link" && found.leads !== "absent" ? followLinks(path, see).path : path;
  const why = isFolder(found) ? `${path} is a folder` : whyNotFile(end, see);
  if (why !== undefined) return { fail: why };
  let mode = copy.attributes.mode === "preserve" ? showMode(entry.mode) : copy.attributes.mode;
  if (copy.sameStays === true && found.type === "file" && see(fileHash(path)).sha256 === entry.content.sha256)
    mode = undefined;
  return putFile(
    {
      path: end,
      content: entry.content,
      attributes: { ...copy.attributes, mode },
      validate: copy.validate,
      backup: copy.backup,
    },
    host,
    see,
  );
}
