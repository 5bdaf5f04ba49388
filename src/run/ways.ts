import { userInfo } from "node:os";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { loaderCommand } from "../agent/loader.ts";
import { openSession } from "../agent/session.ts";
import { Fault } from "../errors/fault.ts";
import type { HostConnection } from "../inventory/connection.ts";
import { becomeCommand, explainBecome } from "../transport/become.ts";
import { ConnectError } from "../transport/connect-error.ts";
import type { Connection } from "../transport/connection.ts";
import { connect } from "../transport/transport.ts";
import { Unreachable, type Way } from "./machine.ts";

/** How all hosts of a run are reached. */
export interface WayOptions {
  hostKeyChecking: "accept-new" | "strict" | "off";
  /** Seconds to connect. */
  timeout: number;
  /** Called with what a connection has to tell: a host key that was accepted. */
  notice(host: string, text: string): void;
  /** Called with the fingerprint of the host's key. */
  keyOf?(host: string, fingerprint: string): void;
}

/** The way to a host, by its connection variables. Nothing is connected before a channel is asked for. */
export function wayTo(host: HostConnection, options: WayOptions): Way {
  const user = host.user ?? userInfo().username;
  const loginIsRoot = host.transport === "local" ? process.getuid?.() === 0 : user === "root";
  let connection: Promise<Connection> | undefined;
  const connected = (): Promise<Connection> => {
    connection ??= connect(
      {
        name: host.name,
        transport: host.transport === "local" ? "local" : "ssh2",
        host: host.host,
        port: host.port ?? 22,
        user,
        ...(host.key === undefined
          ? {}
          : { keyFile: host.key.startsWith("~/") ? resolve(homedir(), host.key.slice(2)) : resolve(host.key) }),
      },
      { hostKeys: options.hostKeyChecking, connectTimeoutSeconds: options.timeout },
    ).then((made) => {
      for (const text of made.notices) options.notice(host.name, text);
      if (made.hostKey !== undefined) options.keyOf?.(host.name, made.hostKey);
      return made;
    });
    return connection;
  };
  return {
    loginIsRoot,
    open: async (as) => {
      try {
        const made = await connected();
        const become = as === "root" && !loginIsRoot ? becomeCommand(host.become.method ?? "sudo") : loaderCommand();
        return await made.open(become);
      } catch (error) {
        if (error instanceof ConnectError) throw new Unreachable(error.message, error.hint);
        throw error;
      }
    },
    explain: (error) => {
      const known = explainBecome(host.become.method ?? "sudo", "root", user, error.stderr);
      return known === undefined ? undefined : new Fault("become-refused", known.message, { hint: known.hint });
    },
    session: (channel) => openSession(channel, { helloSeconds: options.timeout }),
    close: () => {
      void connection?.then((made) => made.close()).catch(() => undefined);
      connection = undefined;
    },
  };
}
