import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** Whether a TCP connection could be made. */
export interface ConnectionState {
  /** `untried`: the host has no program that can connect. */
  state: "open" | "closed" | "untried";
}

export const connectionKind: ResourceKind<ConnectionState> = {
  kind: "connection",
  summary: "Whether the host can open a TCP connection to an address and port.",
  functions: String.raw`
connection_find() {
  case $(nc -h 2>&1 </dev/null) in *-z*) echo nc; return ;; esac
  if command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then echo bash
  elif command -v perl >/dev/null 2>&1; then echo perl
  elif command -v python3 >/dev/null 2>&1; then echo python3
  else echo none; fi
}
# connection_try HOST PORT SECONDS
connection_try() {
  case $connection_tool in
    nc) nc -z -w "$3" "$1" "$2" ;;
    bash) timeout "$3" bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$1" "$2" ;;
    perl) perl -MIO::Socket -e 'eval { require IO::Socket::IP }; $c = IO::Socket::IP->can("new") ? "IO::Socket::IP" : "IO::Socket::INET"; exit !$c->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => $ARGV[2])' "$1" "$2" "$3" ;;
    python3) python3 -c 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), float(sys.argv[3]))' "$1" "$2" "$3" ;;
  esac </dev/null >/dev/null 2>&1
}`,
  reader: String.raw`connection_tool=$(connection_find)
connection_at=0
for connection_key do
  connection_host=${"${connection_key%% *}"}
  connection_key=${"${connection_key#* }"}
  if [ "$connection_tool" = none ]; then connection_state=untried
  elif connection_try "$connection_host" "${"${connection_key%% *}"}" "${"${connection_key#* }"}"; then connection_state=open
  else connection_state=closed; fi
  printf '%s %s\n' "$connection_at" "$connection_state"
  connection_at=$((connection_at + 1))
done`,
  line: fields<ConnectionState>({ state: "word" }),
  isAbsent: (value) => value.state !== "open",
  opaque: true,
};

/** Whether a text can be a name or address of a host; none is taken for an option of a program. */
export function isHostAddress(text: string): boolean {
  return /^[A-Za-z0-9_.:][A-Za-z0-9_.:%-]*$/.test(text);
}

/** A connection from the host to `address` (see `isHostAddress`). `seconds` is how long it may take. */
export function connection(address: string, port: number, seconds: number): Ref<ConnectionState> {
  const wait = Math.max(1, Math.ceil(seconds));
  return { kind: connectionKind, key: `${address} ${port} ${wait}` };
}
