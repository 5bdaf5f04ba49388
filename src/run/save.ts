import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Planned } from "../plan/item.ts";
import { readerOf, type World } from "../plan/world.ts";
import { bytesOf, type FileContent } from "../resources/file-content.ts";

/** True when a file of the controller has the content of a file of the host already. */
export function isSavedLocally(path: string, content: object): boolean {
  try {
    return readFileSync(resolve(path)).equals(bytesOf(content as FileContent));
  } catch {
    return false;
  }
}

/** Writes what a step fetched to a file of the controller, atomically. Answers the problem, if there is one. */
export async function saveLocally(item: Planned, world: World): Promise<string | undefined> {
  const save = item.change?.save;
  if (save === undefined || item.prepared === undefined) return undefined;
  const reading = world.reading(save.content, readerOf(save.content, item.prepared.reader));
  if (reading === undefined) return `${save.content.key} has no content to fetch`;
  const path = resolve(save.path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const staged = `${path}.${process.pid}.part`;
    await writeFile(staged, bytesOf(reading.value as FileContent), { mode: 0o600 });
    await rename(staged, path);
    return undefined;
  } catch (error) {
    return `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
