import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** A route of the kernel's main table. Several next hops are joined by commas. */
export interface RouteState {
  /** `untold`: the host has neither ip(8) nor route(8). */
  state: "present" | "absent" | "untold";
  /** Addresses of the next hops; null for what is on the link. */
  via: string | null;
  /** Interfaces. */
  dev: string | null;
  /** The source address that the kernel takes for it. */
  source: string | null;
}

export const routeKind: ResourceKind<RouteState> = {
  kind: "route",
  summary: "The route to a network as it stands in the kernel's table, or the one that would be taken to an address.",
  functions: String.raw`
route_find() {
  if command -v ip >/dev/null 2>&1; then echo ip
  elif [ "$(uname -s)" != Linux ] && command -v route >/dev/null 2>&1; then echo route
  else echo none; fi
}
route_words() {
  awk '
    function add(list, word) { return (list == "") ? word : list "," word }
    /^(RTNETLINK|Error|ip:)/ { next }
    $1 == "unreachable" || $1 == "prohibit" || $1 == "throw" { next }
    {
      if (NF > 0) found = 1
      for (i = 1; i < NF; i++) {
        if ($i == "via") { word = $(i + 1); if (word == "inet" || word == "inet6") word = $(i + 2); via = add(via, word) }
        if ($i == "dev") dev = add(dev, $(i + 1))
        if ($i == "src" && source == "") source = $(i + 1)
      }
    }
    END { print found ? "present" : "absent", (via == "") ? "-" : via, (dev == "") ? "-" : dev, (source == "") ? "-" : source }'
}
# route_bsd TO LENGTH: LENGTH of the prefix, or empty for an address.
route_bsd() {
  case $1 in *:*) route_family=-inet6 ;; *) route_family=-inet ;; esac
  route -n get $route_family "$1${"${2:+/$2}"}" 2>/dev/null | awk -v length_wanted="$2" '
    function bits(mask, i, n, count, parts) {
      if (mask == "default" || mask == "") return 0
      if (mask ~ /:/) {
        gsub(/:/, "", mask)
        for (i = 1; i <= length(mask); i++) count += ones(substr(mask, i, 1))
        return count
      }
      n = split(mask, parts, ".")
      for (i = 1; i <= n; i++) while (parts[i] > 0) { count += parts[i] % 2; parts[i] = int(parts[i] / 2) }
      return count
    }
    function ones(digit) { return substr("0112122312232334", index("0123456789abcdef", digit), 1) }
    $1 == "destination:" { destination = $2 }
    $1 == "mask:" { mask = $2; masked = 1 }
    $1 == "gateway:" { via = $2 }
    $1 == "interface:" { dev = $2 }
    $2 == "address:" && $1 == "if" { source = $3 }
    END {
      found = (dev != "")
      if (found && length_wanted != "") found = ((destination == "default") ? 0 : (masked ? bits(mask) : -1)) == length_wanted
      if (!found) { print "absent - - -"; exit }
      if (via ~ /^link/ || via == "") via = "-"
      print "present", via, dev, (source == "") ? "-" : source
    }'
}
route_show() {
  case $route_tool-$1 in
    none-*) echo 'untold - - -' ;;
    ip-get) ip -o route get "$2" 2>&1 | route_words ;;
    ip-exact)
      case $2 in
        *:*) ip -6 -o route show exact "$2" 2>&1 ;;
        *) ip -4 -o route show exact "$2" 2>&1 ;;
      esac | tr '\\' ' ' | route_words ;;
    route-get) route_bsd "$2" '' ;;
    route-exact) route_bsd "${"${2%/*}"}" "${"${2#*/}"}" ;;
  esac
}`,
  reader: String.raw`route_tool=$(route_find)
route_at=0
for route_key do
  route_line=$(route_show ${"${route_key%% *}"} "${"${route_key#* }"}")
  printf '%s %s\n' "$route_at" "$route_line"
  route_at=$((route_at + 1))
done`,
  line: fields<RouteState>({ state: "word", via: "word", dev: "word", source: "word" }),
  isAbsent: (value) => value.state !== "present",
  opaque: true,
};

/** `to` with a prefix length (or `default`): that very entry of the table; an address: the route that it would take. */
export function route(to: string): Ref<RouteState> {
  if (to === "default") return { kind: routeKind, key: "exact 0.0.0.0/0" };
  return { kind: routeKind, key: `${to.includes("/") ? "exact" : "get"} ${to}` };
}
