import { createHash } from "node:crypto";
import { Secret } from "../../base/secret.ts";
import { creator } from "../../resources/creator.ts";
import { file } from "../../resources/file.ts";
import { fileHash } from "../../resources/file-hash.ts";
import { fileTree } from "../../resources/file-tree.ts";
import { fileTreeContent } from "../../resources/file-tree-content.ts";
import type { Ref } from "../../resources/resource.ts";
import { arg, type LocalFile, type LocalFolder } from "../args.ts";
import { defineModule, type Plan } from "../module.ts";
import { attributeArgs, ownerMistake, ownerNeeds } from "./attributes.ts";
import { asPlan } from "./change.ts";
import { blobOfLocal, blobOfText, plainText } from "./blob.ts";
import { copyFolder, type SourceEntry } from "./copy-folder.ts";
import { planHostCopy } from "./copy-host.ts";
import { planOneFile } from "./copy-one.ts";
import { pythonJson } from "./json.ts";
import { baseName, parentOf } from "./links.ts";
import { showMode } from "./mode.ts";
import { validateArg, validationMistake } from "./validation.ts";

export default defineModule({
  name: "copy",
  summary: "Puts a file, a folder with all in it, or a text on the host.",
  notes: `A folder named without a slash at the end is put into \`dest\`; with one, only what is in it. A \`dest\` that ends with a slash is made a folder.

New content is written beside the old and takes its place in one step; the file keeps its owner, mode and SELinux context. A link at \`dest\` is replaced unless \`follow: true\`.`,
  args: {
    src: arg.sourceOrHost("A file or folder of the controller; with `remote_src` a path on the host.", {
      hostWhen: "remote_src",
    }),
    content: arg.any("The text of the file. A list or map becomes JSON."),
    dest: arg.path("Where it is to be.", { required: true }),
    ...attributeArgs,
    mode: { ...attributeArgs.mode, choices: ["preserve"] },
    directory_mode: arg.mode("Permissions of folders that are made, and of those that `src` has."),
    force: arg.bool("Replace a file that has other content.", { default: true }),
    backup: arg.bool("Keep a copy of the old file beside it.", { default: false }),
    validate: validateArg,
    follow: arg.bool("Write to what a link at `dest` leads to, instead of replacing the link.", { default: false }),
    local_follow: arg.bool("Copy what links in a folder lead to; false copies the links.", { default: true }),
    remote_src: arg.bool("`src` is on the host.", { default: false }),
    checksum: arg.string("The SHA-1 or SHA-256 that the source must have, in hex."),
  },
  checkGiven(given) {
    if (given.has("src") && given.has("content")) return ["src and content exclude each other"];
    return given.has("src") || given.has("content") ? [] : ["one of src and content is needed"];
  },
  validate(args) {
    const mistakes: string[] = [];
    const mistake = validationMistake(args.validate);
    if (mistake !== undefined) mistakes.push(mistake);
    if (args.content !== undefined && args.dest?.endsWith("/") === true)
      mistakes.push("content needs the name of a file as dest, not of a folder");
    if (args.content !== undefined && args.mode === "preserve") mistakes.push("mode: preserve needs src");
    return mistakes;
  },
  examples: [
    { title: "A text", yaml: '- copy: {dest: /etc/motd, content: "Do not panic.\\n"}' },
    {
      title: "Structured data",
      yaml: "- copy: {dest: /srv/app.json, content: {port: 8080, tags: [a, b]}, mode: '0640'}",
    },
    {
      title: "Checked before it replaces the old",
      yaml: "- copy: {src: sudoers, dest: /etc/sudoers.d/ops, mode: '0440', validate: 'visudo -cf %s'}",
      only: "doc",
    },
  ],
  needs(args) {
    const refs: Ref[] = [file(args.dest), fileHash(args.dest), file(parentOf(args.dest)), creator, ...ownerNeeds(args)];
    const { src } = args;
    if (src?.kind === "host") {
      const inside = `${args.dest}/${baseName(src.path.replace(/\/+$/, ""))}`;
      refs.push(
        file(src.path),
        fileHash(src.path),
        fileTree(src.path),
        fileTreeContent(src.path),
        file(inside),
        fileHash(inside),
      );
    } else if (src?.kind === "folder") {
      const into = folderDest(args.dest, src.name);
      refs.push(file(into));
      for (const { path } of src.entries) refs.push(file(`${into}/${path}`), fileHash(`${into}/${path}`));
    } else if (src?.kind === "file")
      refs.push(file(`${args.dest}/${baseName(src.name)}`), fileHash(`${args.dest}/${baseName(src.name)}`));
    return refs;
  },
  plan(args, see, host): Plan {
    const { src } = args;
    const noOwner = ownerMistake(args, see);
    if (noOwner !== undefined) return { fail: noOwner };
    if (src?.kind === "host") return asPlan(planHostCopy({ ...args, src: src.path }, see, host), args.dest);
    if (src?.kind === "folder") {
      const entries = localEntries(src.entries, args.local_follow);
      const follow = args.follow && !entries.some((entry) => entry.type === "folder");
      const { directory_mode: directoryMode, force, backup, validate } = args;
      const into = folderDest(args.dest, src.name);
      return asPlan(
        copyFolder({ entries, into, attributes: args, directoryMode, force, backup, follow, validate }, see, host),
        args.dest,
      );
    }
    if (src?.kind === "file") {
      const mode = args.mode === "preserve" ? showMode(src.mode) : args.mode;
      const wrong = (): string | undefined =>
        checksumMistake(args.checksum === undefined ? undefined : plainText(args.checksum), src);
      return asPlan(
        planOneFile({ ...args, mode, name: baseName(src.name), content: blobOfLocal(src), wrong }, see, host),
        args.dest,
        args.force,
      );
    }
    const content = blobOfText(textOf(args.content));
    return asPlan(
      planOneFile({ ...args, name: undefined, content, wrong: () => undefined }, see, host),
      args.dest,
      args.force,
    );
  },
});

/** The folder that the things in a source folder go to. */
function folderDest(dest: string, name: string): string {
  const folder = dest.replace(/\/+$/, "");
  return name.endsWith("/") ? folder : `${folder}/${baseName(name)}`;
}

/** Content as text: lists and maps as JSON, the way people's files have it. */
function textOf(content: unknown): string | Secret {
  if (typeof content === "string" || content instanceof Secret) return content;
  return typeof content === "object" && content !== null ? pythonJson(content) : String(content);
}

function checksumMistake(wanted: string | undefined, source: LocalFile): string | undefined {
  if (wanted === undefined) return undefined;
  const algorithm = wanted.length === 64 ? "sha256" : "sha1";
  const found = algorithm === "sha256" ? source.sha256 : createHash("sha1").update(source.bytes()).digest("hex");
  return found === wanted.toLowerCase() ? undefined : `${source.name} has the ${algorithm} ${found}, not ${wanted}`;
}

/** What is to be copied of a local folder; links as what they lead to unless they are to stay links. */
function localEntries(entries: LocalFolder["entries"], follow: boolean, at = ""): SourceEntry[] {
  return entries.flatMap((entry): SourceEntry[] => {
    const path = `${at}${entry.path}`;
    if (entry.type === "folder") return [{ path, type: "folder" }];
    if (entry.type === "link" && follow && entry.folder !== undefined) {
      return [{ path, type: "folder" }, ...localEntries(entry.folder.entries, follow, `${path}/`)];
    }
    if (entry.file !== undefined && (entry.type === "file" || follow))
      return [{ path, type: "file", content: blobOfLocal(entry.file), mode: entry.file.mode }];
    return [{ path, type: "link", target: entry.target ?? "" }];
  });
}
