import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What some machines have not: being root, or a program by its name. */
export type Need = "root" | (string & {});

/**
 * Says what the tests of a `describe` need. Where something is missing they are skipped, and the reason is printed; with
 * `CI=true` nothing may be skipped, and they fail instead.
 */
export function needs(...wanted: readonly Need[]): void {
  before(function () {
    const missing = wanted.filter((need) => !isThere(need));
    if (missing.length === 0) return;
    const what = `needs ${missing.map((need) => (need === "root" ? "to be root" : `the program ${need}`)).join(" and ")}`;
    if (process.env.CI === "true") throw new Error(`${what}, and with CI=true no test is skipped`);
    console.log(`skipped: ${this.test?.parent?.fullTitle() ?? ""} ${what}`);
    this.skip();
  });
}

/** True where a need is met; for programs, the folders that only root has in its PATH count too. */
export function isThere(need: Need): boolean {
  if (need === "root") return process.getuid?.() === 0;
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  return folders.some((folder) => existsSync(join(folder, need)));
}

/** Without what it needs a test is skipped, and says so; with CI=true it fails. */
export function skipLoudly(test: Mocha.Context, need: string): void {
  const text = `${test.test?.fullTitle() ?? ""} needs ${need}`;
  if (process.env.CI === "true") throw new Error(text);
  console.log(`skipped: ${text}`);
  test.skip();
}
