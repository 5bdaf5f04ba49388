import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

describe("demo", function () {
  this.timeout(120_000);

  it("checks, applies, and finds nothing to do", () => {
    const result = spawnSync(process.execPath, ["--import", "tsx", "scripts/demo.ts"], { cwd: root, encoding: "utf8" });
    assert.equal(result.status, 0, result.stderr + result.stdout);
    const lines = result.stdout.trimEnd().split("\n");
    assert.match(lines.at(-1) ?? "", /3 hosts, 11 ok, 0 changed/);
    assert.ok(lines.some((line) => /would change/.test(line)));
  });
});
