import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault, Faults } from "../../src/errors/fault.ts";
import type { StepEvent } from "../../src/run/events.ts";
import { buildTree, type ModuleCase, readCases, readTree, withRoot } from "../modules/harness.ts";
import { localHosts, runPlaybook } from "../support/run-playbook.ts";

/** Downloads and commands may be `maybe` in check; everything else has to say what apply then does. */
const OPEN_IN_CHECK = new Set(["command", "shell", "get_url", "unarchive"]);

/** Cases that the language decides otherwise; the modules' own tests give the reasons. */
const OTHERWISE = new Set(["lineinfile-crlf-kept-elsewhere"]);

describe("run/module cases through the whole engine", () => {
  for (const file of [
    "blockinfile",
    "copy",
    "cron",
    "file",
    "get_url",
    "lineinfile",
    "module_command",
    "replace",
    "template",
    "unarchive",
  ]) {
    for (const one of readCases(file)) {
      if (one.reference_quirk === true || OTHERWISE.has(one.id)) continue;
      it(one.id, async () => await proveCase(one));
    }
  }
});

async function proveCase(one: ModuleCase): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "provision-case-"));
  const umask = process.umask(Number.parseInt(one.umask ?? "0022", 8));
  try {
    buildTree(root, one.initial ?? {});
    const before = readTree(root);
    const check = await act(one, root, "check");
    assert.deepEqual(readTree(root), before, "check leaves no trace");
    const apply = await act(one, root, "apply");
    assert.equal(apply === "failed", one.expect.failed, `apply: ${apply}`);
    if (!one.expect.failed) assert.equal(apply === "changed", one.expect.changed, `apply: ${apply}`);
    assert.deepEqual(
      readTree(root),
      one.expect.after === undefined ? before : withRoot(one.expect.after as never, root),
    );
    if (!OPEN_IN_CHECK.has(one.module)) assert.equal(check, apply, "check says what apply does");
    if (one.expect.second_run_changed !== undefined && !one.expect.failed) {
      assert.equal((await act(one, root, "apply")) === "changed", one.expect.second_run_changed, "second run");
    }
  } finally {
    process.umask(umask);
    rmSync(root, { recursive: true, force: true });
  }
}

/** Runs the case's one step and answers its status. What is refused before hosts counts as failed. */
async function act(one: ModuleCase, root: string, mode: "check" | "apply"): Promise<StepEvent["status"] | "refused"> {
  const { module, args } = stepOf(one);
  const playbook = JSON.stringify([
    { hosts: "all", tasks: [{ name: one.id, [module]: withRoot(args as never, root) }] },
  ]);
  try {
    const outcome = await runPlaybook({
      mode,
      files: { "inventory.yml": localHosts(["h1"]), "playbook.yml": playbook },
    });
    return outcome.steps.at(-1)?.status ?? "failed";
  } catch (error) {
    if (error instanceof Fault || error instanceof Faults) return "failed";
    throw error;
  }
}

/** The cases name the command line as the other engine hands it to its modules. */
function stepOf(one: ModuleCase): { module: string; args: Record<string, unknown> } {
  const { _raw_params: line, _uses_shell: shell, ...args } = one.args as Record<string, unknown>;
  if (line === undefined) return { module: one.module, args };
  const needed = ["creates", "removes"].some((name) => args[name] !== undefined) ? {} : { always: true };
  return { module: shell === true ? "shell" : "command", args: { ...args, cmd: line, ...needed } };
}
