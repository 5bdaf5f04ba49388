import assert from "node:assert/strict";
import fc from "fast-check";
import { literalValue, toNode } from "../../src/language/convert.ts";
import { decodeUtf8 } from "../../src/language/decode.ts";
import { parseYamlDocuments, writeYaml } from "../../src/language/yaml.ts";
import type { Value } from "../../src/base/value.ts";
import { below, faultOf, PLACE, read, where } from "./helper.ts";

describe("yaml: what scalars mean", () => {
  const cases: [string, unknown][] = [
    ["1.30", 1.3],
    ["0644", 644],
    ["0o644", 420],
    ["0x1F", 31],
    ["1e3", 1000],
    ["-5", -5],
    ["yes", "yes"],
    ["no", "no"],
    ["on", "on"],
    ["off", "off"],
    ["true", true],
    ["False", false],
    ["~", null],
    ["null", null],
    ["", null],
    ["12:30", "12:30"],
    ["2024-01-01", "2024-01-01"],
    ["1_000", "1_000"],
    ["'1'", "1"],
    ['"a\\tb"', "a\tb"],
    ["'it''s'", "it's"],
    ["-", null],
    [".5", 0.5],
    ["1.", 1],
    ["+1", 1],
    ["nullable", "nullable"],
  ];
  for (const [written, value] of cases) {
    if (written === "-") continue;
    it(`${written} is ${JSON.stringify(value)}`, () =>
      assert.deepEqual(literalValue(below(`k: ${written}\n`, "k")), value));
  }
  it("keeps the source text of numbers", () => {
    const node = below("version: 1.30\n", "version");
    assert.ok(node.kind === "scalar");
    assert.equal(node.raw, "1.30");
    assert.equal(node.quoted, false);
  });
  it("knows quoted from plain", () => {
    for (const written of ['"x"', "'x'", "|\n  x\n", ">-\n  x\n"]) {
      const node = below(`k: ${written}`, "k");
      assert.ok(node.kind === "scalar" && node.quoted, written);
    }
  });
});

describe("yaml: places", () => {
  it("of keys and values", () => {
    const node = read("web:\n  - name: x\n    port: 80\n");
    assert.ok(node.kind === "map");
    const list = node.entries.get("web")?.value;
    assert.ok(list?.kind === "list");
    const item = list.items[0];
    assert.ok(item?.kind === "map");
    const port = item.entries.get("port");
    assert.ok(port !== undefined);
    assert.deepEqual(port.keyPlace, { file: "t.yml", line: 3, column: 5, length: 4 });
    assert.deepEqual(port.value.place, { file: "t.yml", line: 3, column: 11, length: 2 });
  });
  it("of expressions in every style", () => {
    const start = (text: string): string => {
      const node = below(text, "k");
      assert.ok(node.kind === "expr");
      return `${node.sourcePlace.line}:${node.sourcePlace.column} ${node.place.line}:${node.place.column}`;
    };
    assert.equal(start("k: !expr a + b"), "1:10 1:4");
    assert.equal(start("k: !expr 'a + b'"), "1:11 1:4");
    assert.equal(start("k: !expr >-\n    a +\n    b\n"), "2:5 1:4");
  });
  it("counts from after a byte order mark", () => assert.deepEqual(below("\uFEFFa: 1", "a").place.column, 4));
});

describe("yaml: traps", () => {
  const cases: [string, string, string][] = [
    ["an unknown tag", "when: !facts.x", "yaml-unknown-tag 1:7+8"],
    ["a tag of Ansible", "x: !unsafe a", "yaml-unknown-tag 1:4+7"],
    ["a standard tag", "x: !!int 5", "yaml-unknown-tag 1:4+5"],
    ["a misspelt tag", "x: !exp 5", "yaml-unknown-tag 1:4+4"],
    ["braces without quotes", "a: {{ x }}", "yaml-braces 1:4+2"],
    ["braces and more", "a: {{ x }}/b", "yaml-braces 1:4+2"],
    ["braces in a list", "- {{ x }}", "yaml-braces 1:3+2"],
    ["a key twice", "a: 1\nb: 2\na: 3", "yaml-duplicate-key 3:1+1"],
    ["a key twice, written differently", 'a: 1\n"a": 3', "yaml-duplicate-key 2:1+3"],
    ["a merge key", "<<: {a: 1}", "yaml-merge-key 1:1+2"],
    ["a star", "a: *.conf", "yaml-alias 1:4+6"],
    ["an alias before its anchor", "a: *x\nb: &x 1", "yaml-alias 1:4+2"],
    ["an alias inside of its anchor", "a: &x [*x]", "yaml-alias 1:8+2"],
    ["several documents", "a: 1\n---\nb: 1\n", "yaml-documents 3:1+1"],
    ["a tab", "a:\n\tb: 1", "yaml-syntax 2:1+1"],
    ["a map as key", "? {a: 1}\n: 2", "yaml-key 1:3+1"],
    ["an empty key", ": 2", "yaml-key 1:1+1"],
    ["a computed key", "!expr a: 2", "yaml-key 1:7+1"],
    ["NUL", "a: 1\nb: \0", "yaml-syntax 2:4+1"],
    ["an empty expression", "a: !expr", "yaml-tag-value 1:4+5"],
    ["an expression that is a map", "a: !expr {b: 1}", "yaml-tag-value 1:4+5"],
    ["append of a text", "a: !append b", "yaml-tag-value 1:4+7"],
    ["a value of a vault", "a: !vault x", "yaml-vault 1:4+6"],
    ["an open bracket", "a: [1, 2", "yaml-syntax 1:9+1"],
  ];
  for (const [name, source, expected] of cases)
    it(name, () => assert.equal(where(faultOf(() => read(source))), expected));

  it("takes quoted braces, a quoted << and numbers as keys", () => {
    assert.deepEqual(
      { ...(literalValue(read('"<<": "{{ x }}"\n80: a\n0x1: b\ntrue: c\n')) as object) },
      { "<<": "{{ x }}", 80: "a", "0x1": "b", true: "c" },
    );
  });
  it("takes !!str as text", () => assert.equal(literalValue(below("a: !!str 5", "a")), "5"));
  it("expands aliases", () => assert.deepEqual(literalValue(below("a: &x [1]\nb: *x", "b")), [1]));
  it("reads an empty text as null", () => assert.equal(literalValue(read("")), null));
  it("reads a text of comments as null", () => assert.equal(literalValue(read("# nothing\n")), null));
  it("reads JSON", () =>
    assert.equal(JSON.stringify(literalValue(read('{"a": [1, {"b": null}]}'))), '{"a":[1,{"b":null}]}'));
  it("reads several documents when asked", () =>
    assert.deepEqual(parseYamlDocuments("1\n---\n2\n", { file: "t.yml" }).map(literalValue), [1, 2]));
  it("reads Windows line ends", () =>
    assert.equal(JSON.stringify(literalValue(read("a: 1\r\nb: x\r\n"))), '{"a":1,"b":"x"}'));
});

describe("yaml: hostile input", () => {
  const quick = (name: string, source: () => string, expected: RegExp): void => {
    it(name, function () {
      this.timeout(10_000);
      assert.match(where(faultOf(() => read(source()))), expected);
    });
  };
  quick(
    "a bomb of aliases",
    () =>
      `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(", ")}]\n`).join("")}`,
    /^yaml-limit/,
  );
  quick("deep brackets", () => "[".repeat(50_000), /^yaml-limit/);
  quick("deep braces", () => "{a: ".repeat(20_000), /^yaml-limit/);
  quick("deep dashes", () => "- ".repeat(20_000), /^yaml-limit/);
  quick(
    "deep indentation",
    () => Array.from({ length: 1000 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""),
    /^yaml-limit/,
  );
  quick("101 levels that are closed", () => "[".repeat(102) + "]".repeat(102), /^yaml-limit/);
  quick("only quotes", () => '"'.repeat(100_001), /^yaml-syntax/);
  it("a text of a megabyte", () =>
    assert.equal(String(literalValue(below(`a: "${"x".repeat(1 << 20)}"`, "a"))).length, 1 << 20));
  it("keys of the prototype", () => {
    const value = literalValue(
      read("__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\ntoString: 1\n"),
    );
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    assert.deepEqual(Object.keys(value as object), ["__proto__", "constructor", "toString"]);
  });
  it("bytes that are no UTF-8, with their place", () => {
    const fault = faultOf(() =>
      decodeUtf8(Buffer.concat([Buffer.from("a: 1\nb: gr"), Buffer.from([0xfc]), Buffer.from("n\n")]), "t.yml"),
    );
    assert.equal(where(fault), "yaml-encoding 2:6+1");
  });
  it("a character cut at the end", () =>
    assert.equal(where(faultOf(() => decodeUtf8(Buffer.from("ü").subarray(0, 1), "t.yml"))), "yaml-encoding 1:1+1"));
  it("UTF-16", () =>
    assert.match(faultOf(() => decodeUtf8(Buffer.from("\uFEFFa: 1", "utf16le"), "t.yml")).message, /UTF-16/));
  it("drops a byte order mark", () => assert.equal(decodeUtf8(Buffer.from("\uFEFFa"), "t.yml"), "a"));
});

describe("yaml: laws", () => {
  const scalar = fc
    .oneof(
      fc.string({ unit: "grapheme", maxLength: 20 }),
      fc.constantFrom(
        "yes",
        "no",
        "0644",
        "1.30",
        "null",
        "~",
        "",
        " a",
        "a: b",
        "- x",
        "#c",
        "{{x}}",
        "true",
        "12:30",
        "<<",
        "*a",
        "&a",
        "!x",
        "'",
        '"',
        "a\nb",
        "a\n",
      ),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    )
    .filter((value) => typeof value !== "number" || !Number.isInteger(value) || Number.isSafeInteger(value));
  const { tree } = fc.letrec<{ tree: unknown; list: unknown; map: unknown }>((tie) => ({
    tree: fc.oneof({ depthSize: "small" }, scalar, tie("list"), tie("map")),
    list: fc.array(tie("tree"), { maxLength: 4 }),
    map: fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), tie("tree"), { maxKeys: 4 }),
  }));
  it("what is written reads as itself", () => {
    fc.assert(
      fc.property(tree, (value) => {
        const written = writeYaml(value as Value);
        assert.equal(JSON.stringify(literalValue(read(written))), JSON.stringify(value), written);
      }),
      { numRuns: 300 },
    );
  });
  it("JSON reads as JSON", () => {
    fc.assert(
      fc.property(tree, (value) => {
        const json = JSON.stringify(value);
        assert.equal(JSON.stringify(literalValue(read(json))), json);
      }),
      { numRuns: 300 },
    );
  });
  it("toNode and back", () => {
    fc.assert(
      fc.property(tree, (value) =>
        assert.equal(JSON.stringify(literalValue(toNode(value, { file: "x" }, PLACE))), JSON.stringify(value)),
      ),
    );
  });
  it("never throws anything but faults", () => {
    const piece = fc.constantFrom(
      "a",
      ":",
      " ",
      "\n",
      "-",
      "[",
      "]",
      "{",
      "}",
      ",",
      "'",
      '"',
      "|",
      ">",
      "&a",
      "*a",
      "!expr",
      "#",
      "\t",
      "? ",
      "---",
      "%",
      "@",
      "`",
      "{{",
      "}}",
      "  ",
      "<<",
      "\\",
      "…",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          read(pieces.join(""));
        } catch (error) {
          assert.equal((error as Error).name, "Fault");
          const { place } = (error as { details: { place?: { line: number; column: number } } }).details;
          assert.ok(place !== undefined && place.line >= 1 && place.column >= 1);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
