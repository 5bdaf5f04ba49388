import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { captureLimit, isCut, textOf } from "../../src/resources/capture.ts";
import { commandOutput } from "../../src/resources/command.ts";
import { condition } from "../../src/resources/condition.ts";
import { connection } from "../../src/resources/connection.ts";
import { glob } from "../../src/resources/glob.ts";
import { port, portKind } from "../../src/resources/port.ts";
import { processMatching, processNamed } from "../../src/resources/process.ts";
import { route, routeKind } from "../../src/resources/route.ts";
import { readRef } from "../modules/shell-host.ts";
import { readRecorded, shells } from "./recorded-host.ts";

for (const shell of shells) {
  describe(`looking at a host with ${shell.join(" ")}`, () => {
    const options = { shell };

    it("output of a program, as bytes", () => {
      const seen = readRef(commandOutput({ shell: "printf 'a\\0b\\n'; printf 'oh\\n' >&2; exit 3" }), options);
      assert.deepEqual(seen, { rc: 3, stdout: "6100620a", stderr: "6f680a" });
      assert.deepEqual(readRef(commandOutput({ argv: ["true"] }), options), { rc: 0, stdout: null, stderr: null });
      assert.equal(readRef(commandOutput({ argv: ["no-such-program"] }), options).rc, 127);
      assert.equal(textOf(readRef(commandOutput({ argv: ["cat"], stdin: "it's\n$x" }), options).stdout), "it's\n$x");
      assert.equal(textOf(readRef(commandOutput({ shell: "cat" }), options).stdout), "");
    });

    it("long output is cut, and the program is not ended", () => {
      const seen = readRef(commandOutput({ shell: "seq 1 60000; seq 1 60000 >&2; exit 4" }), options);
      assert.equal(seen.rc, 4);
      assert.ok(isCut(seen.stdout) && isCut(seen.stderr));
      assert.equal(Buffer.from(seen.stdout ?? "", "hex").length, captureLimit);
    });

    it("conditions", () => {
      assert.equal(readRef(condition({ shell: "test -d /\nexit 4" }), options).rc, 4);
      assert.equal(readRef(condition({ argv: ["test", "-d", "/"] }), options).rc, 0);
      const run = {
        shell: `test "$A" = 'a $(id)' && test "$(pwd)" = /usr`,
        environment: { A: "a $(id)" },
        chdir: "/usr",
      };
      assert.equal(readRef(condition(run), options).rc, 0);
      assert.equal(readRef(condition({ shell: "true", chdir: "/no/such" }), options).rc, 1);
    });

    it("globs", () => {
      const root = mkdtempSync(join(tmpdir(), "provision glob [x] "));
      try {
        writeFileSync(join(root, "a.log"), "");
        symlinkSync("nowhere", join(root, "dangling"));
        const home = (): string => root;
        const found = (pattern: string): boolean => readRef(glob(pattern, undefined, home), options).matches;
        assert.deepEqual(["*.log", "a.log", "[a].log", "?.log", "dangling", "~/a.*"].map(found), [
          true,
          true,
          true,
          true,
          true,
          true,
        ]);
        assert.deepEqual(["b*", "b.log", "$(touch b.log)", "`touch b.log`", "b.log"].map(found), [
          false,
          false,
          false,
          false,
          false,
        ]);
        assert.equal(readRef(glob("*.log", "/", home), options).matches, false);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    });

    it("ports and connections", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      const socket = createSocket("udp6").bind(0, "::1");
      await Promise.all([server, socket].map((one) => new Promise((resolve) => one.once("listening", resolve))));
      try {
        const address = server.address();
        const number = typeof address === "object" && address !== null ? address.port : 0;
        assert.equal(readRef(port("tcp", number), options).addresses, "127.0.0.1");
        assert.equal(readRef(port("udp", socket.address().port), options).addresses, "::1");
        assert.equal(readRef(port("tcp", 1), options).addresses, null);
        assert.equal(readRef(connection("127.0.0.1", number, 2), options).state, "open");
        assert.equal(readRef(connection("127.0.0.1", 1, 2), options).state, "closed");
      } finally {
        server.close();
        socket.close();
      }
    });

    it("processes", () => {
      assert.ok(readRef(processMatching("node.*mocha"), options).count > 0);
      assert.equal(readRef(processMatching("no-such-program[x]"), options).count, 0);
      assert.equal(readRef(processNamed("no-such-program-with-a-long-name"), options).count, 0);
    });
  });
}

/** BusyBox's shell has an ip of its own, which a recorded host cannot hide. */
function withTool(tool: string, functions = ""): typeof routeKind {
  return { ...routeKind, functions: `${routeKind.functions ?? ""}\nroute_find() { echo ${tool}; }\n${functions}` };
}

describe("recorded hosts", () => {
  const sort = 'exec /usr/bin/sort "$@"';
  it("ports from Linux's tables", () => {
    const head = "  sl  local_address rem_address   st\n";
    const files = {
      "/proc/net/tcp": `${head}   0: 0100007F:0016 00000000:0000 0A 0\n   1: 0100007F:0050 0100007F:0016 01 0\n   2: 00000000:1F90 00000000:0000 0A 0\n`,
      "/proc/net/tcp6": `${head}   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A\n   1: B80D0120000000000000000001000000:0016 00000000000000000000000000000000:0000 0A\n`,
      "/proc/net/udp": `${head}   0: 0101A8C0:0035 00000000:0000 07\n`,
      "/proc/net/udp6": head,
    };
    const keys = ["tcp/22", "tcp/80", "tcp/8080", "udp/53", "udp/22"];
    assert.deepEqual(readRecorded(portKind, keys, { files, commands: { sort, od: 'exec /usr/bin/od "$@"' } }), [
      "127.0.0.1,2001:db8:0:0:0:0:0:1",
      "-",
      "0.0.0.0,::",
      "192.168.1.1",
      "-",
    ]);
  });

  it("ports from netstat of OpenBSD and FreeBSD", () => {
    const netstat = `@Active Internet connections (including servers)
Proto   Recv-Q Send-Q  Local Address          Foreign Address        TCP-State
tcp          0      0  192.168.1.9.22         192.168.1.2.50000      ESTABLISHED
tcp          0      0  127.0.0.1.25           *.*                    LISTEN
tcp          0      0  *.22                   *.*                    LISTEN
udp          0      0  *.514                  *.*
tcp6         0      0  *.22                   *.*                    LISTEN
tcp6         0      0  fe80::1%lo0.25         *.*                    LISTEN
tcp4         0      0  *.80                   *.*                    LISTEN
`;
    const keys = ["tcp/22", "tcp/25", "tcp/80", "udp/514", "tcp/514"];
    assert.deepEqual(readRecorded(portKind, keys, { commands: { netstat, sort } }), [
      "0.0.0.0,::",
      "127.0.0.1,fe80::1",
      "0.0.0.0",
      "0.0.0.0",
      "-",
    ]);
  });

  it("routes from ip", () => {
    const ip = `case $* in
*'show exact 10.42.0.0/16') printf '10.42.0.0/16 via 10.0.0.1 dev eth0 proto bgp metric 20 \\n' ;;
*'show exact 0.0.0.0/0') printf 'default via 192.0.2.1 dev eth0 \\n' ;;
*'show exact 10.43.0.0/16') printf '10.43.0.0/16 proto static \\\\\\tnexthop via 10.0.0.1 dev eth0 weight 1 \\\\\\tnexthop via 10.0.0.2 dev eth1 weight 1\\n' ;;
*'show exact 10.44.0.0/16') printf 'unreachable 10.44.0.0/16 \\n' ;;
*'-6 -o route show exact 2001:db8::/32') printf '2001:db8::/32 via fe80::1 dev eth0 metric 1024 pref medium\\n' ;;
*'get 192.0.2.9') printf '192.0.2.9 dev eth0 src 192.0.2.2 uid 0 \\\\    cache \\n' ;;
*'get 203.0.113.1') echo 'RTNETLINK answers: Network is unreachable' >&2; exit 2 ;;
esac`;
    const to = [
      "10.42.0.0/16",
      "default",
      "10.43.0.0/16",
      "10.44.0.0/16",
      "10.45.0.0/16",
      "2001:db8::/32",
      "192.0.2.9",
      "203.0.113.1",
    ];
    assert.deepEqual(
      readRecorded(
        routeKind,
        to.map((one) => route(one).key),
        { commands: { ip } },
      ),
      [
        "present 10.0.0.1 eth0 -",
        "present 192.0.2.1 eth0 -",
        "present 10.0.0.1,10.0.0.2 eth0,eth1 -",
        "absent - - -",
        "absent - - -",
        "present fe80::1 eth0 -",
        "present - eth0 192.0.2.2",
        "absent - - -",
      ],
    );
  });

  it("routes from route of OpenBSD: only the very entry counts for a prefix", () => {
    const routeCommand = `case $* in
*10.42.0.0/16) printf '   route to: 10.42.0.0\\ndestination: 10.42.0.0\\n       mask: 255.255.0.0\\n    gateway: 10.0.0.1\\n  interface: em0\\n if address: 10.0.0.5\\n' ;;
*10.43.0.0/16 | *0.0.0.0/0 | *1.1.1.1) printf '   route to: x\\ndestination: default\\n       mask: default\\n    gateway: 10.0.0.254\\n  interface: em0\\n if address: 10.0.0.5\\n' ;;
*2001:db8::/32) printf '   route to: 2001:db8::\\ndestination: 2001:db8::\\n       mask: ffff:ffff::\\n    gateway: fe80::1%%em0\\n  interface: em0\\n' ;;
*) echo 'route: writing to routing socket: No such process' >&2 ;;
esac`;
    const to = ["10.42.0.0/16", "10.43.0.0/16", "default", "1.1.1.1", "2001:db8::/32", "10.99.0.1"];
    assert.deepEqual(
      readRecorded(
        withTool("route", `route() {\n${routeCommand}\n}`),
        to.map((one) => route(one).key),
        {},
      ),
      [
        "present 10.0.0.1 em0 10.0.0.5",
        "absent - - -",
        "present 10.0.0.254 em0 10.0.0.5",
        "present 10.0.0.254 em0 10.0.0.5",
        "present fe80::1%em0 em0 -",
        "absent - - -",
      ],
    );
  });

  it("says so where nothing tells routes", () => {
    assert.deepEqual(readRecorded(withTool("none"), ["get 1.1.1.1"], {}), ["untold - - -"]);
  });
});
