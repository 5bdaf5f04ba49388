import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AgentError } from "../../src/agent/agent-error.ts";
import { loaderCommand } from "../../src/agent/loader.ts";
import { openSession } from "../../src/agent/session.ts";
import type { Session } from "../../src/agent/wire.ts";
import { connectLocal } from "../../src/transport/local.ts";
import { blob, endOf, firstOf, isRoot, localSession, runBatch, scratch } from "./shells.ts";

/** A session over any command, where an agent should be. */
async function sessionOver(command: string, helloSeconds = 5, env: NodeJS.ProcessEnv = process.env): Promise<Session> {
  return openSession(await connectLocal("/bin/sh", env).open(command), { helloSeconds });
}

async function failure(promise: Promise<unknown>): Promise<AgentError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof AgentError, String(error));
    return error;
  }
  throw new Error("nothing failed");
}

describe("agent and faults", function () {
  this.timeout(30_000);

  it("ignores what a login shell prints, with and without a last newline", async () => {
    const session = await sessionOver(`printf 'Welcome!\\nLast login: never'; echo warning >&2; ${loaderCommand()}`);
    assert.equal((await session.hello).uid, process.getuid?.());
    assert.deepEqual(await session.read([{ kind: "x", reader: "echo 0 y", keys: ["k"] }]), [["y"]]);
    await session.close();
  });

  it("says what a host without a shell answers", async () => {
    const session = await sessionOver("exec /no/such/shell -c x");
    const error = await failure(session.hello);
    assert.equal(error.reason, "hello");
    assert.match(error.message, /no shell answered on the host: the shell ended with status 127/);
    assert.match(error.stderr, /\/no\/such\/shell/);
    assert.equal((await failure(session.read([]))).reason, "hello");
  });

  it("shows the last lines of a login that is no shell", async () => {
    const session = await sessionOver("echo 'This account is currently not available.'; exit 1");
    const error = await failure(session.hello);
    assert.match(error.stderr, /currently not available/);
  });

  it("does not wait for ever for a host that says nothing", async () => {
    const began = performance.now();
    const error = await failure((await sessionOver("exec sleep 5", 0.3)).hello);
    assert.equal(error.reason, "hello");
    assert.match(error.message, /said nothing for 0.3 seconds/);
    assert.ok(performance.now() - began < 3000);
  });

  it("does not take garbage for answers", async () => {
    const error = await failure((await sessionOver("cat /bin/ls /bin/ls; echo; echo hello; exit 5")).hello);
    assert.equal(error.reason, "hello");
  });

  it("answers open requests when the agent is killed", async () => {
    const session = await localSession("/bin/sh");
    const read = session.read([{ kind: "x", reader: "kill -9 $$", keys: ["k"] }]);
    const error = await failure(read);
    assert.equal(error.reason, "lost");
    assert.match(error.message, /SIGKILL/);
  });

  it("calls a batch lost when its agent is killed, and its program goes on", async () => {
    const home = scratch();
    const session = await localSession("/bin/sh", { HOME: home });
    const agent = await session.read([{ kind: "pid", reader: 'echo "0 $$"', keys: ["k"] }]);
    const { end } = await runBatch(session, "orphan-1", [
      { do: "run", id: 5, shell: `kill -9 ${agent[0]?.[0] ?? ""}; sleep 1; echo done >"$HOME/after"`, blobs: [] },
    ]);
    assert.equal(end.end, "lost");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(readFileSync(join(home, "after"), "utf8"), "done\n");
  });

  it("refuses ids, users, kinds and variables that are none", async () => {
    const session = await localSession("/bin/sh");
    const run = { do: "run", id: 1, shell: ":", blobs: [] } as const;
    for (const id of ["", "../x", "a b", "a/b", "-x"])
      assert.equal((await failure(session.batch(id, [run], () => undefined))).reason, "protocol");
    for (const user of ["-x", "a b", "$(id)", ""])
      assert.equal((await failure(session.batch("u", [{ ...run, user }], () => undefined))).reason, "protocol");
    assert.equal(
      (await failure(session.batch("v", [{ ...run, command: { environment: { "A;id": "x" } } }], () => undefined)))
        .reason,
      "protocol",
    );
    assert.equal((await failure(session.read([{ kind: "x;id", reader: ":", keys: [] }]))).reason, "protocol");
    assert.deepEqual(await session.read([{ kind: "x", reader: "echo 0 y", keys: ["k"] }]), [["y"]]);
    await session.close();
  });

  it("says that there is no folder for batches", async () => {
    const session = await localSession("/bin/sh", { PROVISION_SPOOL: "/proc/none/spool" });
    const error = await failure(session.batch("s", [{ do: "run", id: 1, shell: ":", blobs: [] }], () => undefined));
    assert.equal(error.reason, "spool");
    assert.match(error.message, /cannot make the folder \/proc\/none\/spool/);
  });

  it("does not use a folder that is a link or somebody else's", async () => {
    const home = scratch();
    mkdirSync(join(home, "target"));
    execFileSync("ln", ["-s", join(home, "target"), join(home, "link")]);
    const session = await localSession("/bin/sh", { PROVISION_SPOOL: join(home, "link") });
    const error = await failure(session.batch("s", [{ do: "run", id: 1, shell: ":", blobs: [] }], () => undefined));
    assert.match(error.message, /belongs to somebody else/);
  });

  it("says that the disk is full while it uploads, and has run nothing", async function () {
    const mount = scratch();
    if (!isRoot || spawnSync("mount", ["-t", "tmpfs", "-o", "size=400k", "tmpfs", mount]).status !== 0) {
      console.warn("      SKIPPED: needs root and the right to mount");
      this.skip();
    }
    try {
      for (const size of [200_000, 390_000, 2_000_000]) {
        const session = await localSession("/bin/sh", { PROVISION_SPOOL: join(mount, "spool") });
        const large = blob(Buffer.alloc(size, "x"));
        const run = session.batch(
          `full-${size}`,
          [{ do: "run", id: 1, shell: `: ${"y".repeat(size === 2_000_000 ? 0 : 300_000)}`, blobs: [large] }],
          () => assert.fail("it ran"),
        );
        const error = await failure(run);
        assert.equal(error.reason, "spool");
        assert.match(error.message, /cannot (write|make)|No space/);
        rmSync(join(mount, "spool"), { recursive: true, force: true });
      }
    } finally {
      spawnSync("umount", ["-l", mount]);
    }
  });

  it("ends the batch of a host without setsid and perl with its connection, and says so", async () => {
    const folder = scratch();
    for (const name of ["dd", "id", "mkdir", "mkfifo", "rm", "tail", "sleep", "cat", "uname"]) {
      const path = firstOf(name) ?? "";
      writeFileSync(join(folder, name), `#!/bin/sh\nexec ${path} "$@"\n`);
      chmodSync(join(folder, name), 0o755);
    }
    // The agent adds the sbin folders only; what is needed here must not be in them.
    const session = await localSession("/bin/sh", { PATH: folder });
    const { end } = await runBatch(session, "plain-1", [{ do: "run", id: 1, shell: "echo x", blobs: [] }]);
    assert.deepEqual(end, { end: "done" });
    assert.match(session.notices.join("\n"), /neither setsid nor perl/);
    const late = await runBatch(session, "plain-2", [
      { do: "run", id: 1, shell: "echo x", blobs: [], command: {}, seconds: 5 },
    ]);
    assert.equal(endOf(late.events, 1).rc, 125);
    assert.match(endOf(late.events, 1).err, /a time limit cannot be kept/);
    await session.close();
  });

  it("starts no process for a step of builtins but its subshell", async function () {
    if (firstOf("strace") === undefined) {
      console.warn("      SKIPPED: strace is not installed");
      this.skip();
    }
    const programs: number[] = [];
    const forks: number[] = [];
    for (const count of [1, 101]) {
      const trace = join(scratch(), "trace");
      const session = await sessionOver(
        `exec strace -f -o ${trace} -e trace=execve,clone,clone3,fork,vfork ${loaderCommand().replace("exec ", "")}`,
        20,
        { ...process.env, PROVISION_SPOOL: join(scratch(), "spool") },
      );
      const items = Array.from(
        { length: count },
        (_, id) => ({ do: "run", id, shell: 'x=1; [ "$x" = 1 ]', blobs: [] }) as const,
      );
      const { end } = await runBatch(session, "count-1", items);
      assert.deepEqual(end, { end: "done" });
      await session.close();
      const lines = readFileSync(trace, "utf8").split("\n");
      programs.push(lines.filter((line) => /execve\(.* = 0$/.test(line)).length);
      forks.push(
        lines.filter(
          (line) =>
            /(clone3?|v?fork)\(.*= [0-9]+$/.test(line) || /<\.\.\. (clone3?|v?fork) resumed.*= [0-9]+$/.test(line),
        ).length,
      );
    }
    const [few = 0, many = 0] = programs;
    const [forksOfOne = 0, forksOfMany = 0] = forks;
    assert.ok(many - few <= 2, `programs: ${programs.join(", ")}`);
    assert.ok(forksOfMany - forksOfOne <= 102, `forks: ${forks.join(", ")}`);
    assert.ok(forksOfOne <= 25, `forks of a batch of one step, with the login: ${forksOfOne}`);
  });
});
