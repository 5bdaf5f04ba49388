import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** How many processes there are of a name, or with a command line. */
export interface ProcessCount {
  count: number;
}

/** Linux keeps 15 characters of a name; read with builtins, for there is no pgrep everywhere. */
export const processKind: ResourceKind<ProcessCount> = {
  kind: "process",
  summary: "The number of running processes of a name, or whose command line matches.",
  functions: String.raw`
process_named() {
  if [ ! -r /proc/self/comm ]; then
    pgrep -x -- "$1" 2>/dev/null | awk 'END { print NR }'
    return
  fi
  process_name=$1 process_n=0
  case $1 in ????????????????*) process_name=${'${1%"${1#???????????????}"}'} ;; esac
  for process_file in /proc/[0-9]*/comm; do
    process_comm=
    { IFS= read -r process_comm <"$process_file"; } 2>/dev/null || :
    [ "$process_comm" != "$process_name" ] || process_n=$((process_n + 1))
  done
  echo $process_n
}
process_matching() {
  if command -v pgrep >/dev/null 2>&1; then
    pgrep -f -- "$1" 2>/dev/null | awk 'END { print NR }'
    return
  fi
  process_all=$(
    for process_file in /proc/[0-9]*/cmdline; do
      tr '\0\n' '  ' <"$process_file" 2>/dev/null
      echo
    done
  )
  printf '%s\n' "$process_all" | grep -c -E -e "$1"
}`,
  reader: String.raw`process_at=0
for process_key do
  case $process_key in
    name:*) process_count=$(process_named "${"${process_key#name:}"}") ;;
    *) process_count=$(process_matching "${"${process_key#args:}"}") ;;
  esac
  printf '%s %s\n' "$process_at" "$((process_count))"
  process_at=$((process_at + 1))
done`,
  line: fields<ProcessCount>({ count: "int" }),
  isAbsent: (value) => value.count === 0,
  opaque: true,
};

/** Processes whose program is called `name`. */
export function processNamed(name: string): Ref<ProcessCount> {
  return { kind: processKind, key: `name:${name}` };
}

/** Processes whose command line matches a POSIX extended regular expression. */
export function processMatching(pattern: string): Ref<ProcessCount> {
  return { kind: processKind, key: `args:${pattern}` };
}
