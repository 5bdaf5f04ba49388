import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bundle } from "../../scripts/build/bundle.ts";

const root = join(import.meta.dirname, "../..");
const program = join(root, ".cache/test/provision.cjs");
let built: ReturnType<typeof bundle> | undefined;

/** The program as users have it, bundled once for all tests; answers what is in the bundle. */
export function buildProgram(): ReturnType<typeof bundle> {
  built ??= bundle(program);
  return built;
}

export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** A folder with files, and the program run in it with an own HOME. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), "provision-cli-"));

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    mkdirSync(this.path("home"), { recursive: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  /** Runs to the end. `interruptOn`: SIGINT once stdout has this; `closeOutput`: stdout is closed after its first bytes. */
  run(
    args: readonly string[],
    more: { env?: Record<string, string>; interruptOn?: string; closeOutput?: boolean; cwd?: string } = {},
  ): Promise<Ran> {
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: this.path("home"),
      PROVISION_SPOOL: this.path("spool"),
      ...more.env,
    };
    const child = spawn(process.execPath, [program, ...args], {
      cwd: more.cwd ?? this.folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ran: Ran = { code: null, out: "", err: "" };
    let interrupted = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      ran.out += text;
      if (more.closeOutput === true) child.stdout.destroy();
      if (more.interruptOn === undefined || interrupted || !ran.out.includes(more.interruptOn)) return;
      interrupted = true;
      child.kill("SIGINT");
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      ran.err += text;
    });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ ...ran, code }));
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
