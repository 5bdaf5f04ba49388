import assert from "node:assert/strict";
import { checkSelection, isTagged, listTasks, tagsOf } from "../../src/playbook/select.ts";
import { load } from "./fixture.ts";

const TAGS = {
  plain: [],
  ta: ["a"],
  tb: ["b"],
  tab: ["a", "b"],
  alw: ["always"],
  nev: ["never"],
  neva: ["never", "a"],
  alwa: ["always", "a"],
};

describe("choosing tasks by tag", () => {
  const cases: [string, string, string][] = [
    ["", "", "plain ta tb tab alw alwa"],
    ["a", "", "ta tab alw neva alwa"],
    ["", "a", "plain tb alw"],
    ["tagged", "", "ta tb tab alw alwa"],
    ["untagged", "", "plain alw alwa"],
    ["all", "", "plain ta tb tab alw alwa"],
    ["never", "", "alw nev neva alwa"],
    ["", "tagged", "plain"],
    ["", "untagged", "ta tb tab alw alwa"],
    ["", "all", "alw alwa"],
    ["", "all,always", ""],
    ["", "always", "plain ta tb tab"],
    ["zzz", "", "alw alwa"],
    ["a", "b", "ta alw neva alwa"],
  ];
  for (const [tags, skip, expected] of cases) {
    it(`--tags "${tags}" --skip-tags "${skip}"`, () => {
      const words = (text: string): string[] => text.split(",").filter((word) => word !== "");
      const chosen = Object.entries(TAGS).filter(([, own]) =>
        isTagged(own, { tags: words(tags), skipTags: words(skip) }),
      );
      assert.equal(chosen.map(([name]) => name).join(" "), expected);
    });
  }

  it("inherits tags of plays, blocks and roles, and chooses by role", () => {
    const { playbook } = load({
      "roles/r/tasks/main.yml": "- {name: r, debug: x}\n",
      "play.yml":
        "- hosts: all\n  tags: p\n  roles: [{role: r, tags: q}]\n  tasks:\n    - {name: w, debug: x, tags: always}\n    - block:\n        - {name: x, debug: x}\n        - {name: y, debug: x, tags: b}\n      tags: a\n    - {name: z, debug: x}\n",
    });
    const play = playbook.plays[0];
    assert.ok(play !== undefined);
    const chosen = (tags: string[], skipTags: string[] = [], role?: string): string =>
      listTasks(play, { tags, skipTags, role })
        .map((line) => line.title)
        .join(" ");
    assert.equal(chosen([], ["a"]), "r w z");
    assert.equal(chosen(["p"]), "r w x y z");
    assert.equal(chosen(["q"]), "r w");
    assert.equal(chosen(["b"]), "w y");
    assert.equal(chosen([], [], "r"), "r w");
    assert.deepEqual(tagsOf(playbook), ["a", "always", "b", "p", "q"]);
    assert.deepEqual(
      checkSelection(playbook, { tags: ["a", "qq"], skipTags: [], role: "rr" }).map((fault) => [
        fault.code,
        fault.details.hint,
      ]),
      [
        ["unknown-tag", 'did you mean "q"?'],
        ["unknown-role", 'did you mean "r"?'],
      ],
    );
  });
});
