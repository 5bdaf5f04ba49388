import { sh } from "../../base/shell.ts";
import { absentGroup, group } from "../../resources/group.ts";
import { becomes } from "../../resources/resource.ts";
import { arg } from "../args.ts";
import { defineModule, type Plan } from "../module.ts";
import { nameMistakes, noSecrets, plain } from "./words.ts";

export default defineModule({
  name: "group",
  summary: "Make or remove a group.",
  args: {
    name: arg.string("The group.", { required: true }),
    gid: arg.int("Its number; of an existing group it is changed, files keep the old one."),
    system: arg.bool("Take the number from the range of system groups.", { default: false }),
    state: arg.choice(["present", "absent"], "Whether it is there.", { default: "present" }),
  },
  bare: "name",
  validate: (args) => [...noSecrets(args, ["name"]), ...nameMistakes("group", args.name)],
  examples: [
    { title: "A group for deployments", yaml: "- group: {name: deploy, gid: 3000}", only: "doc" },
    { title: "Remove it", yaml: "- group: {name: deploy, state: absent}", only: "doc" },
  ],
  needs: (args) => [group(plain(args.name))],
  plan(args, see): Plan {
    const name = plain(args.name);
    const now = see(group(name));
    if (args.state === "absent") {
      if (now.state === "absent") return {};
      const differs = [{ what: "state", of: name, before: "present", after: "absent" }];
      return {
        change: {
          differs,
          apply: sh`group_remove ${name}`,
          becomes: [becomes(group(name), absentGroup)],
          touches: [{ kind: "user" }],
        },
      };
    }
    if (now.state === "absent") {
      const differs = [{ what: "state", of: name, before: "absent", after: "present" }];
      const apply = sh`group_add ${name} ${args.gid === undefined ? "" : String(args.gid)} ${args.system ? "yes" : "no"}`;
      const after = becomes(group(name), { state: "present", ...(args.gid === undefined ? {} : { gid: args.gid }) });
      return { change: { differs, apply, becomes: [after] } };
    }
    if (args.gid === undefined || now.gid === args.gid) return {};
    return {
      change: {
        differs: [{ what: "gid", of: name, before: now.gid, after: args.gid }],
        apply: sh`group_gid ${name} ${args.gid}`,
        becomes: [becomes(group(name), { state: "present", gid: args.gid })],
        // Files and users of this group show another number or name.
        touches: [{ kind: "user" }, { kind: "file" }],
      },
    };
  },
});
