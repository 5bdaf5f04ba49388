import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { becomeCommand, explainBecome } from "../../src/transport/become.ts";
import { AgentError } from "../../src/agent/agent-error.ts";
import { loaderCommand } from "../../src/agent/loader.ts";
import { openSession } from "../../src/agent/session.ts";
import type { Session } from "../../src/agent/wire.ts";
import { type Connection, connect, type Target } from "../../src/transport/transport.ts";
import { blob, endOf, firstOf, isRoot, runBatch, scratch } from "../agent/shells.ts";

const sshd = firstOf("sshd");
const keygen = firstOf("ssh-keygen");
const folder = scratch();
const key = join(folder, "key");
const knownHosts = join(folder, "known_hosts");

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return address.port;
}

/** An sshd of its own, as whoever runs the tests. */
async function startSshd(
  lines: readonly string[],
  hostKeyTypes = ["ed25519"],
): Promise<{ port: number; process: ChildProcess }> {
  const port = await freePort();
  const config = join(mkdtempSync(join(folder, "d-")), "sshd_config");
  const hostKeys = hostKeyTypes.map((type) => {
    const file = join(folder, `host_${type}`);
    if (!existsSync(file)) execFileSync(keygen ?? "", ["-q", "-t", type, "-N", "", "-f", file]);
    return `HostKey ${file}`;
  });
  writeFileSync(
    config,
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      ...hostKeys,
      `AuthorizedKeysFile ${key}.pub`,
      "StrictModes no",
      "UsePAM no",
      "PidFile none",
      "PermitRootLogin yes",
      "PasswordAuthentication no",
      ...lines,
      "",
    ].join("\n"),
  );
  if (isRoot) mkdirSync("/run/sshd", { recursive: true });
  const process = spawn(sshd ?? "", ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
  await new Promise<void>((resolve, reject) => {
    let said = "";
    process.stderr.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      if (said.includes("Server listening")) resolve();
    });
    process.on("exit", () => reject(new Error(said)));
  });
  return { port, process };
}

const targetAt = (port: number, user = userInfo().username): Target => ({
  name: "here",
  transport: "ssh2",
  host: "127.0.0.1",
  port,
  user,
  keyFile: key,
  agentSocket: "",
});

async function tryAgent(connection: Connection, command: string): Promise<Session> {
  const session = openSession(await connection.open(command), { helloSeconds: 10 });
  assert.deepEqual(await session.read([{ kind: "x", reader: 'printf "0 %s\\n" "$1"', keys: ["it's $HOME"] }]), [
    ["it's $HOME"],
  ]);
  return session;
}

describe("a real sshd", function () {
  this.timeout(40_000);
  const running: ChildProcess[] = [];
  before(function () {
    if (sshd === undefined || keygen === undefined) {
      console.warn("      SKIPPED: sshd or ssh-keygen is not installed");
      this.skip();
    }
    execFileSync(keygen, ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  });
  after(() => {
    for (const process of running) process.kill();
  });

  it("takes the agent, reads and batches", async () => {
    const { port, process } = await startSshd([]);
    running.push(process);
    const connection = await connect(targetAt(port), { knownHostsFiles: [knownHosts] });
    assert.match(connection.notices[0] ?? "", /SHA256:/);
    const session = await tryAgent(connection, loaderCommand());
    const large = blob(Buffer.alloc(5_000_000, "0123456789"));
    const id = `sshd-${process.pid ?? 0}`;
    const { end, events } = await runBatch(session, id, [
      { do: "run", id: 1, shell: `wc -c <"$B/${large.sha256}"`, blobs: [large] },
    ]);
    assert.deepEqual(end, { end: "done" });
    assert.equal(endOf(events, 1).out.trim(), "5000000");
    assert.equal(session.counters.roundTrips, 2);
    await session.close();
    connection.close();
  });

  it("knows the host again as OpenSSH wrote it down", async () => {
    const { port, process } = await startSshd([], ["ed25519", "rsa", "ecdsa"]);
    running.push(process);
    for (const type of ["rsa", "ecdsa", "ed25519"]) {
      const file = join(folder, `known_${type}`);
      const [algorithm, text] = readFileSync(join(folder, `host_${type}.pub`), "utf8").split(" ");
      writeFileSync(file, `[127.0.0.1]:${port} ${algorithm ?? ""} ${text ?? ""}\n`);
      execFileSync(keygen ?? "", ["-q", "-H", "-f", file], { stdio: "ignore" });
      const connection = await connect(targetAt(port), { knownHostsFiles: [file], hostKeys: "strict" });
      connection.close();
    }
  });

  it("finds that OpenSSH accepts what it wrote down", async function () {
    const ssh = firstOf("ssh");
    if (ssh === undefined) {
      console.warn("      SKIPPED: ssh is not installed");
      this.skip();
    }
    const { port, process } = await startSshd([]);
    running.push(process);
    const file = join(folder, "known_by_us");
    (await connect(targetAt(port), { knownHostsFiles: [file] })).close();
    const out = execFileSync(
      ssh,
      [
        "-F",
        "none",
        "-p",
        String(port),
        "-i",
        key,
        "-o",
        `UserKnownHostsFile=${file}`,
        "-o",
        "StrictHostKeyChecking=yes",
        "-o",
        "BatchMode=yes",
        `${userInfo().username}@127.0.0.1`,
        "echo in",
      ],
      { encoding: "utf8" },
    );
    assert.match(out, /in\n$/);
  });

  it("is told why the host refuses the login", async () => {
    const { port, process } = await startSshd(["DenyUsers *"]);
    running.push(process);
    await assert.rejects(connect(targetAt(port), { knownHostsFiles: [knownHosts] }), {
      name: "ConnectError",
      kind: "auth",
    });
  });

  for (const shell of ["bash", "dash", "mksh", "tcsh", "fish"]) {
    it(`takes the agent through the login shell ${shell}`, async function () {
      const path = firstOf(shell);
      if (path === undefined) {
        console.warn(`      SKIPPED: ${shell} is not installed`);
        this.skip();
      }
      // What sshd does for a login shell, and what an untidy profile prints.
      const script = join(folder, `login-${shell}`);
      writeFileSync(script, `#!/bin/sh\nprintf 'Welcome to ${shell}'\nexec ${path} -c "$SSH_ORIGINAL_COMMAND"\n`, {
        mode: 0o755,
      });
      const { port, process } = await startSshd([`ForceCommand ${script}`]);
      running.push(process);
      const connection = await connect(targetAt(port), { knownHostsFiles: [knownHosts] });
      const session = await tryAgent(connection, loaderCommand());
      const { end } = await runBatch(session, `${shell}-${process.pid ?? 0}`, [
        { do: "run", id: 1, shell: "[ a = a ]", blobs: [] },
      ]);
      assert.deepEqual(end, { end: "done" });
      await session.close();
      for (const method of ["sudo", "doas", "su"] as const) {
        if (!isRoot || firstOf(method) === undefined || (method === "doas" && !existsSync("/etc/doas.conf"))) continue;
        await (await tryAgent(connection, becomeCommand(method))).close();
      }
      connection.close();
    });
  }

  it("says that a password is asked for where root cannot be had", async function () {
    const sudo = firstOf("sudo");
    const setpriv = firstOf("setpriv");
    if (!isRoot || sudo === undefined || setpriv === undefined) {
      console.warn("      SKIPPED: needs root, sudo and setpriv");
      this.skip();
    }
    const drop = join(scratch(), "drop");
    writeFileSync(
      drop,
      `#!/bin/sh\nexec ${setpriv} --reuid=65534 --regid=65534 --clear-groups -- /bin/sh -c "$SSH_ORIGINAL_COMMAND"\n`,
      { mode: 0o755 },
    );
    execFileSync("chmod", ["755", join(drop, "..")]);
    const { port, process } = await startSshd([`ForceCommand ${drop}`]);
    running.push(process);
    const connection = await connect(targetAt(port), { knownHostsFiles: [knownHosts] });
    const session = openSession(await connection.open(becomeCommand("sudo")), { helloSeconds: 10 });
    const error = await session.hello.then(
      () => assert.fail("it became root"),
      (cause: unknown) => cause,
    );
    assert.ok(error instanceof AgentError);
    const said = explainBecome("sudo", "root", "nobody", error.stderr);
    assert.match(said?.message ?? "", /nobody cannot become root by sudo: a password is asked for/);
    assert.match(said?.hint ?? "", /NOPASSWD/);
    connection.close();
  });
});

describe("becoming another user", () => {
  it("refuses names that are none", () => {
    for (const user of ["-x", "a b", "$(id)", "", "a;b"]) assert.throws(() => becomeCommand("sudo", user), TypeError);
  });
  it("explains refusals", () => {
    const cases: [Parameters<typeof explainBecome>[0], string, RegExp][] = [
      ["sudo", "sudo: a password is required\n", /a password is asked for/],
      ["sudo", "bob is not in the sudoers file.", /not allowed to/],
      ["sudo", "sudo: sorry, you must have a tty to run sudo", /wants a terminal/],
      ["sudo", "exec: sudo: not found", /is not there/],
      ["sudo", "sudo: unknown user nope", /no such user/],
      ["doas", "doas: Authentication required", /a password is asked for/],
      ["doas", "doas: Operation not permitted", /not allowed to/],
      ["doas", "doas: doas is not enabled, /etc/doas.conf: No such file or directory", /not set up/],
      ["su", "su: Authentication failure", /a password is asked for/],
      ["su", "su: must be run from a terminal", /a password is asked for/],
    ];
    for (const [method, output, message] of cases)
      assert.match(explainBecome(method, "root", "bob", output)?.message ?? "", message, output);
    assert.equal(explainBecome("sudo", "root", "bob", "all is well"), undefined);
  });
});
