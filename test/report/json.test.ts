import assert from "node:assert/strict";
import { Secret } from "../../src/base/secret.ts";
import { createReporter } from "../../src/report/create.ts";
import { capture, counts, step } from "./events.ts";

async function lines(diff: boolean): Promise<Record<string, unknown>[]> {
  const output = capture();
  const reporter = await createReporter("json", { verbosity: -1, diff }, output);
  reporter.event({ event: "start", mode: "apply", inventory: "i", playbook: "p", hosts: ["web-1"] });
  reporter.event({ event: "progress", host: "web-1", doing: "something" });
  reporter.event(step());
  const changes = [{ what: "content", of: "/f", before: "a\u2028", after: new Secret("hunter2"), text: true }];
  reporter.event(step({ item: "x", status: "changed", changes, why: "so", handler: true }));
  reporter.event(step({ status: "failed", error: { message: "no", rc: 1 } }));
  reporter.event({ event: "summary", mode: "apply", hosts: { "web-1": counts({ ok: 1 }) }, seconds: 1 });
  await reporter.end();
  assert.equal(output.err(), "");
  assert.ok(output.out().endsWith("\n"));
  return output
    .out()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("report: JSON Lines", () => {
  it("has one object a line, every step, the summary last, no progress", async () => {
    const events = (await lines(false)).map((one) => one.event);
    assert.deepEqual(events, ["start", "step", "step", "step", "summary"]);
  });

  it("has the documented keys in their order; item only for an item", async () => {
    const [, plain, item] = await lines(false);
    assert.deepEqual(Object.keys(plain ?? {}), [
      "event",
      "host",
      "play",
      "role",
      "step",
      "module",
      "status",
      "changes",
      "error",
      "place",
    ]);
    const keys = Object.keys(item ?? {});
    assert.deepEqual(keys.slice(0, 10), [
      "event",
      "host",
      "play",
      "role",
      "step",
      "module",
      "item",
      "status",
      "changes",
      "error",
    ]);
    assert.equal(plain?.error, null);
  });

  it("carries contents only with --diff, and never a secret", async () => {
    const [, , without] = await lines(false);
    assert.deepEqual(without?.changes, [{ what: "content", of: "/f", text: true }]);
    const [, , withDiff] = await lines(true);
    assert.deepEqual(withDiff?.changes, [
      { what: "content", of: "/f", before: "a\u2028", after: "********", text: true },
    ]);
  });
});
