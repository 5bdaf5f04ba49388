import assert from "node:assert/strict";
import { firstDifference, type StepStatement } from "../../src/plan/statement.ts";

const step = (more: Partial<StepStatement> = {}): StepStatement => ({
  host: "h1",
  play: "all",
  step: "one",
  place: "play.yml:3",
  status: "changed",
  differs: [],
  seen: "aa",
  expected: "bb",
  ...more,
});

describe("plan/statement", () => {
  const same = [step(), step({ step: "two", place: "play.yml:5" }), step({ host: "h2" })];

  it("finds no difference between equal plans, whatever the order of hosts", () => {
    assert.equal(firstDifference(same, structuredClone(same)), undefined);
    assert.equal(firstDifference(same, [same[2] ?? step(), ...same.slice(0, 2)]), undefined);
  });

  const cases: [string, StepStatement[], string, RegExp][] = [
    [
      "another state of the host",
      [step({ seen: "cc" }), ...same.slice(1)],
      "h1",
      /“one” \(play\.yml:3\) sees another state/,
    ],
    ["another status", [step({ status: "ok" }), ...same.slice(1)], "h1", /was changed and is now ok/],
    [
      "another outcome",
      [...same.slice(0, 2), step({ host: "h2", expected: "dd" })],
      "h2",
      /“one”.* would do something else/,
    ],
    [
      "a step more",
      [...same.slice(0, 2), step({ step: "three", place: "play.yml:9" }), ...same.slice(2)],
      "h1",
      /“three” \(play\.yml:9\) is not in the plan/,
    ],
    ["a step less", [step(), step({ host: "h2" })], "h1", /“two” \(play\.yml:5\) of the plan is not there/],
    ["a host less", same.slice(0, 2), "h2", /“one”/],
    ["another order", [same[1] ?? step(), same[0] ?? step(), ...same.slice(2)], "h1", /goes on with “one”.*“two”/],
  ];
  for (const [what, fresh, host, text] of cases) {
    it(what, () => {
      const found = firstDifference(same, fresh);
      assert.equal(found?.host, host);
      assert.match(found.text, text);
    });
  }
});
