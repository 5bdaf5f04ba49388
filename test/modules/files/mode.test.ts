import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { applyMode, showMode } from "../../../src/modules/files/mode.ts";

interface ModeCase {
  id: string;
  kind: string;
  start: string;
  mode: string;
  umask: string;
  expect: { mode: string };
}

const cases = JSON.parse(
  readFileSync(new URL("../../cases/symbolic-modes.json", import.meta.url), "utf8"),
) as ModeCase[];

describe("symbolic modes", () => {
  for (const one of cases) {
    it(`${one.kind} ${one.start} ${one.mode}`, () => {
      const mode = applyMode(
        one.mode,
        Number.parseInt(one.start, 8),
        one.kind === "directory",
        Number.parseInt(one.umask, 8),
      );
      assert.equal(showMode(mode), one.expect.mode);
    });
  }
});
