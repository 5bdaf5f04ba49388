import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { generateAgent, generatedFile } from "../../scripts/generate-agent.ts";
import { loaderFrames } from "../../src/agent/loader.ts";

describe("generated scripts of the agent", () => {
  it("are up to date (else: npm run generate)", () => {
    assert.equal(readFileSync(generatedFile, "utf8"), generateAgent());
  });
  it("are small: what every host is sent before its first answer", () => {
    assert.ok(loaderFrames("n", "/bin/sh").length < 9000);
  });
});
