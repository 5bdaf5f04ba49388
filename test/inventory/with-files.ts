import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Value } from "../../src/base/value.ts";
import { Fault, Faults } from "../../src/errors/fault.ts";
import type { Inventory } from "../../src/inventory/inventory.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { literalValue } from "../../src/language/convert.ts";
import { mergeNodes } from "../../src/language/merge.ts";

/** Files by path: text or bytes; a text that begins with `#!` becomes executable. */
export type Files = Readonly<Record<string, string | Buffer>>;

const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Writes files into a new folder that goes when the tests end; gives its path. */
export function writeFiles(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), "provision-inventory-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    if (typeof content === "string" && content.startsWith("#!")) chmodSync(join(folder, path), 0o755);
  }
  return folder;
}

/** Loads an inventory from files; the source is the first of them unless said otherwise. */
export async function load(
  files: Files,
  sources: string[] = Object.keys(files).slice(0, 1),
  playbookFolder?: string,
): Promise<Inventory> {
  const cwd = writeFiles(files);
  return loadInventory(sources, {
    cwd,
    ...(playbookFolder !== undefined && { playbookFolder: join(cwd, playbookFolder) }),
  });
}

/** The faults that loading throws; none when it throws nothing. */
export async function faultsOf(files: Files, sources?: string[]): Promise<Fault[]> {
  try {
    await load(files, sources);
    return [];
  } catch (error) {
    if (error instanceof Faults) return [...error.faults];
    if (error instanceof Fault) return [error];
    throw error;
  }
}

/** A fault on one line: `code file:line:column message | hint`. */
export function line(fault: Fault): string {
  const { place, hint } = fault.details;
  const at = place === undefined ? "-" : `${place.file}:${place.line}:${place.column}`;
  return `${fault.code} ${at} ${fault.message}${hint === undefined ? "" : ` | ${hint}`}`;
}

/** The merged variables of a host; text is not evaluated. */
export function varsOf(inventory: Inventory, host: string): Value {
  return literalValue(mergeNodes(inventory.layers(host)));
}

/** A value without the null prototypes of maps, for comparing. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
