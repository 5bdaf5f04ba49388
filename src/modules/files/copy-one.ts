import type { Secret } from "../../base/secret.ts";
import type { Blob } from "../../base/shell.ts";
import { file } from "../../resources/file.ts";
import type { HostView, See } from "../module.ts";
import type { Attributes } from "./attributes.ts";
import { makeFolders } from "./file-folder.ts";
import { followLinks, isFolder } from "./links.ts";
import { type HostContent, joinParts, noPart, type Part, putFile, whyNotFile } from "./put-file.ts";

export interface OneFile extends Attributes {
  dest: string;
  /** Name of the source, used in a folder; undefined for text, which has none. */
  name: string | undefined;
  content: Blob | HostContent;
  directory_mode?: string | undefined;
  force: boolean;
  follow: boolean;
  backup: boolean;
  validate?: string | Secret | undefined;
  /** What is wrong with the source, asked only where it would be written. */
  wrong: () => string | undefined;
}

/** One file at `dest`, or in it where `dest` is a folder or ends with a slash. */
export function planOneFile(args: OneFile, see: See, host: HostView): (Part & { path: string }) | { fail: string } {
  const { dest, name } = args;
  let made: Part = noPart;
  let look = see;
  let path = dest.replace(/(?<=.)\/+$/, "");
  const found = see(file(path));
  if (isFolder(found)) {
    if (name === undefined) return { fail: `${path} is a folder; text needs the name of a file as dest` };
    path = `${path === "/" ? "" : path}/${name}`;
  } else if (dest.endsWith("/")) {
    if (name === undefined) return { fail: `text needs the name of a file as dest, not ${dest}` };
    const folders = makeFolders(path, { mode: args.directory_mode, owner: args.owner, group: args.group }, see, host);
    if ("fail" in folders) return folders;
    made = folders;
    look = folders.see;
    path = `${path}/${name}`;
  }
  const at = look(file(path));
  if (at.type !== "absent" && !args.force) return { ...noPart, path };
  if (args.follow && at.type === "link" && at.leads !== "absent") path = followLinks(path, look).path;
  const why = at.type === "link" && isFolder(at) ? `${path} is a folder` : whyNotFile(path, look);
  if (why !== undefined) return { fail: why };
  const put = putFile(
    { path, content: args.content, attributes: args, validate: args.validate, backup: args.backup },
    host,
    look,
  );
  const wrong = put.apply.some((one) => one.text.startsWith("file_stage")) ? args.wrong() : undefined;
  if (wrong !== undefined) return { fail: wrong };
  return { ...joinParts([made, put]), path };
}
