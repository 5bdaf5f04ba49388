import { createHmac } from "node:crypto";

/** A line of a known_hosts file that names a key. */
export interface KnownHost {
  /** Comma-separated patterns, or one hashed name. */
  names: string;
  marker?: "revoked" | "cert-authority";
  /** `ssh-ed25519`, `ssh-rsa`, … */
  type: string;
  /** The public key in base64. */
  key: string;
  file: string;
  line: number;
}

/** Reads the text of a known_hosts file. Lines that are no entries are skipped, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  const result: KnownHost[] = [];
  text.split("\n").forEach((line, index) => {
    const words = line.trim().split(/[ \t]+/);
    const first = words[0] ?? "";
    if (first === "" || first.startsWith("#")) return;
    const marker = first.startsWith("@") ? words.shift() : undefined;
    if (marker !== undefined && marker !== "@revoked" && marker !== "@cert-authority") return;
    const [names, type, key] = words;
    if (names === undefined || type === undefined || key === undefined || !isKey(type, key)) return;
    const entry: KnownHost = { names, type, key, file, line: index + 1 };
    if (marker !== undefined) entry.marker = marker === "@revoked" ? "revoked" : "cert-authority";
    result.push(entry);
  });
  return result;
}

/** The name under which a host stands in known_hosts: `host`, or `[host]:port` where the port is not 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Whether an entry speaks of this name (as made by `knownHostName`). */
export function matchesKnownHost(names: string, name: string): boolean {
  if (names.startsWith("|")) return matchesHash(names, name);
  let found = false;
  for (const pattern of names.split(",")) {
    const negated = pattern.startsWith("!");
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue;
    // A negated match decides at once, whatever else matches.
    if (negated) return false;
    found = true;
  }
  return found;
}

/** `|1|SALT|HASH`: HMAC-SHA1 of the name. */
function matchesHash(names: string, name: string): boolean {
  const [, version, salt, hash] = names.split("|");
  if (version !== "1" || salt === undefined || hash === undefined) return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

/** `*` any text, `?` one character; without backtracking over more than one `*` at a time. */
function matchesPattern(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase();
  let at = 0;
  let back = -1;
  let mark = 0;
  let position = 0;
  while (position < name.length) {
    if (at < wanted.length && (wanted[at] === "?" || wanted[at] === name[position]) && wanted[at] !== "*") {
      at += 1;
      position += 1;
    } else if (wanted[at] === "*") {
      back = at;
      mark = position;
      at += 1;
    } else if (back >= 0) {
      mark += 1;
      position = mark;
      at = back + 1;
    } else return false;
  }
  while (wanted[at] === "*") at += 1;
  return at === wanted.length;
}

/** The blob of a public key begins with its own type. */
function isKey(type: string, key: string): boolean {
  const bytes = Buffer.from(key, "base64");
  if (bytes.length < 8) return false;
  const length = bytes.readUInt32BE(0);
  return length === type.length && bytes.subarray(4, 4 + length).toString("latin1") === type;
}
