import assert from "node:assert/strict";
import fc from "fast-check";
import { splitWords } from "../../src/inventory/ini-words.ts";
import { type Literal, readPythonLiteral } from "../../src/inventory/python-literal.ts";

describe("Python literals", () => {
  const cases: [string, Literal][] = [
    ["5", 5],
    ["-5", -5],
    ["+5", 5],
    ["1.5", 1.5],
    [".5", 0.5],
    ["1.", 1],
    ["1e3", 1000],
    ["0x1F", 31],
    ["0o17", 15],
    ["0b101", 5],
    ["1_000", 1000],
    ["0", 0],
    ["00", 0],
    ["0644", "0644"],
    ["1__0", "1__0"],
    ["0x", "0x"],
    ["10.0.0.1", "10.0.0.1"],
    ["2020-01-01", "2020-01-01"],
    ["12:30", "12:30"],
    ["5s", "5s"],
    ["1e999", "1e999"],
    ["12345678901234567890", "12345678901234567890"],
    ["1j", "1j"],
    ["--5", "--5"],
    ["True", true],
    ["False", false],
    ["None", null],
    ["true", "true"],
    ["yes", "yes"],
    ["Truex", "Truex"],
    ["", ""],
    ["'a'", "a"],
    ["'a' 'b'", "ab"],
    ["u'ü'", "ü"],
    ["r'\\n'", "\\n"],
    ["'\\n\\x41\\u00fc\\q'", "\nAü\\q"],
    ["'''a'b'''", "a'b"],
    ["b'a'", "b'a'"],
    ["'a", "'a"],
    ["''", ""],
    ["['a', 'b',]", ["a", "b"]],
    ["[]", []],
    ["[,]", "[,]"],
    ["[a]", "[a]"],
    ["(1)", 1],
    ["(1,)", [1]],
    ["()", []],
    ["80,443", [80, 443]],
    ["1,", [1]],
    ["{1, 2}", [1, 2]],
    ["{}", {}],
    ["{'x': 1, 2: None}", { x: 1, 2: null }],
    ["{'x': }", "{'x': }"],
    ["{x: 1}", "{x: 1}"],
    ["{'a': [{'b': (1, 2)}]}", { a: [{ b: [1, 2] }] }],
    ["5 # five", 5],
    ["x # y", "x # y"],
    [" 5 ", 5],
    ["5 6", "5 6"],
  ];
  for (const [text, value] of cases)
    it(`${text} is ${JSON.stringify(value)}`, () => assert.deepEqual(readPythonLiteral(text), value));

  it("keep __proto__ a plain key", () => {
    assert.deepEqual(Object.entries(readPythonLiteral("{'__proto__': 1}") as object), [["__proto__", 1]]);
  });

  it("give up on deep nesting and long text in little time", () => {
    for (const text of [
      "[".repeat(100_000),
      "(".repeat(100_000),
      `${"1".repeat(1_000_000)}a`,
      "'".repeat(999_999),
      "{1:".repeat(50_000),
      "\\".repeat(100_000),
    ])
      assert.equal(readPythonLiteral(text), text);
  });

  it("read what JSON and Python write the same way", () => {
    const data = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.integer(),
        fc.string().map((text) => text.replace(/[^ -~]/g, "")),
        fc.array(tie("value")),
        fc.dictionary(
          fc.string().map((text) => text.replace(/[^ -~]/g, "")),
          tie("value"),
        ),
      ),
    })).value;
    fc.assert(
      fc.property(data, (value) =>
        assert.equal(JSON.stringify(readPythonLiteral(` ${JSON.stringify([value])}`)), JSON.stringify([value])),
      ),
    );
  });
});

describe("words of a host's line", () => {
  const cases: [string, string[]][] = [
    ["a b  c", ["a", "b", "c"]],
    ["a='x y'", ["a=x y"]],
    ['a="x \\" y"', ['a=x " y']],
    ["a='x \\' y", ["a=x \\", "y"]],
    ["a\\ b", ["a b"]],
    ['a="\\n"', ["a=\\n"]],
    ["a # b", ["a"]],
    ["a#b c", ["a"]],
    ["'#'", ["#"]],
    ["a=''", ["a="]],
    ["a'b'\"c\"d", ["abcd"]],
    ["", []],
  ];
  for (const [text, words] of cases)
    it(`${text} is ${JSON.stringify(words)}`, () =>
      assert.deepEqual(
        splitWords(text).words.map((word) => word.text),
        words,
      ));

  it("say where quotes are left open", () => {
    assert.throws(() => splitWords("a 'b"), { message: "the quote ' is never closed", column: 3 });
    assert.throws(() => splitWords("a b\\"), { column: 4 });
  });

  it("any text survives quoting", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const quoted = `'${text.replaceAll("'", `'\\''`)}'`;
        assert.deepEqual(
          splitWords(`x ${quoted}`).words.map((word) => word.text),
          ["x", text],
        );
      }),
    );
  });
});
