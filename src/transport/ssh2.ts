import { createHash } from "node:crypto";
import type ssh2Library from "ssh2";
import type { AnyAuthMethod, Client, ClientChannel, ConnectConfig, ServerHostKeyAlgorithm } from "ssh2";
import type { Channel } from "../agent/wire.ts";
import { ConnectError } from "./connect-error.ts";
import { type Connection, discardUnread } from "./connection.ts";
import { hostKeys } from "./host-key.ts";
import { type LoginKeys, loginKeys } from "./login-keys.ts";
import type { ConnectOptions, Target } from "./transport.ts";

type Ssh2 = typeof ssh2Library;

/** Loaded when the first connection is made: nothing else of the program needs it. */
let library: Promise<Ssh2> | undefined;

export function loadSsh2(): Promise<Ssh2> {
  library ??= import("ssh2").then((module) => module.default);
  return library;
}

/** A connection by the ssh2 library. Rejects with `ConnectError`. */
export async function connectSsh2(target: Target, options: ConnectOptions): Promise<Connection> {
  const ssh2 = await loadSsh2();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await login(ssh2, target, options);
    } catch (error) {
      // A busy sshd drops some connections before the login (MaxStartups); it means nothing for the next one.
      if (!(error instanceof ConnectError) || error.message !== DROPPED || attempt === 3) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 * attempt + Math.random() * 200));
    }
  }
}

const DROPPED = "the host closed the connection before the login";

function login(ssh2: Ssh2, target: Target, options: ConnectOptions): Promise<Connection> {
  const known = hostKeys(
    target.host,
    target.port,
    options.hostKeys ?? "accept-new",
    options.knownHostsFiles === undefined ? undefined : [...options.knownHostsFiles],
  );
  const keys = loginKeys(target.keyFile, target.agentSocket, (bytes) => keyTrouble(ssh2, bytes));
  const seconds = options.connectTimeoutSeconds ?? 20;
  const notices: string[] = [];
  let hostKey = "";
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    let refusal: ConnectError | undefined;
    let isReady = false;
    let isClosing = false;
    let trouble = "";
    let lose: (reason: string) => void = () => undefined;
    const lost = new Promise<string>((settle) => {
      lose = settle;
    });
    client.on("connect", () => client.setNoDelay(true));
    client.on("ready", () => {
      isReady = true;
      resolve({
        notices,
        hostKey,
        lost,
        open: (command) => openChannel(client, command, () => trouble),
        close() {
          isClosing = true;
          client.end();
        },
      });
    });
    client.on("error", (error: Error & { level?: string; code?: string }) => {
      if (error.level === "agent") return;
      trouble = error.message;
      if (isReady) return;
      client.destroy();
      reject(refusal ?? explain(error, target, keys, seconds));
    });
    client.on("close", () => {
      if (!isReady) reject(refusal ?? new ConnectError("protocol", DROPPED, "look at the log of sshd on the host"));
      else if (!isClosing) lose(trouble === "" ? "the host closed the connection" : trouble);
    });
    const config: ConnectConfig = {
      host: target.host,
      port: target.port,
      username: target.user,
      readyTimeout: seconds * 1000,
      keepaliveInterval: (options.keepaliveSeconds ?? 10) * 1000,
      keepaliveCountMax: options.keepaliveCount ?? 3,
      authHandler: methods(target.user, keys),
      hostVerifier: (key: Buffer) => {
        try {
          const notice = known.check(key);
          hostKey = `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
          if (notice !== undefined) notices.push(notice);
          return true;
        } catch (error) {
          refusal = error as ConnectError;
          return false;
        }
      },
    };
    if (known.types.length > 0) config.algorithms = { serverHostKey: algorithms(known.types) };
    try {
      client.connect(config);
    } catch (cause) {
      reject(
        new ConnectError(
          "protocol",
          cause instanceof Error ? cause.message : String(cause),
          "check the connection settings of this host",
        ),
      );
    }
  });
}

/** Known key types first, so that the server shows the key that can be checked. */
function algorithms(types: readonly string[]): ServerHostKeyAlgorithm[] {
  const all: ServerHostKeyAlgorithm[] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
    "ssh-rsa",
  ];
  const isKnown = (name: string): boolean => types.includes(name.startsWith("rsa-") ? "ssh-rsa" : name);
  return [...all.filter(isKnown), ...all.filter((name) => !isKnown(name))];
}

function methods(username: string, keys: LoginKeys): AnyAuthMethod[] {
  const result: AnyAuthMethod[] = [];
  if (keys.agentSocket !== undefined) result.push({ type: "agent", username, agent: keys.agentSocket });
  for (const { bytes } of keys.keys) result.push({ type: "publickey", username, key: bytes });
  // Some small systems let root in without anything.
  if (result.length === 0) result.push({ type: "none", username });
  return result;
}

function keyTrouble(ssh2: Ssh2, bytes: Buffer): string | undefined {
  const key = ssh2.utils.parseKey(bytes);
  if (!(key instanceof Error)) return undefined;
  return /encrypted|passphrase/i.test(key.message) ? "is encrypted" : `cannot be used (${key.message})`;
}

function explain(
  error: Error & { level?: string; code?: string },
  target: Target,
  keys: LoginKeys,
  seconds: number,
): ConnectError {
  const where = `${target.host} port ${target.port}`;
  if (error.level === "client-authentication") return refused(target, keys);
  if (error.level === "client-timeout") {
    return new ConnectError(
      "timeout",
      `${where} did not finish the login within ${seconds} seconds`,
      "check the address, the network and the firewall",
    );
  }
  const hint = SOCKET_HINTS[error.code ?? ""];
  if (error.level === "client-socket" || error.level === "client-dns" || hint !== undefined) {
    return new ConnectError(
      "unreachable",
      `${where} cannot be reached: ${error.message}`,
      hint ?? "check the address and the network",
    );
  }
  if (/before handshake/.test(error.message))
    return new ConnectError("protocol", DROPPED, "look at the log of sshd on the host");
  return new ConnectError(
    "protocol",
    `${where} does not speak SSH as expected: ${error.message}`,
    "check that this port is an SSH server",
  );
}

const SOCKET_HINTS: Record<string, string> = {
  ECONNREFUSED: "nothing listens on that port: is sshd running, and is it this port?",
  ENOTFOUND: "the name has no address: correct ssh.host, or add the name to DNS or /etc/hosts",
  EAI_AGAIN: "the name cannot be looked up now: check this machine's DNS",
  EHOSTUNREACH: "no way to that address: is the host on, and is this machine in its network?",
  ENETUNREACH: "no way to that network: check this machine's routes or VPN",
  ETIMEDOUT: "nothing answered: is the host on, or does a firewall drop the connection?",
  ECONNRESET: "the connection was cut: look at the log of sshd on the host, or at a firewall in between",
};

function refused(target: Target, keys: LoginKeys): ConnectError {
  const tried = keys.keys.map(({ file }) => file);
  if (keys.agentSocket !== undefined) tried.unshift("the ssh agent");
  const message = `${target.host} does not let ${target.user} in with ${tried.length === 0 ? "no key at all" : tried.join(", ")}`;
  const locked = keys.unusable.some((text) => text.endsWith("is encrypted"));
  const unusable = keys.unusable.length === 0 ? "" : ` (${keys.unusable.join(", ")})`;
  if (locked)
    return new ConnectError(
      "auth",
      message + unusable,
      "load the encrypted key into the agent with ssh-add, or name another one as ssh.key",
    );
  return new ConnectError(
    "auth",
    message + unusable,
    `add your public key to ~${target.user}/.ssh/authorized_keys on the host, or set ssh.user and ssh.key`,
  );
}

/** Opens a channel; a session slot that is only just being freed is worth a few more tries. */
async function openChannel(client: Client, command: string, trouble: () => string): Promise<Channel> {
  for (let wait = 50; ; wait *= 2) {
    try {
      return await execute(client, command, trouble);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!/open failure/i.test(message) || wait > 1000) {
        throw new ConnectError(
          "protocol",
          `the host opens no session: ${message}`,
          "look at MaxSessions and ForceCommand in sshd_config on the host",
        );
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function execute(client: Client, command: string, trouble: () => string): Promise<Channel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, stream) => {
      if (error !== undefined) reject(error);
      else resolve(asChannel(stream, trouble));
    });
  });
}

function asChannel(stream: ClientChannel, trouble: () => string): Channel {
  let exit: { code: number } | { signal: string } | undefined;
  let needsDrain = false;
  let draining: Promise<void> | undefined;
  let isClosed = false;
  stream.on("exit", (code: number | null, signal?: string) => {
    exit = code === null ? { signal: signal ?? "unknown" } : { code };
  });
  const closed = new Promise<{ code: number } | { signal: string } | { lost: string }>((resolve) => {
    stream.on("close", () => {
      isClosed = true;
      resolve(exit ?? { lost: trouble() === "" ? "the connection was closed without an exit status" : trouble() });
    });
  });
  stream.on("error", () => undefined);
  discardUnread(stream, stream.stderr);
  return {
    write(bytes) {
      if (stream.writable) needsDrain = !stream.write(bytes);
    },
    drained() {
      if (!needsDrain || isClosed) return Promise.resolve();
      draining ??= new Promise<void>((resolve) => {
        stream.once("drain", resolve);
        void closed.then(() => resolve());
      }).finally(() => {
        needsDrain = false;
        draining = undefined;
      });
      return draining;
    },
    onData: (listener) => void stream.on("data", listener),
    onErrorData: (listener) => void stream.stderr.on("data", listener),
    closed,
    close() {
      if (isClosed) return;
      stream.end();
      const timer = setTimeout(() => stream.destroy(), 2000);
      void closed.then(() => clearTimeout(timer));
    },
  };
}
