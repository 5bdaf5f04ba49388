import { createHash } from "node:crypto";
import { isUtf8 } from "node:buffer";
import { Secret } from "../../base/secret.ts";
import type { Blob } from "../../base/shell.ts";
import type { LocalFile } from "../args.ts";

/** Bytes as a blob, identified by their SHA-256. */
export function blobOf(bytes: Buffer, secret = false): Blob {
  return { sha256: createHash("sha256").update(bytes).digest("hex"), size: bytes.length, secret, bytes: () => bytes };
}

export function blobOfText(text: string | Secret): Blob {
  const secret = text instanceof Secret;
  return blobOf(Buffer.from(secret ? text.reveal() : text, "utf8"), secret);
}

export function blobOfLocal(source: LocalFile): Blob {
  return { sha256: source.sha256, size: source.size, secret: false, bytes: source.bytes };
}

/** The text of an argument that may be a secret, for what is never shown. */
export function plainText(text: string | Secret): string {
  return text instanceof Secret ? text.reveal() : text;
}

/** Content up to this size is shown as text; beyond it, and binary content, by size and hash. */
export const shownLimit = 256 * 1024;

/** Bytes for people: the text, or what can be said of it. */
export function describeBytes(bytes: Buffer): { value: string; text: boolean } {
  if (bytes.length <= shownLimit && isUtf8(bytes) && !bytes.includes(0))
    return { value: bytes.toString("utf8"), text: true };
  return { value: describeHash(createHash("sha256").update(bytes).digest("hex"), bytes.length), text: false };
}

export function describeHash(sha256: string, size: number): string {
  return `${size} bytes, sha256 ${sha256}`;
}
