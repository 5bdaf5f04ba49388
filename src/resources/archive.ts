import { LIBRARY_ARCHIVES, LIBRARY_FILES } from "../agent/scripts.generated.ts";
import { quote } from "../base/shell.ts";
import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** What is asked of an archive on the host. */
export interface ArchiveQuestion {
  /** A path of the host, or a URL. */
  source: string;
  dest: string;
  keepNewer: boolean;
  /** `-` for: as in the archive. */
  mode: string;
  owner: string;
  group: string;
  exclude: readonly string[];
  include: readonly string[];
  /** For tar or unzip. */
  options: readonly string[];
}

/** How a folder compares with what an archive would put there. */
export interface ArchiveState {
  /** `bad`: it cannot be unpacked. `empty`: nothing is in it. */
  state: "same" | "differs" | "bad" | "empty";
  /** Hex of a text: of `differs` the paths that differ, of `bad` why, a line each. */
  text: string | null;
  /** Hex of all paths in the archive, a line each. */
  names: string | null;
}

// The archive is unpacked into a private folder for temporary files and compared from there, which every tar can do.
const functions = `${LIBRARY_FILES}
${LIBRARY_ARCHIVES}
archive_each() {
  archive_at=0
  for archive_key do
    printf '%s ' "$archive_at"
    (
      umask 077
      eval "set -- $archive_key"
      archive_enter
      trap archive_leave EXIT
      if archive_stage "$archive_room/in" "$@" 2>"$archive_room/errors" </dev/null; then
        archive_names=$(cd "$archive_room/in" && find . ! -name . | archive_hex)
        archive_found=$(archive_differing "$archive_room/in" "$archive_dest" | archive_hex)
        if [ "$archive_names" = - ]; then echo 'empty - -'
        elif [ "$archive_found" = - ]; then printf 'same - %s\\n' "$archive_names"
        else printf 'differs %s %s\\n' "$archive_found" "$archive_names"; fi
      else
        printf 'bad %s -\\n' "$(archive_hex <"$archive_room/errors")"
      fi
    )
    archive_at=$((archive_at + 1))
  done
}
archive_hex() {
  archive_text=$(od -An -v -tx1 | tr -d ' \\n')
  printf '%s\\n' "\${archive_text:--}"
}`;

export const archiveKind: ResourceKind<ArchiveState> = {
  kind: "archive",
  summary: "Whether a folder holds what an archive on the host would put there.",
  reader: `archive_each "$@"`,
  functions,
  line: fields<ArchiveState>({ state: "word", text: "word", names: "word" }),
  isAbsent: (value) => value.state !== "same",
  opaque: true,
};

/** The words of the shell function `archive_stage`, which are the key as well. */
export function archiveWords(asked: ArchiveQuestion): string[] {
  const { source, dest, keepNewer, mode, owner, group, exclude, include, options } = asked;
  return [
    source,
    dest,
    keepNewer ? "yes" : "no",
    mode,
    owner,
    group,
    String(exclude.length),
    ...exclude,
    String(include.length),
    ...include,
    ...options,
  ];
}

export function archive(asked: ArchiveQuestion): Ref<ArchiveState> {
  return { kind: archiveKind, key: archiveWords(asked).map(quote).join(" ") };
}
