import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ConnectError } from "./connect-error.ts";

/** What a login may be tried with, in order, and what could not be used (for the hint of a refused login). */
export interface LoginKeys {
  keys: { file: string; bytes: Buffer }[];
  agentSocket?: string;
  unusable: string[];
}

/**
 * The key that was named; without one the ssh agent, then the usual keys. `check` says why a key cannot be used (encrypted), or nothing.
 * A named key that is encrypted is left to the agent. Throws `ConnectError` when the named key cannot be read.
 */
export function loginKeys(
  keyFile: string | undefined,
  agentSocket: string | undefined,
  check: (bytes: Buffer) => string | undefined,
): LoginKeys {
  const socket = agentSocket ?? process.env.SSH_AUTH_SOCK;
  const agent = socket !== undefined && socket !== "" && existsSync(socket) ? { agentSocket: socket } : {};
  const home = process.env.HOME ?? homedir();
  if (keyFile !== undefined) {
    const file = keyFile.startsWith("~/") ? join(home, keyFile.slice(2)) : keyFile;
    const bytes = readKey(file);
    const trouble = check(bytes);
    if (trouble === undefined) return { keys: [{ file, bytes }], unusable: [] };
    return { keys: [], ...agent, unusable: [`${file} ${trouble}`] };
  }
  const result: LoginKeys = { keys: [], ...agent, unusable: [] };
  for (const name of ["id_ed25519", "id_ecdsa", "id_rsa"]) {
    const file = join(home, ".ssh", name);
    if (!existsSync(file)) continue;
    const bytes = readKey(file);
    const trouble = check(bytes);
    if (trouble === undefined) result.keys.push({ file, bytes });
    else result.unusable.push(`${file} ${trouble}`);
  }
  return result;
}

function readKey(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ConnectError(
      "auth",
      `cannot read the private key ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      "correct the path of the key (ssh.key), or make the file readable",
    );
  }
}
