import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { play, scratchFolders, stepOf, told } from "./scratch.ts";

/** The four answers of check: ok, changed, maybe, unknown; and what is certain to fail. */
describe("run/answers", () => {
  const scratch = scratchFolders();
  const check = async (folder: string, tasks: unknown[], more: Record<string, unknown> = {}) =>
    await play(folder, tasks, { mode: "check", ...more });

  it("after a command: what is there stays ok or changed, what is absent is maybe, and the command is named", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "right"), "right", { mode: 0o644 });
    writeFileSync(join(folder, "wrong"), "wrong", { mode: 0o644 });
    const outcome = await check(folder, [
      { name: "opaque", command: { cmd: "true", always: true } },
      { name: "right", copy: { dest: "$ROOT/right", content: "right" } },
      { name: "wrong", copy: { dest: "$ROOT/wrong", content: "other" } },
      { name: "absent", copy: { dest: "$ROOT/absent", content: "x", force: false } },
    ]);
    assert.deepEqual(told(outcome), ["opaque: changed", "right: ok", "wrong: changed", "absent: maybe"]);
    assert.match(stepOf(outcome, "absent").why ?? "", /“opaque”/);
  });

  it("a result of a command that is not run is unknown, with the reason; false && unknown is false", async () => {
    const folder = scratch();
    const outcome = await check(folder, [
      { name: "asks", command: { cmd: "echo x", always: true }, register: "r" },
      { name: "uses", copy: { dest: "$ROOT/a", content: "{{r.stdout}}" } },
      { name: "never", copy: { dest: "$ROOT/b", content: "b" }, when: "false && r.stdout == 'x'" },
      { name: "other order", copy: { dest: "$ROOT/b", content: "b" }, when: "r.stdout == 'x' && false" },
      { name: "either", debug: { msg: "b" }, when: "r.rc == 0 || true" },
      { name: "loops", debug: { msg: "{{item}}" }, loop: "{{r.stdout_lines}}" },
      { name: "sets", set_fact: { own: "{{r.stdout}}" } },
      { name: "after set", debug: { msg: "{{own}}" } },
    ]);
    assert.deepEqual(told(outcome), [
      "asks: changed",
      "uses: unknown",
      "never: skipped",
      "other order: skipped",
      "either: ok",
      "loops: unknown",
      "sets: unknown",
      "after set: unknown",
    ]);
    assert.notEqual(stepOf(outcome, "uses").why ?? "", "");
  });

  it(".changed of a declared step is known", async () => {
    const outcome = await check(scratch(), [
      { name: "file", copy: { dest: "$ROOT/a", content: "a" }, register: "r" },
      { name: "then", copy: { dest: "$ROOT/b", content: "b" }, when: "r.changed" },
    ]);
    assert.deepEqual(told(outcome), ["file: changed", "then: changed"]);
  });

  it("a missing prerequisite after a pending command is maybe, without one it fails", async () => {
    const folder = scratch();
    const needs = { name: "needs", lineinfile: { path: "$ROOT/no/conf", line: "a" } };
    assert.deepEqual(told(await check(folder, [{ name: "opaque", command: { cmd: "true", always: true } }, needs])), [
      "opaque: changed",
      "needs: maybe",
    ]);
    assert.deepEqual(told(await check(folder, [needs])), ["needs: failed"]);
  });

  it("a missing prerequisite after a step of which nothing is known is maybe", async () => {
    const folder = scratch();
    const outcome = await check(folder, [
      { name: "asks", command: { cmd: "echo x", always: true }, register: "r" },
      { name: "made perhaps", file: { path: "$ROOT/d", state: "directory" }, when: "r.rc == 0" },
      { name: "needs", copy: { dest: "$ROOT/d/x", content: "x" } },
    ]);
    assert.deepEqual(told(outcome), ["asks: changed", "made perhaps: unknown", "needs: maybe"]);
  });

  it("a handler only possibly notified is maybe; one that is certainly notified is changed", async () => {
    const folder = scratch();
    const handlers = [
      { name: "perhaps", command: { cmd: "true", always: true } },
      { name: "surely", command: { cmd: "true", always: true } },
    ];
    const outcome = await check(
      folder,
      [
        { name: "opaque", command: { cmd: "true", always: true } },
        { name: "absent", copy: { dest: "$ROOT/absent", content: "x", force: false }, notify: "perhaps" },
        { name: "second", command: { cmd: "true", always: true }, notify: "surely" },
      ],
      { play: { handlers } },
    );
    assert.deepEqual(told(outcome), [
      "opaque: changed",
      "absent: maybe",
      "second: changed",
      "perhaps: maybe",
      "surely: changed",
    ]);
  });

  it("a read-only command is run in check, and is unknown once something changed before it", async () => {
    const folder = scratch();
    const ask = (name: string) => ({ name, command: { cmd: "echo x", read_only: true }, register: name });
    const outcome = await check(folder, [
      ask("first"),
      { name: "uses", debug: { msg: "{{first.stdout}}" } },
      { name: "file", copy: { dest: "$ROOT/a", content: "a" } },
      ask("second"),
    ]);
    assert.deepEqual(told(outcome), ["first: ok", "uses: ok", "file: changed", "second: unknown"]);
    assert.equal(stepOf(outcome, "uses").message, "x");
  });

  it("what an include brings or a meta task ends may be unknown; nothing fails for it", async () => {
    const folder = scratch();
    const outcome = await check(folder, [
      { name: "asks", command: { cmd: "echo x", always: true }, register: "r" },
      { name: "brings", include_tasks: "{{r.stdout}}.yml" },
      { name: "ends", meta: "end_host", when: "r.rc == 0" },
      { name: "after", file: { path: "$ROOT", mode: "0750" } },
    ]);
    assert.deepEqual(told(outcome), ["asks: changed", "brings: unknown", "ends: unknown", "after: maybe"]);
    assert.equal(outcome.result.ends.get("h1"), "done");
  });

  it("rescue and always are planned after what certainly fails", async () => {
    const outcome = await check(scratch(), [
      {
        block: [{ name: "fails", fail: { msg: "no" } }],
        rescue: [{ name: "rescues", copy: { dest: "$ROOT/a", content: "a" } }],
        always: [{ name: "always", debug: { msg: "x" } }],
      },
    ]);
    assert.deepEqual(told(outcome), ["fails: failed", "rescues: changed", "always: ok"]);
  });

  it("two steps that set one thing are refused, in check as in apply, with both places and before any change", async () => {
    const cases: [string, unknown[]][] = [
      [
        "content",
        [
          { name: "one", copy: { dest: "$ROOT/a", content: "1" } },
          { name: "two", copy: { dest: "$ROOT/a", content: "2" } },
        ],
      ],
      [
        "mode",
        [
          { name: "one", file: { path: "$ROOT/f", mode: "0600" } },
          { name: "two", file: { path: "$ROOT/f", mode: "0640" } },
        ],
      ],
      [
        "presence",
        [
          { name: "one", copy: { dest: "$ROOT/b", content: "1" } },
          { name: "two", file: { path: "$ROOT/b", state: "absent" } },
        ],
      ],
    ];
    for (const [what, tasks] of cases) {
      const folder = scratch();
      writeFileSync(join(folder, "f"), "f", { mode: 0o644 });
      for (const mode of ["check", "apply"] as const) {
        const outcome = await play(folder, [{ name: "zero", copy: { dest: "$ROOT/zero", content: "0" } }, ...tasks], {
          mode,
        });
        assert.equal(outcome.result.ends.get("h1"), "failed", `${what} in ${mode}: ${told(outcome).join()}`);
        const failed = outcome.steps.find((step) => step.status === "failed");
        assert.match(failed?.error?.message ?? "", /“two” \(.*playbook\.yml:1\)/);
        assert.equal(existsSync(join(folder, "zero")), false, `${what}: nothing is changed before`);
      }
    }
  });

  it("steps that always act, lines of one file, and what is cleaned up behind a condition are no fight", async () => {
    const folder = scratch();
    const tasks = [
      { name: "stamp", file: { path: "$ROOT/stamp", state: "touch" } },
      { name: "stamp again", file: { path: "$ROOT/stamp", state: "touch" } },
      { name: "line one", lineinfile: { path: "$ROOT/conf", line: "one", create: true } },
      { name: "line two", lineinfile: { path: "$ROOT/conf", line: "two" } },
      { name: "there", stat: { path: "$ROOT/installed" }, register: "found" },
      { name: "fetched", copy: { dest: "$ROOT/package", content: "x" }, when: "!found.stat.exists" },
      { name: "installed", command: { cmd: "cp $ROOT/package $ROOT/installed", creates: "$ROOT/installed" } },
      { name: "cleaned", file: { path: "$ROOT/package", state: "absent" } },
    ];
    const first = await play(folder, tasks);
    assert.equal(
      first.result.ends.get("h1"),
      "done",
      JSON.stringify(first.steps.map((step) => [step.step, step.status, step.error])),
    );
    const second = await play(folder, tasks);
    assert.deepEqual(told(second), [
      "stamp: changed",
      "stamp again: changed",
      "line one: ok",
      "line two: ok",
      "there: ok",
      "fetched: skipped",
      "installed: ok",
      "cleaned: ok",
    ]);
  });

  it("leaves no trace", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "d"));
    const before = readdirSync(folder);
    await check(folder, [
      { name: "all", shell: { cmd: "touch $ROOT/x", always: true } },
      { name: "copy", copy: { dest: "$ROOT/d/y", content: "y" } },
    ]);
    assert.deepEqual(
      readdirSync(folder).filter((name) => !/\.yml$/.test(name)),
      before,
    );
    assert.deepEqual(readdirSync(join(folder, "d")), []);
  });
});
