import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Value } from "../../../src/base/value.ts";
import command from "../../../src/modules/commands/command.ts";
import shell from "../../../src/modules/commands/shell.ts";
import type { Module } from "../../../src/modules/module.ts";
import { buildTree, type ModuleCase, readCases, readTree, withRoot } from "../harness.ts";
import { runStep } from "../step.ts";

/** The case's arguments in this language: a command line by its name, and a reason to run where the case gives none. */
function translate(one: ModuleCase): { module: Module; args: { [name: string]: Value } } {
  const { _raw_params: cmd, _uses_shell: usesShell, ...rest } = one.args;
  const args: { [name: string]: Value } = cmd === undefined ? rest : { cmd, ...rest };
  if (!("creates" in args || "removes" in args)) args["always"] = true;
  return { module: usesShell === true ? shell : command, args };
}

describe("cases of module_command", () => {
  for (const one of readCases("module_command")) {
    it(one.id, () => {
      const root = mkdtempSync(join(tmpdir(), "provision-case-"));
      try {
        buildTree(root, one.initial ?? {});
        const before = readTree(root);
        const { module, args } = translate(one);
        const values = withRoot(args, root);
        const checked = runStep(module, values, { check: true });
        assert.deepEqual(readTree(root), before, "check leaves no trace");
        // A command is not skipped in check here: it would change something, and check says so.
        if (one.expect.check_skipped !== true)
          assert.equal(checked.failed !== undefined, one.expect.check_failed ?? false);
        const first = runStep(module, values);
        assert.equal(first.failed !== undefined, one.expect.failed, first.failed);
        if (first.failed !== undefined) return;
        assert.equal(first.changed, one.expect.changed);
        assert.equal(checked.changed, first.changed, "check said it");
        assert.deepEqual(readTree(root), one.expect.after);
        assert.equal(runStep(module, values).changed, one.expect.second_run_changed);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    });
  }
});
