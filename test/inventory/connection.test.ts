import assert from "node:assert/strict";
import type { Value } from "../../src/base/value.ts";
import { Secret } from "../../src/base/secret.ts";
import { Faults } from "../../src/errors/fault.ts";
import { connectionOf, type HostConnection } from "../../src/inventory/connection.ts";
import { line } from "./with-files.ts";

function read(vars: Value): Omit<HostConnection, "warnings" | "name"> {
  const { warnings: _warnings, name: _name, ...rest } = connectionOf("h1", vars);
  return rest;
}

function faults(vars: Value): string[] {
  try {
    connectionOf("h1", vars, (path) => ({ file: "hosts.yml", line: 1, column: path.length }));
    return [];
  } catch (error) {
    if (error instanceof Faults) return error.faults.map(line);
    throw error;
  }
}

describe("connection settings", () => {
  it("are the host's own name over SSH unless set", () => {
    assert.deepEqual(read({}), { transport: "ssh", host: "h1", become: {} });
    assert.deepEqual(read({ app: { port: 1 } }), { transport: "ssh", host: "h1", become: {} });
  });

  it("are read from ssh and become", () => {
    assert.deepEqual(
      read({
        ssh: { host: "192.0.2.1", port: 2222, user: "pi", key: "~/.ssh/k", transport: "ssh2" },
        become: { method: "doas", user: "root" },
      }),
      {
        transport: "ssh",
        host: "192.0.2.1",
        port: 2222,
        user: "pi",
        key: "~/.ssh/k",
        become: { method: "doas", user: "root" },
      },
    );
    assert.equal(read({ ssh: { transport: "local" } }).transport, "local");
  });

  it("are read from the usual names", () => {
    assert.deepEqual(
      read({
        ansible_host: "2001:db8::1",
        ansible_port: "22",
        ansible_user: "pi",
        ansible_ssh_private_key_file: "k",
        ansible_become: "yes",
        ansible_become_user: "app",
        ansible_become_method: "su",
        ansible_python_interpreter: "/usr/bin/python3",
      }),
      {
        transport: "ssh",
        host: "2001:db8::1",
        port: 22,
        user: "pi",
        key: "k",
        become: { enabled: true, user: "app", method: "su" },
      },
    );
    assert.equal(read({ ansible_connection: "local" }).transport, "local");
    assert.equal(read({ ansible_connection: "smart" }).transport, "ssh");
    for (const [word, enabled] of [
      [true, true],
      ["True", true],
      ["on", true],
      [1, true],
      [false, false],
      ["no", false],
      [0, false],
    ] as const)
      assert.equal(read({ ansible_become: word }).become.enabled, enabled);
  });

  it("leave other variables alone, however lazy they are", () => {
    const vars: { [key: string]: Value } = { ansible_host: "h" };
    Object.defineProperty(vars, "other", { enumerable: true, get: () => assert.fail("read") });
    assert.equal(read(vars).host, "h");
  });

  it("are refused in two spellings, with wrong values and unknown keys", () => {
    assert.deepEqual(faults({ ssh: { host: "a", hots: "b" }, ansible_host: "a" }), [
      'connection-key hosts.yml:1:2 unknown key "hots" of ssh | did you mean host?',
      "connection-both hosts.yml:1:1 ssh.host and ansible_host are the same setting | keep one of them",
    ]);
    assert.deepEqual(faults({ ansible_user: "a", ansible_ssh_user: "a" }), []);
    assert.equal(faults({ ansible_user: "a", ansible_ssh_user: "b" }).length, 1);
    assert.deepEqual(
      faults({ ssh: { port: 0, user: "-o", host: "a b" }, become: { method: "pseudo" }, ansible_become: "maybe" }),
      [
        "connection-value hosts.yml:1:2 ssh.port has to be a number from 1 to 65535 | `provision inventory --host HOST --explain` shows where it comes from",
        "connection-value hosts.yml:1:2 ssh.user has to be a name without spaces that does not begin with a dash | `provision inventory --host HOST --explain` shows where it comes from",
        "connection-value hosts.yml:1:2 ssh.host has to be a name without spaces that does not begin with a dash | `provision inventory --host HOST --explain` shows where it comes from",
        "connection-value hosts.yml:1:2 become.method has to be sudo, doas or su | `provision inventory --host HOST --explain` shows where it comes from",
        "connection-value hosts.yml:1:1 ansible_become has to be true or false | `provision inventory --host HOST --explain` shows where it comes from",
      ],
    );
    assert.deepEqual(faults({ ssh: "h" }), [
      "connection-value hosts.yml:1:1 ssh has to be a map | its keys are host, user, port, key, via, via_command, transport",
    ]);
    assert.equal(faults({ ansible_host: new Secret("x") }).length, 1);
    for (const host of ["a\nb", "-oProxyCommand=x", "", "a\u0000", "$(x) y"])
      assert.equal(faults({ ansible_host: host }).length, 1, host);
  });

  it("are refused where they cannot be followed, and warned about where they do nothing", () => {
    assert.deepEqual(
      faults({
        ansible_connection: "docker",
        ansible_password: "x",
        ssh: { via: "gate" },
        ansible_ssh_common_args: "-o ProxyJump=gate",
      }).map((text) => text.split(" | ")[0]),
      [
        "connection-unsupported hosts.yml:1:1 ansible_password: passwords in variables are not offered",
        "connection-unsupported hosts.yml:1:1 ansible_ssh_common_args: ways through another host are not offered yet",
        "connection-unsupported hosts.yml:1:2 ssh.via: ways through another host are not offered yet",
        'connection-unsupported hosts.yml:1:1 ansible_connection: the connection "docker" is not offered',
      ],
    );
    assert.deepEqual(
      connectionOf("h1", { ansible_ssh_common_args: "-o ControlMaster=auto", ansible_ssh_extra_args: "" }).warnings.map(
        (fault) => [fault.code, fault.message],
      ),
      [["connection-ignored", "ansible_ssh_common_args has no effect here"]],
    );
  });
});
