import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quote } from "../../src/base/shell.ts";
import type { Value } from "../../src/base/value.ts";
import type { Condition } from "../../src/modules/args.ts";
import { resolveArgs } from "../../src/modules/check-args.ts";
import type { Change, HostView, Module, Outcome, Plan, See } from "../../src/modules/module.ts";
import { library, matches, readLines, readRef, type ShellResult, shellUnderTest } from "./shell-host.ts";

export interface StepResult {
  plan: Plan;
  changed: boolean;
  /** Why it failed. */
  failed?: string;
  result: { [key: string]: Value };
}

export type Values = Readonly<Record<string, Value | readonly Condition[]>>;

export interface StepOptions {
  environment?: Record<string, string>;
  home?: string;
  /** Plan only. */
  check?: boolean;
}

/** This machine, as a module sees its host. */
export function hostView(options: StepOptions = {}): HostView {
  const view = {
    user: "root",
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    home: options.home ?? "/tmp",
    umask: 0o022,
  };
  return options.environment === undefined ? view : { ...view, environment: options.environment };
}

/** The decision of a module on this machine. Everything it names in `needs` is read as well, with the law of its line. */
export function planStep(module: Module, values: Values, options: StepOptions = {}): Plan {
  const host = hostView(options);
  const resolved = resolveArgs(module, values, { source: unused, template: unused }, host.home);
  if ("problems" in resolved) return { fail: resolved.problems.join("; ") };
  const args = resolved.args as Record<string, never>;
  for (const ref of module.needs?.(args, host) ?? []) readRef(ref);
  const see: See = (ref) => readRef(ref);
  return module.plan(args, see, host);
}

/** Plans and carries out one step on this machine, as a run would: a change, what it becomes, its outcome. */
export function runStep(module: Module, values: Values, options: StepOptions = {}): StepResult {
  const plan = planStep(module, values, options);
  const before = { plan, changed: false, result: plan.result ?? {} };
  if (plan.fail !== undefined) return { ...before, failed: plan.fail };
  if (plan.change === undefined || options.check === true) return { ...before, changed: plan.change !== undefined };
  const outcome = runChange(plan.change, options);
  const finished =
    plan.change.finish?.(outcome) ?? (outcome.rc === 0 ? {} : { fail: `rc ${outcome.rc}: ${outcome.stderr}` });
  const done = { plan, changed: finished.changed ?? true, result: { ...before.result, ...finished.result } };
  if (finished.fail !== undefined) return { ...done, failed: finished.fail };
  const unproved = plan.change.becomes.find((prediction) => {
    const ref = prediction.ref;
    const [line = ""] = readLines(ref.kind, [ref.key]);
    const unwanted = prediction.not !== undefined && matches(line, ref.kind.line.pattern(prediction.not));
    return unwanted || !matches(line, ref.kind.line.pattern(prediction.fields));
  });
  return unproved === undefined
    ? done
    : { ...done, failed: `did not converge: ${unproved.ref.kind.kind} ${unproved.ref.key}` };
}

/** Runs the shell of a change the way the agent does: a command in its own folder and environment, with its input. */
function runChange(change: Change, options: StepOptions): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "provision-step-"));
  try {
    for (const blob of change.apply.blobs) writeFileSync(join(folder, blob.sha256), blob.bytes(), { mode: 0o600 });
    const folderText =
      change.command?.chdir === undefined
        ? `cd ${quote(options.home ?? "/tmp")}`
        : `cd ${quote(change.command.chdir)} || exit 1`;
    const environment = Object.entries(options.environment ?? {}).map(
      ([name, value]) => `export ${name}=${quote(value)}`,
    );
    const body =
      change.command === undefined
        ? `set -eu\n${change.apply.text}`
        : [folderText, ...environment, change.apply.text].join("\n");
    const input = change.command?.stdin?.bytes() ?? "";
    const [program = "sh", ...words] = shellUnderTest;
    const done = spawnSync(program, [...words, "-c", `${library()}\nB=${quote(folder)}\n(${body}\n)`], { input });
    const result: ShellResult = {
      rc: done.status ?? -1,
      stdout: done.stdout.toString(),
      stderr: done.stderr.toString(),
    };
    return { ...result, seconds: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unused(name: string): never {
  throw new Error(`no file ${name} here`);
}
