import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { factsKind } from "../../src/resources/facts.ts";
import { groupKind } from "../../src/resources/group.ts";
import { hostnameKind } from "../../src/resources/hostname.ts";
import { kernelParam, kernelParamKind, paramName, paramPath } from "../../src/resources/kernel-param.ts";
import { mountKind } from "../../src/resources/mount.ts";
import { packageIndexKind, packageKind, packageUpgradeKind } from "../../src/resources/package.ts";
import type { ResourceKind } from "../../src/resources/resource.ts";
import { serviceKind, serviceManagerKind, serviceStartKind } from "../../src/resources/service.ts";
import { userGroupsKind, userKind, userPasswordKind, userShadowKind } from "../../src/resources/user.ts";
import { matches } from "../modules/shell-host.ts";
import { readRecorded } from "./recorded-host.ts";

const files = {
  "/etc/passwd":
    "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000:Ann Other,,,:/home/ann:/bin/ash\nodd:x:1001:77::/srv/a b:\n",
  "/etc/group": "root:x:0:root\nwheel:x:10:root,ann\nann:x:1000:\naudio:x:18:ann\nadm:x:4:ann,daemon\n",
};

describe("resources of users and the kernel", () => {
  it("reads users", () => {
    assert.deepEqual(readRecorded(userKind, ["ann", "odd", "none", "root"], { files }), [
      "present 1000 ann /home/ann /bin/ash Ann Other,,,",
      "present 1001 77 /srv/a%20b - -",
      "absent",
      "present 0 root /root /bin/sh root",
    ]);
  });

  it("reads users that only getent knows", () => {
    const getent = `case $1 in passwd) echo 'ldap:*:5000:1000:From LDAP:/home/ldap:/bin/bash' ;; group) echo 'staff:*:7000:' ;; esac`;
    assert.deepEqual(readRecorded(userKind, ["ldap", "none"], { files, commands: { getent } }), [
      "present 5000 ann /home/ldap /bin/bash From LDAP",
      "absent",
    ]);
    assert.deepEqual(readRecorded(groupKind, ["staff", "wheel", "none"], { files, commands: { getent } }), [
      "present 7000",
      "present 10",
      "absent",
    ]);
  });

  it("reads supplementary groups in one order", () => {
    assert.deepEqual(readRecorded(userGroupsKind, ["ann", "root", "odd"], { files }), [
      "adm,audio,wheel",
      "root,wheel",
      "-",
    ]);
  });

  it("reads the shadow file and shows no hash", () => {
    const shadow = {
      ...files,
      "/etc/shadow": "root:*:19000::::::\nann:$6$salt$hash:19000:0:99999:7::19999:\nodd:!$6$salt$hash:19000::::::\n",
    };
    assert.deepEqual(readRecorded(userShadowKind, ["root", "ann", "odd", "none"], { files: shadow }), [
      "known yes -",
      "known no 19999",
      "known yes -",
      "absent - -",
    ]);
    const digest = createHash("sha256").update("$6$salt$hash").digest("hex");
    assert.deepEqual(readRecorded(userPasswordKind, ["root", "ann", "odd", "none"], { files: shadow }), [
      "-",
      digest,
      digest,
      "-",
    ]);
    const bsd = {
      "/etc/master.passwd":
        "root:$2b$10$x:0:0:daemon:0:0:Charlie &:/root:/bin/ksh\nann:*$2b$10$y:1000:1000:staff:0:1727740800:Ann:/home/ann:/bin/ksh-\n",
    };
    assert.deepEqual(readRecorded(userShadowKind, ["root", "ann"], { files: bsd }), ["known no -", "known yes 19997"]);
    assert.deepEqual(readRecorded(userShadowKind, ["root"], {}), ["denied - -"]);
    assert.deepEqual(readRecorded(userPasswordKind, ["root"], {}), ["denied"]);
  });

  it("reads kernel parameters", () => {
    const proc = {
      "/proc/sys/net/ipv4/ip_forward": "1\n",
      "/proc/sys/net/ipv4/tcp_rmem": "4096\t131072\t33554432\n",
      "/proc/sys/kernel/core_pattern": "\n",
    };
    assert.deepEqual(
      readRecorded(kernelParamKind, ["net/ipv4/ip_forward", "net/ipv4/tcp_rmem", "kernel/core_pattern", "net/ipv4"], {
        files: proc,
      }),
      ["set 1", "set 4096 131072 33554432", "set -", "absent -"],
    );
    const sysctl = `case $2 in net.inet.ip.forwarding) echo 1 ;; *) echo 'sysctl: no' >&2; exit 1 ;; esac`;
    assert.deepEqual(readRecorded(kernelParamKind, ["net/inet/ip/forwarding", "net/x"], { commands: { sysctl } }), [
      "set 1",
      "absent -",
    ]);
  });

  it("knows the spellings of a parameter", () => {
    const table = [
      ["net.ipv4.ip_forward", "net/ipv4/ip_forward"],
      ["net/ipv4/ip_forward", "net/ipv4/ip_forward"],
      ["net.ipv4.conf.eth0/100.forwarding", "net/ipv4/conf/eth0.100/forwarding"],
      ["net/ipv4/conf/eth0.100/forwarding", "net/ipv4/conf/eth0.100/forwarding"],
    ] as const;
    for (const [name, path] of table) assert.equal(paramPath(name), path);
    assert.equal(paramName("net/ipv4/conf/eth0.100/forwarding"), "net.ipv4.conf.eth0/100.forwarding");
    assert.equal(kernelParam("vm.swappiness").key, "vm/swappiness");
  });

  it("reads mounts, the one on top", () => {
    const mounts =
      "/dev/sda1 / ext4 rw 0 0\ntmpfs /srv tmpfs rw 0 0\nnas:/k8s /srv nfs4 rw,vers=4.2 0 0\n/dev/sdb /mnt/a\\040b xfs ro 0 0\n";
    assert.deepEqual(
      readRecorded(mountKind, ["/", "/srv", "/mnt/a b", "/none"], { files: { "/proc/self/mounts": mounts } }),
      ["/dev/sda1 ext4 rw", "nas:/k8s nfs4 rw,vers=4.2", "/dev/sdb xfs ro", "absent"],
    );
    const mount = "@/dev/sd0a on / type ffs (local)\n/dev/sd0e on /home type ffs (local, nodev, nosuid)\n";
    assert.deepEqual(readRecorded(mountKind, ["/", "/home", "/x"], { commands: { mount } }), [
      "/dev/sd0a ffs local",
      "/dev/sd0e ffs local,nodev,nosuid",
      "absent",
    ]);
  });

  it("reads the host's name", () => {
    const debian = { "/proc/sys/kernel/hostname": "pi-1\n", "/etc/hostname": "# set by hand\npi-2" };
    assert.deepEqual(readRecorded(hostnameKind, ["hostname"], { files: debian }), ["pi-1 pi-2"]);
    assert.deepEqual(
      readRecorded(hostnameKind, ["hostname"], {
        files: { "/etc/myname": "fw.example.net\n" },
        commands: { hostname: "@fw.example.net\n" },
      }),
      ["fw.example.net fw.example.net"],
    );
    assert.deepEqual(readRecorded(hostnameKind, ["hostname"], { files: { "/proc/sys/kernel/hostname": "a\n" } }), [
      "a -",
    ]);
  });
});

describe("lines of system kinds", () => {
  const word = fc.stringMatching(/^[A-Za-z0-9_./:+~@%-]*[A-Za-z0-9]$/);
  const maybe = fc.option(word.filter((text) => text !== "absent"));
  const state = fc.constantFrom("present");
  const flag = fc.boolean();
  const number = fc.nat();
  const free = fc.stringMatching(/^[A-Za-z0-9][ -~]*$/);
  const laws = (
    [
      [packageKind, fc.record({ manager: word, state: word, held: flag, version: maybe })],
      [packageUpgradeKind, fc.record({ newer: maybe })],
      [packageIndexKind, fc.record({ manager: word, state: word })],
      [serviceKind, fc.record({ init: word, load: word, active: word, enabled: maybe, skipped: flag, oneshot: flag })],
      [serviceStartKind, fc.record({ start: maybe })],
      [serviceManagerKind, fc.record({ outdated: flag })],
      [userKind, fc.record({ state, uid: fc.option(number), group: maybe, home: maybe, shell: maybe, comment: free })],
      [userGroupsKind, fc.record({ groups: maybe })],
      [userShadowKind, fc.record({ state: word, locked: fc.option(flag), expires: fc.option(number) })],
      [userPasswordKind, fc.record({ digest: maybe })],
      [groupKind, fc.record({ state, gid: fc.option(number) })],
      [kernelParamKind, fc.record({ state: word, value: free })],
      [mountKind, fc.record({ source: word, type: word, options: maybe })],
      [hostnameKind, fc.record({ running: maybe, boot: maybe })],
      [factsKind, fc.record({ line: free })],
    ] as const
  ).map(([kind, values]): [ResourceKind<object>, fc.Arbitrary<object>] => [
    kind as unknown as ResourceKind<object>,
    values,
  ]);

  for (const [kind, values] of laws) {
    it(`${kind.kind}: a line is shown as it was parsed, and the other way round`, () => {
      fc.assert(
        fc.property(values, (value) => {
          const line = kind.line.show(value);
          assert.deepEqual({ ...kind.line.parse(line) }, { ...value });
          assert.equal(kind.line.show(kind.line.parse(line)), line);
        }),
      );
    });
    it(`${kind.kind}: a line is taken by its own pattern`, () => {
      for (const value of fc.sample(values, 3))
        assert.equal(matches(kind.line.show(value), kind.line.pattern(value)), true);
    });
  }
});
