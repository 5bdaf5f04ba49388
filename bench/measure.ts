import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What one program took: seconds by the clock, seconds of processor (user and system, with its children), its peak memory where it is Node. */
export interface Cost {
  wall: number;
  cpu: number;
  peakMiB: number | undefined;
}

export interface Task {
  command: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** File for its stdin. */
  stdin?: string;
  /** Exit status that is expected. */
  status?: number;
}

const PEAK = join(import.meta.dirname, "peak.cjs");

/** Runs a program and measures it. Its output is answered too. Throws when it does not end as expected. */
export async function measure(task: Task, scratch: string): Promise<Cost & { output: string }> {
  const record = join(scratch, "record");
  const [program = "", ...args] = task.command;
  const isNode = program === process.execPath;
  // `times` of the shell tells what its children took; the preloaded file writes the peak when the process ends.
  const script = `exec 4>"$1"; shift; "$@"; rc=$?; times >&4; exit $rc`;
  const peak = join(scratch, "peak");
  const env = isNode ? { ...task.env, BENCH_PEAK: peak } : task.env;
  const command = isNode ? [program, "--require", PEAK, ...args] : [program, ...args];
  const stdin = openSync(task.stdin ?? "/dev/null", "r");
  const started = process.hrtime.bigint();
  const child = spawn("/bin/sh", ["-c", script, "sh", record, ...command], {
    env,
    cwd: task.cwd,
    stdio: [stdin, "pipe", "pipe"],
  });
  closeSync(stdin);
  let output = "";
  child.stdout?.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr?.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const status = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  if (status !== (task.status ?? 0))
    throw new Error(`${task.command.join(" ")} ended with ${status}:\n${output.slice(-4000)}`);
  const times = readFileSync(record, "utf8").trim().split("\n").at(-1) ?? "";
  const cpu = [...times.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
  return { wall, cpu, peakMiB: isNode ? Number(readFileSync(peak, "utf8")) / 1024 : undefined, output };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** The medians of several runs of the same thing. */
export function medians(costs: readonly Cost[]): Cost {
  const peaks = costs.map((cost) => cost.peakMiB).filter((peak) => peak !== undefined);
  return {
    wall: median(costs.map((cost) => cost.wall)),
    cpu: median(costs.map((cost) => cost.cpu)),
    peakMiB: peaks.length === 0 ? undefined : median(peaks),
  };
}
