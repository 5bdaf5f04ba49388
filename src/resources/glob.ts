import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** Whether anything is there under a name with `*`, `?` and `[…]`. */
export interface GlobMatch {
  matches: boolean;
}

// Unquoted expansion with an empty IFS does nothing but match: no splitting, no variables, no commands. A pattern that
// matches nothing stays as it is, which also finds a file whose own name has a bracket. A plain path needs no process.
export const globKind: ResourceKind<GlobMatch> = {
  kind: "glob",
  summary: "Whether any path matches a pattern; a dangling link counts.",
  reader: `glob_at=0
for glob_pattern do
  glob_answer=no
  case $glob_pattern in
    *[*?[\\\\]*)
      if (
        IFS=
        set +f
        set -- $glob_pattern
        [ -e "$1" ] || [ -L "$1" ]
      ); then glob_answer=yes; fi ;;
    *) if [ -e "$glob_pattern" ] || [ -L "$glob_pattern" ]; then glob_answer=yes; fi ;;
  esac
  printf '%s %s\\n' "$glob_at" "$glob_answer"
  glob_at=$((glob_at + 1))
done`,
  line: fields<GlobMatch>({ matches: "bool" }),
  isAbsent: (value) => !value.matches,
  opaque: true,
  asUser: true,
};

/**
 * Any path that matches. A relative pattern counts from `folder`, else from `home`, as `~/` does; nothing is special in
 * these two. `home` is only asked when it is needed: it may have to be read first.
 */
export function glob(pattern: string, folder: string | undefined, home: () => string): Ref<GlobMatch> {
  if (pattern.startsWith("/")) return { kind: globKind, key: pattern };
  if (pattern.startsWith("~/")) return { kind: globKind, key: literal(home()) + pattern.slice(1) };
  return { kind: globKind, key: `${literal(folder ?? home())}/${pattern}` };
}

function literal(path: string): string {
  return path.replace(/[*?[]/g, "[$&]").replace(/\/$/, "");
}
