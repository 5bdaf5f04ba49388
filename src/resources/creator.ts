import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** What new files of the step's user belong to. */
export interface Creator {
  uid: number;
  gid: number;
  user: string;
  group: string;
  /** New files take the group of their folder whatever its mode says (BSD). */
  inherits: boolean;
}

export const creatorKind: ResourceKind<Creator> = {
  kind: "creator",
  summary: "Owner and group of the files that the step's user makes.",
  reader: `creator_at=0
for creator_key do
  : "$creator_key"
  [ -n "\${creator_system-}" ] || { read -r creator_system </proc/sys/kernel/ostype; } 2>/dev/null || creator_system=$(uname -s)
  case $creator_system in *BSD | Darwin | DragonFly) creator_inherits=yes ;; *) creator_inherits=no ;; esac
  # uid=0(root) gid=0(root) groups=…, also euid= and egid= in between where these are others; a number without a name has no parentheses.
  creator_id=$(id)
  creator_user=\${creator_id#*uid=}
  case $creator_id in *' euid='*) creator_user=\${creator_id#*euid=} ;; esac
  creator_group=\${creator_id#*gid=}
  case $creator_id in *' egid='*) creator_group=\${creator_id#*egid=} ;; esac
  creator_uid=\${creator_user%%[!0-9]*} creator_gid=\${creator_group%%[!0-9]*}
  case $creator_user in "$creator_uid("*) creator_user=\${creator_user#*"("} creator_user=\${creator_user%%")"*} ;; *) creator_user=- ;; esac
  case $creator_group in "$creator_gid("*) creator_group=\${creator_group#*"("} creator_group=\${creator_group%%")"*} ;; *) creator_group=- ;; esac
  case $creator_user in *' '*) creator_user=- ;; esac
  case $creator_group in *' '*) creator_group=- ;; esac
  printf '%s %s %s %s %s %s\\n' "$creator_at" "$creator_uid" "$creator_gid" "$creator_user" "$creator_group" $creator_inherits
  creator_at=$((creator_at + 1))
done`,
  line: fields<Creator>({ uid: "int", gid: "int", user: "word", group: "word", inherits: "bool" }),
  isAbsent: () => false,
  asUser: true,
};

/** The one resource of this kind. */
export const creator: Ref<Creator> = { kind: creatorKind, key: "self" };
