import { eachChunk, statTools } from "./file-shell.ts";
import { normalizePath } from "./file-words.ts";
import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** Times in whole seconds since 1970 and the identity of the inode; null where nothing is there. The last part is not followed. */
export interface FileTimes {
  accessed: number | null;
  modified: number | null;
  /** The same in the host's time zone, `YYYYMMDDhhmm.ss`. */
  accessedAt: string | null;
  modifiedAt: string | null;
  /** `DEVICE:INODE`: equal for two names of one file. */
  inode: string | null;
}

const functions = `${eachChunk}
${statTools}
times_some() {
  times_at=$1
  shift
  for times_path do
    printf '%s ' "$times_at"
    case \${file_stat:=$(file_find_stat)} in
      gnu) times_show "$(stat -c '%X|%Y|%d:%i|%x|%y' -- "$times_path" 2>/dev/null)" ;;
      bsd) times_show "$(stat -t '%Y-%m-%d %H:%M:%S' -f '%a|%m|%d:%i|%Sa|%Sm' -- "$times_path" 2>/dev/null)" ;;
      *) times_list "$times_path" ;;
    esac
    times_at=$((times_at + 1))
  done
}
times_show() {
  if [ -z "$1" ]; then echo '- - - - -'; return; fi
  times_modified_at=\${1##*"|"}
  times_rest=\${1%"|"*}
  times_accessed_at=\${times_rest##*"|"}
  times_rest=\${times_rest%"|"*}
  times_accessed=\${times_rest%%"|"*}
  times_rest=\${times_rest#*"|"}
  times_flat "$times_accessed_at"
  times_accessed_at=$times_text
  times_flat "$times_modified_at"
  printf '%s %s %s %s %s\\n' "$times_accessed" "\${times_rest%%"|"*}" "$times_accessed_at" "$times_text" "\${times_rest#*"|"}"
}
# 2024-01-02 13:04:05.000 +0000 as 202401021304.05
times_flat() {
  times_rest_text=\${1%%.*}
  times_rest_text=\${times_rest_text% [+-]*}
  times_second=\${times_rest_text##*:}
  times_rest_text=\${times_rest_text%:*}
  times_text=
  while [ -n "$times_rest_text" ]; do
    times_character=\${times_rest_text%"\${times_rest_text#?}"}
    times_rest_text=\${times_rest_text#?}
    case $times_character in [0-9]) times_text=$times_text$times_character ;; esac
  done
  times_text=$times_text.$times_second
}
# Without stat only the inode can be told.
times_list() {
  times_line=$(ls -din -- "$1" 2>/dev/null) || { echo '- - - - -'; return; }
  times_line=\${times_line#"\${times_line%%[! ]*}"}
  printf '%s\\n' "- - - - 0:\${times_line%% *}"
}`;

export const fileTimesKind: ResourceKind<FileTimes> = {
  kind: "file.times",
  summary: "When a path was read and written last, and which inode it is.",
  reader: `each_chunk times_some "$@"`,
  functions,
  line: fields<FileTimes>({ accessed: "int", modified: "int", accessedAt: "word", modifiedAt: "word", inode: "word" }),
  isAbsent: (value) => value.inode === null,
};

export function fileTimes(path: string): Ref<FileTimes> {
  return { kind: fileTimesKind, key: normalizePath(path) };
}
