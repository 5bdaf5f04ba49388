import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Planned } from "../plan/segment.ts";
import { readerOf, type World } from "../plan/world.ts";

/** Writes what a step fetched to a file of the controller, atomically. Answers the problem, if there is one. */
export async function saveLocally(item: Planned, world: World): Promise<string | undefined> {
  const save = item.change?.save;
  if (save === undefined || item.prepared === undefined) return undefined;
  const reading = world.reading(save.content, readerOf(save.content, item.prepared.reader));
  const content = reading === undefined ? undefined : (reading.value as { content?: Buffer | string }).content;
  if (content === undefined) return `${save.content.key} has no content to fetch`;
  try {
    await mkdir(dirname(save.path), { recursive: true });
    const staged = `${save.path}.${process.pid}.part`;
    await writeFile(staged, content, { mode: 0o600 });
    await rename(staged, save.path);
    return undefined;
  } catch (error) {
    return `cannot write ${save.path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
