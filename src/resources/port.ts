import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** What listens on a port of the host. */
export interface PortState {
  /** Addresses, sorted, joined by commas: `0.0.0.0`, `::`, `127.0.0.1`; null when nothing listens. */
  addresses: string | null;
}

/** The kernel's tables as `PROTO ADDRESS PORT`; its numbers are in the machine's byte order. */
const table = String.raw`
port_table() {
  if [ -r /proc/net/tcp ]; then
    set -- /proc/net/tcp
    for port_file in tcp6 udp udp6; do
      [ ! -r /proc/net/$port_file ] || set -- "$@" /proc/net/$port_file
    done
    awk -v order="$(printf '\1\0' | od -An -tu2)" '
      function number(text, i, sum) {
        for (i = 1; i <= length(text); i++) sum = sum * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
        return sum
      }
      function bytes(text, i, turned) {
        if (order != 1) return text
        for (i = 1; i <= length(text); i += 2) turned = substr(text, i, 2) turned
        return turned
      }
      function dotted(text) {
        return number(substr(text, 1, 2)) "." number(substr(text, 3, 2)) "." number(substr(text, 5, 2)) "." number(substr(text, 7, 2))
      }
      function address(text, i, all, groups, group) {
        if (length(text) == 8) return dotted(bytes(text))
        for (i = 1; i <= 25; i += 8) all = all bytes(substr(text, i, 8))
        if (all ~ /^0*$/) return "::"
        if (all ~ /^0*1$/) return "::1"
        if (substr(all, 1, 24) == "00000000000000000000ffff") return dotted(substr(all, 25))
        for (i = 1; i <= 29; i += 4) {
          group = substr(all, i, 4)
          sub(/^0+/, "", group)
          groups = groups ":" ((group == "") ? "0" : group)
        }
        return substr(groups, 2)
      }
      FNR == 1 { proto = FILENAME; sub(/^.*\//, "", proto); sub(/6$/, "", proto); next }
      (proto == "tcp" && $4 == "0A") || (proto == "udp" && $4 == "07") {
        split(tolower($2), local, ":")
        print proto, address(local[1]), number(local[2])
      }' "$@"
  else
    netstat -an 2>/dev/null | awk '
      /^tcp/ && !/LISTEN/ { next }
      /^(tcp|udp)/ && $5 ~ /\*$/ {
        six = ($1 ~ /6$/)
        port = $4; sub(/^.*[.:]/, "", port)
        address = $4; sub(/[.:][^.:]*$/, "", address); sub(/%.*/, "", address)
        if (address == "*" || address == "") address = six ? "::" : "0.0.0.0"
        print substr($1, 1, 3), address, port
      }'
  fi
}`;

export const portKind: ResourceKind<PortState> = {
  kind: "port",
  summary: "The addresses of the host on which something listens on a port.",
  functions: table,
  reader: String.raw`port_table | sort -u | awk '
  BEGIN { for (i = 1; i < ARGC; i++) name[i] = ARGV[i]; count = ARGC - 1; ARGC = 1 }
  { key = $1 "/" $3; if (key in seen) seen[key] = seen[key] "," $2; else seen[key] = $2 }
  END { for (i = 1; i <= count; i++) print i - 1, (name[i] in seen) ? seen[name[i]] : "-" }' "$@"`,
  line: fields<PortState>({ addresses: "word" }),
  // Not opaque: what starts or stops programs says that it touches ports.
  isAbsent: (value) => value.addresses === null,
};

/** What listens on a port of the host itself; needs no privilege and connects to nothing. */
export function port(proto: "tcp" | "udp", number: number): Ref<PortState> {
  return { kind: portKind, key: `${proto}/${number}` };
}
