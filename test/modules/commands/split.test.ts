import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { quote } from "../../../src/base/shell.ts";
import { SplitMistake, splitWords } from "../../../src/modules/commands/split.ts";

/** What a real shell makes of the text: its words, each ended by a NUL. */
function shellWords(text: string): string[] {
  const done = spawnSync("sh", ["-c", `set -f\nfor word in ${text}\ndo printf '%s\\0' "$word"; done`]);
  assert.equal(done.status, 0, done.stderr.toString());
  return done.stdout.toString().split("\0").slice(0, -1);
}

describe("splitting a command line", () => {
  const cases: [string, string[]][] = [
    ["touch a", ["touch", "a"]],
    ["  touch\ta\n b ", ["touch", "a", "b"]],
    ["echo 'a  b' \"c d\"", ["echo", "a  b", "c d"]],
    ["a\\ b", ["a b"]],
    ["''", [""]],
    ["x'a'\"b\"c", ["xabc"]],
    ['"a\\"b\\\\c\\d"', ['a"b\\c\\d']],
    ["'a\\b'", ["a\\b"]],
    ["one \\\n two", ["one", "two"]],
    ["find . -name '*.log' -exec rm {} \\;", ["find", ".", "-name", "*.log", "-exec", "rm", "{}", ";"]],
    ["ls *.log", ["ls", "*.log"]],
    ["awk '{ print $1 }' f", ["awk", "{ print $1 }", "f"]],
    ["grep a$ f", ["grep", "a$", "f"]],
    ["echo '|' '$HOME' '~/x' a~/b", ["echo", "|", "$HOME", "~/x", "a~/b"]],
    ["", []],
  ];
  for (const [text, words] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(splitWords(text), words));
  }

  for (const text of [
    "a | b",
    "a && b",
    "a ; b",
    "a > b",
    "a 2>&1",
    "a >> b",
    "echo $HOME",
    'echo "${HOME}"',
    "echo $(id)",
    "echo `id`",
    "ls ~/x",
    "a 'b",
    'a "b',
    "a\\",
  ]) {
    it(`refuses ${text}`, () => assert.throws(() => splitWords(text), SplitMistake));
  }

  it("agrees with a shell on quoted words", () => {
    const part = fc.oneof(
      fc.stringMatching(/^[a-zA-Z0-9_.,:=+@%/-]{1,6}$/),
      fc.stringMatching(/^[ a-z$`"\\*~#|;&<>]{0,6}$/).map((text) => `'${text}'`),
      fc.stringMatching(/^[ a-z'*~#|;&<>]{0,6}$/).map((text) => `"${text}"`),
      fc.constantFrom("\\ ", "\\'", '\\"', "\\\\", "\\$", '"\\$"', '"\\\\"', '"\\a"', '"\\`"', "\\*"),
    );
    const word = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
    const line = fc
      .array(fc.tuple(word, fc.constantFrom(" ", "  ", "\t", " \\\n ")), { minLength: 1, maxLength: 5 })
      .map((words) => words.flat().join(""));
    fc.assert(
      fc.property(line, (text) => assert.deepEqual(splitWords(text), shellWords(text))),
      { numRuns: 150 },
    );
  });

  it("reads back any words that were quoted", () => {
    const words = fc.array(
      fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
      { maxLength: 5 },
    );
    fc.assert(fc.property(words, (list) => assert.deepEqual(splitWords(list.map(quote).join(" ")), list)));
  });
});
