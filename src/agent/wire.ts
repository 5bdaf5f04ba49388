import type { Blob } from "../base/shell.ts";

/** A byte stream to a program on the host; what a transport opens and the session speaks over. */
export interface Channel {
  write(bytes: Buffer | string): void;
  /** Resolves when what was written has left (back-pressure). */
  drained(): Promise<void>;
  onData(listener: (bytes: Buffer) => void): void;
  onErrorData(listener: (bytes: Buffer) => void): void;
  /** `lost`: closed without an exit status, which is a lost connection, never a success. */
  closed: Promise<{ code: number } | { signal: string } | { lost: string }>;
  close(): void;
}

/** What the agent says of itself first. */
export interface Hello {
  user: string;
  uid: number;
  gid: number;
  home: string;
  /** Umask as a number. */
  umask: number;
  /** `uname -s`. */
  system: string;
  bootId: string;
  /** Folder of the spools. */
  spool: string;
}

/** One question of a read: many keys of one kind, read by one shell function. */
export interface ReadGroup {
  kind: string;
  /**
   * Body of the function `read_<kind>`; sent to a host once per session. It runs in a subshell with `</dev/null`, `LC_ALL=C` and
   * sbin in PATH. `p_say LINE` prints a line without a process in every shell; `p_login`, called in a subshell,
   * brings back the locale, PATH and home of the login for a user's own command.
   */
  reader: string;
  functions?: string;
  keys: readonly string[];
  /** Run as this user instead of the channel's own (root's channel only). */
  user?: string;
}

/** The canonical lines of a group, by the position of their key. A key without a line is a broken reader: a fault. */
export type ReadAnswer = string[];

/** One thing a batch does, in order. */
export type BatchItem =
  | {
      do: "run";
      id: number;
      shell: string;
      blobs: readonly Blob[];
      user?: string;
      command?: CommandForm;
      seconds?: number;
    }
  /** Reads the groups again and compares each line with its `case` patterns (all must match; `not` must not). A mismatch stops the batch and sends the fresh lines. */
  | { do: "compare"; id: number; why: "guard" | "prove"; groups: readonly CompareGroup[] };

/** How a user's own command is run: host's locale and PATH, HOME of its user. */
export interface CommandForm {
  chdir?: string;
  /** Values travel in the program, which only its user can read. */
  environment?: Record<string, string>;
  stdin?: Blob;
}

export interface CompareGroup extends ReadGroup {
  expected: readonly { pattern: string; not?: string }[];
}

/** What comes back while a batch runs. */
export type BatchEvent =
  | { event: "begin"; id: number }
  | {
      event: "end";
      id: number;
      rc: number;
      stdout: Buffer;
      stderr: Buffer;
      /** From its begin to its end as the controller saw them. */
      seconds: number;
      /** Output was longer than is kept; `stdout` and `stderr` are its last part. */
      cut?: boolean;
      /** The time limit ended it; `rc` is 124. */
      late?: boolean;
    }
  /** A comparison that held. */
  | { event: "same"; id: number }
  /** One that did not: fresh lines of all its groups. */
  | { event: "differs"; id: number; answers: ReadAnswer[] };

export type BatchEnd =
  | { end: "done" }
  /** A step ended with rc ≠ 0, or a comparison differed: nothing after it ran. */
  | { end: "stopped"; id: number }
  /** No result and the process is gone, or the connection is: the step in hand may have run. */
  | { end: "lost"; id: number | undefined; why: string };

/** One identity on one host: the agent's protocol over a channel. Requests are answered in order, one at a time. */
export interface Session {
  hello: Promise<Hello>;
  /** One round trip. */
  read(groups: readonly ReadGroup[]): Promise<ReadAnswer[]>;
  /** A spooled program with an id, an atomic start and a result log; resolves when it is over. */
  batch(id: string, items: readonly BatchItem[], on: (event: BatchEvent) => void): Promise<BatchEnd>;
  /** Counters for tests and benches: round trips, bytes up and down. */
  counters: { roundTrips: number; bytesUp: number; bytesDown: number };
  /** Remarks for people about this host, as they arise. */
  notices: readonly string[];
  close(): Promise<void>;
}
