import type { Channel } from "../agent/wire.ts";

/** A way to a host, on which programs are started. */
export interface Connection {
  /** Starts a command, which passes through the login shell of the user. Rejects with `ConnectError`. */
  open(command: string): Promise<Channel>;
  close(): void;
  /** Remarks for people: a host key that was accepted. */
  notices: string[];
  /** Resolves with the reason when the connection ends without `close`; never after it. */
  lost: Promise<string>;
}
