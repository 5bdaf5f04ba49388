import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** What is mounted on a path. Words as /proc/self/mounts writes them: a space is `\040`. */
export interface MountState {
  source: string | null;
  type: string | null;
  /** Joined by commas. */
  options: string | null;
}

/** A mounted file system; of several on one path, the one on top. */
export const mountKind: ResourceKind<MountState> = {
  kind: "mount",
  summary: "A mounted file system, by the path it is mounted on.",
  reader: String.raw`
    {
      if [ -r /proc/self/mounts ]; then cat /proc/self/mounts
      else
        # SOURCE on PATH type TYPE (OPTION, OPTION)
        mount | sed -n 's/^\(.*\) on \(.*\) type \([^ ]*\) (\(.*\))$/\1	\2	\3	\4/p' | sed 's/, /,/g; s/ /\\040/g; s/	/ /g'
      fi
    } | awk '
      BEGIN {
        for (i = 1; i < ARGC; i++) { name[i] = ARGV[i]; gsub(/\\/, "\\134", name[i]); gsub(/ /, "\\040", name[i]); gsub(/\t/, "\\011", name[i]) }
        count = ARGC - 1
        ARGC = 1
      }
      { seen[$2] = $1 " " $3 " " $4 }
      END { for (i = 1; i <= count; i++) print i - 1, (name[i] in seen) ? seen[name[i]] : "absent" }' "$@"`,
  line: fields<MountState>(
    { source: "word", type: "word", options: "word" },
    { word: "absent", value: { source: null, type: null, options: null } },
  ),
  isAbsent: (value) => value.source === null,
  facts: ["mounts"],
};

/** What is mounted on `path`: absolute, without a slash at its end. */
export function mount(path: string): Ref<MountState> {
  return { kind: mountKind, key: path };
}
