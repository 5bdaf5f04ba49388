import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Shell } from "../../src/base/shell.ts";
import type { Ref, ResourceKind } from "../../src/resources/resource.ts";

const lib = new URL("../../src/agent/lib/", import.meta.url);

/** The library that changes may call, as the agent has it. */
export function library(): string {
  return readdirSync(lib)
    .filter((name) => name.endsWith(".sh"))
    .sort()
    .map((name) => readFileSync(new URL(name, lib), "utf8"))
    .join("\n");
}

/** Name of the shell under test: `SHELL_UNDER_TEST="busybox ash"`, else dash. */
export const shellUnderTest = (process.env["SHELL_UNDER_TEST"] ?? "dash").split(" ");

export interface ShellResult {
  rc: number;
  stdout: string;
  stderr: string;
}

/** Runs shell text in a real shell, as the agent would. */
export function runShell(
  text: string,
  options: { shell?: readonly string[]; umask?: number; prefix?: readonly string[] } = {},
): ShellResult {
  const [program = "sh", ...args] = [...(options.prefix ?? []), ...(options.shell ?? shellUnderTest)];
  const umask = options.umask === undefined ? "" : `umask ${options.umask.toString(8).padStart(4, "0")}\n`;
  const folder = mkdtempSync(join(tmpdir(), "provision-run-"));
  try {
    const script = join(folder, "program");
    writeFileSync(script, `PATH=$PATH:/usr/sbin:/sbin\nexport PATH\nLC_ALL=C\nexport LC_ALL\n${umask}${text}\n`);
    if (options.prefix !== undefined) {
      chmodSync(folder, 0o755);
      chmodSync(script, 0o644);
    }
    const done = spawnSync(program, [...args, script], { stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
    if (done.error !== undefined) throw done.error;
    return { rc: done.status ?? -1, stdout: done.stdout.toString(), stderr: done.stderr.toString() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keys of one kind. */
export interface Group {
  kind: ResourceKind<object>;
  keys: readonly string[];
}

/** Reads resources of one kind with its reader, the way the agent does: keys as "$@", answers `INDEX LINE`. */
export function readLines(
  kind: ResourceKind<object>,
  keys: readonly string[],
  options: Parameters<typeof runShell>[1] = {},
): string[] {
  return readGroups([{ kind, keys }], options)[0] ?? [];
}

/** Several kinds in one go. */
export function readGroups(groups: readonly Group[], options: Parameters<typeof runShell>[1] = {}): string[][] {
  const calls = groups.map(({ kind, keys }, index) => {
    const name = `read_${kind.kind.replaceAll(".", "_")}`;
    return `${kind.functions ?? ""}\n${name}() {\n${kind.reader}\n}\necho '== ${index}'\n${name} ${keys.map(word).join(" ")}`;
  });
  const { stdout, stderr, rc } = runShell(calls.join("\n"), options);
  const names = groups.map(({ kind }) => kind.kind).join(", ");
  if (rc !== 0 || stderr !== "") throw new Error(`readers of ${names} ended with ${rc}: ${stderr}`);
  const answers = stdout.split(/^== \d+\n/m).slice(1);
  return groups.map(({ kind, keys }, index) => numbered(kind, keys, answers[index] ?? ""));
}

function numbered(kind: ResourceKind<object>, keys: readonly string[], answer: string): string[] {
  const lines: string[] = new Array<string>(keys.length);
  for (const line of answer.split("\n").slice(0, -1)) {
    const space = line.indexOf(" ");
    const index = Number(line.slice(0, space));
    if (!/^\d+$/.test(line.slice(0, space)) || index >= keys.length)
      throw new Error(`reader of ${kind.kind} said: ${line}`);
    lines[index] = line.slice(space + 1);
  }
  keys.forEach((key, index) => {
    if (lines[index] === undefined) throw new Error(`reader of ${kind.kind} said nothing of ${key}`);
  });
  return lines;
}

function word(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The value of one resource, with the law that its line is shown as it was read. */
export function readRef<V extends object>(ref: Ref<V>, options: Parameters<typeof runShell>[1] = {}): V {
  const [line = ""] = readLines(ref.kind, [ref.key], options);
  return parseLine(ref.kind, line);
}

export function parseLine<V extends object>(kind: ResourceKind<V>, line: string): V {
  const value = kind.line.parse(line);
  const shown = kind.line.show(value);
  if (shown !== line) throw new Error(`${kind.kind}: show(parse(line)) is "${shown}" for "${line}"`);
  return value;
}

/** True if the shell's `case` takes the line for the pattern. */
export function matches(line: string, pattern: string): boolean {
  const text = `case '${line.replaceAll("'", `'\\''`)}' in ${pattern}) exit 0 ;; esac; exit 1`;
  return runShell(text).rc === 0;
}

/** Runs a change's shell: `set -eu` in a subshell of its own, blobs as files below $B. */
export function applyShell(shell: Shell, options: Parameters<typeof runShell>[1] = {}): ShellResult {
  const folder = mkdtempSync(join(tmpdir(), "provision-blobs-"));
  try {
    for (const blob of shell.blobs) writeFileSync(join(folder, blob.sha256), blob.bytes(), { mode: 0o600 });
    return runShell(`${library()}\nB='${folder}'\n(set -eu\n${shell.text}\n) </dev/null`, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
