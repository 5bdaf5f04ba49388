import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Code } from "../../src/errors/codes.ts";
import { Fault, Faults } from "../../src/errors/fault.ts";
import { showFaults } from "../../src/errors/show.ts";

/** One bad input for a code: the files it is made of, and what reads them. */
export interface GoldenCase {
  /** Text of each file as it is named in places; shown in the snippets. */
  files?: { readonly [file: string]: string };
  /** Throws the fault (or Faults), or answers them. */
  run(files: { readonly [file: string]: string }): unknown;
}

/**
 * Declares one test for each code: the bad input gives a fault of that code, and its text for people is the one in
 * `test/errors/golden/<code>.txt`. `UPDATE_GOLDEN=1` writes the files; read them before you commit.
 */
export function goldenTests(cases: { readonly [C in Code]?: GoldenCase }): void {
  for (const [code, one] of Object.entries(cases) as [Code, GoldenCase][]) {
    it(`${code}: the text for people`, async () => {
      const files = one.files ?? {};
      const faults = await faultsOf(() => one.run(files));
      assert.ok(
        faults.some((fault) => fault.code === code),
        `expected ${code}, got ${faults.map((fault) => `${fault.code}: ${fault.message}`).join("; ") || "nothing"}`,
      );
      compareGolden(code, `${showFaults(faults, { source: (file) => files[file] })}\n`);
    });
  }
}

/** Path of the golden text of a code. */
export function goldenFile(code: string): string {
  return fileURLToPath(new URL(`./golden/${code}.txt`, import.meta.url));
}

function compareGolden(code: string, actual: string): void {
  const file = goldenFile(code);
  if (process.env.UPDATE_GOLDEN === "1") {
    writeFileSync(file, actual);
    return;
  }
  assert.ok(existsSync(file), `there is no ${file}: run with UPDATE_GOLDEN=1 and read it`);
  assert.equal(actual, readFileSync(file, "utf8"));
}

async function faultsOf(run: () => unknown): Promise<readonly Fault[]> {
  try {
    const answer = await run();
    if (answer instanceof Fault) return [answer];
    return Array.isArray(answer) ? answer.filter((one) => one instanceof Fault) : [];
  } catch (error) {
    if (error instanceof Fault) return [error];
    if (error instanceof Faults) return error.faults;
    throw error;
  }
}
