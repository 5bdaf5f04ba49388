import { sh } from "../../base/shell.ts";
import { file } from "../../resources/file.ts";
import { becomes } from "../../resources/resource.ts";
import type { HostView, See } from "../module.ts";
import { type Attributes, newState, planAttributes } from "./attributes.ts";
import { blobOf } from "./blob.ts";
import type { FilePlan } from "./file.ts";
import { planTimes, type TimeArgs } from "./file-times.ts";
import { followLinks } from "./links.ts";
import { contentBecomes, joinParts, putAttributes, whyNoFolder } from "./put-file.ts";

interface TouchArgs extends Attributes, TimeArgs {
  path: string;
  follow: boolean;
}

/** `state: touch`: an empty file where nothing is; of what is there attributes and times. */
export function planTouch(args: TouchArgs, see: See, host: HostView): FilePlan {
  const { path, state, isLink } = args.follow
    ? followLinks(args.path, see)
    : { path: args.path, state: see(file(args.path)), isLink: false };
  if (state.type === "denied") return { fail: `${path} cannot be looked at: a folder above it is closed to this user` };
  if (state.type === "absent") {
    if (isLink) return { fail: `${args.path} is a link that leads nowhere` };
    const why = whyNoFolder(path, see);
    if (why !== undefined) return { fail: why };
    const made = planAttributes(
      path,
      args,
      { ...newState(path, "file", host, see), size: 0, links: 1, real: state.real },
      host,
    );
    const empty = blobOf(Buffer.alloc(0));
    const times = planTimes(path, args, "now", see);
    return {
      path,
      always: times.always,
      differs: [{ what: "state", of: path, before: "absent", after: "file" }],
      apply: [
        sh`(set -C; : >${path})`,
        ...made.apply,
        sh`file_mode ${path} ${made.fields.mode ?? "0644"}`,
        sh`file_label ${path}`,
        ...times.apply,
      ],
      // To prove the content is to read it, which would change an access time that was just set.
      becomes: [
        becomes(file(path), made.fields),
        ...(times.becomes.length === 0 ? contentBecomes(path, empty) : times.becomes),
      ],
      touches: [{ kind: times.becomes.length === 0 ? "file.times" : "file", below: path }],
    };
  }
  const times = planTimes(path, args, "now", see);
  return { ...joinParts([putAttributes(path, args, state, host), times]), always: times.always, path };
}

/** `state: file`: attributes of what is there; nothing is made. */
export function planExisting(args: TouchArgs, see: See, host: HostView): FilePlan {
  const { path, state } = args.follow ? followLinks(args.path, see) : { path: args.path, state: see(file(args.path)) };
  if (state.type === "absent")
    return { fail: `${path} does not exist; state: touch makes an empty file, copy one with content` };
  if (state.type === "directory" || state.type === "link")
    return { fail: `${path} is a ${state.type === "link" ? "link" : "folder"}, not a file` };
  const times = planTimes(path, args, "preserve", see);
  return { ...joinParts([putAttributes(path, args, state, host), times]), always: times.always, path };
}
