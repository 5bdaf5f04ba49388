import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { firstOf } from "./shells.ts";

const folder = fileURLToPath(new URL("../../src/agent/", import.meta.url));

describe("shellcheck", function () {
  this.timeout(60_000);
  for (const part of [".", "lib"]) {
    for (const name of readdirSync(join(folder, part)).filter((file) => file.endsWith(".sh"))) {
      it(`has nothing to say about ${join(part, name)}`, function () {
        const program = firstOf("shellcheck");
        if (program === undefined) {
          console.warn("      SKIPPED: shellcheck is not installed");
          this.skip();
        }
        // The library runs under set -e, where a cd that fails ends the step.
        const how = part === "." ? ["-S", "style"] : ["-S", "warning", "-e", "SC2164"];
        const { stdout } = spawnSync(program, ["-s", "sh", ...how, join(folder, part, name)], { encoding: "utf8" });
        assert.equal(stdout, "");
      });
    }
  }
});
