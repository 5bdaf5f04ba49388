import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The registry of modules: one import for every `src/modules/AREA/NAME.ts` that has a default export. */
export function registryFile(root: string): Map<string, string> {
  const folder = join(root, "src/modules");
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((area) => moduleFiles(folder, area.name))
    .sort();
  const names = files.map(identifier);
  const text = [
    "// Written by `npm run generate` from the files in this folder; do not edit.",
    'import type { Module } from "./module.ts";',
    ...files.map((file, index) => `import ${names[index] ?? ""} from "./${file}";`),
    "",
    files.length === 0
      ? "const all: readonly Module[] = [];"
      : `const all: readonly Module[] = [\n${names.map((name) => `  ${name},\n`).join("")}];`,
    "",
    "/** Every module by its name. */",
    "export const modules: ReadonlyMap<string, Module> = new Map(all.map((module) => [module.name, module]));",
    "",
  ];
  return new Map([["src/modules/registry.generated.ts", text.join("\n")]]);
}

function moduleFiles(folder: string, area: string): string[] {
  return readdirSync(join(folder, area))
    .filter((name) => name.endsWith(".ts"))
    .filter((name) => /^export default /m.test(readFileSync(join(folder, area, name), "utf8")))
    .map((name) => `${area}/${name}`);
}

/** `files/line-in-file.ts` → `filesLineInFile`: unique, and never a reserved word. */
function identifier(file: string): string {
  return file.replace(/\.ts$/, "").replace(/[^A-Za-z0-9_]+(.)/g, (_, letter: string) => letter.toUpperCase());
}
