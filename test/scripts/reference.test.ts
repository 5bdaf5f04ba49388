import assert from "node:assert/strict";
import { docFiles } from "../../scripts/generate/docs.ts";
import { table } from "../../src/cli/reference/table.ts";
import { codes } from "../../src/errors/codes.ts";
import { modules } from "../../src/modules/registry.generated.ts";

describe("generated reference", () => {
  const pages = docFiles();

  it("has a page for every module, with all of its arguments", () => {
    for (const [name, module] of modules) {
      const page = pages.get(`docs/reference/modules/${name}.md`) ?? "";
      for (const argument of Object.keys(module.args))
        assert.ok(page.includes(`| \`${argument}\``), `${name}: ${argument}`);
    }
  });

  it("has a page for every error code that says what to do", () => {
    for (const [slug, { title, page }] of Object.entries(codes)) {
      assert.ok(pages.has(`docs/errors/${slug}.md`));
      assert.ok(title !== "" && page.trim().length > 60, `${slug} has no real page`);
    }
  });

  it("leads only to pages that are there", () => {
    for (const index of ["docs/reference/modules/README.md", "docs/errors/README.md"]) {
      const folder = index.replace("README.md", "");
      for (const match of (pages.get(index) ?? "").matchAll(/\]\(([^)]+)\)/g))
        assert.ok(pages.has(`${folder}${match[1] ?? ""}`), match[1]);
    }
  });

  it("keeps bars and newlines inside cells", () => {
    assert.equal(table(["A", "B"], [["x|y", "a\n  b"]]), "| A    | B |\n| ---- | --- |\n| x\\|y | a b |");
  });
});
