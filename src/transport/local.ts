import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Channel } from "../agent/wire.ts";
import { ConnectError } from "./connect-error.ts";
import { type Connection, discardUnread } from "./connection.ts";

/** The machine of the controller itself: channels are processes. `shell` runs the command as a login shell would. */
export function connectLocal(shell = "/bin/sh", environment: NodeJS.ProcessEnv = process.env): Connection {
  const open = new Set<Channel>();
  return {
    notices: [],
    lost: new Promise<string>(() => undefined),
    async open(command) {
      const channel = await startProcess(shell, command, environment);
      open.add(channel);
      void channel.closed.then(() => open.delete(channel));
      return channel;
    },
    close() {
      for (const channel of open) channel.close();
    },
  };
}

function startProcess(shell: string, command: string, env: NodeJS.ProcessEnv): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const home = env.HOME ?? "";
    const child = spawn(shell, ["-c", command], {
      env,
      cwd: existsSync(home) ? home : "/",
      stdio: ["pipe", "pipe", "pipe"],
    });
    const closed = new Promise<{ code: number } | { signal: string } | { lost: string }>((settle) => {
      const end = (code: number | null, signal: string | null): void => {
        if (code !== null) settle({ code });
        else settle(signal === null ? { lost: "the process ended without a status" } : { signal });
      };
      child.on("close", end);
      // A process left behind may keep the pipes open for long: what it prints is not awaited.
      child.on("exit", (code, signal) => {
        setTimeout(() => {
          end(code, signal);
          child.stdout.destroy();
          child.stderr.destroy();
        }, 1000).unref();
      });
    });
    let draining: Promise<void> | undefined;
    child.on("error", (cause) =>
      reject(
        new ConnectError("unreachable", `cannot start ${shell}: ${cause.message}`, "a POSIX shell is all a host needs"),
      ),
    );
    child.stdin.on("error", () => undefined);
    child.on("spawn", () => {
      discardUnread(child.stdout, child.stderr);
      resolve({
        write(bytes) {
          if (child.stdin.writable) child.stdin.write(bytes);
        },
        drained() {
          if (!child.stdin.writableNeedDrain || !child.stdin.writable) return Promise.resolve();
          draining ??= new Promise<void>((settle) => {
            child.stdin.once("drain", settle);
            void closed.then(() => settle());
          }).finally(() => {
            draining = undefined;
          });
          return draining;
        },
        onData: (listener) => void child.stdout.on("data", listener),
        onErrorData: (listener) => void child.stderr.on("data", listener),
        closed,
        close() {
          child.stdin.end();
          const timer = setTimeout(() => child.kill("SIGTERM"), 2000);
          void closed.then(() => clearTimeout(timer));
        },
      });
    });
  });
}
