/** Looks at the sources without running them: one line a part with its time, what it found below. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "..");
const bin = (name: string): string => join(root, "node_modules/.bin", name);

const PARTS: readonly { name: string; command: readonly string[] }[] = [
  { name: "types", command: [bin("tsc"), "-p", "."] },
  { name: "format and lint", command: [bin("biome"), "check", "--error-on-warnings", "--max-diagnostics=40", "."] },
  { name: "lint with types", command: [bin("eslint"), "--max-warnings=0", "src", "test", "scripts", "bench"] },
  { name: "unused code", command: [bin("knip"), "--no-progress"] },
  { name: "generated files", command: [process.execPath, "--import", "tsx", "scripts/generate.ts", "--check"] },
  { name: "imports", command: [bin("mocha"), "--reporter", "dot", "test/architecture.test.ts"] },
];

export interface CheckResult {
  name: string;
  ok: boolean;
}

/** Runs all parts side by side. */
export async function runChecks(): Promise<CheckResult[]> {
  return await Promise.all(
    PARTS.map(async ({ name, command }) => {
      const started = Date.now();
      const { ok, output } = await run(command);
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      console.log(`${ok ? "ok    " : "FAILED"}  ${name}  ${seconds} s${ok ? "" : `\n${output.trimEnd()}\n`}`);
      return { name, ok };
    }),
  );
}

function run([program = "", ...args]: readonly string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    child.stdout.on("data", (bytes: Buffer) => output.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => output.push(bytes));
    child.on("error", (error) => resolve({ ok: false, output: error.message }));
    child.on("close", (code) => resolve({ ok: code === 0, output: Buffer.concat(output).toString("utf8") }));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const results = await runChecks();
  process.exitCode = results.every((result) => result.ok) ? 0 : 1;
}
