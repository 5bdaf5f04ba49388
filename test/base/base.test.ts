import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { inspect } from "node:util";
import fc from "fast-check";
import { nearest } from "../../src/base/nearest.ts";
import { MASK, Secret } from "../../src/base/secret.ts";
import { quote, sh } from "../../src/base/shell.ts";
import { parseDuration, showDuration } from "../../src/base/time.ts";

describe("nearest", () => {
  const cases: [string, string[], string | undefined][] = [
    ["mod", ["mode", "owner"], "mode"],
    ["onwer", ["mode", "owner"], "owner"],
    ["MODE", ["mode"], "mode"],
    ["xyz", ["mode", "owner"], undefined],
    ["", ["a"], undefined],
    ["a", ["b"], undefined],
    ["nfs_servr", ["nfs_client", "nfs_server"], "nfs_server"],
    ["same", ["same"], undefined],
  ];
  for (const [word, candidates, expected] of cases)
    it(`${word} → ${expected}`, () => assert.equal(nearest(word, candidates), expected));
  it("is quick with long words", () =>
    assert.equal(nearest("x".repeat(1 << 20), ["y".repeat(1 << 20), "z"]), undefined));
});

describe("durations", () => {
  const cases: [string | number, number | undefined][] = [
    [30, 30],
    ["30", 30],
    ["1.5", 1.5],
    ["90s", 90],
    ["5m", 300],
    ["1h30m", 5400],
    ["2d", 172_800],
    ["500ms", 0.5],
    ["1m30s500ms", 90.5],
    ["", undefined],
    ["soon", undefined],
    ["5 m", undefined],
    ["-5", undefined],
    [-1, undefined],
    [Number.NaN, undefined],
    ["30s1m", undefined],
  ];
  for (const [text, seconds] of cases) it(`${text} is ${seconds}`, () => assert.equal(parseDuration(text), seconds));
  it("are shown for people", () => {
    assert.deepEqual([0.4504, 0.9996, 3.24, 59.97, 125, 3840, 7200].map(showDuration), [
      "450ms",
      "1s",
      "3.2s",
      "1m 0s",
      "2m 5s",
      "1h 4m",
      "2h 0m",
    ]);
  });
});

describe("secrets", () => {
  it("do not print", () => {
    const secret = new Secret("hunter2");
    const shown = [
      String(secret),
      secret.toString(),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ a: [secret] }, { depth: 9, showHidden: true }),
    ].join();
    assert.ok(shown.includes(MASK) && !shown.includes("hunter2"));
    assert.deepEqual(Object.keys(secret), []);
  });
});

describe("shell words", () => {
  it("come out of a real sh as they went in", () => {
    const word = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 20 }),
      fc.string({ unit: "binary-ascii", maxLength: 20 }),
      fc.constantFrom(
        "'",
        "''",
        "$(id)",
        "`id`",
        "\\",
        "a b",
        "*",
        "~",
        "-n",
        "a\nb",
        "\n",
        "",
        "!",
        "é",
        "=x",
        "x=y",
        "'\\''",
        '"',
        "#",
        "&",
        ";",
      ),
    );
    fc.assert(
      fc.property(
        fc.array(
          word.map((one) => one.replaceAll("\0", "")),
          { minLength: 1, maxLength: 20 },
        ),
        (words) => {
          const script = `for w in ${sh`${words}`.text}; do printf '%s\\001' "$w"; done`;
          const output = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" });
          const expected = words.map((one) => `${one}\u0001`).join("");
          assert.equal(output, expected);
        },
      ),
      { numRuns: 60 },
    );
  });
  it("refuse NUL and secrets", () => {
    assert.throws(() => quote("a\0b"), TypeError);
    assert.throws(() => sh`echo ${new Secret("x")}`, TypeError);
  });
  it("quote nothing that needs no quotes", () =>
    assert.deepEqual(["a/b.c", "x=1", "=x", "", "a b"].map(quote), ["a/b.c", "x=1", "'=x'", "''", "'a b'"]));
});
