import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ResourceKind } from "../../src/resources/resource.ts";
import { parseLine, readLines } from "../modules/shell-host.ts";

/** A host played from records: files below a scratch root, and commands that print what was recorded. */
export interface RecordedHost {
  /** Absolute path → content; a path that ends with `/` is a folder, `-> target` a link. */
  files?: Readonly<Record<string, string>>;
  /** Name of a command → shell text of it; `@` before text: what it prints, whatever it is asked. */
  commands?: Readonly<Record<string, string>>;
  /** A system without BusyBox, whose own commands cannot be hidden. */
  noBusybox?: boolean;
}

const tools = ["awk", "cat", "find", "getconf", "grep", "id", "ls", "printf", "sed", "sha256sum", "stat", "tr", "wc"];

/** The shells that this machine has of those that hosts have. */
export const shells: readonly (readonly string[])[] = [
  ["dash"],
  ["busybox", "ash"],
  ["mksh"],
  ["bash"],
  ["loksh"],
].filter(([program = ""]) => spawnSync("which", [program]).status === 0);

/** Reads keys of a kind on a recorded host, under each shell; all of them have to say the same, and each line has to be shown as it was read. */
export function readRecorded<V extends object>(
  kind: ResourceKind<V>,
  keys: readonly string[],
  host: RecordedHost,
): string[] {
  const folder = mkdtempSync(join(tmpdir(), "provision-recorded-"));
  try {
    const root = join(folder, "root");
    const bin = join(folder, "bin");
    mkdirSync(root);
    mkdirSync(bin);
    for (const tool of tools) link(tool, bin);
    for (const [name, text] of Object.entries(host.commands ?? {})) {
      const recorded = join(folder, `${name}.recorded`);
      writeFileSync(recorded, text.slice(1));
      const script = text.startsWith("@") ? `cat '${recorded}'` : text;
      rmSync(join(bin, name), { force: true });
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    for (const [path, content] of Object.entries(host.files ?? {})) put(join(root, path), content, root);
    const moved = (text: string): string =>
      text
        .replace(/(?<![\w.\]}$%*"/])\/(etc|run|var|proc|lib|usr\/lib|sys|\.dockerenv)(?=\/|\b)/g, `${root}/$1`)
        .replace(/"\/(etc|run|var|proc|sys)\//g, `"${root}/$1/`);
    // BusyBox prefers what it has itself (rpm, find) to what is in PATH, but not to a function.
    const names = Object.keys(host.commands ?? {}).filter((name) => /^[a-z_]+$/.test(name));
    const preferred = names.map((name) => `${name}() { '${join(bin, name)}' "$@"; }`).join("\n");
    const there: ResourceKind<object> = {
      ...(kind as unknown as ResourceKind<object>),
      reader: `PATH='${bin}'\n${preferred}\n${moved(kind.reader)}`,
    };
    if (kind.functions !== undefined) there.functions = moved(kind.functions);
    const answers = shells
      .filter(([name]) => !(host.noBusybox === true && name === "busybox"))
      .map((shell) => readLines(there, keys, { shell }));
    const [first = []] = answers;
    answers.forEach((answer, index) => {
      if (answer.join("\n") !== first.join("\n"))
        throw new Error(`${shells[index]?.join(" ")} says ${answer.join(" | ")}, dash says ${first.join(" | ")}`);
    });
    for (const line of first) parseLine(kind, line.replaceAll(root, ""));
    return first.map((line) => line.replaceAll(root, ""));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function link(tool: string, bin: string): void {
  const path = spawnSync("which", [tool]).stdout.toString().trim();
  if (path !== "") symlinkSync(path, join(bin, tool));
}

function put(path: string, content: string, root: string): void {
  if (path.endsWith("/")) {
    mkdirSync(path, { recursive: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  if (content.startsWith("-> ")) symlinkSync(content.slice(3).replace(/^\//, `${root}/`), path);
  else writeFileSync(path, content);
}
