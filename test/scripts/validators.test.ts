import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ValidateFunction } from "ajv/dist/2020.js";
import { validatorsCode } from "../../scripts/build/validators.ts";
import { compileSchema, schemaKey } from "../../src/language/validator.ts";

const root = join(import.meta.dirname, "../..");
const schema = {
  type: "object",
  properties: {
    address: { type: "string", format: "cidr" },
    ports: { type: "array", items: { type: "integer", minimum: 1 }, uniqueItems: true },
  },
  required: ["address"],
  additionalProperties: false,
};

describe("validators compiled by the build", () => {
  it("say what those compiled on the spot say", () => {
    // Beside the sources, so that what the code requires is found.
    mkdirSync(join(root, ".cache"), { recursive: true });
    const folder = mkdtempSync(join(root, ".cache/validators-"));
    const file = join(folder, "validators.cjs");
    writeFileSync(
      file,
      validatorsCode([schema]).replaceAll('"./validator.ts"', JSON.stringify(join(root, "src/language/validator.ts"))),
    );
    const made = createRequire(import.meta.url)(file) as Record<string, ValidateFunction | undefined>;
    rmSync(folder, { recursive: true });
    const validate = made[schemaKey(schema)];
    assert.ok(validate);
    for (const value of [{ address: "10.0.0.0/8" }, { address: "10.0.0/8", ports: [0, 1, 1], prot: 1 }, {}, 1]) {
      const other = compileSchema(schema);
      assert.equal(validate(value), other(value));
      const shown = (errors: ValidateFunction["errors"]) =>
        (errors ?? []).map((error) => [error.keyword, error.instancePath, error.params]);
      assert.deepEqual(shown(validate.errors), shown(other.errors));
    }
  });

  it("take an edited schema for another one", () => {
    assert.notEqual(schemaKey(schema), schemaKey({ ...schema, required: [] }));
  });
});
