import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Value } from "../../../src/base/value.ts";
import authorizedKey from "../../../src/modules/system/authorized_key.ts";
import group from "../../../src/modules/system/group.ts";
import type { Module } from "../../../src/modules/module.ts";
import packageModule from "../../../src/modules/system/package.ts";
import sysctl from "../../../src/modules/system/sysctl.ts";
import user from "../../../src/modules/system/user.ts";
import { runStep } from "../step.ts";

const name = "provision-test-u";
const groupName = "provision-test-g";
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFPm8cUo0ZGJ7m9hFcF5cSOvWvTnZ0tWm1c3oTz6Jv2F me@laptop";

/** Changes once, and then has nothing to do. */
function converges(module: Module, args: { [name: string]: Value }): void {
  const said = runStep(module, args, { check: true });
  const first = runStep(module, args);
  assert.deepEqual([first.failed, said.changed, first.changed], [undefined, true, true]);
  const second = runStep(module, args);
  assert.deepEqual([second.failed, second.changed], [undefined, false], JSON.stringify(second.plan.change?.differs));
}

/** Needs root and useradd: makes and removes users named provision-test-*. */
describe("system modules on this machine, as root", function () {
  this.timeout(60_000);
  let root = "";
  before(function () {
    if (process.getuid?.() !== 0 || spawnSync("which", ["useradd"]).status !== 0) {
      console.log("      skipped: needs root and useradd");
      this.skip();
    }
    root = mkdtempSync(join(tmpdir(), "provision-root-"));
  });
  function clean(): void {
    spawnSync("userdel", [name]);
    spawnSync("groupdel", [name]);
    spawnSync("groupdel", [groupName]);
  }
  beforeEach(clean);
  afterEach(clean);
  after(() => {
    if (root !== "") rmSync(root, { recursive: true, force: true });
  });

  it("makes, changes and removes a user with its groups and keys", () => {
    const home = join(root, "home with space", name);
    converges(group, { name: groupName, gid: 48_123 });
    converges(group, { name: groupName, gid: 48_124 });
    converges(user, { name, home, comment: "A $(reboot) 'test'", groups: [groupName], shell: "/bin/sh" });
    assert.equal(statSync(home).isDirectory(), true);
    converges(user, { name, shell: "/usr/sbin/nologin", comment: "", groups: [] });
    converges(user, { name, groups: [groupName], append: true });
    converges(user, { name, password: "$6$abcdefgh$0123456789" });
    assert.match(readFileSync("/etc/shadow", "utf8"), new RegExp(`^${name}:\\$6\\$abcdefgh\\$0123456789:`, "m"));
    converges(user, { name, password_lock: true, expires: 4_102_444_800 });
    converges(user, { name, password_lock: false, expires: -1 });
    converges(authorizedKey, { user: name, key });
    const keys = join(home, ".ssh/authorized_keys");
    assert.equal(readFileSync(keys, "utf8"), `${key}\n`);
    assert.deepEqual(
      [statSync(keys).mode & 0o777, statSync(join(home, ".ssh")).mode & 0o777, statSync(keys).uid],
      [0o600, 0o700, statSync(home).uid],
    );
    converges(authorizedKey, { user: name, key, key_options: 'command="echo hi",no-pty' });
    converges(authorizedKey, { user: name, key, state: "absent" });
    converges(user, { name, state: "absent", remove: true });
    converges(group, { name: groupName, state: "absent" });
  });

  it("keeps a kernel parameter in a file", () => {
    const file = join(root, "60-test.conf");
    writeFileSync(file, "# mine\nvm.swappiness=60");
    converges(sysctl, { name: "vm.swappiness", value: 10, sysctl_file: file, reload: false });
    assert.equal(readFileSync(file, "utf8"), "# mine\nvm.swappiness = 10\n");
    converges(sysctl, { name: "net.ipv4.ip_forward", value: 1, sysctl_file: file, reload: false });
    converges(sysctl, { name: "vm.swappiness", state: "absent", sysctl_file: file });
    assert.equal(readFileSync(file, "utf8"), "# mine\nnet.ipv4.ip_forward = 1\n");
  });

  it("finds installed packages installed", function () {
    if (spawnSync("which", ["dpkg-query"]).status !== 0) this.skip();
    assert.equal(runStep(packageModule, { name: ["dpkg", "bash"] }).changed, false);
    assert.equal(runStep(packageModule, { name: "provision-no-such-package", state: "absent" }).changed, false);
    assert.equal(runStep(packageModule, { name: "provision-no-such-package" }, { check: true }).changed, true);
  });
});
