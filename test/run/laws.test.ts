import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { play } from "./scratch.ts";
import type { PlaybookOutcome } from "../support/run-playbook.ts";

type Task = Record<string, unknown>;

const NAMES = ["a", "b", "d/x"];
/** Mostly the same value, so that steps agree about a file; sometimes another, so that they fight. */
function mostly<T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
}

const path = fc.constantFrom(...NAMES).map((name) => `$ROOT/tree/${name}`);
const mode = mostly("0644", "0600");
const text = mostly("one\n", "two\n", "one\ntwo\n", "");

const plain: fc.Arbitrary<Task> = fc.oneof(
  fc.record({ dest: path, content: text, mode }).map((args) => ({ copy: args })),
  fc.constant({ file: { path: "$ROOT/tree/d", state: "directory" } }),
  fc
    .record({
      path: fc.constantFrom("$ROOT/tree/c", "$ROOT/tree/b"),
      state: fc.constantFrom("directory", "touch", "absent"),
    })
    .map((args) => ({ file: args })),
  fc.record({ path, mode }).map((args) => ({ file: args })),
  fc
    .record({
      path: fc.constantFrom("$ROOT/tree/c", "$ROOT/tree/l"),
      src: fc.constant("d"),
      state: fc.constant("link"),
      force: fc.boolean(),
    })
    .map((args) => ({ file: args })),
  fc.record({ path, line: mostly("one", "three"), create: fc.boolean() }).map((args) => ({ lineinfile: args })),
  fc.record({ path, regexp: fc.constant("^one$"), replace: mostly("one", "two") }).map((args) => ({ replace: args })),
  path.map((at) => ({ command: { cmd: `touch ${at}`, creates: at } })),
  path.map((at) => ({ shell: { cmd: `echo one >>${at}`, unless: `grep -q one ${at}` } })),
  path.map((at) => ({ command: { cmd: `cat ${at}`, read_only: true }, ignore_errors: true })),
  path.map((at) => ({ stat: { path: at } })),
  fc
    .record({ dest: fc.constant("$ROOT/tree/{{item}}"), content: text })
    .map((args) => ({ copy: args, loop: ["a", "c"] })),
);

const handlers = [{ name: "told", copy: { dest: "$ROOT/tree/told", content: "x" } }];

/** Playbooks of a few tasks: some are conditional on an earlier change, some notify, some stand in a block. */
const playbook: fc.Arbitrary<Task[]> = fc
  .array(
    fc.record({
      task: plain,
      when: fc.constantFrom("none", "none", "changed", "failed"),
      notify: fc.boolean(),
      block: fc.constantFrom("no", "no", "no", "rescue", "always"),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((list) =>
    list.map(({ task, when, notify, block }, index) => {
      const made: Task = { name: `t${index}`, register: `r${index}`, ...task };
      if (index > 0 && when === "changed") made.when = `r${index - 1}.changed`;
      if (index > 0 && when === "failed") made.when = `!r${index - 1}.failed`;
      if (notify) made.notify = "told";
      const rest = { name: `rest${index}`, copy: { dest: `$ROOT/tree/rest${index}`, content: "x" } };
      // What is registered in a part that may not run is not asked for later.
      if (block === "no") return made;
      return { block: [made], [block]: [rest] };
    }),
  );

const tree = fc.record({
  a: fc.option(text),
  b: fc.option(text),
  d: fc.boolean(),
  c: fc.constantFrom("none", "link", "folder"),
});

/** Everything below a folder: type, mode, content or target. */
function snapshot(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (at: string, name: string): void => {
    const stat = lstatSync(at);
    const kind = stat.isSymbolicLink()
      ? `link ${readlinkSync(at)}`
      : stat.isDirectory()
        ? "folder"
        : `file ${createHash("sha256").update(readFileSync(at)).digest("hex")}`;
    found[name] = `${(stat.mode & 0o7777).toString(8)} ${stat.mtimeMs} ${kind}`;
    if (stat.isDirectory()) for (const entry of readdirSync(at)) walk(join(at, entry), `${name}/${entry}`);
  };
  walk(folder, ".");
  return found;
}

function build(folder: string, given: { a: string | null; b: string | null; d: boolean; c: string }): void {
  const at = join(folder, "tree");
  mkdirSync(at);
  if (given.a !== null) writeFileSync(join(at, "a"), given.a);
  if (given.b !== null) writeFileSync(join(at, "b"), given.b);
  if (given.d) mkdirSync(join(at, "d"));
  if (given.c === "link") symlinkSync("d", join(at, "c"));
  if (given.c === "folder") mkdirSync(join(at, "c"));
}

/** A touch always acts; a command may undo what is declared, and what a condition asks for may have been there once only. */
function mayActAgain(tasks: readonly Task[]): boolean {
  return /"touch"|"creates"|"unless"|"when"|"rescue"/.test(JSON.stringify(tasks));
}

const answers = (outcome: PlaybookOutcome): Map<string, string> =>
  new Map(outcome.steps.map((step) => [`${step.step} ${String(step.item ?? "")}`, step.status]));
const acting = (outcome: PlaybookOutcome): string[] =>
  outcome.steps.filter((step) => ["changed", "maybe"].includes(step.status)).map((step) => step.step);
const done = (outcome: PlaybookOutcome): boolean => outcome.result.ends.get("h1") === "done";

describe("run/laws", function () {
  this.timeout(120_000);

  it("check leaves no trace and says what apply does; what was applied stays as it is", async () => {
    let proved = 0;
    await fc.assert(
      fc.asyncProperty(tree, playbook, async (given, tasks) => {
        const folder = mkdtempSync(join(tmpdir(), "provision-law-"));
        try {
          build(folder, given);
          const at = join(folder, "tree");
          const before = snapshot(at);
          const more = { play: { handlers } };
          const check = await play(folder, tasks, { mode: "check", ...more });
          assert.deepEqual(snapshot(at), before, "check leaves no trace");
          const apply = await play(folder, tasks, more);
          if (!done(apply)) return;
          if (apply.steps.some((step) => step.status === "failed")) return;
          // What fails in check may be rescued in apply, which sees some fights later.
          if (check.steps.some((step) => step.status === "failed")) return;
          proved += 1;
          const did = answers(apply);
          for (const [step, status] of answers(check)) {
            if (status === "changed") assert.equal(did.get(step), "changed", `check: ${step} would change`);
            if (status === "ok") assert.notEqual(did.get(step), "changed", `check: ${step} is right`);
          }
          for (const [step, status] of did)
            if (status === "changed")
              assert.notEqual(answers(check).get(step), undefined, `check said nothing of ${step}`);
          if (mayActAgain(tasks)) return;
          const settled = snapshot(at);
          const again = await play(folder, tasks, { mode: "check", ...more });
          assert.deepEqual(acting(again), [], "check after apply is clean");
          const second = await play(folder, tasks, more);
          assert.deepEqual(acting(second), [], "the second apply changes nothing");
          assert.deepEqual(snapshot(at), settled);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }),
      {
        numRuns: Number(process.env.RUNS ?? 30),
        ...(process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }),
      },
    );
    assert.ok(proved > 0, "some of the playbooks come through");
    if (process.env.RUNS !== undefined) console.log(`${proved} playbooks came through`);
  });
});
