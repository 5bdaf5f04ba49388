import assert from "node:assert/strict";
import { Secret } from "../../../src/base/secret.ts";
import assertModule from "../../../src/modules/flow/assert.ts";
import debug from "../../../src/modules/flow/debug.ts";
import fail from "../../../src/modules/flow/fail.ts";
import setFact from "../../../src/modules/flow/set-fact.ts";
import { planStep } from "../step.ts";

describe("debug", () => {
  it("prints texts as they are, values as JSON, and says hello without any", () => {
    assert.equal(planStep(debug, { msg: "a\nb" }).message, "a\nb");
    assert.equal(
      planStep(debug, { var: [{ text: "x", value: { a: [1, true, null] } }] }).message,
      'x: {\n  "a": [\n    1,\n    true,\n    null\n  ]\n}',
    );
    assert.equal(planStep(debug, {}).message, "Hello world!");
    assert.deepEqual(planStep(debug, { msg: ["x"] }).result, { msg: ["x"] });
    assert.equal(planStep(debug, { msg: "x", verbosity: 2 }).verbosity, 2);
  });
  it("keeps secrets", () => {
    assert.ok(planStep(debug, { msg: new Secret("s3cret") }).message instanceof Secret);
    assert.doesNotMatch(
      String(planStep(debug, { var: [{ text: "x", value: { token: new Secret("s3cret") } }] }).message),
      /s3cret/,
    );
  });
  it("takes one of msg and var", () =>
    assert.match(planStep(debug, { msg: "a", var: [{ text: "x", value: 1 }] }).fail ?? "", /exclude/));
});

describe("fail", () => {
  it("fails with its message", () => {
    assert.equal(planStep(fail, { msg: "no" }).fail, "no");
    assert.equal(planStep(fail, {}).fail, "failed on purpose, without a reason given");
  });
});

describe("assert", () => {
  const that = (...values: [string, boolean | string][]) => values.map(([text, value]) => ({ text, value }));
  it("holds when all hold", () => {
    const plan = planStep(assertModule, { that: that(["a > 1", true], ["b", true]), success_msg: "fine" });
    assert.equal(plan.fail, undefined);
    assert.equal(plan.change, undefined);
    assert.equal(plan.message, "fine");
    assert.equal(
      planStep(assertModule, { that: that(["a", true]), success_msg: "fine", quiet: true }).message,
      undefined,
    );
  });
  it("names the condition that does not", () => {
    const plan = planStep(assertModule, { that: that(["a > 1", true], ["b > 1", false]) });
    assert.equal(plan.fail, "does not hold: b > 1");
    assert.equal(plan.result?.["assertion"], "b > 1");
    assert.equal(
      planStep(assertModule, { that: that(["b", false]), msg: "too few" }).fail,
      "too few (does not hold: b)",
    );
    assert.match(
      planStep(assertModule, { that: that(["name", "x"]) }).fail ?? "",
      /is not true or false but a string: name/,
    );
    assert.match(planStep(assertModule, { that: [] }).fail ?? "", /empty list/);
  });
});

describe("set_fact", () => {
  it("gives names to values of any type", () => {
    assert.deepEqual(planStep(setFact, { a: 1, b: { c: [null] } }).facts, { a: 1, b: { c: [null] } });
  });
});
