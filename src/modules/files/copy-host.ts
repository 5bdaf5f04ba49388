import type { Secret } from "../../base/secret.ts";
import { type FileState, file } from "../../resources/file.ts";
import { fileChecksum } from "../../resources/file-checksum.ts";
import { fileHash } from "../../resources/file-hash.ts";
import { fileTree } from "../../resources/file-tree.ts";
import { fileTreeContent } from "../../resources/file-tree-content.ts";
import type { HostView, See } from "../module.ts";
import type { Attributes } from "./attributes.ts";
import { plainText } from "./blob.ts";
import { type OneFile, planOneFile } from "./copy-one.ts";
import { copyFolder, type SourceEntry } from "./copy-folder.ts";
import { baseName, followLinks, isFolder } from "./links.ts";
import { readMode } from "./mode.ts";
import { joinParts, type Part, putAttributes } from "./put-file.ts";

interface HostCopy extends Omit<OneFile, "name" | "content" | "wrong"> {
  src: string;
  checksum?: string | Secret | undefined;
}

/** `remote_src`: a file or folder of the host itself. */
export function planHostCopy(args: HostCopy, see: See, host: HostView): (Part & { path: string }) | { fail: string } {
  const { src } = args;
  const end = followLinks(src, see);
  if (end.state.type === "denied")
    return { fail: `${src} cannot be looked at: a folder above it is closed to this user` };
  if (end.state.type === "directory") return planHostFolder(args, end.path, end.state, see, host);
  if (end.state.type !== "file")
    return {
      fail:
        end.state.type === "absent"
          ? `${src} does not exist on the host`
          : `${src} is not a regular file (${end.state.type})`,
    };
  const { state, sha256 } = see(fileHash(end.path));
  if (state !== "regular" || sha256 === null) return { fail: `${src} cannot be read` };
  const wrong = checksumMistake(args.checksum, end.path, sha256, see);
  if (wrong !== undefined) return { fail: wrong };
  const mode = args.mode === "preserve" ? (end.state.mode ?? undefined) : args.mode;
  const content = { from: end.path, sha256, size: end.state.size ?? 0 };
  return planOneFile({ ...args, mode, name: baseName(src), content, wrong: () => undefined }, see, host);
}

function checksumMistake(
  given: string | Secret | undefined,
  path: string,
  sha256: string,
  see: See,
): string | undefined {
  if (given === undefined) return undefined;
  const wanted = plainText(given).toLowerCase();
  const found = wanted.length === 64 ? sha256 : see(fileChecksum(path, "sha1")).value;
  return found === wanted ? undefined : `${path} has the checksum ${found ?? "of nothing"}, not ${wanted}`;
}

/** A folder: files and folders keep their permissions, links stay links; `mode` is that of the folder itself. */
function planHostFolder(
  args: HostCopy,
  from: string,
  source: FileState,
  see: See,
  host: HostView,
): (Part & { path: string }) | { fail: string } {
  const dest = args.dest.replace(/(?<=.)\/+$/, "");
  const found = see(file(dest));
  if (!isFolder(found) && found.type !== "absent")
    return { fail: `${dest} is there and is not a folder (${found.type})` };
  const into = args.src.endsWith("/") ? dest : `${dest}/${baseName(args.src)}`;
  const contents = new Map((see(fileTreeContent(from)).entries ?? []).map((entry) => [entry.path, entry]));
  const entries: SourceEntry[] = [{ path: ".", type: "folder", mode: readMode(source.mode ?? "0755") }];
  for (const { path, type, mode } of see(fileTree(from)).entries ?? []) {
    const content = contents.get(path);
    if (type === "directory") entries.push({ path, type: "folder", mode: readMode(mode) });
    else if (content?.type === "link") entries.push({ path, type: "link", target: content.target ?? "" });
    else if (content?.sha256 !== undefined && content.sha256 !== "") {
      entries.push({
        path,
        type: "file",
        mode: readMode(mode),
        content: { from: `${from}/${path}`, sha256: content.sha256, size: content.size ?? 0 },
      });
    } else return { fail: `${from}/${path} cannot be read` };
  }
  const attributes: Attributes = { mode: "preserve", owner: args.owner, group: args.group };
  const copied = copyFolder(
    {
      entries,
      into,
      attributes,
      directoryMode: undefined,
      force: true,
      backup: false,
      follow: false,
      validate: undefined,
      sameStays: true,
    },
    see,
    host,
  );
  if ("fail" in copied || args.mode === undefined || args.mode === "preserve") return copied;
  const top = {
    ...(copied.becomes.find((one) => one.ref.kind.kind === "file" && one.ref.key === into)?.fields ?? see(file(into))),
  } as FileState;
  return { ...joinParts([copied, putAttributes(into, { mode: args.mode }, top, host)]), path: into };
}
