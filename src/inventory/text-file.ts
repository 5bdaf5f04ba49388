import { constants } from "node:fs";
import { access, open, stat } from "node:fs/promises";
import { relative } from "node:path";
import { Fault } from "../errors/fault.ts";
import { decodeUtf8 } from "../language/decode.ts";

/** Bytes that an inventory or a file of variables may have. */
const MAX_BYTES = 64 * 1024 * 1024;

/** A path as people see it: relative to the working directory where that is shorter. */
export function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short !== "" && short.length < path.length ? short : path;
}

/** True for a file that the system would run: it may be executed and begins with `#!` or as a binary does. */
export function isProgram(bytes: Buffer): boolean {
  if (bytes.subarray(0, 2).toString("latin1") === "#!") return true;
  const magic = bytes.subarray(0, 4).toString("hex");
  return magic === "7f454c46" || magic === "cffaedfe" || magic === "cafebabe";
}

export async function mayExecute(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The bytes of a file that people wrote. Throws a Fault when it cannot be read, is too large or is a device. */
export async function readBytes(path: string, shown: string): Promise<Buffer> {
  try {
    const info = await stat(path);
    if (!info.isFile() && !info.isFIFO())
      throw new Fault("inventory-unreadable", `${shown} is not a file`, { hint: "give a file or a folder" });
    if (info.size > MAX_BYTES) throw tooLarge(shown);
    const handle = await open(path);
    try {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of handle.createReadStream({ highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > MAX_BYTES) throw tooLarge(shown);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault("inventory-unreadable", `${shown} cannot be read: ${reasonOf(error)}`, {
      cause: error,
      hint: "check the path and its permissions",
    });
  }
}

/** The text of a file. Throws a Fault for bytes that are not UTF-8, and for files encrypted as a whole. */
export function decode(bytes: Buffer, shown: string): string {
  if (bytes.subarray(0, 14).toString("latin1") === "$ANSIBLE_VAULT") {
    throw new Fault("inventory-vault", `${shown} is encrypted`, {
      place: { file: shown, line: 1, column: 1 },
      hint: "encrypted files cannot be read yet: decrypt it to a file outside the repository",
    });
  }
  return decodeUtf8(bytes, shown);
}

/** What went wrong with a file, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    EACCES: "permission denied",
    EISDIR: "it is a folder",
    ELOOP: "its links run in a circle",
    ENOTDIR: "a part of the path is not a folder",
    EMFILE: "too many files are open",
  };
  return known[code] ?? (error instanceof Error ? error.message : String(error));
}

function tooLarge(shown: string): Fault {
  return new Fault("inventory-unreadable", `${shown} is larger than ${MAX_BYTES / 1024 / 1024} MiB`, {
    hint: "split it: a folder of several files can be an inventory",
  });
}
