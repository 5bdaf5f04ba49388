import { fileHashKind } from "./file-hash.ts";
import { eachChunk } from "./file-shell.ts";
import { normalizePath } from "./file-words.ts";
import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** Files beyond this many bytes are not read for editing. */
export const contentLimit = 10 * 1024 * 1024;

/** The bytes of a regular file. `none`: no regular file is here; `large`: more than `contentLimit` bytes. */
export interface FileContent {
  state: "regular" | "none" | "denied" | "large";
  /** The bytes in lower-case hex; null for an empty file and unless regular. */
  data: string | null;
}

// Small files are read by one process, one behind the other, and told apart by their sizes; where these do not add up (a
// file changed in between) each is read by itself. Of a single small file the shell joins the hex.
const functions = `${eachChunk}
content_newline='
'
content_some() {
  content_at=$1
  shift
  content_places=
  for content_path do
    shift
    if [ ! -f "$content_path" ] || [ -L "$content_path" ]; then printf '%s none \\n' $content_at
    elif [ ! -r "$content_path" ]; then printf '%s denied \\n' $content_at
    elif [ ! -s "$content_path" ]; then printf '%s regular \\n' $content_at
    else
      case $content_path in
        *"$content_newline"*) content_one $content_at "$content_path" ;;
        *)
          set -- "$@" "$content_path"
          content_places="$content_places $content_at" ;;
      esac
    fi
    content_at=$((content_at + 1))
  done
  [ $# -gt 1 ] || { [ $# = 0 ] || content_one $content_places "$1"; return; }
  content_lines=$(wc -c "$@" 2>/dev/null)
  content_rest=$content_places content_places='' content_small=''
  for content_path do
    shift
    content_rest=\${content_rest# }
    content_line=\${content_lines%%"$content_newline"*}
    content_size=\${content_line%" $content_path"}
    if [ "$content_size" = "$content_line" ]; then content_size=16385
    else content_size=$((content_size)) content_lines=\${content_lines#*"$content_newline"}; fi
    if [ $content_size -gt 16384 ]; then content_one \${content_rest%% *} "$content_path"
    else
      set -- "$@" "$content_path"
      content_places="$content_places \${content_rest%% *}"
      content_small="$content_small $content_size"
    fi
    content_rest=\${content_rest#* }
  done
  [ $# -gt 0 ] || return 0
  content_split "$@" || for content_path do
    content_places=\${content_places# }
    content_one \${content_places%% *} "$content_path"
    content_places=\${content_places#* }
  done
}
content_split() {
  od -An -v -tx1 "$@" 2>/dev/null | awk -v places="$content_places" -v sizes="$content_small" '
    BEGIN { count = split(sizes, size, " "); split(places, place, " "); at = 1; left = 2 * size[1] }
    {
      gsub(/[ \\t]/, "")
      hex = $0
      while (hex != "" && at <= count) {
        if (length(hex) < left) { data[at] = data[at] hex; left -= length(hex); hex = ""; break }
        data[at] = data[at] substr(hex, 1, left)
        hex = substr(hex, left + 1)
        at++
        left = 2 * size[at]
      }
      if (hex != "") more = 1
    }
    END {
      if (more || at <= count) exit 1
      for (i = 1; i <= count; i++) print place[i], "regular", data[i]
    }'
}
content_join() {
  [ $# -le 16384 ] || return
  IFS=
  printf '%s\\n' "$*"
}
content_one() {
  if content_hex=$(od -An -v -tx1 -N 16385 <"$2") && content_line=$(content_join $content_hex); then
    printf '%s regular %s\\n' "$1" "$content_line"
  elif [ $(($(wc -c <"$2"))) -gt ${contentLimit} ]; then printf '%s large \\n' "$1"
  else
    printf '%s regular ' "$1"
    od -An -v -tx1 <"$2" | tr -d ' \\n'
    echo
  fi
}`;

export const fileContentKind: ResourceKind<FileContent> = {
  kind: "file.content",
  summary: "The bytes of a regular file of at most 10 MiB, for editing.",
  reader: `each_chunk content_some "$@"`,
  functions,
  line: fields<FileContent>({ state: "word", data: "rest" }),
  isAbsent: (value) => value.state === "none",
  guard: fileHashKind,
};

export function fileContent(path: string): Ref<FileContent> {
  return { kind: fileContentKind, key: normalizePath(path) };
}

/** The bytes of a file that was read (none for one that is not there). */
export function bytesOf(content: FileContent): Buffer {
  return Buffer.from(content.data ?? "", "hex");
}
