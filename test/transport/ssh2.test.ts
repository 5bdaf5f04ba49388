import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { loaderCommand } from "../../src/agent/loader.ts";
import { openSession } from "../../src/agent/session.ts";
import { type EmbeddedHost, startEmbedded } from "../../src/transport/embedded.ts";
import {
  type Connection,
  ConnectError,
  type ConnectOptions,
  connect,
  type Target,
} from "../../src/transport/transport.ts";
import { blob, endOf, firstOf, runBatch, scratch } from "../agent/shells.ts";

const folder = scratch();
const options: ConnectOptions = { knownHostsFiles: [join(folder, "known_hosts")], connectTimeoutSeconds: 5 };

function targetOf(host: EmbeddedHost, more: Partial<Target> = {}): Target {
  return {
    name: "h",
    transport: "ssh2",
    host: host.host,
    port: host.port,
    user: "h1",
    keyFile: host.keyFile,
    agentSocket: "",
    ...more,
  };
}

async function failure(promise: Promise<Connection>): Promise<ConnectError> {
  try {
    (await promise).close();
  } catch (error) {
    assert.ok(error instanceof ConnectError, String(error));
    return error;
  }
  throw new Error("there is a connection");
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

describe("ssh2 and the embedded host", function () {
  this.timeout(20_000);
  let host: EmbeddedHost;
  before(async () => {
    host = await startEmbedded({ root: join(folder, "root") });
  });
  after(async () => {
    await host.close();
  });

  it("runs the agent in the home of its user", async () => {
    const connection = await connect(targetOf(host), options);
    assert.equal(connection.notices.length, 1);
    const session = openSession(await connection.open(loaderCommand()));
    assert.equal((await session.hello).home, host.home("h1"));
    const large = blob(Buffer.alloc(3_000_000, "x"));
    const { end, events } = await runBatch(session, "b1", [
      { do: "run", id: 1, shell: `cp "$B/${large.sha256}" "$HOME/large"; wc -c <"$HOME/large"`, blobs: [large] },
    ]);
    assert.deepEqual(end, { end: "done" });
    assert.equal(endOf(events, 1).out.trim(), "3000000");
    assert.ok(existsSync(join(host.home("h1"), "large")));
    await session.close();
    connection.close();
    const again = await connect(targetOf(host, { user: "h2" }), { ...options, hostKeys: "strict" });
    assert.deepEqual(again.notices, []);
    again.close();
  });

  it("carries bytes and the exit status", async () => {
    const connection = await connect(targetOf(host), options);
    const channel = await connection.open("cat; echo problem >&2; exit 7");
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    channel.onData((bytes) => out.push(bytes));
    channel.onErrorData((bytes) => err.push(bytes));
    channel.write(Buffer.from([0, 1, 255, 10]));
    channel.close();
    assert.deepEqual(await channel.closed, { code: 7 });
    assert.deepEqual([...Buffer.concat(out)], [0, 1, 255, 10]);
    assert.equal(Buffer.concat(err).toString(), "problem\n");
    assert.deepEqual(await (await connection.open("kill -9 $$")).closed, { signal: "SIGKILL" });
    connection.close();
  });

  it("holds back while the host does not read", async () => {
    const connection = await connect(targetOf(host), options);
    const channel = await connection.open("sleep 1; cat >/dev/null");
    let sent = 0;
    for (let i = 0; i < 8; i += 1) {
      channel.write(Buffer.alloc(1_000_000));
      sent += 1;
      await Promise.race([channel.drained(), new Promise((resolve) => setTimeout(resolve, 30))]);
    }
    const began = performance.now();
    await channel.drained();
    assert.ok(performance.now() - began > 200, "it waited for the reader");
    assert.equal(sent, 8);
    channel.close();
    assert.deepEqual(await channel.closed, { code: 0 });
    connection.close();
  });

  it("calls a cut connection lost, never a success", async () => {
    const own = await startEmbedded();
    const connection = await connect(targetOf(own), options);
    const channel = await connection.open("echo ready; sleep 5");
    await new Promise<void>((resolve) => channel.onData(() => resolve()));
    own.disconnect();
    assert.ok("lost" in (await channel.closed));
    assert.match(await connection.lost, /closed|reset/i);
    await own.close();
  });

  it("notices a host that has gone silent", async () => {
    const own = await startEmbedded();
    const relay = createServer((socket) => {
      const onward = new (socket.constructor as new () => typeof socket)();
      onward.connect(own.port, own.host);
      socket.pipe(onward);
      onward.pipe(socket);
      socket.on("error", () => undefined);
      onward.on("error", () => undefined);
      mute = () => {
        socket.unpipe(onward);
        onward.unpipe(socket);
        socket.resume();
      };
    });
    let mute = (): void => undefined;
    const port = await listening(relay);
    const connection = await connect(targetOf(own, { port }), {
      ...options,
      hostKeys: "off",
      keepaliveSeconds: 0.2,
      keepaliveCount: 2,
    });
    mute();
    assert.match(await connection.lost, /Keepalive/i);
    relay.close();
    await own.close();
  });

  it("says why there is no connection, and what to do", async () => {
    const free = createServer();
    const closedPort = await listening(free);
    free.close();
    const refused = await failure(connect(targetOf(host, { port: closedPort }), options));
    assert.deepEqual([refused.kind, /nothing listens/.test(refused.hint)], ["unreachable", true]);
    const unknown = await failure(connect(targetOf(host, { host: "no-such-host.invalid" }), options));
    assert.equal(unknown.kind, "unreachable");
    const noKey = await failure(connect(targetOf(host, { keyFile: "/no/such/key" }), options));
    assert.deepEqual([noKey.kind, /correct the path/.test(noKey.hint)], ["auth", true]);

    const silent = createServer(() => undefined);
    const late = await failure(
      connect(targetOf(host, { port: await listening(silent) }), { ...options, connectTimeoutSeconds: 0.5 }),
    );
    assert.equal(late.kind, "timeout");
    silent.close();

    const web = createServer((socket) => socket.end("HTTP/1.0 400 Bad Request\r\n\r\n"));
    const other = await failure(connect(targetOf(host, { port: await listening(web) }), options));
    assert.equal(other.kind, "protocol");
    web.close();
  });

  it("refuses a login with another key, and names what was tried", async () => {
    const own = await startEmbedded();
    const error = await failure(connect(targetOf(own, { keyFile: host.keyFile }), options));
    assert.equal(error.kind, "auth");
    assert.match(error.message, /does not let h1 in with .*\.key/);
    assert.match(error.hint, /authorized_keys/);
    await own.close();
  });

  it("says that a key is encrypted", async function () {
    const keygen = firstOf("ssh-keygen");
    if (keygen === undefined) {
      console.warn("      SKIPPED: ssh-keygen is not installed");
      this.skip();
    }
    const file = join(folder, "locked");
    execFileSync(keygen, ["-q", "-t", "ed25519", "-N", "secret", "-f", file]);
    const error = await failure(connect(targetOf(host, { keyFile: file }), options));
    assert.match(error.message, /locked is encrypted/);
    assert.match(error.hint, /ssh-add/);
  });

  it("refuses a host whose key has changed, before the login", async () => {
    const port = host.port;
    await host.close();
    host = await startEmbedded({ root: join(folder, "root2"), port });
    const error = await failure(connect(targetOf(host), options));
    assert.equal(error.kind, "host-key");
    assert.match(error.message, /is not the host it was/);
  });

  it("uses the keys of the agent", async function () {
    const [program, add] = [firstOf("ssh-agent"), firstOf("ssh-add")];
    if (program === undefined || add === undefined) {
      console.warn("      SKIPPED: ssh-agent is not installed");
      this.skip();
    }
    const started = execFileSync(program, ["-s"], { encoding: "utf8" });
    const socket = /SSH_AUTH_SOCK=([^;]+)/.exec(started)?.[1] ?? "";
    const before = process.env.HOME;
    const pid = Number(/SSH_AGENT_PID=([0-9]+)/.exec(started)?.[1]);
    try {
      const { keyFile: _unused, ...bare } = targetOf(host, { agentSocket: socket });
      const home = join(folder, "nobody-home");
      mkdirSync(home);
      process.env.HOME = home;
      assert.equal((await failure(connect(bare, { ...options, hostKeys: "off" }))).kind, "auth");
      chmodSync(host.keyFile, 0o600);
      execFileSync(add, ["-q", host.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: "ignore" });
      (await connect(bare, { ...options, hostKeys: "off" })).close();
    } finally {
      process.env.HOME = before;
      process.kill(pid);
    }
  });

  it("loads the library only when a connection is made", () => {
    const file = join(folder, "lazy.mjs");
    writeFileSync(
      file,
      `import ${JSON.stringify(new URL("../../src/transport/transport.ts", import.meta.url).href)};\nimport { createRequire } from "node:module";\nconst { cache } = createRequire(${JSON.stringify(import.meta.url)});\nprocess.exit(Object.keys(cache).some((name) => name.includes("/ssh2/")) ? 1 : 0);\n`,
    );
    execFileSync(process.execPath, ["--import", "tsx", file], { cwd: new URL("../..", import.meta.url) });
  });
});
