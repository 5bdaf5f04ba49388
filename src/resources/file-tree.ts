import { normalizePath } from "./file-words.ts";
import { statTools } from "./file-shell.ts";
import type { LineFormat, Ref, ResourceKind } from "./resource.ts";

/** One path below a folder. In predictions what is left out is open. */
export interface TreeEntry {
  /** Relative to the folder. */
  path: string;
  type: "file" | "directory" | "link" | "other";
  /** Four octal digits. */
  mode: string;
  uid?: number | undefined;
  gid?: number | undefined;
  /** The names, `UNKNOWN` or the number where there is none. */
  user?: string | undefined;
  group?: string | undefined;
}

/** Everything below a folder, in the order the host names it; null when there is no folder (a link is none). */
export interface FileTree {
  entries: readonly TreeEntry[] | null;
}

// Names may hold anything but NUL, so the listing travels in hex. A record begins with two slashes at the start of a
// line, which no name can bring about: find prints no doubled slash.
const functions = `${statTools}
tree_each() {
  tree_at=0
  for tree_path do
    if [ -d "$tree_path" ] && [ ! -L "$tree_path" ]; then
      printf '%s tree ' "$tree_at"
      tree_list "$tree_path" 2>/dev/null | sed "$tree_canonical" | od -An -v -tx1 | tr -d ' \\n'
      echo
    else
      printf '%s none\\n' "$tree_at"
    fi
    tree_at=$((tree_at + 1))
  done
}
tree_list() (
  cd -- "$1" || exit
  case \${file_stat:=$(file_find_stat)} in
    bsd) find . ! -name . -exec stat -f '//%p|%HT|%u|%g|%Su|%Sg|%N' {} + ;;
    *) find . ! -name . -exec stat -c '//%a|%F|%u|%g|%U|%G|%n' {} + ;;
  esac
)
tree_canonical='s@^//\\([0-7]\\{1,4\\}\\)|@//000\\1|@
s@^//[0-7]*\\([0-7]\\{4\\}\\)|@//\\1|@
s@^\\(//[0-7]*|\\)[Rr]egular[^|]*|@\\1f|@
s@^\\(//[0-7]*|\\)[Dd]irectory|@\\1d|@
s@^\\(//[0-7]*|\\)[Ss]ymbolic[^|]*|@\\1l|@
s@^\\(//[0-7]*|\\)[^|][^|][^|]*|@\\1o|@'`;

const letters = { f: "file", d: "directory", l: "link", o: "other" } as const;
const open = "\0";

const line: LineFormat<FileTree> = {
  parse(text) {
    if (text === "none") return { entries: null };
    const listing = Buffer.from(text.slice("tree ".length), "hex").toString("utf8");
    const entries = listing
      .split(/^\/\//m)
      .slice(1)
      .map((record) => readEntry(record.replace(/\n$/, "")));
    // The listing itself is kept, so that names that are not UTF-8 are shown as they were read.
    return Object.defineProperty({ entries }, "listing", { value: text, enumerable: false });
  },
  show(value) {
    const listing = (value as { listing?: string }).listing;
    return listing ?? showTree(value, "");
  },
  pattern(fields) {
    if (fields.entries === undefined) return "*";
    return showTree({ entries: fields.entries }, "'*'").replace(/^.*$/, "'$&'");
  },
};

function showTree(value: FileTree, hole: string): string {
  if (value.entries === null) return "none";
  const parts = value.entries.map(showEntry).join("").split(open);
  return `tree ${parts.map((part) => Buffer.from(part, "utf8").toString("hex")).join(hole)}`;
}

function readEntry(record: string): TreeEntry {
  const parts = record.split("|");
  const [mode = "", type = "o", uid = "", gid = "", user = "", group = ""] = parts;
  const path = parts.slice(6).join("|").replace(/^\.\//, "");
  return { path, type: letters[type as keyof typeof letters], mode, uid: Number(uid), gid: Number(gid), user, group };
}

function showEntry(entry: TreeEntry): string {
  const type = { file: "f", directory: "d", link: "l", other: "o" }[entry.type];
  const owner = [entry.uid, entry.gid, entry.user, entry.group].map((field) => field ?? open).join("|");
  return `//${entry.mode}|${type}|${owner}|./${entry.path}\n`;
}

export const fileTreeKind: ResourceKind<FileTree> = {
  kind: "file.tree",
  summary: "Every path below a folder with its permissions and owner.",
  reader: `tree_each "$@"`,
  functions,
  line,
  isAbsent: (value) => value.entries === null,
  opaque: true,
};

export function fileTree(path: string): Ref<FileTree> {
  return { kind: fileTreeKind, key: normalizePath(path) };
}
