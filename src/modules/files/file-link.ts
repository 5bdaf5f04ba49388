import { sh } from "../../base/shell.ts";
import { type FileState, file } from "../../resources/file.ts";
import { fileTimes } from "../../resources/file-times.ts";
import { fileTree } from "../../resources/file-tree.ts";
import { becomes } from "../../resources/resource.ts";
import type { HostView, See } from "../module.ts";
import { type Attributes, newState, planAttributes } from "./attributes.ts";
import type { FilePlan } from "./file.ts";
import { planTimes, type TimeArgs } from "./file-times.ts";
import { followLinks, resolveTarget } from "./links.ts";
import { joinParts, noContentBecomes, noPart, type Part, putAttributes, whyNoFolder } from "./put-file.ts";

interface LinkArgs extends Attributes, TimeArgs {
  path: string;
  src: string | undefined;
  force: boolean;
  follow: boolean;
}

/** `state: link`: a symbolic link with the text `src`; with `follow` the attributes are those of what it leads to. */
export function planLink(args: LinkArgs, see: See, host: HostView): FilePlan {
  const { path, force } = args;
  const found = see(file(path));
  const src = args.src ?? (found.type === "link" ? (found.target ?? undefined) : undefined);
  if (src === undefined) return { fail: "a new link needs src" };
  const end = followLinks(resolveTarget(found.real ?? path, src), see);
  const leads =
    end.state.type === "absent" || end.state.type === "link"
      ? "absent"
      : end.state.type === "file" || end.state.type === "directory"
        ? end.state.type
        : "other";
  if (!force && args.src !== undefined && leads === "absent")
    return { fail: `${src}, where the link would lead, does not exist; force: true makes the link nevertheless` };
  if (found.type === "directory" && !force)
    return { fail: `${path} is a folder; force: true puts a link in its place if it is empty` };
  if (found.type === "directory" && (see(fileTree(path)).entries ?? []).length > 0)
    return { fail: `${path} is a folder that is not empty` };
  if (found.type !== "link" && found.type !== "absent" && !force)
    return { fail: `${path} is a file; force: true puts a link in its place` };
  if (found.type === "absent") {
    const why = whyNoFolder(path, see);
    if (why !== undefined) return { fail: why };
  }
  const parts: Part[] = [];
  let state: Partial<FileState> = { ...found };
  if (found.type !== "link" || found.target !== src) {
    state = { ...newState(path, "link", host, see), target: src, leads, real: found.real };
    parts.push({
      differs: [
        found.type === "link"
          ? { what: "target", of: path, before: found.target, after: src }
          : { what: "state", of: path, before: found.type, after: `link to ${src}` },
      ],
      apply: [sh`file_link ${src} ${path}`],
      becomes: [becomes(file(path), state), ...noContentBecomes(path)],
      touches: [{ kind: "file", below: path }],
    });
  }
  const warnings: string[] = [];
  if (!args.follow) {
    const plan = planAttributes(path, args, state, host);
    if (plan.differs.length > 0) parts.push({ ...plan, becomes: [becomes(file(path), plan.fields)], touches: [] });
  } else if (leads !== "absent") parts.push(putAttributes(end.path, args, end.state, host));
  else if (args.mode !== undefined || args.owner !== undefined || args.group !== undefined)
    warnings.push(`${path} leads nowhere, so no attributes are set; follow: false sets those of the link itself`);
  const times =
    leads !== "absent" && args.follow ? planTimes(end.path, args, "preserve", see) : { ...noPart, always: false };
  return { ...joinParts([...parts, times]), always: times.always, path, warnings };
}

/** `state: hard`: another name of the file `src`. */
export function planHardLink(args: LinkArgs, see: See, host: HostView): FilePlan {
  const { path, src, force } = args;
  const found = see(file(path));
  if (src === undefined) {
    if (found.type === "file" && found.links !== null && found.links > 1)
      return { ...putAttributes(path, args, found, host), path };
    return { fail: "a new hard link needs src" };
  }
  if (!src.startsWith("/")) return { fail: `src of a hard link is an absolute path, not ${src}` };
  const end = followLinks(src, see);
  if (end.state.type === "absent") return { fail: `${src} does not exist` };
  if (end.state.type === "directory") return { fail: `${src} is a folder: folders have no hard links` };
  if (found.type === "directory") return { fail: `${path} is a folder` };
  // A symbolic link with this very text is taken for the file it leads to.
  const same =
    found.type === "link"
      ? found.target === src
      : found.type !== "absent" && see(fileTimes(path)).inode === see(fileTimes(end.path)).inode;
  const times = (): ReturnType<typeof planTimes> => planTimes(path, args, "preserve", see);
  if (same) return { ...joinParts([putAttributes(path, args, found, host), times()]), path };
  if (found.type !== "absent" && found.type !== "link" && !force)
    return { fail: `${path} is another file; force: true puts the link in its place` };
  if (found.type === "absent") {
    const why = whyNoFolder(path, see);
    if (why !== undefined) return { fail: why };
  }
  const source = args.follow ? end : { path: src, state: see(file(src)) };
  const fields = { ...source.state };
  const links = source.state.links === null ? {} : { links: source.state.links + 1 };
  const made: Part = {
    differs: [{ what: "state", of: path, before: found.type, after: `hard link to ${source.path}` }],
    apply: [sh`file_hard_link ${source.path} ${path}`],
    becomes: [
      becomes(file(source.path), { ...fields, ...links }),
      becomes(file(path), { ...fields, ...links, real: found.real }),
    ],
    touches: [{ kind: "file", below: path }],
  };
  const plan = planAttributes(path, args, { ...fields, real: found.real }, host);
  const after: Part =
    plan.differs.length === 0
      ? noPart
      : {
          ...plan,
          becomes: [
            becomes(file(path), { ...plan.fields, ...links }),
            becomes(file(source.path), { ...plan.fields, ...links, real: source.state.real }),
          ],
          touches: [],
        };
  return { ...joinParts([made, after]), path };
}
