import assert from "node:assert/strict";
import { Fault } from "../../src/errors/fault.ts";
import { showFault, showFaults } from "../../src/errors/show.ts";
import { cutSnippet } from "../../src/errors/snippet.ts";

const place = { file: "play.yml", line: 2, column: 3, length: 3 };

describe("how a fault is shown", () => {
  it("with many others, of which the first are shown and each file is read once", () => {
    const faults = Array.from({ length: 250 }, (_, index) => new Fault("yaml-key", `mistake ${index}`, { place }));
    let reads = 0;
    const source = (): string => {
      reads += 1;
      return `\nread ${reads}`;
    };
    const text = showFaults(faults, { source });
    assert.equal(reads, 1);
    assert.equal(text.match(/^error:/gm)?.length, 100);
    assert.match(text, /\n\nand 150 more mistakes: correct these first$/);
  });

  it("with place, caret, hint, layer and hosts", () => {
    const fault = new Fault("yaml-key", 'unknown argument "mod"', {
      place,
      hint: 'did you mean "mode"?',
      layer: "group web",
      hosts: ["a", "b"],
    });
    assert.equal(
      showFault(fault, { source: () => "file:\n  mod: x\n" }),
      'error: unknown argument "mod" [yaml-key]\n  --> play.yml:2:3\n    2 |   mod: x\n      |   ^^^\n  hint: did you mean "mode"?\n  from group web, play.yml:2\n  hosts: a, b',
    );
  });
  it("without a source, without a place", () => {
    assert.equal(showFault(new Fault("yaml-key", "x", { place })), "error: x [yaml-key]\n  --> play.yml:2:3");
    assert.equal(showFault(new Fault("yaml-key", "x"), { label: "warning" }), "warning: x [yaml-key]");
  });
  it("with colour only when asked", () => {
    const fault = new Fault("yaml-key", "x", { place });
    assert.ok(showFault(fault, { color: true }).includes("\u001b["));
    assert.ok(!showFault(fault, { color: false }).includes("\u001b"));
  });
  it("once for many hosts, in the order of the file", () => {
    const at = (line: number, host: string): Fault =>
      new Fault("yaml-key", "x", { place: { file: "f", line, column: 1 }, hosts: [host] });
    const text = showFaults([at(5, "a"), at(1, "a"), at(5, "b"), at(5, "a")]);
    assert.equal(
      text,
      "error: x [yaml-key]\n  --> f:1:1\n  host: a\n\nerror: x [yaml-key]\n  --> f:5:1\n  hosts: a, b",
    );
  });
  it("with many hosts counted", () => {
    const hosts = Array.from({ length: 40 }, (_, index) => `h${index}`);
    assert.match(showFault(new Fault("yaml-key", "x", { hosts })), /h7 and 32 more$/);
  });
  it("lets no control character through", () => {
    const evil = "\u001b[2J\u0007\u0000\u009b\u202e";
    const shown = showFault(
      new Fault("yaml-key", `a${evil}\nb`, {
        place: { ...place, file: `f${evil}` },
        hint: evil,
        layer: evil,
        hosts: [evil],
      }),
      { source: () => `\n ${evil}\n` },
    );
    assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

describe("snippets", () => {
  it("show tabs as four columns", () => {
    assert.deepEqual(cutSnippet("\ta:\tb\n", { file: "f", line: 1, column: 5, length: 1 }), {
      line: "    a:    b",
      indent: " ".repeat(10),
      caret: "^",
    });
  });
  it("cut long lines around the place", () => {
    const text = `${"x".repeat(500)}HERE${"y".repeat(500)}`;
    const cut = cutSnippet(text, { file: "f", line: 1, column: 501, length: 4 });
    assert.ok(cut !== undefined);
    assert.ok(cut.line.length <= 104 && cut.line.startsWith("…") && cut.line.endsWith("…"));
    assert.equal(cut.line.slice(cut.indent.length, cut.indent.length + cut.caret.length), "HERE");
  });
  it("point behind the end of a line", () =>
    assert.deepEqual(cutSnippet("a: [", { file: "f", line: 1, column: 5 }), {
      line: "a: [",
      indent: "    ",
      caret: "^",
    }));
  it("count wide characters as two columns", () =>
    assert.equal(cutSnippet("日本 x", { file: "f", line: 1, column: 4 })?.indent.length, 5));
  it("cut no line that is not there", () =>
    assert.equal(cutSnippet("a\n", { file: "f", line: 9, column: 1 }), undefined));
  it("are quick in a huge line", () =>
    assert.ok(
      (cutSnippet("x".repeat(1 << 22), { file: "f", line: 1, column: 1 << 21, length: 1 << 20 })?.line.length ?? 0) <
        300,
    ));
});
