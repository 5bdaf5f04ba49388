import { sh } from "../../base/shell.ts";
import { type FileState, file } from "../../resources/file.ts";
import { fileTree, type TreeEntry } from "../../resources/file-tree.ts";
import { becomes } from "../../resources/resource.ts";
import type { HostView, See } from "../module.ts";
import { type Attributes, newState, planAttributes } from "./attributes.ts";
import type { FilePlan } from "./file.ts";
import { planTimes, type TimeArgs } from "./file-times.ts";
import { followLinks, isFolder, parentOf } from "./links.ts";
import { joinParts, noPart, type Part, putAttributes, overlay } from "./put-file.ts";

export interface FolderArgs extends Attributes, TimeArgs {
  path: string;
  recurse: boolean;
  follow: boolean;
}

/** `state: directory`: a folder, made with those above it; its attributes, and with `recurse` those of all below. */
export function planFolder(args: FolderArgs, see: See, host: HostView): FilePlan {
  const end = args.follow ? followLinks(args.path, see) : { path: args.path, state: see(file(args.path)) };
  const { path, state } = end;
  if (state.type === "absent") {
    const made = makeFolders(path, args, see, host);
    if ("fail" in made) return made;
    return { differs: made.differs, apply: made.apply, becomes: made.becomes, touches: made.touches, path };
  }
  if (state.type !== "directory") return { fail: `${path} is there and is not a folder (${state.type})` };
  const parts: Part[] = [putAttributes(path, args, state, host)];
  if (args.recurse) parts.push(...planBelow(path, args, see, host, new Set()));
  const times = planTimes(path, args, "preserve", see);
  return { ...joinParts([...parts, times]), always: times.always, path };
}

/** Makes a folder and those above it that are missing; all get the attributes. `see` of the answer sees them made. */
export function makeFolders(
  path: string,
  wanted: Attributes,
  see: See,
  host: HostView,
): (Part & { see: See }) | { fail: string } {
  const missing: string[] = [];
  for (let at = path; ; at = parentOf(at)) {
    const state = see(file(at));
    if (isFolder(state)) break;
    if (state.type === "denied") return { fail: `${at} cannot be looked at: a folder above it is closed to this user` };
    if (state.type !== "absent") return { fail: `${at} is there and is not a folder (${state.type})` };
    missing.unshift(at);
  }
  const over = overlay(see);
  const parts = missing.map((folder): Part => {
    const base = newState(folder, "directory", host, over.see);
    const plan = planAttributes(folder, wanted, base, host);
    const mode = plan.fields.mode ?? "0755";
    const owner = plan.apply.filter((one) => one.text.startsWith("file_own"));
    const fields = { ...plan.fields, size: null, links: null, real: { ...see(file(folder)) }.real ?? null };
    over.lay([becomes(file(folder), fields)]);
    return {
      differs: [{ what: "state", of: folder, before: "absent", after: "directory" }],
      apply:
        owner.length === 0
          ? [sh`file_new_folder ${folder} ${mode}`]
          : [sh`file_new_folder ${folder} 0700`, ...owner, sh`file_mode ${folder} ${mode}`],
      becomes: [becomes(file(folder), fields)],
      touches: [],
    };
  });
  return { ...joinParts(parts), see: over.see };
}

/** The attributes of everything below a folder; with `follow` also of what links below it lead to. */
function planBelow(path: string, args: FolderArgs, see: See, host: HostView, visited: Set<string>): Part[] {
  if (visited.has(path)) return [];
  visited.add(path);
  const entries = see(fileTree(path)).entries ?? [];
  const parts: Part[] = [];
  const after: TreeEntry[] = [];
  for (const entry of entries) {
    const at = `${path}/${entry.path}`;
    const plan = planAttributes(at, args, stateOf(entry), host);
    if (plan.differs.length > 0) parts.push({ ...plan, becomes: [becomes(file(at), plan.fields)], touches: [] });
    const { uid, gid, user, group, mode } = plan.fields;
    after.push({
      ...entry,
      mode: mode ?? entry.mode,
      uid: uid ?? undefined,
      gid: gid ?? undefined,
      user: user ?? undefined,
      group: group ?? undefined,
    });
    if (entry.type === "link" && args.follow) parts.push(...planTarget(at, args, see, host, visited));
  }
  if (parts.length > 0) parts.push({ ...noPart, becomes: [becomes(fileTree(path), { entries: after })] });
  return parts;
}

function stateOf(entry: TreeEntry): Partial<FileState> {
  const named = (name: string | undefined, number: number | undefined): string | null =>
    name === undefined || name === "UNKNOWN" || name === String(number) ? null : name;
  return {
    type: entry.type === "other" ? "fifo" : entry.type,
    mode: entry.mode,
    uid: entry.uid ?? null,
    gid: entry.gid ?? null,
    user: named(entry.user, entry.uid),
    group: named(entry.group, entry.gid),
  };
}

function planTarget(link: string, args: FolderArgs, see: See, host: HostView, visited: Set<string>): Part[] {
  const end = followLinks(link, see);
  if (end.state.type === "absent" || end.state.type === "denied" || end.state.type === "link" || visited.has(end.path))
    return [];
  const parts = end.state.type === "directory" ? planBelow(end.path, args, see, host, visited) : [];
  visited.add(end.path);
  return [...parts, putAttributes(end.path, args, end.state, host)];
}
