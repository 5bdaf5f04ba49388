import assert from "node:assert/strict";
import fc from "fast-check";
import { columns, cutTo, pad } from "../../src/report/columns.ts";
import { contentDiff } from "../../src/report/content-diff.ts";
import { visible, visibleLine } from "../../src/report/visible.ts";

describe("report: text", () => {
  it("shows control characters instead of sending them", () => {
    assert.equal(visible("a\u001b[31mb\tc\r\nd\re\u009b"), "a\\x1b[31mb\tc\nd\\re\\x9b");
    assert.equal(visibleLine("a\nb\tc\u202e\ud800"), "a\\nb\\tc\\u202e\\ud800");
    assert.equal(visible("grüße 你好 👍"), "grüße 你好 👍");
  });

  it("leaves no control character in a line, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.doesNotMatch(visibleLine(text), /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it("counts columns and cuts to them", () => {
    assert.equal(columns("你好"), 4);
    assert.equal(columns("\u001b[1mab\u001b[22m"), 2);
    assert.equal(cutTo("abcdef", 4), "abc…");
    assert.equal(cutTo("你好吗", 5), "你好…");
    assert.equal(pad("你", 4), "你  ");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), (text, width) =>
        assert.ok(columns(cutTo(visibleLine(text), width)) <= width),
      ),
    );
  });

  it("says where a diff cannot help", () => {
    assert.deepEqual(contentDiff("a\0", "b"), [{ kind: "note", text: "(binary content differs)" }]);
    const long = (seed: number): string =>
      Array.from({ length: 20_000 }, (_, line) => `${(line * seed) % 7919}-${seed}\n`).join("");
    assert.deepEqual(contentDiff(long(3), long(5)), [{ kind: "note", text: "(too different to show line by line)" }]);
  });

  it("shows line endings and the missing last newline", () => {
    const texts = contentDiff("a\r\n", "a\nb").map((line) => line.text);
    assert.deepEqual(texts, ["@@ -1,1 +1,2 @@", "-a␍", "+a", "+b", "(no newline at the end)"]);
  });
});
