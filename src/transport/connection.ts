import type { Readable } from "node:stream";
import type { Channel } from "../agent/wire.ts";

/** A way to a host, on which programs are started. */
export interface Connection {
  /**
   * Starts a command, which passes through the login shell of the user. Rejects with `ConnectError`. Who wants its output
   * listens at once: what nobody listens to is thrown away, or the channel would never close.
   */
  open(command: string): Promise<Channel>;
  close(): void;
  /** Remarks for people: a host key that was accepted. */
  notices: string[];
  /** SHA-256 of the host's key, as OpenSSH writes it; absent where there is none (this machine). */
  hostKey?: string;
  /** Resolves with the reason when the connection ends without `close`; never after it. */
  lost: Promise<string>;
}

/** Lets output flow that nobody has begun to listen to. */
export function discardUnread(...streams: readonly Readable[]): void {
  setImmediate(() => {
    for (const stream of streams) if (stream.listenerCount("data") === 0) stream.resume();
  });
}
