import { createHash } from "node:crypto";
import { Secret } from "./secret.ts";
import type { Blob } from "./shell.ts";

/** Bytes to send beside a shell text; text is UTF-8, and what is made from a `Secret` is secret. */
export function blobOf(content: string | Buffer | Secret): Blob {
  const bytes = Buffer.from(content instanceof Secret ? content.reveal() : content);
  return {
    sha256: createHash("sha256").update(bytes).digest("hex"),
    size: bytes.length,
    secret: content instanceof Secret,
    bytes: () => bytes,
  };
}
