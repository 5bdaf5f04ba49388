import type { Secret } from "../../base/secret.ts";
import { creator } from "../../resources/creator.ts";
import { bytesOf, fileContent } from "../../resources/file-content.ts";
import { file } from "../../resources/file.ts";
import type { Ref } from "../../resources/resource.ts";
import { arg } from "../args.ts";
import type { HostView, Plan, See } from "../module.ts";
import { RegexMistake } from "../regex.ts";
import { type Attributes, ownerMistake, ownerNeeds } from "./attributes.ts";
import { blobOf } from "./blob.ts";
import { asChange } from "./change.ts";
import { makeFolders } from "./file-folder.ts";
import { followLinks, parentOf } from "./links.ts";
import { joinParts, noPart, type Part, putAttributes, putFile, whyNoFolder } from "./put-file.ts";
import { ReplacementMistake } from "./replacement.ts";
import { type Codec, codecFor } from "./text.ts";
import { validateArg } from "./validation.ts";

/** Arguments of modules that edit a file. */
export const editArgs = {
  path: arg.path("The file. A link is followed.", { required: true, aliases: ["dest", "destfile", "name"] }),
  backup: arg.bool("Keep a copy of the old file beside it.", { default: false }),
  validate: validateArg,
};

export interface EditArgs extends Attributes {
  path: string;
  backup: boolean;
  validate?: string | Secret | undefined;
  create?: boolean;
  /** False: a missing folder is a mistake even with `create`. */
  folders?: boolean;
  /** A file that is not there stays so: nothing to do. */
  absentIsFine?: boolean;
  /** The file is in Latin-1; otherwise its bytes decide. */
  encoding?: "latin-1" | undefined;
}

/** What an edit makes of a text. `text` equal to the old means that nothing is to be done. */
export type Edited = { text: string; message: string } | { fail: string };

export function editNeeds(path: string, attributes: Attributes = {}): Ref[] {
  const refs: Ref[] = [file(path), fileContent(path), file(parentOf(path)), creator, ...ownerNeeds(attributes)];
  return refs;
}

/** Edits the text of a file: reads it, lets `edit` decide, and puts the result in its place. */
export function planEdit(args: EditArgs, edit: (text: string, codec: Codec) => Edited, see: See, host: HostView): Plan {
  const { path, state } = followLinks(args.path, see);
  if (state.type === "denied") return { fail: `${path} cannot be looked at: a folder above it is closed to this user` };
  if (state.type === "directory") return { fail: `${path} is a folder` };
  if (state.type !== "file" && state.type !== "absent")
    return { fail: `${path} is not a regular file (${state.type})` };
  if (state.type === "absent" && args.absentIsFine === true)
    return { result: { path, msg: "the file does not exist" } };
  if (state.type === "absent" && args.create !== true) return { fail: `${path} does not exist` };
  const noOwner = ownerMistake(args, see);
  if (noOwner !== undefined) return { fail: noOwner };
  const content = state.type === "absent" ? undefined : see(fileContent(path));
  if (content?.state === "denied") return { fail: `${path} cannot be read by this user` };
  if (content?.state === "large") return { fail: `${path} is larger than 10 MiB: too large to be edited` };
  const before = content === undefined ? Buffer.alloc(0) : bytesOf(content);
  const codec = codecFor(before, args.encoding);
  const edited = tryEdit(() => edit(codec.decode(before), codec));
  if ("fail" in edited) return edited;
  const result = { path, msg: edited.message };
  // An edit that has nothing to say makes no file either: `backrefs` without a match.
  if (state.type === "absent" && edited.message === "") return { result };
  const parts: Part[] = [];
  let look = see;
  const bytes = codec.encode(edited.text);
  if (state.type === "absent" && args.folders === false) {
    const why = whyNoFolder(path, see);
    if (why !== undefined) return { fail: why };
  } else if (state.type === "absent") {
    const folders = makeFolders(parentOf(path), {}, see, host);
    if ("fail" in folders) return folders;
    parts.push(folders);
    look = folders.see;
  }
  if (state.type === "file" && bytes.equals(before)) parts.push(putAttributes(path, args, state, host));
  else
    parts.push(
      putFile(
        { path, content: blobOf(bytes), attributes: args, validate: args.validate, backup: args.backup, before },
        host,
        look,
      ),
    );
  const whole = parts.length === 0 ? noPart : joinParts(parts);
  return whole.apply.length === 0 ? { result } : { change: asChange(whole), result };
}

function tryEdit(edit: () => Edited): Edited {
  try {
    return edit();
  } catch (error) {
    if (error instanceof RegexMistake || error instanceof ReplacementMistake) return { fail: error.message };
    throw error;
  }
}
