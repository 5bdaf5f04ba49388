import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** An entry of the group database. */
export interface GroupState {
  state: "present" | "absent";
  gid: number | null;
}

/** All fields of a group that is not there, for predictions. */
export const absentGroup: Readonly<GroupState> = { state: "absent", gid: null };

/** A group of the host: /etc/group, and what getent knows beside it. */
export const groupKind: ResourceKind<GroupState> = {
  kind: "group",
  summary: "A group and its gid.",
  reader: String.raw`
    {
      if command -v getent >/dev/null 2>&1; then getent group "$@" 2>/dev/null || :; fi
    } | awk -F: '
      BEGIN {
        for (i = 1; i < ARGC; i++) name[i] = ARGV[i]
        count = ARGC - 1
        ARGV[1] = "/etc/group"; ARGV[2] = "-"; ARGC = 3
      }
      !($1 in gid) { gid[$1] = $3 }
      END { for (i = 1; i <= count; i++) print i - 1, (name[i] in gid) ? "present " gid[name[i]] : "absent" }' "$@"`,
  line: fields<GroupState>({ state: "word", gid: "int" }, { word: "absent", value: absentGroup }),
  isAbsent: (value) => value.state === "absent",
};

/** The group `name`. */
export function group(name: string): Ref<GroupState> {
  return { kind: groupKind, key: name };
}
