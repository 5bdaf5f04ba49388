/** Writes src/agent/scripts.generated.ts from the shell of the agent: comments and indentation are left out, they would travel to every host. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = fileURLToPath(new URL("../src/agent/", import.meta.url));
export const generatedFile = join(folder, "scripts.generated.ts");

/** The text of the generated file, for writing it and for testing that it is up to date. */
export function generateAgent(): string {
  const library = readdirSync(join(folder, "lib"))
    .filter((name) => name.endsWith(".sh"))
    .sort()
    .map((name) => ({
      name: `LIBRARY_${name.slice(0, -3).toUpperCase()}`,
      text: strip(readFileSync(join(folder, "lib", name), "utf8")),
    }));
  const runner = strip(readFileSync(join(folder, "runner.sh"), "utf8"));
  return [
    "// Made by scripts/generate-agent.ts from src/agent/*.sh and src/agent/lib/*.sh. Do not edit.",
    constant(
      "COMMON",
      "Shell that every shell of the agent begins with.",
      strip(readFileSync(join(folder, "common.sh"), "utf8")),
    ),
    constant("AGENT", "The agent itself, after COMMON.", strip(readFileSync(join(folder, "agent.sh"), "utf8"))),
    ...library.map(({ name, text }) =>
      constant(name, "A part of the library for changes; readers that need it bring it along.", text),
    ),
    constant(
      "RUNNER",
      "What batch programs call, after COMMON: the runner and the library for changes.",
      runner,
      library.map(({ name }) => name),
    ),
  ].join("\n\n");
}

/** Without lines that are only a comment, without leading blanks, without empty lines. A quoted text over several lines keeps its meaning only where blanks do not count. */
function strip(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join("\n");
}

function constant(name: string, says: string, text: string, more: readonly string[] = []): string {
  const lines = [...text.split("\n").map((line) => JSON.stringify(line)), ...more].map((line) => `  ${line},`);
  return `/** ${says} */\nexport const ${name}: string = [\n${lines.join("\n")}\n].join("\\n");\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync(generatedFile, generateAgent());
