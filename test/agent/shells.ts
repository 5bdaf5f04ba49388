import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loaderCommand } from "../../src/agent/loader.ts";
import { openSession } from "../../src/agent/session.ts";
import type { BatchEnd, BatchEvent, BatchItem, Session } from "../../src/agent/wire.ts";
import type { Blob } from "../../src/base/shell.ts";
import { connectLocal } from "../../src/transport/local.ts";

/** The shells every message is tried under, and where each is on this machine. */
export interface TestShell {
  name: string;
  /** Undefined: not installed; its tests are skipped and say so. */
  path: string | undefined;
}

const links = mkdtempSync(join(tmpdir(), "provision-shells-"));
process.setMaxListeners(0);
// Other users run these shells, too.
chmodSync(links, 0o755);
process.on("exit", () => rmSync(links, { recursive: true, force: true }));

export const shells: readonly TestShell[] = [
  { name: "dash", path: firstOf("dash") },
  { name: "BusyBox ash", path: busyboxAsh() },
  { name: "bash", path: firstOf("bash") },
  { name: "mksh", path: firstOf("mksh") },
  // mksh as its ancestor was: POSIX arithmetic of the host, like OpenBSD's ksh.
  { name: "lksh", path: firstOf("lksh") },
  ...openbsdKsh(),
];

/** Debian packages no build of OpenBSD's own ksh: it takes part where somebody has installed one. */
function openbsdKsh(): TestShell[] {
  const path = firstOf("loksh", "oksh");
  return path === undefined ? [] : [{ name: "OpenBSD's ksh", path }];
}

/** The path of the first of these programs that is installed. */
export function firstOf(...names: string[]): string | undefined {
  for (const name of names) {
    for (const folder of ["/bin", "/usr/bin", "/usr/sbin", "/sbin", "/usr/local/bin"]) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

/** BusyBox decides by its name what it is. */
function busyboxAsh(): string | undefined {
  const busybox = firstOf("busybox");
  if (busybox === undefined) return undefined;
  const link = join(links, "ash");
  symlinkSync(busybox, link);
  return link;
}

export const isRoot = process.getuid?.() === 0;

/** A home of its own, in which the spool is, too. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "provision-agent-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A session with the agent on this machine. */
export async function localSession(
  shell: string,
  environment: Record<string, string> = {},
  helloSeconds = 20,
): Promise<Session> {
  const home = environment.HOME ?? scratch();
  const env = { PATH: process.env.PATH, HOME: home, PROVISION_SPOOL: join(home, "spool"), ...environment };
  const connection = connectLocal("/bin/sh", env);
  return openSession(await connection.open(loaderCommand(shell)), { shell, helloSeconds });
}

/** Runs a batch and answers all that was said of it. */
export async function runBatch(
  session: Session,
  id: string,
  items: readonly BatchItem[],
): Promise<{ end: BatchEnd; events: BatchEvent[] }> {
  const events: BatchEvent[] = [];
  const end = await session.batch(id, items, (event) => events.push(event));
  return { end, events };
}

/** The `end` event of an item, with its output as text. */
export function endOf(
  events: readonly BatchEvent[],
  id: number,
): { rc: number; out: string; err: string; cut: boolean; late: boolean } {
  for (const event of events) {
    if (event.event !== "end" || event.id !== id) continue;
    const { rc, stdout, stderr, cut = false, late = false } = event;
    return { rc, out: stdout.toString("utf8"), err: stderr.toString("utf8"), cut, late };
  }
  throw new Error(`nothing is said of item ${id}`);
}

export function blob(bytes: string | Buffer, secret = false): Blob {
  const content = Buffer.from(bytes);
  return {
    sha256: createHash("sha256").update(content).digest("hex"),
    size: content.length,
    secret,
    bytes: () => content,
  };
}
