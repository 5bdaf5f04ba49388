import { Fault } from "../errors/fault.ts";

/**
 * The text of a file. A byte order mark is dropped. Throws a Fault with line and column (in bytes of that line) when the
 * bytes are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const at = firstInvalid(bytes);
    const before = bytes.subarray(0, at);
    const line = before.reduce((count, byte) => (byte === 10 ? count + 1 : count), 1);
    const column = at - before.lastIndexOf(10);
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const byte = (bytes[at] ?? 0).toString(16).padStart(2, "0");
    throw new Fault("yaml-encoding", utf16 ? "the file is UTF-16, not UTF-8" : `the byte 0x${byte} is not UTF-8`, {
      place: { file, line, column },
      hint: `convert it: iconv -f ${utf16 ? "utf-16" : "latin1"} -t utf-8`,
    });
  }
}

/** Offset of the first byte that cannot be decoded: the longest prefix that can be, found by halving. */
function firstInvalid(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** Whether a prefix can be decoded so far; a character that is cut at its end is fine. */
function decodes(prefix: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(prefix, { stream: true });
    return true;
  } catch {
    return false;
  }
}
