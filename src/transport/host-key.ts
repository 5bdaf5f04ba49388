import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { ConnectError } from "./connect-error.ts";
import { type KnownHost, knownHostName, matchesKnownHost, parseKnownHosts } from "./known-hosts.ts";

/** About a host key that is not known: take it and write it down, refuse it, or look at no key at all. */
export type HostKeyPolicy = "accept-new" | "strict" | "off";

/** What the files say of one host, and the decision about the key it shows. */
export interface HostKeys {
  /** Types of the keys that are known, to be asked of the server first. */
  types: string[];
  /** Answers a notice, or nothing, when the key is accepted; throws `ConnectError` when it is not. */
  check(key: Buffer): string | undefined;
}

/** Reads known_hosts for one host. `files`: the first takes new keys. */
export function hostKeys(host: string, port: number, policy: HostKeyPolicy, files = usualFiles()): HostKeys {
  if (policy === "off") return { types: [], check: () => undefined };
  const name = knownHostName(host, port);
  const entries = files.flatMap(readEntries).filter((entry) => matchesKnownHost(entry.names, name));
  const known = entries.filter((entry) => entry.marker === undefined);
  return {
    types: [...new Set(known.map((entry) => entry.type))],
    check(key) {
      const text = key.toString("base64");
      const type = keyType(key);
      const revoked = entries.find((entry) => entry.marker === "revoked" && entry.key === text);
      if (revoked !== undefined) {
        throw new ConnectError(
          "host-key",
          `the ${type} key of ${name} is marked as revoked (${place(revoked)})`,
          "do not use this host until it has a new key",
        );
      }
      if (known.some((entry) => entry.key === text)) return undefined;
      const other = known.find((entry) => entry.type === type) ?? known[0];
      if (other !== undefined) throw changed(name, type, key, other);
      const authority = entries.find((entry) => entry.marker === "cert-authority");
      if (authority !== undefined) {
        throw new ConnectError(
          "host-key",
          `${name} is known only by a certificate authority (${place(authority)}), which this transport cannot check; it shows ${type} ${fingerprint(key)}`,
          `compare the fingerprint on the host, then add its key: ssh-keyscan ${scanArguments(host, port)} >> ~/.ssh/known_hosts`,
        );
      }
      if (policy === "strict") {
        throw new ConnectError(
          "host-key",
          `the key of ${name} is not known: ${type} ${fingerprint(key)}`,
          `compare the fingerprint on the host, then add its key: ssh-keyscan ${scanArguments(host, port)} >> ~/.ssh/known_hosts`,
        );
      }
      return accept(files[0], name, type, key);
    },
  };
}

/** `SHA256:…` as OpenSSH shows it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

function changed(name: string, type: string, key: Buffer, other: KnownHost): ConnectError {
  const forget = `ssh-keygen -R '${name}' -f '${other.file}'`;
  return new ConnectError(
    "host-key",
    `${name} is not the host it was: known is ${other.type} ${fingerprint(Buffer.from(other.key, "base64"))} (${place(other)}), it shows ${type} ${fingerprint(key)}`,
    `if the host was set up again, forget the old key with ${forget}; otherwise somebody may be in between`,
  );
}

/** Writes a new key down. One write at the end of the file, so that runs at the same time cannot mix their lines. */
function accept(file: string | undefined, name: string, type: string, key: Buffer): string {
  const said = `the key of ${name} was not known and is accepted: ${type} ${fingerprint(key)}`;
  if (file === undefined) return said;
  try {
    if (!existsSync(dirname(file))) mkdirSync(dirname(file), { mode: 0o700 });
    const handle = openSync(file, "a+", 0o600);
    try {
      const { size } = fstatSync(handle);
      const last = Buffer.alloc(1);
      if (size > 0) readSync(handle, last, 0, 1, size - 1);
      const separator = size > 0 && last[0] !== 10 ? "\n" : "";
      writeSync(handle, `${separator}${name} ${type} ${key.toString("base64")}\n`);
    } finally {
      closeSync(handle);
    }
    return said;
  } catch (cause) {
    return `${said} (it could not be written to ${file}: ${cause instanceof Error ? cause.message : String(cause)})`;
  }
}

/** Many hosts look at the same files: read again only when they changed. */
const cache = new Map<string, { stamp: string; entries: KnownHost[] }>();

function readEntries(file: string): KnownHost[] {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    const stamp = `${mtimeMs} ${size} ${ino}`;
    const cached = cache.get(file);
    if (cached?.stamp === stamp) return cached.entries;
    const entries = parseKnownHosts(readFileSync(file, "utf8"), file);
    cache.set(file, { stamp, entries });
    return entries;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw new ConnectError(
      "host-key",
      `cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      "make the file readable, or name another one",
    );
  }
}

function usualFiles(): string[] {
  const home = process.env.HOME ?? homedir();
  return [
    join(home, ".ssh/known_hosts"),
    join(home, ".ssh/known_hosts2"),
    "/etc/ssh/ssh_known_hosts",
    "/etc/ssh/ssh_known_hosts2",
  ];
}

function keyType(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString("latin1");
}

function place(entry: KnownHost): string {
  return `${entry.file}:${entry.line}`;
}

function scanArguments(host: string, port: number): string {
  return port === 22 ? host : `-p ${port} ${host}`;
}
