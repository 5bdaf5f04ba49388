/**
 * `npm test`: the checks of the sources, then every test. The last line is `N passed, N failed, N skipped`, in which a part
 * of the checks counts as a test. With arguments (`npm test -- --grep sysctl`) they go to mocha, and the checks are left out.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChecks } from "./check.ts";
import { COUNTS_FILE, type Counts } from "./test/counting-reporter.ts";

const root = join(import.meta.dirname, "..");
const args = process.argv.slice(2);

const checks = args.length === 0 ? await runChecks() : [];
const failedChecks = checks.filter((check) => !check.ok);
const tests = runMocha(args);
for (const { name } of failedChecks) console.log(`FAILED  check: ${name}`);

const passed = checks.length - failedChecks.length + tests.passed;
const failed = failedChecks.length + tests.failed;
console.log(`${passed} passed, ${failed} failed, ${tests.skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

/** Files among the arguments are run instead of all. A mocha that ends badly without a failed test is one failure. */
function runMocha(given: readonly string[]): Counts {
  const folder = mkdtempSync(join(tmpdir(), "provision-test-"));
  const file = join(folder, "counts.json");
  const files = given.some((arg) => arg.endsWith(".ts")) ? [] : ["test/**/*.test.ts"];
  const reporter = ["--reporter", join(root, "scripts/test/counting-reporter.ts")];
  try {
    const result = spawnSync(join(root, "node_modules/.bin/mocha"), [...reporter, ...given, ...files], {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, [COUNTS_FILE]: file },
    });
    const counts = readCounts(file);
    if (counts === undefined) return { passed: 0, failed: 1, skipped: 0 };
    return result.status === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCounts(file: string): Counts | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Counts;
  } catch {
    return undefined;
  }
}
