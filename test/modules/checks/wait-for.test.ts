import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import waitFor from "../../../src/modules/checks/wait-for.ts";
import { planStep } from "../step.ts";

describe("wait_for", () => {
  let root = "";
  let server: Server;
  let port = 0;
  before(async () => {
    root = mkdtempSync(join(tmpdir(), "provision-wait-"));
    writeFileSync(join(root, "log"), "starting\nready on 8080\n");
    symlinkSync("log", join(root, "link"));
    server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  after(() => {
    server.close();
    rmSync(root, { recursive: true, force: true });
  });
  const failOf = (values: Parameters<typeof planStep>[1]): string | undefined => {
    const plan = planStep(waitFor, values);
    assert.equal(plan.change, undefined);
    return plan.fail;
  };

  it("a port", () => {
    assert.equal(failOf({ port }), undefined);
    assert.equal(failOf({ port, state: "stopped" }), `port ${port} of 127.0.0.1 is still open`);
    assert.equal(failOf({ port: 1 }), "port 1 of 127.0.0.1 is not open");
    assert.equal(failOf({ port: 1, state: "absent" }), undefined);
    assert.equal(failOf({ port: 1, msg: "no luck" }), "no luck (port 1 of 127.0.0.1 is not open)");
  });
  it("a path, and what it says", () => {
    assert.equal(failOf({ path: root }), undefined);
    assert.equal(failOf({ path: join(root, "nope") }), `${join(root, "nope")} is not there`);
    assert.equal(failOf({ path: join(root, "nope"), state: "absent" }), undefined);
    for (const name of ["log", "link"]) {
      const plan = planStep(waitFor, { path: join(root, name), search_regex: "^ready on (?P<port>\\d+)$" });
      assert.deepEqual(plan.result?.["match_groups"], ["8080"]);
      assert.deepEqual(plan.result["match_groupdict"], { port: "8080" });
    }
    assert.match(failOf({ path: join(root, "log"), search_regex: "done" }) ?? "", /\/done\/ does not match in/);
    assert.equal(failOf({ path: join(root, "log"), search_regex: "done", state: "absent" }), undefined);
    assert.match(failOf({ path: join(root, "nope"), search_regex: "x" }) ?? "", /does not match/);
  });
  it("arguments that do not go together", () => {
    assert.match(failOf({}) ?? "", /needs port or path/);
    assert.match(failOf({ port: 1, path: "/x" }) ?? "", /exclude/);
    assert.match(failOf({ port: 1, search_regex: "x" }) ?? "", /needs path/);
    assert.match(failOf({ port: 1, state: "drained" }) ?? "", /one of started, present, stopped, absent/);
  });
  it("how long", () => {
    const resolved = { state: "started", timeout: 300, sleep: 1, delay: 2, connect_timeout: 5, host: "h" };
    assert.deepEqual(waitFor.wait?.({ ...resolved, port: 1 }), { within: 300, every: 1, delay: 2 });
    assert.deepEqual(waitFor.wait({ ...resolved, timeout: 3 }), { within: 3, every: 1, delay: 3 });
  });
});
