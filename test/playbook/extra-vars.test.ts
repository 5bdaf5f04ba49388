import assert from "node:assert/strict";
import { literalValue } from "../../src/language/convert.ts";
import { readExtraVars } from "../../src/playbook/extra-vars.ts";
import { Folder } from "./fixture.ts";

const plain = (...given: string[]): unknown => {
  const node = readExtraVars(given);
  return node === undefined ? undefined : JSON.parse(JSON.stringify(literalValue(node)));
};

describe("-e", () => {
  it("sets names and paths to YAML scalars, later ones over earlier ones", () => {
    assert.equal(plain(), undefined);
    assert.deepEqual(plain("a=1", "b.c=true", "b.d=x", "b.c=no", "e=", "f=a=b", 'g="1"', "h=[1", "i={{a}}", "j=a: b"), {
      a: 1,
      b: { c: "no", d: "x" },
      f: "a=b",
      g: "1",
      h: "[1",
      i: "{{a}}",
      j: "a: b",
    });
  });

  it("reads files as data", () => {
    const folder = new Folder({ "vars.json": '{"a": {"b": "{{c}}"}}', "list.yml": "- a" });
    try {
      const node = readExtraVars(["@vars.json"], folder.path);
      assert.equal(node?.origin.data, true);
      assert.throws(() => readExtraVars(["@list.yml"], folder.path), /has to be a map/);
      assert.throws(() => readExtraVars(["@none.yml"], folder.path), /there is no file/);
    } finally {
      folder.remove();
    }
  });

  it("refuses what is no setting", () => {
    for (const text of ["a", "=1", "a..b=1", ""]) assert.throws(() => readExtraVars([text]), /is not of the form/);
  });
});
