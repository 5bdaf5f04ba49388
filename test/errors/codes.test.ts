import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { codes } from "../../src/errors/codes.ts";
import { goldenFile } from "./golden.ts";

describe("the table of codes", () => {
  for (const [code, { title, page }] of Object.entries(codes)) {
    it(`${code} has a title and a page`, () => {
      assert.match(code, /^[a-z]+(?:-[a-z0-9]+)*$/);
      assert.ok(title.length > 5 && !title.endsWith("."), title);
      assert.ok(page.length > 120, `the page of ${code} is too short to help`);
    });
    it(`${code} has a golden text`, () => {
      assert.ok(
        existsSync(goldenFile(code)),
        `add a bad input for ${code} with goldenTests() and run it with UPDATE_GOLDEN=1`,
      );
    });
  }
});
