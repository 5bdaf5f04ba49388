import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ReadGroup, Session } from "../../src/agent/wire.ts";
import { blob, endOf, isRoot, localSession, runBatch, scratch, shells } from "./shells.ts";

const umask = Number.parseInt(execFileSync("/bin/sh", ["-c", "umask"], { encoding: "utf8" }), 8);

/** Answers each key in brackets, in reverse order. */
const echoKind = (keys: string[], user?: string): ReadGroup => ({
  kind: "test.echo",
  reader:
    'i=$#\nwhile [ "$i" -gt 0 ]; do\ni=$((i - 1))\neval "printf \'%s [%s]\\n\' \\"$i\\" \\"\\${$((i + 1))}\\""\ndone',
  keys,
  ...(user === undefined ? {} : { user }),
});

for (const { name, path } of shells) {
  describe(`agent under ${name}`, function () {
    this.timeout(30_000);
    let home = "";
    let session: Session;

    before(async function () {
      if (path === undefined) {
        console.warn(`      SKIPPED: ${name} is not installed`);
        this.skip();
      }
      home = scratch();
      session = await localSession(path, { HOME: home, LC_ALL: "C.UTF-8" });
    });
    after(async () => {
      if (path !== undefined) await session.close();
    });

    it("says who it is and answers the first read in one round trip", async () => {
      const own = await localSession(path ?? "", { HOME: home });
      const answer = own.read([echoKind(["/etc/passwd"])]);
      const hello = await own.hello;
      assert.equal(hello.uid, process.getuid?.());
      assert.equal(hello.gid, process.getgid?.());
      assert.equal(hello.home, home);
      assert.equal(hello.umask, umask);
      assert.equal(hello.system, "Linux");
      assert.match(hello.bootId, /^[0-9a-f-]{36}$/);
      assert.equal(hello.spool, join(home, "spool"));
      assert.deepEqual(await answer, [["[/etc/passwd]"]]);
      assert.equal(own.counters.roundTrips, 1);
      assert.ok(!existsSync(hello.spool), "reading leaves nothing behind");
      await own.close();
    });

    it("gives keys to readers as they are", async () => {
      const keys = ["a b", "it's", "$(id)", "`id`", "*", "", "-n", "\\n", "é☃", "a;b&c|d", '"', "~", "#x", "a'b'c"];
      assert.deepEqual(await session.read([echoKind(keys), echoKind([...keys].reverse())]), [
        keys.map((key) => `[${key}]`),
        [...keys].reverse().map((key) => `[${key}]`),
      ]);
    });

    it("cuts long lists of keys and puts the answers together", async () => {
      const keys = Array.from(
        { length: 1500 },
        (_, index) => `/a/rather/long/path/to/have/more/than/64/kilobytes/in/all/of/them/${index}`,
      );
      const [answer] = await session.read([
        { kind: "test.many", reader: 'i=0\nfor k; do\nprintf "%s %s\\n" "$i" "$k"\ni=$((i + 1))\ndone', keys },
      ]);
      assert.deepEqual(answer, keys);
    });

    it("names the reader that gives no answer, with what it printed", async () => {
      await assert.rejects(
        session.read([
          { kind: "test.broken", reader: "echo 0 first; echo no such thing >&2; exit 3", keys: ["x", "y"] },
        ]),
        (error: Error & { reason?: string; stderr?: string }) => {
          assert.equal(error.name, "AgentError");
          assert.equal(error.reason, "reader");
          assert.equal(error.message, 'the host gave no answer about test.broken "y"');
          assert.match(error.stderr ?? "", /no such thing/);
          return true;
        },
      );
      assert.deepEqual(await session.read([echoKind(["still here"])]), [["[still here]"]]);
    });

    it("runs readers without input, in the C locale", async () => {
      assert.deepEqual(
        await session.read([
          { kind: "test.input", reader: 'x=$(cat)\nprintf "0 <%s> %s\\n" "$x" "$LC_ALL"', keys: ["x"] },
        ]),
        [["<> C"]],
      );
    });

    it("reads as another user", async function () {
      if (!isRoot) {
        console.warn("      SKIPPED: needs root");
        this.skip();
      }
      const who: ReadGroup = {
        kind: "test.who",
        reader: 'printf "0 %s %s %s\\n" "$(id -un)" "$USER" "$1"',
        keys: ["it's"],
        user: "nobody",
      };
      assert.deepEqual(await session.read([who, { ...who, user: "root" }]), [
        ["nobody nobody it's"],
        [`root ${process.env.USER ?? ""} it's`],
      ]);
    });

    it("runs a batch in order, with bytes in and out", async () => {
      const bytes = Buffer.from([0, 255, 10, 0, 39, 92, 10]);
      const { end, events } = await runBatch(session, "order-1", [
        {
          do: "run",
          id: 1,
          shell: `cp "$B/${blob(bytes).sha256}" "$HOME/bytes"; cat "$HOME/bytes"; echo warned >&2`,
          blobs: [blob(bytes)],
        },
        { do: "run", id: 2, shell: 'umask; cat; echo "$LC_ALL"; pwd', blobs: [] },
        { do: "run", id: 3, shell: ":", blobs: [] },
      ]);
      assert.deepEqual(end, { end: "done" });
      assert.deepEqual(
        events.map((event) => `${event.event} ${event.id}`),
        ["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"],
      );
      const first = events[1];
      assert.ok(first?.event === "end" && first.stdout.equals(bytes));
      assert.equal(endOf(events, 1).err, "warned\n");
      assert.match(endOf(events, 2).out, new RegExp(`^0?${umask.toString(8).padStart(3, "0")}\nC\n/\n$`));
      assert.deepEqual(endOf(events, 3), { rc: 0, out: "", err: "", cut: false, late: false });
      assert.ok(readFileSync(join(home, "bytes")).equals(bytes));
    });

    it("stops at the first step that fails, under set -eu", async () => {
      for (const [index, shell] of [
        "false; echo on",
        "f() { false; echo on; }; f; echo on",
        'echo "$nothing_here"; echo on',
        "if true; then (",
        "exit 1",
        "eval 'false'; echo on",
      ].entries()) {
        const { end, events } = await runBatch(session, `stop-${index}`, [
          { do: "run", id: 7, shell, blobs: [] },
          { do: "run", id: 8, shell: "echo never", blobs: [] },
        ]);
        assert.deepEqual(end, { end: "stopped", id: 7 }, shell);
        assert.notEqual(endOf(events, 7).rc, 0, shell);
        assert.equal(endOf(events, 7).out, "", shell);
        assert.equal(events.length, 2);
      }
    });

    it("compares fresh lines with what is expected", async () => {
      const groups = [echoKind(["a", "b c"]), echoKind(["*"])];
      const expected = [[{ pattern: "'[a]'" }, { pattern: "'[b '*" }], [{ pattern: "*", not: "'[x]'" }]];
      const withExpected = (change: (text: string) => string) =>
        groups.map((group, index) => ({
          ...group,
          expected: (expected[index] ?? []).map((one) => ({ ...one, pattern: change(one.pattern) })),
        }));
      const { end, events } = await runBatch(session, "compare-1", [
        { do: "compare", id: 1, why: "guard", groups: withExpected((text) => text) },
        { do: "run", id: 2, shell: ":", blobs: [] },
        { do: "compare", id: 3, why: "prove", groups: withExpected((text) => text.replace("'[a]'", "'[z]'")) },
        { do: "run", id: 4, shell: ":", blobs: [] },
      ]);
      assert.deepEqual(end, { end: "stopped", id: 3 });
      assert.deepEqual(events.at(0), { event: "same", id: 1 });
      assert.deepEqual(events.at(-1), { event: "differs", id: 3, answers: [["[a]", "[b c]"], ["[*]"]] });
      const unwanted = await runBatch(session, "compare-2", [
        {
          do: "compare",
          id: 1,
          why: "guard",
          groups: [{ ...echoKind(["x"]), expected: [{ pattern: "*", not: "'[x]'" }] }],
        },
      ]);
      assert.deepEqual(unwanted.end, { end: "stopped", id: 1 });
    });

    it("treats a reader without an answer as broken while it compares", async () => {
      const groups = [{ kind: "test.mute", reader: "echo cannot look >&2", keys: ["k"], expected: [{ pattern: "*" }] }];
      const broken = session.batch("mute-1", [{ do: "compare", id: 1, why: "guard", groups }], () => undefined);
      await assert.rejects(broken, { name: "AgentError", reason: "reader", stderr: "cannot look" });
    });

    it("runs a user's command as after login", async () => {
      const { end, events } = await runBatch(session, "command-1", [
        { do: "run", id: 1, shell: 'echo "$LC_ALL" "$PATH"; pwd; cat; umask', blobs: [], command: {} },
        { do: "run", id: 2, shell: "exec cat", blobs: [], command: { stdin: blob("a\0b") } },
        {
          do: "run",
          id: 3,
          shell: 'pwd; printf "%s\\n" "$A" "$B_2"',
          blobs: [],
          command: { chdir: "/usr", environment: { A: "it's\n$x", B_2: "" } },
        },
      ]);
      assert.deepEqual(end, { end: "done" });
      const [login, folder] = endOf(events, 1).out.split("\n");
      assert.equal(login, `C.UTF-8 ${process.env.PATH ?? ""}`);
      assert.equal(folder, home);
      assert.equal(endOf(events, 2).out, "a\0b");
      assert.equal(endOf(events, 3).out, "/usr\nit's\n$x\n\n");
    });

    it("fails a command whose folder is not there", async () => {
      const { end, events } = await runBatch(session, "command-2", [
        { do: "run", id: 1, shell: "echo on", blobs: [], command: { chdir: "/not/here" } },
      ]);
      assert.deepEqual(end, { end: "stopped", id: 1 });
      assert.equal(endOf(events, 1).out, "");
      assert.match(endOf(events, 1).err, /\/not\/here/);
    });

    it("does not wait for a daemon that keeps the output open", async () => {
      const began = performance.now();
      const { end, events } = await runBatch(session, "daemon-1", [
        { do: "run", id: 1, shell: "sleep 15 & echo started", blobs: [] },
        { do: "run", id: 2, shell: "sleep 15 & echo started", blobs: [], command: {} },
      ]);
      assert.deepEqual(end, { end: "done" });
      assert.equal(endOf(events, 1).out, "started\n");
      assert.equal(endOf(events, 2).out, "started\n");
      assert.ok(performance.now() - began < 8000);
    });

    it("ends a command with all its processes when its time is over", async () => {
      const { end, events } = await runBatch(session, "late-1", [
        { do: "run", id: 1, shell: 'sleep 77 & echo "$!"; sleep 78', blobs: [], command: {}, seconds: 1 },
      ]);
      assert.deepEqual(end, { end: "stopped", id: 1 });
      const { rc, late, out } = endOf(events, 1);
      assert.deepEqual({ rc, late }, { rc: 124, late: true });
      const child = Number(out.trim());
      assert.ok(!isRunning(child), "the child is gone, too");
      const intime = await runBatch(session, "late-2", [
        { do: "run", id: 1, shell: "cat; exit 3", blobs: [], command: { stdin: blob("in") }, seconds: 60 },
      ]);
      assert.deepEqual(endOf(intime.events, 1), { rc: 3, out: "in", err: "", cut: false, late: false });
    });

    it("keeps the last part of endless output", async () => {
      const { end, events } = await runBatch(session, "cut-1", [
        {
          do: "run",
          id: 1,
          shell: "i=0; while [ $i -lt 900 ]; do printf '%01000d\\n' 5; i=$((i + 1)); done; echo last",
          blobs: [],
          command: {},
        },
        { do: "run", id: 2, shell: "dd if=/dev/zero bs=1000 count=900 2>/dev/null; echo last", blobs: [] },
        { do: "run", id: 3, shell: "dd if=/dev/zero bs=1024 count=256 2>/dev/null", blobs: [], command: {} },
      ]);
      assert.deepEqual(end, { end: "done" });
      for (const id of [1, 2]) {
        const { out, cut } = endOf(events, id);
        assert.ok(cut);
        assert.equal(out.length, 256 * 1024);
        assert.ok(out.endsWith("last\n"));
      }
      assert.equal(endOf(events, 3).out.length, 256 * 1024);
    });

    it("runs steps as another user, who sees only what is for it", async function () {
      if (!isRoot) {
        console.warn("      SKIPPED: needs root");
        this.skip();
      }
      const open = blob("for nobody");
      const other = await localSession(path ?? "", { PROVISION_SPOOL: "" });
      try {
        const { end, events } = await runBatch(other, `user-${process.pid}`, [
          { do: "run", id: 1, shell: `id -un; cat "$B/${open.sha256}"; umask`, blobs: [open], user: "nobody" },
          {
            do: "run",
            id: 2,
            shell: 'id -un; cat; echo "$USER"; ls /run/provision',
            blobs: [],
            user: "nobody",
            command: { stdin: blob("input", true) },
          },
        ]);
        assert.match(endOf(events, 1).out, /^nobody\nfor nobody0?0[0-7]{2}\n$/);
        assert.match(endOf(events, 2).out, /^nobody\ninputnobody\n/);
        assert.match(endOf(events, 2).err, /denied/i);
        assert.deepEqual(end, { end: "stopped", id: 2 });
        const late = await runBatch(other, `user-late-${process.pid}`, [
          { do: "run", id: 1, shell: "id -un; sleep 70", blobs: [], user: "nobody", command: {}, seconds: 1 },
        ]);
        assert.deepEqual(endOf(late.events, 1).late, true);
        assert.equal(endOf(late.events, 1).out, "nobody\n");
      } finally {
        await other.close();
      }
    });

    it("leaves nothing in the spool once the end has arrived", async () => {
      await runBatch(session, "clean-1", [{ do: "run", id: 1, shell: "false", blobs: [blob("x", true)] }]);
      await session.read([]);
      assert.deepEqual(readdirSync(join(home, "spool")), []);
    });

    it("follows a batch that was started before instead of running it twice", async () => {
      const folder = join(home, "spool", "again-1");
      const twice = { do: "run", id: 1, shell: 'echo run >>"$HOME/runs"; sleep 1', blobs: [] } as const;
      const second = await localSession(path ?? "", { HOME: home });
      const first = session.batch("again-1", [twice], () => undefined);
      while (!existsSync(join(folder, "started"))) await new Promise((resolve) => setTimeout(resolve, 10));
      const { end } = await runBatch(second, "again-1", [twice]);
      assert.deepEqual(end, { end: "done" });
      assert.deepEqual(await first, { end: "done" });
      assert.equal(readFileSync(join(home, "runs"), "utf8"), "run\n");
      await second.close();
    });

    it("notices that the program of a batch was killed", async () => {
      const { end, events } = await runBatch(session, "killed-1", [
        { do: "run", id: 4, shell: `kill -9 "$(cut -d' ' -f1 "$B/../pid")"; sleep 20`, blobs: [] },
      ]);
      assert.deepEqual(end, { end: "lost", id: 4, why: "its process on the host is gone" });
      assert.deepEqual(events, [{ event: "begin", id: 4 }]);
    });

    it("removes secrets as soon as the batch is over, before anybody fetches its end", async () => {
      const secret = blob("very secret", true);
      const other = await localSession(path ?? "", { HOME: home });
      const done = other.batch(
        "secret-1",
        [
          {
            do: "run",
            id: 1,
            shell: `cat "$B/${secret.sha256}" >/dev/null; : >"$HOME/began"; sleep 1; false`,
            blobs: [secret],
          },
        ],
        () => undefined,
      );
      while (!existsSync(join(home, "began"))) await new Promise((resolve) => setTimeout(resolve, 10));
      const file = join(home, "spool", "secret-1", "b", secret.sha256);
      assert.ok(existsSync(file));
      await other.close();
      assert.equal((await done).end, "stopped");
      assert.ok(!existsSync(file));
    });

    it("reads frames whole where dd knows no fullblock", async () => {
      const folder = scratch();
      writeFileSync(
        join(folder, "dd"),
        '#!/bin/sh\ncase "$*" in *fullblock*) echo unknown flag >&2; exit 1 ;; esac\nexec /bin/dd "$@"\n',
        { mode: 0o755 },
      );
      const plain = await localSession(path ?? "", { PATH: `${folder}:${process.env.PATH ?? ""}` });
      const large = Buffer.alloc(200_000, "0123456789\n");
      const { end, events } = await runBatch(plain, "plain-1", [
        {
          do: "run",
          id: 1,
          shell: `wc -c <"$B/${blob(large).sha256}"; echo é; cat "$B/${blob("é").sha256}"`,
          blobs: [blob(large), blob("é"), blob("")],
        },
      ]);
      assert.deepEqual(end, { end: "done" });
      assert.match(endOf(events, 1).out, /^ *200000\né\né$/);
      await plain.close();
    });
  });
}

function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}
