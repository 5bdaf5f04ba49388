import { joinShell } from "../../base/shell.ts";
import { file } from "../../resources/file.ts";
import { fileTimes } from "../../resources/file-times.ts";
import { fileTree } from "../../resources/file-tree.ts";
import { creator } from "../../resources/creator.ts";
import type { Ref } from "../../resources/resource.ts";
import { arg } from "../args.ts";
import { defineModule, type Plan } from "../module.ts";
import { attributeArgs, ownerMistake, ownerNeeds } from "./attributes.ts";
import { planAbsent } from "./file-absent.ts";
import { planFolder } from "./file-folder.ts";
import { planHardLink, planLink } from "./file-link.ts";
import { planExisting, planTouch } from "./file-touch.ts";
import { timeMistake } from "./file-times.ts";
import { baseName, isFolder, parentOf } from "./links.ts";
import type { Part } from "./put-file.ts";

const timeFormat = "%Y%m%d%H%M.%S";

/** What the parts of this module answer: a part of a change, or why there can be none. */
export type FilePlan = (Part & { always?: boolean; warnings?: string[]; path: string }) | { fail: string };

export default defineModule({
  name: "file",
  summary: "Sets what a path is: a folder, a link, an empty file, absent; and its permissions, owner and group.",
  notes: `Without \`state\` a path keeps what it is, and only its attributes are set. Folders are made with all folders above them.

Links in the last part of the path are followed unless \`follow: false\`.`,
  args: {
    path: arg.path("The path.", { required: true, aliases: ["dest", "name"] }),
    state: arg.choice(
      ["absent", "directory", "file", "hard", "link", "touch"],
      "What the path is to be: `file` sets attributes of a file that is there, `touch` makes an empty file or sets its times, `link` a symbolic and `hard` a hard link to `src`, `absent` removes, folders with all that is in them.",
    ),
    ...attributeArgs,
    src: arg.string("Where the link leads. A relative text stays as it is."),
    recurse: arg.bool("With `state: directory`, set the attributes of everything below, too.", { default: false }),
    force: arg.bool("Make a link also where a file or an empty folder is, and where `src` does not exist.", {
      default: false,
    }),
    follow: arg.bool("Set the attributes of what a link leads to, not of the link.", { default: true }),
    modification_time: arg.string(
      "`preserve`, `now`, or a time in the form of `modification_time_format`, in the host's time zone.",
    ),
    modification_time_format: arg.string("Form of `modification_time`, of %Y %m %d %H %M %S.", { default: timeFormat }),
    access_time: arg.string("As `modification_time`, for the last time it was read."),
    access_time_format: arg.string("Form of `access_time`.", { default: timeFormat }),
  },
  validate(args) {
    const mistakes: string[] = [];
    if (args.recurse === true && args.state !== undefined && args.state !== "directory")
      mistakes.push("recurse needs state: directory");
    if (args.src !== undefined && args.state !== "link" && args.state !== "hard")
      mistakes.push("src needs state: link or state: hard");
    const times = [
      ["modification_time", args.modification_time, args.modification_time_format],
      ["access_time", args.access_time, args.access_time_format],
    ] as const;
    for (const [name, time, format] of times) {
      const mistake = timeMistake(time === undefined ? undefined : String(time), String(format ?? timeFormat));
      if (mistake !== undefined) mistakes.push(`${name} ${mistake}`);
    }
    return mistakes;
  },
  examples: [
    { title: "A folder for an application", yaml: "- file: {path: /srv/app/data, state: directory, mode: '0750'}" },
    { title: "A link", yaml: "- file: {src: /srv/app/current, path: /opt/app, state: link, force: true}" },
    { title: "Nothing left of a package's cache", yaml: "- file: {path: /var/cache/app, state: absent}" },
    {
      title: "Owner of all files of a user",
      yaml: "- file: {path: /home/anna, state: directory, owner: anna, group: anna, recurse: true}",
      only: "doc",
    },
  ],
  needs(args) {
    const refs: Ref[] = [file(args.path)];
    if (args.state === "absent") return refs;
    refs.push(file(parentOf(args.path)), ...ownerNeeds(args));
    if (args.recurse) refs.push(fileTree(args.path));
    if (args.state === "touch" || args.modification_time !== undefined || args.access_time !== undefined)
      refs.push(fileTimes(args.path));
    if (args.state !== undefined && args.state !== "file") refs.push(creator);
    return refs;
  },
  plan(args, see, host): Plan {
    const src = args.src === undefined ? undefined : String(args.src);
    let path = args.path;
    if (args.state !== "link" && args.state !== "absent" && src !== undefined && isFolder(see(file(path))))
      path = `${path}/${baseName(src)}`;
    const found = see(file(path));
    if (found.type === "denied")
      return { fail: `${path} cannot be looked at: a folder above it is closed to this user` };
    const state = args.state ?? stateOf(found.type, args.recurse);
    if (args.recurse && state !== "directory") return { fail: `recurse needs a folder, and ${path} is none` };
    const noOwner = state === "absent" ? undefined : ownerMistake(args, see);
    if (noOwner !== undefined) return { fail: noOwner };
    const given = { ...args, path, src };
    const plan = ((): FilePlan => {
      if (state === "absent") return planAbsent(path, see);
      if (state === "directory") return planFolder(given, see, host);
      if (state === "link") return planLink(given, see, host);
      if (state === "hard") return planHardLink(given, see, host);
      if (state === "touch") return planTouch(given, see, host);
      return planExisting(given, see, host);
    })();
    if ("fail" in plan) return { fail: plan.fail };
    const result = { path: plan.path, state };
    const warnings = plan.warnings === undefined ? {} : { warnings: plan.warnings };
    if (plan.apply.length === 0) return { result, ...warnings };
    const change = {
      differs: plan.differs,
      apply: joinShell(plan.apply),
      becomes: plan.becomes,
      touches: plan.touches,
    };
    return { change: plan.always === true ? { ...change, always: true } : change, result, ...warnings };
  },
});

/** Without `state` a path stays what it is. */
function stateOf(type: string, recurse: boolean): "directory" | "link" | "file" {
  if (type === "link" || type === "directory") return type;
  return type === "absent" && recurse ? "directory" : "file";
}
