/**
 * `npm run demo`: check, apply and a second apply on three hosts that are accounts of an SSH server inside this process, with
 * a real shell in scratch folders. Needs neither root nor an installed SSH server, and leaves nothing behind.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "../src/transport/embedded.ts";

const root = join(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "demo-"));
mkdirSync(join(scratch, "home"));
const server = await startEmbedded({ root: scratch, users: ["web-1", "web-2", "db-1"] });

try {
  await show("What would change? Nothing is touched.", "check", 2);
  await show("Bring the hosts to that state.", "apply", 0);
  await show("And again: everything is as declared.", "apply", 0);
} finally {
  await server.close();
  rmSync(scratch, { recursive: true, force: true });
}

/** Runs the program from its sources and shows the command line that one would type. */
async function show(title: string, command: "check" | "apply", expected: number): Promise<void> {
  const project = "inventory/demo/inventory.yml -p inventory/demo/site.yml";
  console.log(`\n# ${title}\n$ provision ${command} ${project}\n`);
  const yes = command === "apply" ? ["-y"] : [];
  const way = ["-e", `ssh.port=${server.port}`, "-e", `ssh.key=${server.keyFile}`];
  const code = await run([command, ...project.split(" "), ...yes, ...way]);
  if (code !== expected) throw new Error(`provision ${command} ended with ${code}, and not with ${expected}`);
}

function run(args: readonly string[]): Promise<number | null> {
  const program = ["--import", "tsx", join(root, "src/cli/provision.ts"), ...args];
  // An own HOME: the demo's host keys and settings are not the user's.
  const env = { ...process.env, HOME: join(scratch, "home"), SSH_AUTH_SOCK: "" };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, program, { cwd: root, env, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", resolve);
  });
}
