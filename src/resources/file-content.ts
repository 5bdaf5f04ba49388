import { fileHashKind } from "./file-hash.ts";
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

// Of a small file the hex comes in one process, and is joined by the shell itself.
const functions = `content_join() {
  [ $# -le 16384 ] || return
  IFS=
  printf '%s\\n' "$*"
}
content_each() {
  content_at=0
  for content_path do
    printf '%s ' "$content_at"
    if [ ! -f "$content_path" ] || [ -L "$content_path" ]; then echo 'none '
    elif [ ! -r "$content_path" ]; then echo 'denied '
    elif [ ! -s "$content_path" ]; then echo 'regular '
    elif content_hex=$(od -An -v -tx1 -N 16385 <"$content_path") && content_line=$(content_join $content_hex); then
      printf 'regular %s\\n' "$content_line"
    elif [ $(($(wc -c <"$content_path"))) -gt ${contentLimit} ]; then echo 'large '
    else
      printf 'regular '
      od -An -v -tx1 <"$content_path" | tr -d ' \\n'
      echo
    fi
    content_at=$((content_at + 1))
  done
}`;

export const fileContentKind: ResourceKind<FileContent> = {
  kind: "file.content",
  summary: "The bytes of a regular file of at most 10 MiB, for editing.",
  reader: `content_each "$@"`,
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
