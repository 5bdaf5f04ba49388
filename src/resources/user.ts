import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** An entry of the user database. Words hold no spaces: one in a path travels as `%20`. */
export interface UserState {
  state: "present" | "absent";
  uid: number | null;
  /** Name of the primary group; its number where it has no name. */
  group: string | null;
  home: string | null;
  shell: string | null;
  /** The GECOS field; `-` where it is empty. */
  comment: string | null;
}

const noUser: UserState = { state: "absent", uid: null, group: null, home: null, shell: null, comment: null };

/** A user of the host: /etc/passwd, and what getent knows beside it. */
export const userKind: ResourceKind<UserState> = {
  kind: "user",
  summary: "A user: uid, primary group, home, shell and comment.",
  reader: String.raw`
    {
      if command -v getent >/dev/null 2>&1; then getent passwd "$@" 2>/dev/null || :; fi
    } | awk -F: '
      BEGIN {
        for (i = 1; i < ARGC; i++) name[i] = ARGV[i]
        count = ARGC - 1
        ARGV[1] = "/etc/group"; ARGV[2] = "/etc/passwd"; ARGV[3] = "-"; ARGC = 4
      }
      FILENAME == "/etc/group" { group[$3] = $1; next }
      !($1 in seen) {
        gsub(/ /, "%20", $6); gsub(/ /, "%20", $7)
        seen[$1] = $3 " " (($4 in group) ? group[$4] : $4) " " (($6 == "") ? "-" : $6) " " (($7 == "") ? "-" : $7) " " (($5 == "") ? "-" : $5)
      }
      END { for (i = 1; i <= count; i++) print i - 1, (name[i] in seen) ? "present " seen[name[i]] : "absent" }' "$@"`,
  line: fields<UserState>(
    { state: "word", uid: "int", group: "word", home: "word", shell: "word", comment: "rest" },
    { word: "absent", value: noUser },
  ),
  isAbsent: (value) => value.state === "absent",
};

/** The user `name`. */
export function user(name: string): Ref<UserState> {
  return { kind: userKind, key: name };
}

/** All fields of a user that is not there, for predictions. */
export const absentUser: Readonly<UserState> = noUser;

/** Supplementary groups. */
export interface UserGroups {
  /** Names, sorted by bytes, joined by commas; null for none. */
  groups: string | null;
}

/** The groups of /etc/group that name a user as a member. */
export const userGroupsKind: ResourceKind<UserGroups> = {
  kind: "user.groups",
  summary: "The supplementary groups of a user.",
  reader: String.raw`
    awk -F: '
      BEGIN {
        for (i = 1; i < ARGC; i++) name[i] = ARGV[i]
        count = ARGC - 1
        ARGV[1] = "/etc/group"; ARGC = 2
      }
      {
        more = split($4, members, ",")
        for (i = 1; i <= more; i++) if (!((members[i], $1) in member)) {
          member[members[i], $1] = 1
          groups[members[i]] = groups[members[i]] " " $1
        }
      }
      END {
        for (i = 1; i <= count; i++) {
          more = split(groups[name[i]], list, " ")
          for (j = 2; j <= more; j++)
            for (k = j; k > 1 && (list[k] "") < (list[k - 1] ""); k--) { swap = list[k]; list[k] = list[k - 1]; list[k - 1] = swap }
          line = (more > 0) ? list[1] : "-"
          for (j = 2; j <= more; j++) line = line "," list[j]
          print i - 1, line
        }
      }' "$@"`,
  line: fields<UserGroups>({ groups: "word" }),
  isAbsent: (value) => value.groups === null,
};

/** The supplementary groups of the user `name`. */
export function userGroups(name: string): Ref<UserGroups> {
  return { kind: userGroupsKind, key: name };
}

/** What the shadow file says beside the hash. */
export interface UserShadow {
  /** `known`; `denied`: the reader may not look; `absent`: no entry. */
  state: "known" | "denied" | "absent";
  /** The password is locked (no password fits), however it came to be. */
  locked: boolean | null;
  /** Day since 1970-01-01 on which the account expires; null for never. */
  expires: number | null;
}

/** Sets `shadow_file` and its awk fields; OpenBSD has another layout. */
const findShadow = String.raw`
find_shadow() {
  shadow_file=/etc/shadow
  [ -e "$shadow_file" ] || [ ! -e /etc/master.passwd ] || shadow_file=/etc/master.passwd
}
`;

/** Lock and expiry of a user's password. Only root may look. */
export const userShadowKind: ResourceKind<UserShadow> = {
  kind: "user.shadow",
  summary: "Whether a user's password is locked, and when the account expires. Only root may look.",
  functions: findShadow,
  reader: String.raw`
    find_shadow
    if [ ! -r "$shadow_file" ]; then
      awk 'BEGIN { for (i = 1; i < ARGC; i++) print i - 1, "denied - -" }' "$@"
      return 0
    fi
    awk -F: '
      BEGIN { for (i = 2; i < ARGC; i++) { name[i - 1] = ARGV[i]; ARGV[i] = "" } count = ARGC - 2; bsd = (ARGV[1] ~ /master/) }
      {
        expires = bsd ? (($7 > 0) ? int($7 / 86400) : "-") : (($8 == "") ? "-" : $8)
        seen[$1] = "known " (($2 ~ /^[!*]/) ? "yes" : "no") " " expires
      }
      END { for (i = 1; i <= count; i++) print i - 1, (name[i] in seen) ? seen[name[i]] : "absent - -" }' "$shadow_file" "$@"`,
  line: fields<UserShadow>({ state: "word", locked: "bool", expires: "int" }),
  isAbsent: (value) => value.state === "absent",
};

/** Lock and expiry of the user `name`. */
export function userShadow(name: string): Ref<UserShadow> {
  return { kind: userShadowKind, key: name };
}

/** A digest of the password hash, so that a change can be told and proved without the hash ever leaving the host. */
export interface UserPassword {
  /** SHA-256 of the hash field without marks of locking; null where there is no hash; `denied` where the reader may not look. */
  digest: string | null;
}

/** The password of a user, as a digest of its hash. Only root may look. */
export const userPasswordKind: ResourceKind<UserPassword> = {
  kind: "user.password",
  summary: "A digest of a user's password hash. Only root may look.",
  functions: findShadow,
  reader: String.raw`
    find_shadow
    user_at=0
    for user_name do
      user_digest=-
      if [ ! -r "$shadow_file" ]; then user_digest=denied
      else
        # Through pipes alone: a hash in an argument would be seen in the list of processes.
        user_digest=$(
          awk -F: -v name="$user_name" '
            $1 == name { sub(/^[!*]+/, "", $2); if ($2 != "") printf "%s", $2; found = ($2 != "") }
            END { exit !found }' "$shadow_file" |
          if command -v sha256sum >/dev/null 2>&1; then sha256sum; else sha256; fi
        )
        user_digest=\${user_digest%% *}
        # The digest of nothing.
        [ "$user_digest" != e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 ] || user_digest=-
      fi
      printf '%s %s\n' "$user_at" "$user_digest"
      user_at=$((user_at + 1))
    done`.replaceAll("\\${", "${"),
  line: fields<UserPassword>({ digest: "word" }),
  isAbsent: (value) => value.digest === null,
};

/** The password digest of the user `name`. */
export function userPassword(name: string): Ref<UserPassword> {
  return { kind: userPasswordKind, key: name };
}
