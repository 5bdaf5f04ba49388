import type { Secret } from "../../base/secret.ts";
import { type Shell, sh } from "../../base/shell.ts";
import { creator } from "../../resources/creator.ts";
import type { FileState } from "../../resources/file.ts";
import { group } from "../../resources/group.ts";
import type { Ref } from "../../resources/resource.ts";
import { user } from "../../resources/user.ts";
import { arg } from "../args.ts";
import type { Difference, HostView, See } from "../module.ts";
import { followLinks, parentOf } from "./links.ts";
import { plainText } from "./blob.ts";
import { applyMode, readMode, showMode } from "./mode.ts";

/** The arguments that every module of files takes. */
export const attributeArgs = {
  mode: arg.mode(
    "Permissions: quoted octal or symbolic. Without it an existing path keeps its own, a new one gets what the umask leaves.",
  ),
  owner: arg.string("Name or number of the owner."),
  group: arg.string("Name or number of the group."),
};

export interface Attributes {
  mode?: string | undefined;
  owner?: string | Secret | undefined;
  group?: string | Secret | undefined;
}

/** What has to be read to know that owner and group exist. */
export function ownerNeeds(wanted: Attributes): Ref[] {
  const refs: Ref[] = [];
  if (isName(wanted.owner)) refs.push(user(plainText(wanted.owner)));
  if (isName(wanted.group)) refs.push(group(plainText(wanted.group)));
  return refs;
}

/** Why owner or group cannot be set: there is none of that name. */
export function ownerMistake(wanted: Attributes, see: See): string | undefined {
  if (isName(wanted.owner) && see(user(plainText(wanted.owner))).state === "absent")
    return `there is no user "${String(wanted.owner)}" on the host`;
  if (isName(wanted.group) && see(group(plainText(wanted.group))).state === "absent")
    return `there is no group "${String(wanted.group)}" on the host`;
  return undefined;
}

function isName(given: string | Secret | undefined): given is string | Secret {
  return given !== undefined && !/^\d+$/.test(plainText(given));
}

export interface AttributePlan {
  differs: Difference[];
  /** Empty where nothing differs. */
  apply: Shell[];
  /** The state with the changes laid over it; fields that cannot be known are left out. */
  fields: Partial<FileState>;
}

/** What has to be done to a path that is there (or just was made: `state` is then what it was made as). */
export function planAttributes(
  path: string,
  wanted: Attributes,
  state: Partial<FileState>,
  host: HostView,
): AttributePlan {
  const fields: Partial<FileState> = { ...state };
  const differs: Difference[] = [];
  const apply: Shell[] = [];
  const owner = newOwner(wanted.owner, state.user, state.uid);
  const group = newOwner(wanted.group, state.group, state.gid);
  // What is declared by name is known by name: the number is left open, as a user may be made before.
  if (owner !== undefined) {
    delete fields.user;
    delete fields.uid;
    Object.assign(fields, /^\d+$/.test(owner) ? { uid: Number(owner) } : { user: owner });
  }
  if (group !== undefined) {
    delete fields.group;
    delete fields.gid;
    Object.assign(fields, /^\d+$/.test(group) ? { gid: Number(group) } : { group });
  }
  if (owner !== undefined)
    differs.push({ what: "owner", of: path, before: shown(state.user, state.uid), after: owner });
  if (group !== undefined)
    differs.push({ what: "group", of: path, before: shown(state.group, state.gid), after: group });
  if (owner !== undefined || group !== undefined) apply.push(sh`file_own ${path} ${owner ?? "-"} ${group ?? "-"}`);
  if (state.type === "link") return { differs, apply, fields };
  if (wanted.mode === undefined && (state.mode === undefined || state.mode === null)) return { differs, apply, fields };
  const before = readMode(state.mode ?? "0");
  const kept = apply.length > 0 && state.type !== "directory" ? withoutIds(before) : before;
  const mode =
    wanted.mode === undefined ? kept : applyMode(wanted.mode, before, state.type === "directory", host.umask);
  if (mode !== before) differs.push({ what: "mode", of: path, before: showMode(before), after: showMode(mode) });
  // A change of owner may clear set-user-id and set-group-id of what is to have them.
  if (mode !== before || (apply.length > 0 && (mode & 0o6000) !== 0))
    apply.push(sh`file_mode ${path} ${showMode(mode)}`);
  fields.mode = showMode(mode);
  return { differs, apply, fields };
}

/** A mode as a change of owner leaves it: a new owner is not made to run it for others. */
function withoutIds(mode: number): number {
  return mode & ((mode & 0o010) === 0 ? ~0o4000 : ~0o6000);
}

/** The owner to set when it differs: declared by name it is compared by name. */
function newOwner(
  given: string | Secret | undefined,
  name: string | null | undefined,
  number: number | null | undefined,
): string | undefined {
  if (given === undefined) return undefined;
  const wanted = plainText(given);
  const same = /^\d+$/.test(wanted) ? number === Number(wanted) : name === wanted;
  return same ? undefined : wanted;
}

function shown(name: string | null | undefined, number: number | null | undefined): string | null {
  return name ?? (typeof number === "number" ? String(number) : null);
}

/** What a path made now by the step's user is, before attributes are set: owner and group as the folder and system decide. */
export function newState(
  path: string,
  type: "file" | "directory" | "link",
  host: HostView,
  see: See,
): Partial<FileState> {
  const self = see(creator);
  const folder: Partial<FileState> = { ...followLinks(parentOf(path), see).state };
  const folderMode = folder.mode ?? null;
  const setgid = folderMode !== null && (readMode(folderMode) & 0o2000) !== 0;
  const inherits = (setgid || self.inherits) && folder.type === "directory";
  const base = type === "directory" ? 0o777 : 0o666;
  const mode = (base & ~host.umask) | (type === "directory" && setgid ? 0o2000 : 0);
  const owner = { uid: self.uid, user: self.user };
  const group = inherits
    ? { gid: folder.gid ?? self.gid, group: folder.group ?? self.group }
    : { gid: self.gid, group: self.group };
  return { type, ...(type === "link" ? {} : { mode: showMode(mode) }), ...owner, ...group, target: null, leads: null };
}
