import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** A kernel parameter as it is now. */
export interface KernelParam {
  state: "set" | "absent" | "denied";
  /** With single spaces between its words; `-` where it is empty or cannot be read. */
  value: string;
}

/** A parameter of the running kernel: /proc/sys, or sysctl(8) where that is not. */
export const kernelParamKind: ResourceKind<KernelParam> = {
  kind: "kernel_param",
  summary: "A parameter of the running kernel.",
  reader: String.raw`
    if [ -d /proc/sys ]; then
      for param_name do
        if [ -f "/proc/sys/$param_name" ]; then set -- "$@" "=$param_name"; else set -- "$@" "!$param_name"; fi
        shift
      done
      # Not by the shell's read: most shells read one byte at a time, and these files give a number only in one piece.
      awk 'BEGIN {
        for (i = 1; i < ARGC; i++) {
          value = "-"
          state = "absent"
          if (ARGV[i] ~ /^=/) {
            path = "/proc/sys/" substr(ARGV[i], 2)
            state = "set"
            while ((got = (getline line < path)) > 0) value = value " " line
            close(path)
            if (got < 0) state = "denied"
            gsub(/[ \t]+/, " ", value)
            sub(/ $/, "", value)
            if (value != "-") sub(/^- /, "", value)
          }
          print i - 1, state, value
        }
      }' "$@"
    else
      param_at=0
      for param_name do
        param_line='absent -' param_dotted=
        while case $param_name in */*) ;; *) false ;; esac; do
          param_dotted=$param_dotted\${param_name%%/*}.
          param_name=\${param_name#*/}
        done
        if param_value=$(sysctl -n "$param_dotted$param_name" 2>/dev/null) && [ -n "$param_value" ]; then param_line="set $param_value"; fi
        printf '%s %s\n' "$param_at" "$param_line"
        param_at=$((param_at + 1))
      done
    fi`.replaceAll("\\${", "${"),
  line: fields<KernelParam>({ state: "word", value: "rest" }),
  isAbsent: (value) => value.state === "absent",
};

/** The kernel parameter `name`, in any spelling that sysctl(8) takes. */
export function kernelParam(name: string): Ref<KernelParam> {
  return { kind: kernelParamKind, key: paramPath(name) };
}

/**
 * The path below /proc/sys. As sysctl(8) has it, the first separator decides: after a dot, dots separate and a slash
 * stands for a dot (`net.ipv4.conf.eth0/100.forwarding`); after a slash it is a path.
 */
export function paramPath(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== ".") return name;
  return name.replace(/[./]/g, (mark) => (mark === "." ? "/" : "."));
}

/** How sysctl(8) and its files write a parameter. */
export function paramName(path: string): string {
  return path.replace(/[./]/g, (mark) => (mark === "/" ? "." : "/"));
}
