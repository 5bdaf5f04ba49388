import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../scripts/build/bundle.ts";
import { wrapBundle } from "../../scripts/build/launcher.ts";

const RECORDER = new URL("../../scripts/build/record.cjs", import.meta.url).pathname;

describe("the launcher of the bundle", () => {
  let folder: string;
  let file: string;
  const run = (...options: string[]): string =>
    execFileSync(process.execPath, [...options, file], {
      encoding: "utf8",
      env: { ...process.env, RECORD_CODE: join(folder, "record") },
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "launcher-"));
    file = join(folder, "program.cjs");
    writeFileSync(
      file,
      '#!/usr/bin/env node\n/* a comment */ console.log("*/ $& µ", /µ.*/.test("µs"), require("node:path").basename(__filename), typeof module.exports);\n',
    );
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("runs the text as if it were the file", () => {
    const before = run();
    wrapBundle(file);
    assert.equal(run(), before);
    assert.equal(before, "*/ $& µ true program.cjs object\n");
  });

  it("uses what was compiled before, and does without where that is not right", () => {
    const cache = wrapBundle(file);
    const expected = run("--require", RECORDER);
    const compiled = readFileSync(join(folder, "record"));
    writeFileSync(cache, compiled);
    assert.equal(run(), expected);
    writeFileSync(cache, "not compiled code");
    assert.equal(run(), expected);
    writeFileSync(cache, compiled.subarray(0, 100));
    assert.equal(run(), expected);
  });

  it("is given a text without `import()`, which does not work in what it compiles", async function () {
    this.timeout(60_000);
    const whole = join(folder, "whole.cjs");
    await bundle(whole);
    assert.doesNotMatch(readFileSync(whole, "utf8"), /\bimport\(["'`\w]/);
  });
});
