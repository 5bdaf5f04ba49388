import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../../src/base/secret.ts";
import type { Value } from "../../../src/base/value.ts";
import expect from "../../../src/modules/checks/expect.ts";
import { resolveArgs } from "../../../src/modules/check-args.ts";
import type { Plan, See } from "../../../src/modules/module.ts";
import { hostView, planStep } from "../step.ts";

/** What is not as expected, on this machine. */
function unmet(values: { [name: string]: Value }): string[] {
  const plan = planStep(expect, values);
  assert.equal(plan.change, undefined);
  if (plan.result === undefined) assert.fail(plan.fail);
  return plan.result["unmet"] as string[];
}

/** The same where everything that is looked at is what the test says. */
function planOn(values: { [name: string]: Value }, state: object): Plan {
  const resolved = resolveArgs(expect, values, { source: () => assert.fail(), template: () => assert.fail() }, "/root");
  if ("problems" in resolved) return { fail: resolved.problems.join() };
  return expect.plan(resolved.args, (() => state) as unknown as See, hostView());
}

describe("expect", () => {
  let root = "";
  let server: Server;
  let port = 0;
  before(async () => {
    root = mkdtempSync(join(tmpdir(), "provision-expect-"));
    writeFileSync(join(root, "f"), "one\ntwo 2\n");
    chmodSync(join(root, "f"), 0o640);
    symlinkSync("f", join(root, "l"));
    server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  after(() => {
    server.close();
    rmSync(root, { recursive: true, force: true });
  });

  it("file", () => {
    const path = join(root, "f");
    const sha256 = createHash("sha256").update("one\ntwo 2\n").digest("hex");
    assert.deepEqual(
      unmet({ file: { path, type: "file", mode: "640", contains: "two 2", matches: "^two \\d$", sha256 } }),
      [],
    );
    assert.deepEqual(unmet({ file: path }), []);
    assert.deepEqual(unmet({ file: [path, join(root, "none")] }), [
      `${join(root, "none")}: expected to exist, found nothing`,
    ]);
    assert.deepEqual(unmet({ file: { path, mode: "0600", contains: "three" } }), [
      `${path}: expected mode 0600, found 0640`,
      `${path}: expected it to contain "three", found "one two 2"`,
    ]);
    assert.deepEqual(unmet({ file: { path, exists: false } }), [`${path}: expected nothing, found a file`]);
    assert.deepEqual(unmet({ file: { path: join(root, "l"), type: "file", contains: "one" } }), []);
    assert.deepEqual(unmet({ file: { path: join(root, "l"), type: "link" } }), []);
    assert.deepEqual(unmet({ file: { path: root, type: "file" } }), [`${root}: expected type file, found directory`]);
    assert.match(planStep(expect, { file: { path, mode: "u+x" } }).fail ?? "", /written in octal/);
  });

  it("port, of this machine and of another", () => {
    assert.deepEqual(
      unmet({
        port: [
          port,
          { port, address: "127.0.0.1" },
          { port, host: "127.0.0.1" },
          { port: 1, listening: false },
          { port: 1, host: "127.0.0.1", open: false },
        ],
      }),
      [],
    );
    assert.deepEqual(unmet({ port: { port, listening: false } }), [
      `port ${port}/tcp: expected nothing to listen, found 127.0.0.1`,
    ]);
    assert.deepEqual(unmet({ port: { port, address: "::1" } }), [
      `port ${port}/tcp: expected something to listen on ::1, found 127.0.0.1`,
    ]);
    assert.deepEqual(unmet({ port: { port: 1, host: "127.0.0.1" } }), [
      "127.0.0.1 port 1: expected a connection, found it closed",
    ]);
    assert.match(planStep(expect, { port: 70000 }).fail ?? "", /1 to 65535/);
    assert.match(planStep(expect, { port: { port: 1, host: "a;b" } }).fail ?? "", /no name and no address/);
    assert.match(planStep(expect, { port: { port: 1, host: "-e" } }).fail ?? "", /no name and no address/);
  });

  it("command", () => {
    assert.deepEqual(
      unmet({
        command: [
          "true",
          { cmd: "echo a b", stdout: "a b", contains: "b", matches: "^a" },
          { shell: "exit 3", rc: 3 },
          { argv: ["pwd"], chdir: root, stdout: root },
        ],
      }),
      [],
    );
    assert.deepEqual(unmet({ command: { shell: "echo why >&2; exit 2" } }), [
      'echo why >&2; exit 2: expected rc 0, found 2, which said "why"',
    ]);
    assert.deepEqual(unmet({ command: { cmd: "echo a", stdout: "b" } }), [
      'echo a: expected the output "b", found "a"',
    ]);
    assert.match(planStep(expect, { command: { cmd: "a | b" } }).fail ?? "", /use the module shell/);
    assert.match(planStep(expect, { command: { cmd: "a", shell: "b" } }).fail ?? "", /one of cmd, argv and shell/);
  });

  it("process", () => {
    assert.deepEqual(unmet({ process: [{ pattern: "node.*mocha" }, { name: "no-such-program", count: 0 }] }), []);
    assert.deepEqual(unmet({ process: "no-such-program" }), ["process no-such-program: expected to run, found none"]);
  });

  it("user, group, mount, kernel parameter, package", () => {
    assert.deepEqual(
      unmet({
        user: [
          "root",
          { name: "root", uid: 0, group: "root", groups: ["root"] },
          { name: "no-such-user", exists: false },
        ],
        group: { name: "root", gid: 0 },
      }),
      [],
    );
    assert.deepEqual(unmet({ user: { name: "root", uid: 1 } }), ["user root: expected uid 1, found 0"]);
    assert.deepEqual(unmet({ user: "no-such-user", group: "no-such-group" }), [
      "user no-such-user: expected to exist, found none",
      "group no-such-group: expected to exist, found none",
    ]);
    assert.deepEqual(unmet({ mount: { path: "/nope", exists: false } }), []);
    assert.deepEqual(unmet({ mount: "/nope" }), ["mount /nope: expected a file system, found none"]);
    assert.deepEqual(unmet({ package: { name: "no-such-package", installed: false } }), []);
    assert.deepEqual(unmet({ kernel_param: { name: "no.such.param", value: 1 } }), [
      "kernel parameter no.such.param: expected 1, found no such parameter",
    ]);
  });

  it("route: an entry of the table, or the way to an address", () => {
    const state = { state: "present", via: "10.0.0.1,10.0.0.2", dev: "eth0", source: null };
    assert.deepEqual(planOn({ route: { to: "10.42.0.0/16", via: "10.0.0.2", dev: "eth0" } }, state).fail, undefined);
    assert.equal(
      planOn({ route: { to: "10.42.0.0/16", via: "10.0.0.9" } }, state).fail,
      "route to 10.42.0.0/16: expected via 10.0.0.9, found 10.0.0.1,10.0.0.2",
    );
    assert.equal(
      planOn({ route: "10.42.0.0/16" }, { ...state, state: "absent" }).fail,
      "route to 10.42.0.0/16: expected one, found none",
    );
    assert.match(planOn({ route: "to; rm" }, state).fail ?? "", /no network/);
  });

  it("service", () => {
    const state = {
      init: "systemd",
      load: "loaded",
      active: "failed",
      enabled: "disabled",
      skipped: false,
      oneshot: false,
    };
    assert.equal(planOn({ service: "k3s" }, state).fail, "service k3s: expected running, found failed");
    assert.equal(
      planOn({ service: { name: "k3s", enabled: true } }, state).fail,
      "service k3s: expected enabled, found disabled",
    );
    assert.equal(planOn({ service: { name: "k3s", running: false, enabled: false } }, state).fail, undefined);
    assert.equal(
      planOn({ service: "k3s" }, { ...state, load: "not-found", active: "inactive" }).fail,
      "service k3s: expected a service, found none of this name",
    );
  });

  it("http", () => {
    const answer = (text: string): object => ({
      tool: "curl",
      rc: 0,
      stdout: Buffer.from(text).toString("hex"),
      stderr: null,
    });
    const url = "http://127.0.0.1/";
    assert.equal(
      planOn(
        { http: { url, contains: "hi" } },
        answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nhi"),
      ).fail,
      undefined,
    );
    assert.equal(planOn({ http: url }, answer("HTTP/2 503 \r\n\r\n")).fail, `${url}: expected status 200, found 503`);
    assert.equal(planOn({ http: { url, status: [200, 401] } }, answer("HTTP/2 401 \r\n\r\n")).fail, undefined);
    const refused = { tool: "curl", rc: 7, stdout: null, stderr: Buffer.from("curl: (7) refused\n").toString("hex") };
    assert.equal(planOn({ http: url }, refused).fail, `${url}: expected an answer, found none (curl: (7) refused)`);
    assert.match(planOn({ http: "file:///etc/passwd" }, {}).fail ?? "", /no URL/);
  });

  it("what may not be looked at fails and says so", () => {
    assert.match(
      planOn({ file: "/root/x" }, { type: "denied" }).fail ?? "",
      /permission denied to root; give the task become: true/,
    );
    assert.match(
      planOn({ kernel_param: { name: "a.b", value: 1 } }, { state: "denied", value: "-" }).fail ?? "",
      /permission denied/,
    );
  });

  it("a secret is looked for and never shown", () => {
    const path = join(root, "f");
    assert.deepEqual(unmet({ file: { path, contains: new Secret("two 2") } }), []);
    assert.deepEqual(unmet({ file: { path, contains: new Secret("hunter2") } }), [
      `${path}: expected it to contain a secret, found something else`,
    ]);
    assert.match(
      planStep(expect, { command: { argv: ["echo", new Secret("hunter2")] } }).fail ?? "",
      /argv is a secret/,
    );
  });

  it("lists everything, after the message", () => {
    assert.match(
      planStep(expect, { msg: "not ready", file: ["/no/a", "/no/b"] }).fail ?? "",
      /^not ready \(\/no\/a: .*; \/no\/b: .*\)$/,
    );
  });

  it("needs something to look at; waits where it is told to", () => {
    assert.match(planStep(expect, { within: "3s" }).fail ?? "", /something to look at/);
    assert.equal(expect.wait?.({ every: 1 }), undefined);
    assert.deepEqual(expect.wait?.({ within: 30, every: 2 }), { within: 30, every: 2 });
  });
});
