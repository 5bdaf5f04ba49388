import { fileHashFunctions } from "./file-hash.ts";
import { normalizePath } from "./file-words.ts";
import type { LineFormat, Ref, ResourceKind } from "./resource.ts";

/** What a file below a folder holds, or where a link below it leads. */
export interface TreeContentEntry {
  /** Relative to the folder. */
  path: string;
  type: "file" | "link";
  /** Of a file: lower-case hex SHA-256, empty where it cannot be read. */
  sha256?: string;
  /** Of a file. */
  size?: number;
  /** Of a link. */
  target?: string;
}

export interface FileTreeContent {
  /** Null when there is no folder. */
  entries: readonly TreeContentEntry[] | null;
}

// Records as in file.tree, in hex for the names' sake.
const functions = `${fileHashFunctions}
treecontent_each() {
  hash_return=$(printf '\\r')
  treecontent_at=0
  for treecontent_path do
    if [ -d "$treecontent_path" ]; then
      printf '%s tree ' "$treecontent_at"
      treecontent_list "$treecontent_path" 2>/dev/null | od -An -v -tx1 | tr -d ' \\n'
      echo
    else
      printf '%s none\\n' "$treecontent_at"
    fi
    treecontent_at=$((treecontent_at + 1))
  done
}
treecontent_list() (
  cd -- "$1" || exit
  : "\${hash_tool:=$(hash_find_tool)}"
  case $hash_tool in
    sha256) treecontent_sum='sha256 -q' ;;
    shasum) treecontent_sum='shasum -a 256' ;;
    openssl) treecontent_sum='openssl dgst -sha256 -r' ;;
    *) treecontent_sum=sha256sum ;;
  esac
  find . -type f -exec sh -c 'sum=$1; shift
    for path do hash=$($sum <"$path"); printf "//f|%s|%s|%s\\n" "\${hash%% *}" "$(($(wc -c <"$path")))" "$path"; done' sh "$treecontent_sum" {} +
  find . -type l -exec sh -c 'for path do printf "//l|%s|%s\\n" "$(readlink "$path")" "$path"; done' sh {} +
)`;

const line: LineFormat<FileTreeContent> = {
  parse(text) {
    if (text === "none") return { entries: null };
    const entries = Buffer.from(text.slice("tree ".length), "hex")
      .toString("utf8")
      .split(/^\/\//m)
      .slice(1)
      .map((record) => readEntry(record.replace(/\n$/, "")));
    return Object.defineProperty({ entries }, "listing", { value: text, enumerable: false });
  },
  show(value) {
    if (value.entries === null) return "none";
    const listing = (value as { listing?: string }).listing;
    return listing ?? `tree ${Buffer.from(value.entries.map(showEntry).join(""), "utf8").toString("hex")}`;
  },
  pattern(fields) {
    return fields.entries === undefined ? "*" : `'${line.show({ entries: fields.entries })}'`;
  },
};

function readEntry(record: string): TreeContentEntry {
  const at = record.lastIndexOf("|./");
  const path = record.slice(at + 3);
  if (record.startsWith("l|")) return { path, type: "link", target: record.slice(2, at) };
  const [, sha256 = "", size = "0"] = record.slice(0, at).split("|");
  return { path, type: "file", sha256, size: Number(size) };
}

function showEntry(entry: TreeContentEntry): string {
  return entry.type === "link"
    ? `//l|${entry.target ?? ""}|./${entry.path}\n`
    : `//f|${entry.sha256 ?? ""}|${entry.size ?? 0}|./${entry.path}\n`;
}

export const fileTreeContentKind: ResourceKind<FileTreeContent> = {
  kind: "file.tree.content",
  summary: "The hashes of all files below a folder, and the targets of all links.",
  reader: `treecontent_each "$@"`,
  functions,
  line,
  isAbsent: (value) => value.entries === null,
  opaque: true,
};

export function fileTreeContent(path: string): Ref<FileTreeContent> {
  return { kind: fileTreeContentKind, key: normalizePath(path) };
}
