import { gunzipSync, inflateRawSync } from "node:zlib";
import type { LocalFile } from "../args.ts";
import { blobOf } from "./blob.ts";
import { bunzip2 } from "./bunzip2.ts";
import type { SourceEntry } from "./copy-folder.ts";

/** Why an archive cannot be read. */
export class ArchiveMistake extends Error {
  override name = "ArchiveMistake";
}

const known = new Map<string, readonly SourceEntry[]>();

/** What an archive of the controller holds: tar, also with gzip or bzip2, or zip. Throws ArchiveMistake. */
export function readArchive(source: LocalFile): readonly SourceEntry[] {
  const before = known.get(source.sha256);
  if (before !== undefined) return before;
  const entries = sorted(readBytes(source.bytes()));
  known.set(source.sha256, entries);
  return entries;
}

function readBytes(bytes: Buffer): SourceEntry[] {
  if (bytes.length === 0) throw new ArchiveMistake("it is empty");
  const start = bytes.subarray(0, 4).toString("hex");
  try {
    if (start.startsWith("504b")) return readZip(bytes);
    if (start.startsWith("1f8b")) return readTar(gunzipSync(bytes));
    if (start.startsWith("425a68")) return readTar(bunzip2(bytes));
  } catch (error) {
    if (error instanceof ArchiveMistake) throw error;
    throw new ArchiveMistake(error instanceof Error ? error.message : String(error));
  }
  if (start === "fd377a58" || start === "28b52ffd")
    throw new ArchiveMistake("xz and zstd are only unpacked on hosts: copy it there and say remote_src: true");
  return readTar(bytes);
}

/** A path within the archive; what would lead out of the folder is refused. */
function safePath(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new ArchiveMistake(`${name} leads out of the folder`);
  return parts.join("/");
}

function fileEntry(path: string, bytes: Buffer, mode: number): SourceEntry {
  return { path, type: "file", content: blobOf(bytes), mode };
}

function readTar(bytes: Buffer): SourceEntry[] {
  const entries: SourceEntry[] = [];
  const files = new Map<string, SourceEntry>();
  let long: { path?: string; target?: string } = {};
  for (let at = 0; at + 512 <= bytes.length; ) {
    const head = bytes.subarray(at, at + 512);
    if (head.every((byte) => byte === 0)) break;
    const text = (from: number, length: number): string =>
      head
        .subarray(from, from + length)
        .toString("utf8")
        .replace(/\0.*$/s, "");
    const sum = head.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    if (sum !== Number.parseInt(text(148, 8).trim(), 8)) throw new ArchiveMistake("it is no archive of a known kind");
    const size =
      (head[124] ?? 0) & 0x80 ? Number(head.readBigUInt64BE(128)) : Number.parseInt(text(124, 12).trim() || "0", 8);
    const data = bytes.subarray(at + 512, at + 512 + size);
    if (data.length < size) throw new ArchiveMistake("it ends in the middle of a file");
    at += 512 + Math.ceil(size / 512) * 512;
    const type = String.fromCharCode(head[156] ?? 0);
    if (type === "L" || type === "K") {
      long = { ...long, [type === "L" ? "path" : "target"]: data.toString("utf8").replace(/\0.*$/s, "") };
      continue;
    }
    if (type === "x" || type === "g") {
      if (type === "x") long = { ...long, ...paxNames(data) };
      continue;
    }
    const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
    const path = safePath(long.path ?? (prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`));
    const target = long.target ?? text(157, 100);
    long = {};
    const mode = Number.parseInt(text(100, 8).trim() || "644", 8) & 0o7777;
    if (path === "") continue;
    if (type === "5") entries.push({ path, type: "folder", mode });
    else if (type === "2") entries.push({ path, type: "link", target });
    else if (type === "1") {
      const other = files.get(safePath(target));
      if (other === undefined) throw new ArchiveMistake(`${path} is a hard link to ${target}, which is not before it`);
      entries.push({ ...other, path });
    } else if (type === "0" || type === "\0" || type === "7") {
      const entry = fileEntry(path, data, mode);
      files.set(path, entry);
      entries.push(entry);
    } else throw new ArchiveMistake(`${path} is neither file, folder nor link`);
  }
  return entries;
}

function paxNames(data: Buffer): { path?: string; target?: string } {
  const names: { path?: string; target?: string } = {};
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(32, at);
    const length = Number(data.subarray(at, space).toString());
    if (space < 0 || !(length > 0)) break;
    const record = data.subarray(space + 1, at + length - 1).toString("utf8");
    const equals = record.indexOf("=");
    if (record.slice(0, equals) === "path") names.path = record.slice(equals + 1);
    if (record.slice(0, equals) === "linkpath") names.target = record.slice(equals + 1);
    at += length;
  }
  return names;
}

function readZip(bytes: Buffer): SourceEntry[] {
  const end = bytes.lastIndexOf(Buffer.from("504b0506", "hex"));
  if (end < 0) throw new ArchiveMistake("its directory is missing: it is cut off");
  const entries: SourceEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) throw new ArchiveMistake("its directory is damaged");
    const method = bytes.readUInt16LE(at + 10);
    const packed = bytes.readUInt32LE(at + 20);
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString("utf8");
    const local = bytes.readUInt32LE(at + 42);
    const unixMode = bytes.readUInt32LE(at + 38) >>> 16;
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    const path = safePath(name);
    if (path === "") continue;
    const mode = unixMode & 0o7777 || (name.endsWith("/") ? 0o755 : 0o644);
    if (name.endsWith("/")) {
      entries.push({ path, type: "folder", mode });
      continue;
    }
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + packed);
    if (method !== 0 && method !== 8) throw new ArchiveMistake(`${path} is packed in an unknown way (${method})`);
    const content = method === 0 ? Buffer.from(data) : inflateRawSync(data);
    if ((unixMode & 0o170000) === 0o120000) entries.push({ path, type: "link", target: content.toString("utf8") });
    else entries.push(fileEntry(path, content, mode));
  }
  return entries;
}

/** Folders before what is in them, and each path once: the last one counts. */
function sorted(entries: readonly SourceEntry[]): SourceEntry[] {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return [...byPath.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}
