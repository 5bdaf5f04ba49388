import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Value } from "../../src/base/value.ts";
import type { Node } from "../../src/language/node.ts";
import { readWithLibrary } from "../../src/language/yaml-library.ts";
import { readPlainYaml } from "../../src/language/yaml-plain.ts";
import { writeYaml } from "../../src/language/yaml.ts";

const ORIGIN = { file: "t.yml" };

/** A node as plain data; where an empty value stands is of no interest. */
function flat(node: Node): unknown {
  const place = node.kind === "scalar" && node.raw === "" && !node.quoted ? undefined : node.place;
  switch (node.kind) {
    case "map":
      return {
        kind: "map",
        place,
        entries: [...node.entries.values()].map((entry) => [entry.key, entry.keyPlace, flat(entry.value)]),
      };
    case "list":
    case "append":
      return { kind: node.kind, place, items: node.items.map(flat) };
    case "expr":
      return { ...node, origin: undefined, sourcePlace: { ...node.sourcePlace, length: 1 } };
    default:
      return { ...node, origin: undefined, place };
  }
}

/** Where the quick reader answers, the library must answer the same. */
function agree(text: string): boolean {
  const quick = readPlainYaml(text, ORIGIN);
  if (quick === undefined) return false;
  const [library, ...rest] = readWithLibrary(text, ORIGIN);
  assert.ok(library !== undefined && rest.length === 0, JSON.stringify(text));
  assert.deepEqual(flat(quick), flat(library), JSON.stringify(text));
  return true;
}

describe("the quick reader of plain YAML", () => {
  const plain = [
    "a: 1\n",
    "a: 1",
    "---\na: 1\n",
    "# c\n\n---\n# d\na: 1 # e\n",
    "a:\nb: x y  \n",
    "a:\n  b:\n    - 1\n    - c: 2\n      d: 3\n    -\n      e: 4\n    - - 5\n      - 6\n",
    "a:\n- 1\n- 2\nb: 3\n",
    "- a: 1\n\n- b: 2\n  # c\n  c: 3\n",
    "a: \"x y\" # c\n'b': 'z'\n\"c d\": w\n",
    'a: [1, x y, "z", [2], {b: c, d: [e]}] # f\nb: {}\nc: []\nd: [a, ]\ne: {a: 1, }\n',
    "a: |\n  x\n    y\n\n  z\nb: |-\n  w\n",
    "a: |\n  x\n\n\n",
    "- |\n  x\n- y\n",
    "when: !expr a == 1 && b\nb: !expr 'x + y'\nc: !raw \"{{.N}}\"\n",
    "a: 0644\nb: 1.30\nc: yes\nd: ~\ne: -5\nf: -x\n",
    "a: x#y\nb: x:y\nc: /a/b:c\nd: a'b\ne: a\"b\n",
    "-  a: 1\n   b: 2\n",
    "a: /bin/sh -c 'x' && y\n",
    'a: "x\\ny\\t\\\\n\\"z" # c\nb: [ "\\n", {c: "\\\\"} ]\nd: {e: ^x=, f: a ^b, g: a(b; c) && c | d > e * < f}\n',
    "host: 10.0.0.1\nurl: http://x/y?z=1\n",
  ];
  for (const text of plain) it(`reads ${JSON.stringify(text)}`, () => assert.ok(agree(text)));

  const unusual = [
    "",
    "x",
    "a: &b 1",
    "a: *b",
    "a: >-\n  x",
    "a: x\n  y",
    "a: b: c",
    "a: 1\na: 2",
    "<<: 1",
    "a: {{x}}",
    "a:\n b: 1\n  c: 2",
    "  a: 1\n b: 2",
    "\ta: 1",
    "a: !x 1",
    "a: 1\n---\nb: 2",
    "a: [\n1]",
    "? a",
    'a: "\\u0041"',
    'a: !expr "x\\n"',
    "a: 'it''s'",
    "a: - b",
    "a: %x",
    "a: @x",
    "a: 12345678901234567890",
  ];
  for (const text of unusual)
    it(`leaves ${JSON.stringify(text)} to the library`, () => assert.equal(readPlainYaml(text, ORIGIN), undefined));

  it("agrees with the library on lines of all kinds", () => {
    const line = fc.tuple(
      fc.constantFrom("", "  ", "    ", " ", "- ", "  - ", "- - ", "    - "),
      fc.constantFrom("a: ", "b: ", "c d: ", "'e': ", "", "a:", "- ", "key:", "? ", "f : "),
      fc.constantFrom(
        "1",
        "x",
        "x y",
        "",
        "# c",
        "x # c",
        "x #c",
        "x: y",
        "[1, 2]",
        "[a, [b]]",
        "{a: b}",
        "{a, b}",
        "{a: }",
        "[a: b]",
        '"q"',
        "'q'",
        '"q" x',
        "'q' # c",
        "|",
        "|-",
        ">-",
        "!expr x",
        "!raw 'x'",
        "!expr [1]",
        "&a x",
        "*a",
        "-",
        "- x",
        "-x",
        "--- x",
        "...",
        "~",
        "0x1f",
        "a,b",
        "[a,b]",
        "[a ,b]",
        "{a: 1,b: 2}",
        "[1, 2",
        "]",
        "%",
        "x  ",
        "\\",
        "$x",
        "(y)",
        "a;b",
        "a\\:b",
        "x:",
        ":x",
        "http://x",
        "[http://x]",
        "[-1, - 1]",
        "=",
        "<x",
        "^x",
        "{a: -1}",
        "[a b c]",
        '["a": 1]',
        '{"a":1}',
        "{'a' : 1}",
      ),
    );
    const lines = fc.array(
      line.map((parts) => parts.join("")),
      { minLength: 1, maxLength: 7 },
    );
    fc.assert(
      fc.property(
        lines,
        fc.constantFrom("\n", "\n\n", "\n# c\n", "\n  # c\n", "\n   \n"),
        fc.boolean(),
        (all, between, last) => {
          agree(all.join(between) + (last ? "\n" : ""));
        },
      ),
      { numRuns: 4000 },
    );
  }).timeout(60_000);

  it("agrees with the library on what we write", () => {
    const key = fc.constantFrom("a", "b", "c d", "x.y", "k-1", "80", "é");
    const leaf = fc.oneof(
      fc.constantFrom(
        "x",
        "a b",
        "yes",
        "0644",
        "a: b",
        "x\ny\n",
        "  z",
        "-",
        "- x",
        "#",
        "",
        "a #b",
        "{{x}}",
        "it's",
        "[a]",
      ),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.string({ maxLength: 6 }),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => void agree(writeYaml(value as Value))),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(tree, (value) => void agree(JSON.stringify(value))),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  it("agrees with the library on the files of this repository", () => {
    let quick = 0;
    let all = 0;
    for (const folder of ["roles", "playbooks", "inventory"]) {
      for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".yml"),
      )) {
        all++;
        if (agree(readFileSync(join(folder, file), "utf8"))) quick++;
      }
    }
    assert.ok(quick <= all);
  });

  it("reads a hundred thousand lines in a moment", function () {
    this.timeout(20_000);
    const text = `all:\n  hosts:\n${Array.from({ length: 100_000 }, (_, n) => `    host${n}: {ansible_host: 10.0.0.1, ansible_port: ${n}}\n`).join("")}`;
    const started = process.cpuUsage();
    assert.ok(readPlainYaml(text, ORIGIN) !== undefined);
    const { user } = process.cpuUsage(started);
    assert.ok(user < 3_000_000, `${user / 1000} ms`);
  });
});
