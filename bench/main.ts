/** `npm run bench [-- --rounds N] [--only one|many] [--json]`: what the program costs, as ratios. See README.md. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { manyHosts } from "./many-hosts.ts";
import { realHost } from "./real-host.ts";
import { type Row, table } from "./table.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
    program: { type: "string" },
  },
});
const program = values.program ?? join(import.meta.dirname, "../dist/provision.cjs");
if (!existsSync(program)) throw new Error("dist/provision.cjs is not there: npm run build");
const scratch = mkdtempSync(join(tmpdir(), "bench-"));
try {
  mkdirSync(join(scratch, "files"));
  for (const name of ["fifty.yml", "many.yml", "templates"])
    cpSync(join(import.meta.dirname, name), join(scratch, name), { recursive: true });
  writeFileSync(join(scratch, "files/large.txt"), lines(1024 * 1024));
  writeFileSync(join(scratch, "files/small.txt"), lines(2048));
  const rounds = Number(values.rounds);
  const result: Record<string, Row[]> = {};
  if (values.only !== "many") {
    if (process.getuid?.() === 0) result.one = await realHost(program, scratch, rounds);
    else process.stderr.write("one real host: skipped, starting it needs to be root\n");
  }
  if (values.only !== "one") result.many = await manyHosts(program, scratch, Math.max(1, Math.floor(rounds / 4)));
  if (values.json) console.log(JSON.stringify({ node: process.version, rounds, ...result }, undefined, 2));
  else for (const rows of Object.values(result)) console.log(`${table(rows)}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Text of a size in bytes, the same every time, that compresses badly. */
function lines(size: number): string {
  let state = 1;
  let text = "";
  while (text.length < size) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += state.toString(36).padStart(7, "0");
    if (text.length % 70 === 63) text += "\n";
  }
  return `${text.slice(0, size - 1)}\n`;
}
