import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";

const root = resolve(import.meta.dirname, "..");
const src = join(root, "src");

/** A folder imports only from those before it. */
const ORDER = [
  "errors",
  "base",
  "language",
  "facts",
  "agent",
  "resources",
  "modules",
  "inventory",
  "playbook",
  "plan",
  "transport",
  "run",
  "report",
  "scenario",
  "cli",
];

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

describe("architecture", () => {
  const files = sourceFiles(src);
  const imports = files.flatMap(importsOf);

  it("knows every folder below src", () => {
    const folders = readdirSync(src, { withFileTypes: true }).map((entry) => entry.name);
    assert.deepEqual(
      folders.filter((folder) => !ORDER.includes(folder)),
      [],
    );
  });

  it("imports only from folders above, in the order of the data flow", () => {
    const wrong = imports
      .filter(({ to }) => to.startsWith(src + sep))
      .filter(goesDown)
      .map(showImport);
    assert.deepEqual(wrong, []);
  });

  it("imports nothing of tests, scripts or benches into the program", () => {
    const wrong = imports.filter(
      ({ to }) => to.startsWith(root + sep) && !to.startsWith(src + sep) && to !== join(root, "package.json"),
    );
    assert.deepEqual(wrong.map(showImport), []);
  });

  it("has each library imported in one file", () => {
    const users = new Map<string, Set<string>>();
    for (const { from, to, typeOnly } of imports) {
      const library = libraryOf(to);
      if (library === undefined || typeOnly) continue;
      users.set(library, (users.get(library) ?? new Set()).add(relative(root, from)));
    }
    const several = [...users]
      .filter(([, files]) => files.size > 1)
      .map(([library, files]) => `${library}: ${[...files].join(", ")}`);
    assert.deepEqual(several, []);
  });
});

function goesDown({ from, to }: Import): boolean {
  const [own, other] = [folderOf(from), folderOf(to)];
  return ORDER.indexOf(other) > ORDER.indexOf(own);
}

function folderOf(file: string): string {
  return relative(src, file).split(sep)[0] ?? "";
}

function showImport({ from, to }: Import): string {
  return `${relative(root, from)} imports ${relative(root, to)}`;
}

/** The package of an import that is neither a file nor built in. */
function libraryOf(to: string): string | undefined {
  if (to.startsWith("/") || to.startsWith("node:") || builtinModules.includes(to)) return undefined;
  const parts = to.split("/");
  return to.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}

/** The files that are written by hand; a folder's own test of imports is not fooled by comments, for imports begin a line. */
function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.(ts|cjs)$/.test(entry.name) && !/\.d\.c?ts$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(from: string): Import[] {
  const text = readFileSync(from, "utf8");
  const written = [...text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']/gm)];
  const called = [...text.matchAll(/\b(?:import|require)\(\s*["']([^"']+)["']\s*\)/g)];
  return [
    ...written.map((match) => ({ from, to: target(from, match[2] ?? ""), typeOnly: match[1] !== undefined })),
    ...called.map((match) => ({ from, to: target(from, match[1] ?? ""), typeOnly: false })),
  ];
}

function target(from: string, name: string): string {
  return name.startsWith(".") ? resolve(dirname(from), name) : name;
}
