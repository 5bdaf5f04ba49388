import type { Connection } from "./connection.ts";
import type { HostKeyPolicy } from "./host-key.ts";
import { connectLocal } from "./local.ts";
import { connectSsh2 } from "./ssh2.ts";

export type { Connection } from "./connection.ts";
export { ConnectError, type ConnectErrorKind } from "./connect-error.ts";
export type { HostKeyPolicy } from "./host-key.ts";

/** Where and as whom. */
export interface Target {
  /** The host's name in the inventory, for messages. */
  name: string;
  transport: "ssh2" | "local";
  /** Address or name; not used by `local`. */
  host: string;
  port: number;
  user: string;
  /** Private key; without one the ssh agent and the usual keys in `~/.ssh` are tried. */
  keyFile?: string;
  /** Socket of an ssh agent; else `SSH_AUTH_SOCK`. Empty: no agent. */
  agentSocket?: string;
}

export interface ConnectOptions {
  /** What to do about a host key that is not known yet; `accept-new` without this. A key that has changed is always refused, except by `off`. */
  hostKeys?: HostKeyPolicy;
  /** Files of known hosts; new keys go into the first. Without this the user's and the system's. */
  knownHostsFiles?: readonly string[];
  /** Seconds until the login must be done; 20 without this. */
  connectTimeoutSeconds?: number;
  /** Seconds between signs of life, and how many may be missed; 10 and 3 without this. */
  keepaliveSeconds?: number;
  keepaliveCount?: number;
}

/** Opens a connection to a host. Rejects with `ConnectError`. */
export async function connect(target: Target, options: ConnectOptions = {}): Promise<Connection> {
  if (target.transport === "local") return connectLocal();
  return connectSsh2(target, options);
}
