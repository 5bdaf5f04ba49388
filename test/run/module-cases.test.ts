import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Faults } from "../../src/errors/fault.ts";
import type { StepEvent } from "../../src/run/events.ts";
import { buildTree, type ModuleCase, plainTree, readCases, readTree, withRoot } from "../modules/harness.ts";
import { runShell } from "../modules/shell-host.ts";
import { needs } from "../support/need.ts";
import { localHosts, runPlaybook } from "../support/run-playbook.ts";

/** In check these may be `maybe`; everything else has to say what apply then does. */
const OPEN_IN_CHECK = new Set(["command", "shell", "get_url", "unarchive"]);
/** Only running it tells that a file does not pass its `validate`. */
const SEEN_IN_APPLY = /validate/;

const FILES = ["blockinfile", "copy", "cron", "file", "get_url", "lineinfile", "module_command", "replace", "template"];
/** Cases of the engine: all of them are run, and no module's own test has them. */
const OWN = "observed";

type Status = StepEvent["status"] | "refused";

interface Played {
  one: ModuleCase;
  root: string;
  statuses: Status[];
  untouched: boolean;
  after: ReturnType<typeof readTree>;
}

/** The modules' own tests hold every case; here a third of them, and those of the engine, go through all of it, each on a host of its own. */
describe("run/module cases through the whole engine", () => {
  const third = FILES.flatMap(readCases).filter((one, index) => index % 3 === 0 && one.reference_quirk !== true);
  describeThrough([...third, ...readCases(OWN)], async (work) => await work());
});

/** As on Alpine: every program the host has is an applet of BusyBox. */
describe("run/module cases on a userland of BusyBox", () => {
  needs("busybox");
  const files = FILES.filter((file) => file !== "cron");
  const some = files.flatMap(readCases).filter((one, index) => index % 4 === 1 && one.reference_quirk !== true);
  describeThrough(some, onBusyBox);
});

/** Plays the cases once, then a test for each looks at what came of it. */
function describeThrough(cases: readonly ModuleCase[], place: (work: () => Promise<void>) => Promise<void>): void {
  const played = new Map<string, Played>();
  before(async function () {
    this.timeout(300_000);
    await place(async () => {
      for (const umask of new Set(cases.map((one) => one.umask ?? "0022"))) {
        const group = cases.filter((one) => (one.umask ?? "0022") === umask);
        for (const [id, result] of await play(group, umask)) played.set(id, result);
      }
    });
  });
  after(() => {
    for (const { root } of played.values()) rmSync(root, { recursive: true, force: true });
  });
  for (const one of cases) {
    it(one.id, () => {
      const result = played.get(one.id);
      assert.ok(result !== undefined);
      prove(result);
    });
  }
}

/** Local hosts find nothing but BusyBox's applets. */
async function onBusyBox(work: () => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "provision-busybox-"));
  const busybox = ["/bin/busybox", "/usr/bin/busybox"].find((path) => existsSync(path)) ?? "busybox";
  const before = process.env.PATH;
  try {
    execFileSync(busybox, ["--install", "-s", folder]);
    process.env.PATH = folder;
    await work();
  } finally {
    process.env.PATH = before;
    rmSync(folder, { recursive: true, force: true });
  }
}

function prove({ one, statuses, untouched, after }: Played): void {
  const [check, apply, again] = statuses;
  const { expect } = one;
  assert.ok(untouched, "check leaves no trace");
  if (decidedOtherwise(one, apply)) return;
  assert.equal(apply === "failed" || apply === "refused", expect.failed, `apply: ${String(apply)}`);
  if (!expect.failed) assert.equal(apply === "changed", expect.changed, `apply: ${String(apply)}`);
  if (expect.after !== undefined && expect.second_run_changed !== true)
    assert.deepEqual(plainTree(after, "$ROOT"), plainTree(expect.after, "$ROOT"));
  if (!OPEN_IN_CHECK.has(one.module) && !SEEN_IN_APPLY.test(JSON.stringify(one.args)))
    assert.equal(check, apply, "check says what apply does");
  if (expect.second_run_changed !== undefined && !expect.failed)
    assert.equal(again === "changed", expect.second_run_changed, "second run");
}

/** What the language decides otherwise than the reference: the modules' tests name these cases and the reasons. */
function decidedOtherwise(one: ModuleCase, apply: Status | undefined): boolean {
  return OTHERWISE.has(one.id) || one.id.includes("crlf") || (apply === "refused" && !one.expect.failed);
}

const OTHERWISE = new Set([
  "blockinfile-nonl-block-present",
  "copy-hardlinked",
  "copy-remote-over",
  "cron-parent",
  "cron-trailing-blank",
  "file-recurse-dangling",
  "get_url-mode-same",
  "get_url-query",
  "lineinfile-after-regex-last-nonl",
  "lineinfile-hardlink",
  "lineinfile-line-trailing-nl",
  "lineinfile-multi-line",
  "lineinfile-regexp-replace-trailing-nl",
  "lineinfile-validate-no-s",
  "replace-crlf",
  "template-parent-missing",
  "unarchive-dot",
  "unarchive-tgz-keep-newer",
  "unarchive-zip-exclude",
  "unarchive-zip-include-missing",
]);

/** Check, apply, apply again: one play for each case, all in one run. */
async function play(cases: readonly ModuleCase[], umask: string): Promise<Map<string, Played>> {
  const played = new Map<string, Played>();
  const before = process.umask(Number.parseInt(umask, 8));
  try {
    const ready: Played[] = [];
    for (const one of cases) {
      const root = mkdtempSync(join(tmpdir(), "provision-case-"));
      buildTree(root, one.initial ?? {});
      const script = one.prepare_with_shell?.replaceAll("$ROOT", root);
      if (script !== undefined)
        runShell(`cd '${root}'\n${script}`, { shell: ["/bin/sh"], umask: Number.parseInt(umask, 8) });
      const result: Played = { one, root, statuses: [], untouched: true, after: {} };
      played.set(one.id, result);
      if (await isRefused(one, root)) result.statuses = ["refused", "refused"];
      else ready.push(result);
    }
    const trees = new Map(ready.map(({ one, root }) => [one.id, readTree(root)]));
    for (const mode of ["check", "apply", "apply"] as const) {
      const statuses = await runAll(ready, mode);
      for (const result of ready) {
        result.statuses.push(statuses.get(result.one.id) ?? "unreachable");
        if (mode === "check") result.untouched = same(trees.get(result.one.id), readTree(result.root));
        if (mode === "apply" && result.statuses.length === 2) result.after = rooted(readTree(result.root), result.root);
      }
    }
    for (const result of played.values())
      if (result.statuses[0] === "refused") result.after = rooted(readTree(result.root), result.root);
    return played;
  } finally {
    process.umask(before);
  }
}

function same(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

function rooted(tree: ReturnType<typeof readTree>, root: string): ReturnType<typeof readTree> {
  return JSON.parse(JSON.stringify(tree).replaceAll(root, "$ROOT")) as ReturnType<typeof readTree>;
}

async function isRefused(one: ModuleCase, root: string): Promise<boolean> {
  try {
    await runPlaybook({
      mode: "verify",
      files: { "inventory.yml": localHosts(["h1"]), "playbook.yml": JSON.stringify([playOf(one, root, "h1")]) },
    });
    return false;
  } catch (error) {
    if (error instanceof Faults) return true;
    throw error;
  }
}

async function runAll(ready: readonly Played[], mode: "check" | "apply"): Promise<Map<string, Status>> {
  const hosts = ready.map((_, index) => `h${index}`);
  const plays = ready.map(({ one, root }, index) => playOf(one, root, `h${index}`));
  const { steps } = await runPlaybook({
    mode,
    files: { "inventory.yml": localHosts(hosts), "playbook.yml": JSON.stringify(plays) },
  });
  return new Map(steps.map((step) => [step.step, step.status]));
}

/** The cases name the command line as the other engine hands it to its modules. */
function playOf(one: ModuleCase, root: string, host: string): Record<string, unknown> {
  const {
    _raw_params: line,
    _uses_shell: shell,
    ...args
  } = withRoot(one.args as never, root) as Record<string, unknown>;
  const needed = ["creates", "removes"].some((name) => args[name] !== undefined) ? {} : { always: true };
  const module = one.module === "command" && shell === true ? "shell" : one.module;
  const command = { ...args, ...(line === undefined ? {} : { cmd: line }), ...needed };
  const own = one.module === "command" ? command : args;
  return { hosts: host, tasks: [{ name: one.id, [module]: own }] };
}
