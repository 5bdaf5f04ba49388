import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmbedded } from "../../src/transport/embedded.ts";

const root = join(import.meta.dirname, "../..");

/** Runs the bundle on an embedded host, and keeps what Node compiled of it in `cache`. */
export async function recordCode(program: string, cache: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "build-"));
  const server = await startEmbedded({ root: join(scratch, "hosts"), users: ["host"] });
  try {
    mkdirSync(join(scratch, "home"));
    const way = [
      "-e",
      `ssh.host=${server.host}`,
      "-e",
      `ssh.port=${server.port}`,
      "-e",
      `ssh.key=${server.keyFile}`,
      "-e",
      "ssh.user=host",
    ];
    const recorder = ["--require", join(import.meta.dirname, "record.cjs")];
    const what = ["apply", "host,", "-p", join(import.meta.dirname, "record.yml"), "-y", ...way];
    const env = { PATH: process.env.PATH, HOME: join(scratch, "home"), RECORD_CODE: cache };
    await promisify(execFile)(process.execPath, [...recorder, program, ...what], { cwd: root, env });
  } finally {
    await server.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}
