import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection as ServerConnection, Server, ServerChannel } from "ssh2";
import { loadSsh2 } from "./ssh2.ts";

export interface EmbeddedOptions {
  /** Folder in which every user has a home of its own, named like the user: one server is as many hosts as it has users. Without this a new one in the temporary folder, removed by `close`. */
  root?: string;
  /** Users that may log in; any name that can be a folder's without this. */
  users?: readonly string[];
  port?: number;
  /** The pair that is let in, as OpenSSH writes it; a new one without this. */
  key?: { privateKey: string; publicKey: string };
  /** Login shell. */
  shell?: string;
}

/** An SSH server that runs a real shell in scratch folders, without root. */
export interface EmbeddedHost {
  host: string;
  port: number;
  root: string;
  /** Private key that may log in. */
  keyFile: string;
  /** The host's public key: type and base64. */
  hostKey: string;
  /** Home of a user, made at the first login or by this call. */
  home(user: string): string;
  /** Cuts all connections, as a network failure would. */
  disconnect(): void;
  close(): Promise<void>;
}

/** Starts a server on the loopback address. Everything but the shell and the scratch folders is this machine's own. */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedHost> {
  const ssh2 = await loadSsh2();
  const root = options.root ?? mkdtempSync(join(tmpdir(), "provision-embedded-"));
  const hostPair = makePair(ssh2);
  const userPair = options.key ?? makePair(ssh2);
  const keyFile = join(root, ".key");
  mkdirSync(root, { recursive: true });
  writeFileSync(keyFile, userPair.privateKey, { mode: 0o600 });
  const allowed = ssh2.utils.parseKey(userPair.publicKey);
  if (allowed instanceof Error) throw allowed;
  const home = (user: string): string => {
    const folder = join(root, user);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    return folder;
  };
  const isUser = (name: string): boolean =>
    options.users === undefined ? /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) : options.users.includes(name);
  const server: Server = new ssh2.Server({ hostKeys: [hostPair.privateKey] }, (connection) => {
    serve(
      connection,
      (name, key, verify) => isUser(name) && key.equals(allowed.getPublicSSH()) && verify(allowed),
      (user) => ({
        shell: options.shell ?? "/bin/sh",
        folder: home(user),
        user,
      }),
    );
  });
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen({ port: options.port ?? 0, host: "127.0.0.1", backlog: 511 }, resolve);
  });
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const disconnect = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: "127.0.0.1",
    port: address.port,
    root,
    keyFile,
    hostKey: hostPair.publicKey.trim(),
    home,
    disconnect,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => {
          if (options.root === undefined) rmSync(root, { recursive: true, force: true });
          resolve();
        });
        disconnect();
      }),
  };
}

interface Login {
  shell: string;
  folder: string;
  user: string;
}

type Verify = (key: { verify(data: Buffer, signature: Buffer, hash?: string): boolean | Error }) => boolean;

function serve(
  connection: ServerConnection,
  mayEnter: (user: string, key: Buffer, verify: Verify) => boolean,
  login: (user: string) => Login,
): void {
  let user = "";
  connection.on("error", () => undefined);
  connection.on("authentication", (context) => {
    user = context.username;
    if (context.method !== "publickey") {
      context.reject(["publickey"]);
      return;
    }
    const { signature, blob, hashAlgo } = context;
    const verify: Verify = (key) =>
      signature === undefined || (blob !== undefined && key.verify(blob, signature, hashAlgo) === true);
    if (mayEnter(user, context.key.data, verify)) context.accept();
    else context.reject();
  });
  connection.on("session", (accept) => {
    accept().on("exec", (acceptExec, _reject, { command }) => run(acceptExec(), command, login(user)));
  });
}

/** Runs a command as sshd does: by the login shell, in the home folder, with little in its environment. */
function run(stream: ServerChannel, command: string, login: Login): void {
  const env = {
    HOME: login.folder,
    USER: login.user,
    LOGNAME: login.user,
    SHELL: login.shell,
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    LANG: process.env.LANG ?? "C.UTF-8",
    PROVISION_SPOOL: join(login.folder, ".provision"),
  };
  const child = spawn(login.shell, ["-c", command], { env, cwd: login.folder, stdio: ["pipe", "pipe", "pipe"] });
  stream.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  stream.pipe(child.stdin);
  child.stdout.pipe(stream, { end: false });
  child.stderr.pipe(stream.stderr, { end: false });
  child.on("error", (error) => {
    stream.stderr.write(`${error.message}\n`);
    stream.exit(127);
    stream.end();
  });
  child.on("close", (code, signal) => {
    if (code === null) stream.exit(signal?.replace(/^SIG/, "") ?? "TERM");
    else stream.exit(code);
    stream.end();
  });
  stream.on("close", () => child.stdin.end());
}

/** A new pair. The library writes one in some hundred so that it cannot read it back: then another one is made. */
function makePair(ssh2: Awaited<ReturnType<typeof loadSsh2>>): { privateKey: string; publicKey: string } {
  for (;;) {
    const { private: privateKey, public: publicKey } = ssh2.utils.generateKeyPairSync("ed25519");
    const halves = [ssh2.utils.parseKey(privateKey), ssh2.utils.parseKey(publicKey)];
    if (!halves.some((half) => half instanceof Error)) return { privateKey, publicKey };
  }
}
