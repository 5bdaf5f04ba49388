import { eachChunk } from "./file-shell.ts";
import { normalizePath } from "./file-words.ts";
import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** The content of a regular file by its hash. `none`: there is no regular file here (a link is none, wherever it leads). */
export interface FileHash {
  state: "regular" | "none" | "denied";
  /** Lower-case hex; null unless regular. */
  sha256: string | null;
}

// One process for all files of a chunk. GNU's tool escapes names with a backslash or carriage return (BusyBox's does
// not): such files are hashed one by one from standard input.
export const fileHashFunctions = `${eachChunk}
hash_files() {
  case \${hash_tool:=$(hash_find_tool)} in
    sha256sum) sha256sum -- "$@" ;;
    sha256) sha256 -r -- "$@" ;;
    shasum) shasum -a 256 -- "$@" ;;
    *) openssl dgst -sha256 -r -- "$@" ;;
  esac 2>/dev/null
}
hash_one() {
  case \${hash_tool:=$(hash_find_tool)} in
    sha256sum) sha256sum <"$1" ;;
    sha256) sha256 -q <"$1" ;;
    shasum) shasum -a 256 <"$1" ;;
    *) openssl dgst -sha256 -r <"$1" ;;
  esac 2>/dev/null
}
hash_find_tool() {
  for hash_tool in sha256sum sha256 shasum openssl; do
    if command -v $hash_tool >/dev/null 2>&1; then echo $hash_tool; return; fi
  done
  echo openssl
}
: "\${hash_tool:=$(hash_find_tool)}"
hash_some() {
  hash_at=$1
  shift
  hash_places=
  for hash_path do
    shift
    if [ ! -f "$hash_path" ] || [ -L "$hash_path" ]; then printf '%s none -\\n' "$hash_at"
    elif [ ! -r "$hash_path" ]; then printf '%s denied -\\n' "$hash_at"
    else
      case $hash_path in
        *[\\\\$hash_return]*)
          hash_line=$(hash_one "$hash_path")
          hash_answer "$hash_at" "\${hash_line%% *}" ;;
        *)
          set -- "$@" "$hash_path"
          hash_places="$hash_places $hash_at" ;;
      esac
    fi
    hash_at=$((hash_at + 1))
  done
  [ $# -gt 0 ] || return 0
  hash_files "$@" | {
    hash_line=
    IFS= read -r hash_line || :
    for hash_path do
      hash_places=\${hash_places# }
      hash_name=\${hash_line#* }
      hash_name=\${hash_name# }
      if [ "$hash_name" = "$hash_path" ]; then
        hash_answer "\${hash_places%% *}" "\${hash_line%% *}"
        hash_line=
        IFS= read -r hash_line || :
      elif [ -f "$hash_path" ]; then hash_answer "\${hash_places%% *}" ''
      else printf '%s none -\\n' "\${hash_places%% *}"; fi
      hash_places=\${hash_places#* }
    done
  }
}
hash_answer() {
  if [ \${#2} = 64 ]; then printf '%s regular %s\\n' "$1" "$2"; else printf '%s denied -\\n' "$1"; fi
}`;

export const fileHashKind: ResourceKind<FileHash> = {
  kind: "file.hash",
  summary: "The SHA-256 of a regular file's content.",
  reader: `hash_return=$(printf '\\r'); each_chunk hash_some "$@"`,
  functions: fileHashFunctions,
  line: fields<FileHash>({ state: "word", sha256: "word" } as const),
  isAbsent: (value) => value.state === "none",
};

export function fileHash(path: string): Ref<FileHash> {
  return { kind: fileHashKind, key: normalizePath(path) };
}
