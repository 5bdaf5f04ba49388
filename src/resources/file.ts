import { normalizePath, decodeWord, encodeWord } from "./file-words.ts";
import { fields } from "./line.ts";
import type { LineFormat, Ref, ResourceKind } from "./resource.ts";
import { eachChunk, statTools } from "./file-shell.ts";

export type FileType = "file" | "directory" | "link" | "fifo" | "socket" | "block" | "char" | "absent" | "denied";

/**
 * What a path is, the last part not followed. Of a path that is `absent`, or `denied` (a folder above it cannot be
 * searched), only `type` and `real` say something; the other fields are null.
 */
export interface FileState {
  type: FileType;
  /** Four octal digits, special bits included: `0644`, `1777`. */
  mode: string | null;
  uid: number | null;
  gid: number | null;
  /** Names of owner and group; null when the number has no name. */
  user: string | null;
  group: string | null;
  /** Bytes; null for folders, whose size says nothing. */
  size: number | null;
  /** Hard links; null for folders. */
  links: number | null;
  /** Of a link: what is found at its end. */
  leads: "file" | "directory" | "other" | "absent" | null;
  /** Of a link: its text. */
  target: string | null;
  /** The path with links in its folders resolved; null when that is the key itself. */
  real: string | null;
}

interface FileLine extends Omit<FileState, "type" | "leads"> {
  type: string;
  leads: string | null;
}

const line = fields<FileLine>({
  type: "word",
  mode: "word",
  uid: "int",
  gid: "int",
  user: "word",
  group: "word",
  size: "int",
  links: "int",
  leads: "word",
  target: "word",
  real: "word",
});

const words = ["user", "group", "target", "real"] as const;

const format: LineFormat<FileState> = {
  parse(text) {
    const parsed = line.parse(text);
    for (const name of words) parsed[name] = decodeWord(parsed[name]);
    return parsed as FileState;
  },
  show: (value) => line.show(encoded(value)),
  pattern: (partial) => line.pattern(encoded(partial)),
};

function encoded<P extends Partial<FileState>>(value: P): P {
  const copy: P = { ...value };
  for (const name of words) if (copy[name] !== undefined) copy[name] = encodeWord(copy[name]);
  return copy;
}

/** The state of a path that is not there. */
export const absentFile: FileState = {
  type: "absent",
  mode: null,
  uid: null,
  gid: null,
  user: null,
  group: null,
  size: null,
  links: null,
  leads: null,
  target: null,
  real: null,
};

// One `stat` for all paths of a chunk; its lines come in the order of the paths, without those that are not there, so
// they are matched by name while walking the paths. What is missing is told apart with builtins.
const functions = `${eachChunk}
${statTools}
file_some() {
  file_at=$1
  shift
  file_stats "$@" | {
    file_have=
    IFS= read -r file_have || :
    for file_path do
      file_locate "$file_path"
      case $file_have in
        *"|$file_path")
          file_show "$file_at" "$file_path" "$file_have"
          file_have=
          IFS= read -r file_have || : ;;
        *) file_missing "$file_at" "$file_path" ;;
      esac
      file_at=$((file_at + 1))
    done
  }
}
# Sets file_real: the path with the links in its folders resolved, encoded; - when it is the path itself.
file_locate() {
  file_real=-
  file_dir=\${1%/*}
  [ -n "$file_dir" ] || return 0
  if [ "$file_dir" != "\${file_dir_last-}" ]; then
    file_dir_last=$file_dir
    file_dir_real=$file_dir
    file_up=$file_dir
    while [ -n "$file_up" ]; do
      case $file_up in
        */..) file_linked=yes ;;
        *) if [ -L "$file_up" ]; then file_linked=yes; else file_linked=no; fi ;;
      esac
      if [ $file_linked = yes ]; then
        file_dir_real=$(CDPATH= cd -P -- "$file_dir" 2>/dev/null && pwd -P) || file_dir_real=$file_dir
        break
      fi
      file_up=\${file_up%/*}
    done
  fi
  case $1 in */..) return 0 ;; esac
  [ "$file_dir_real" = "$file_dir" ] || { file_encode "\${file_dir_real%/}/\${1##*/}"; file_real=$file_word; }
}
# Of a path that stat did not show: not there, or not to be seen.
file_missing() {
  file_type=absent
  file_up=\${2%/*}
  while [ -n "$file_up" ]; do
    if [ -d "$file_up" ]; then
      [ -x "$file_up" ] || file_type=denied
      break
    fi
    file_up=\${file_up%/*}
  done
  printf '%s %s - - - - - - - - - %s\\n' "$1" "$file_type" "$file_real"
}
# One line of file_stats as the canonical line.
file_show() {
  file_rest=$3
  file_mode=\${file_rest%%"|"*}; file_rest=\${file_rest#*"|"}
  file_type=\${file_rest%%"|"*}; file_rest=\${file_rest#*"|"}
  file_uid=\${file_rest%%"|"*}; file_rest=\${file_rest#*"|"}
  file_gid=\${file_rest%%"|"*}; file_rest=\${file_rest#*"|"}
  file_user=\${file_rest%%"|"*}; file_rest=\${file_rest#*"|"}
  file_group=\${file_rest%%"|"*}; file_rest=\${file_rest#*"|"}
  file_size=\${file_rest%%"|"*}; file_rest=\${file_rest#*"|"}
  file_links=\${file_rest%%"|"*}
  file_leads=- file_target=-
  case $file_type in
    [Rr]egular*) file_type=file ;;
    [Dd]irectory) file_type=directory file_size=- file_links=- ;;
    [Ss]ymbolic*) file_type=link ;;
    [Ff]ifo*) file_type=fifo ;;
    [Ss]ocket) file_type=socket ;;
    [Bb]lock*) file_type=block ;;
    *) file_type=char ;;
  esac
  case $file_mode in
    ?????*) file_mode=\${file_mode#"\${file_mode%????}"} ;;
    ????) ;;
    ???) file_mode=0$file_mode ;;
    ??) file_mode=00$file_mode ;;
    *) file_mode=000$file_mode ;;
  esac
  case $file_user in UNKNOWN | "$file_uid") file_user=- ;; *[!A-Za-z0-9_.-]*) file_encode "$file_user"; file_user=$file_word ;; esac
  case $file_group in UNKNOWN | "$file_gid") file_group=- ;; *[!A-Za-z0-9_.-]*) file_encode "$file_group"; file_group=$file_word ;; esac
  if [ $file_type = link ]; then
    if [ -d "$2" ]; then file_leads=directory
    elif [ -f "$2" ]; then file_leads=file
    elif [ -e "$2" ]; then file_leads=other
    else file_leads=absent; fi
    file_target=$(readlink -- "$2" 2>/dev/null || readlink "$2"; printf x)
    file_target=\${file_target%?}
    file_encode "\${file_target%?}"
    file_target=$file_word
  fi
  printf '%s %s %s %s %s %s %s %s %s %s %s %s\\n' "$1" "$file_type" "$file_mode" "$file_uid" "$file_gid" "$file_user" \\
    "$file_group" "$file_size" "$file_links" "$file_leads" "$file_target" "$file_real"
}`;

export const fileKind: ResourceKind<FileState> = {
  kind: "file",
  summary: "What a path is: type, mode, owner, group, size, and where a link leads. The last part is not followed.",
  reader: `each_chunk file_some "$@"`,
  functions,
  line: format,
  isAbsent: (value) => value.type === "absent",
};

/** The resource of a path (absolute). Repeated and trailing slashes do not make another resource. */
export function file(path: string): Ref<FileState> {
  return { kind: fileKind, key: normalizePath(path) };
}
