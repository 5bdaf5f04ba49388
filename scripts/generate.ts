/** Writes everything that is generated; with `--check` only says what is not up to date, and fails. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { registryFile } from "./generate/registry.ts";

const root = join(import.meta.dirname, "..");
const check = process.argv.includes("--check");

// The registry and the agent's texts come first: the pages are made from sources that import them.
const stale = write(registryFile(root));
const agent = runAgentGenerator();
const { docFiles, GENERATED_FOLDERS } = await import("./generate/docs.ts");
const { roleReadmes } = await import("./generate/role-readmes.ts");
const pages = docFiles();
stale.push(
  ...write(pages),
  ...write(roleReadmes(root)),
  ...GENERATED_FOLDERS.flatMap((folder) => removeOthers(folder, pages)),
);

if (check && stale.length > 0) {
  console.error(`not up to date: ${stale.join(", ")}\nrun: npm run generate`);
}
process.exitCode = (check && stale.length > 0) || !agent ? 1 : 0;

/** Writes what differs (not with `--check`); returns the paths that differed. */
function write(files: ReadonlyMap<string, string>): string[] {
  const differing = [...files].filter(
    ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text,
  );
  for (const [path, text] of check ? [] : differing) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return differing.map(([path]) => path);
}

/** Removes pages of what is no more (not with `--check`); returns their paths. */
function removeOthers(folder: string, files: ReadonlyMap<string, string>): string[] {
  if (!existsSync(join(root, folder))) return [];
  const others = readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => !files.has(path));
  for (const path of check ? [] : others) rmSync(join(root, path));
  return others;
}

/** The agent's shell texts have a generator of their own, which takes the same option. */
function runAgentGenerator(): boolean {
  const script = join(root, "scripts/generate-agent.ts");
  const result = spawnSync(process.execPath, ["--import", "tsx", script, ...(check ? ["--check"] : [])], {
    cwd: root,
    stdio: "inherit",
  });
  return result.status === 0;
}
