import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { chmodSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Value } from "../../src/base/value.ts";
import type { LocalFile, LocalFolder, LocalSource, LocalText } from "../../src/modules/args.ts";
import type { Change, HostView, Module, Plan, See } from "../../src/modules/module.ts";
import { resolveArgs } from "../../src/modules/resolve-args.ts";
import type { Prediction, Ref } from "../../src/resources/resource.ts";
import { applyShell, parseLine, readGroups, readLines, readRef, runShell, type ShellResult } from "./shell-host.ts";

/** A path of a tree: what it is, relative to the root. `any`, in what is expected: whatever is there. */
export type TreeEntry =
  | { content: string; mode?: string }
  | { base64: string; mode?: string }
  | { dir: true; mode?: string }
  | { link: string }
  | { any: true };
export interface Tree {
  [path: string]: TreeEntry;
}

/** One case: arguments and a tree, and what is to come of it. */
export interface ModuleCase {
  id: string;
  module: string;
  /** `$ROOT` in any text stands for the folder of the tree. */
  args: { [name: string]: Value };
  umask?: string;
  initial?: Tree;
  prepare_with_shell?: string;
  note?: string;
  /** `observed`: seen on the program that the cases of others come from. */
  origin?: string;
  reference_quirk?: boolean;
  expect: {
    changed: boolean;
    failed: boolean;
    check_changed?: boolean;
    check_failed?: boolean;
    second_run_changed?: boolean;
    check_skipped?: boolean;
    /** The whole tree; `.*` in the name of a backup stands for its time. */
    after?: Tree;
  };
}

/** What a module did in one go of check, apply, prove. */
export interface Run {
  changed: boolean;
  failed: boolean;
  /** Why it failed. */
  message?: string;
  plan?: Plan;
  outcome?: ShellResult;
  result?: { [key: string]: Value };
}

interface RunOptions {
  shell?: readonly string[];
  umask?: number;
}

/** Reads through the real readers, each resource once. */
function looking(options: RunOptions, needs: readonly Ref[]): See {
  const seen = new Map<string, { ref: Ref; line: string }>();
  const groups = [...new Set(needs.map((ref) => ref.kind))].map((kind) => ({
    kind,
    refs: needs.filter((ref) => ref.kind === kind),
  }));
  const answers =
    groups.length === 0
      ? []
      : readGroups(
          groups.map(({ kind, refs }) => ({ kind, keys: refs.map((ref) => ref.key) })),
          options,
        );
  groups.forEach(({ kind, refs }, group) => {
    for (const [index, ref] of refs.entries())
      seen.set(`${kind.kind}\0${ref.key}`, { ref, line: answers[group]?.[index] ?? "" });
  });
  return <V extends object>(ref: Ref<V>): V => {
    const key = `${ref.kind.kind}\0${ref.key}`;
    const known = seen.get(key);
    const line = known?.line ?? readLines(ref.kind, [ref.key], options)[0] ?? "";
    seen.set(key, { ref: ref, line });
    return parseLine(ref.kind, line);
  };
}

export function hostView(options: RunOptions = {}): HostView {
  const me = userInfo();
  return { user: me.username, uid: me.uid, gid: me.gid, home: me.homedir, umask: options.umask ?? 0o022 };
}

/** Arguments as the module sees them, or the reasons for refusing them. */
export function resolve(
  module: Module,
  values: { [name: string]: Value },
): { args: Record<string, never> } | { problems: string[] } {
  try {
    return resolveArgs(module, values, { source: localSource, template: localText }, "/root") as
      | { args: Record<string, never> }
      | { problems: string[] };
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)] };
  }
}

/** Only the plan. */
export function check(module: Module, values: { [name: string]: Value }, options: RunOptions = {}): Run {
  const resolved = resolve(module, values);
  if ("problems" in resolved) return { changed: false, failed: true, message: resolved.problems.join("; ") };
  const see = looking(options, module.needs?.(resolved.args, hostView(options)) ?? []);
  const plan = module.plan(resolved.args, see, hostView(options));
  if (plan.fail !== undefined) return { changed: false, failed: true, message: plan.fail, plan };
  return {
    changed: plan.change !== undefined,
    failed: false,
    plan,
    ...(plan.result === undefined ? {} : { result: plan.result }),
  };
}

/** Plan, apply in a real shell, and prove: what the change predicted is read again and compared on the host. */
export function apply(module: Module, values: { [name: string]: Value }, options: RunOptions = {}): Run {
  const run = check(module, values, options);
  const change = run.plan?.change;
  if (change === undefined) return run;
  if (change.save !== undefined) return saveOnController(run, change, options);
  const outcome = applyShell(change.apply, options);
  const finished = change.finish?.({ rc: outcome.rc, stdout: outcome.stdout, stderr: outcome.stderr, seconds: 0 });
  const result = { ...run.result, ...finished?.result };
  if (change.finish === undefined || change.opaque !== true) {
    if (outcome.rc !== 0)
      return {
        ...run,
        changed: false,
        failed: true,
        message: outcome.stderr || `exit status ${outcome.rc}`,
        outcome,
        result,
      };
  }
  if (finished?.fail !== undefined)
    return { ...run, changed: false, failed: true, message: finished.fail, outcome, result };
  const unproved = prove(change.becomes, options);
  if (unproved !== undefined)
    return { ...run, changed: false, failed: true, message: `did not converge: ${unproved}`, outcome, result };
  return { ...run, changed: finished?.changed ?? true, outcome, result };
}

function saveOnController(run: Run, change: Change, options: RunOptions): Run {
  if (change.save === undefined) return run;
  const content = readRef(change.save.content, options) as { data?: string | null };
  mkdirSync(dirname(change.save.path), { recursive: true });
  writeFileSync(change.save.path, Buffer.from(content.data ?? "", "hex"));
  return run;
}

/** Compares predictions with fresh reads, by the shell's own `case`; kinds with a guard are proved through it. */
export function prove(predictions: readonly Prediction[], options: RunOptions = {}): string | undefined {
  const kinds = [...new Set(predictions.map(({ ref }) => ref.kind))].filter((kind) => kind.guard === undefined);
  const own = kinds.map((kind) => predictions.filter(({ ref }) => ref.kind === kind));
  if (kinds.length === 0) return undefined;
  const lines = readGroups(
    kinds.map((kind, index) => ({ kind, keys: (own[index] ?? []).map(({ ref }) => ref.key) })),
    options,
  ).flat();
  const all = own.flat();
  const tests = all.map(({ ref, fields, not }, index) => {
    const { line } = ref.kind;
    const refused = not === undefined ? "" : `${line.pattern(not)}) echo ${index}; exit ;; `;
    return `case '${(lines[index] ?? "").replaceAll("'", `'\\''`)}' in ${refused}${line.pattern(fields)}) ;; *) echo ${index}; exit ;; esac`;
  });
  const wrong = runShell(tests.join("\n"), options).stdout.trim();
  const one = all[Number(wrong)];
  if (wrong === "" || one === undefined) return undefined;
  return `${one.ref.kind.kind} ${one.ref.key} is "${lines[Number(wrong)]}", predicted ${one.ref.kind.line.pattern(one.fields)}`;
}

/**
 * Runs a case: check (which must leave no trace), apply, and apply again; then the tree. Throws an AssertionError that
 * names what differs. `modules` finds a module by name.
 */
export function runCase(one: ModuleCase, module: Module, options: { shell?: readonly string[] } = {}): void {
  const root = mkdtempSync(join(tmpdir(), "provision-case-"));
  try {
    buildTree(root, one.initial ?? {});
    const umask = Number.parseInt(one.umask ?? "0022", 8);
    const settings: RunOptions = { ...options, umask };
    if (one.prepare_with_shell !== undefined)
      runShell(`cd '${root}'\n${one.prepare_with_shell.replaceAll("$ROOT", root)}`, { shell: ["sh"], umask });
    const values = withRoot(one.args, root);
    const before = readTree(root);
    const { expect } = one;
    const checked = check(module, values, settings);
    assert.deepEqual(readTree(root), before, "check leaves no trace");
    // What was not checked where the case was observed is to be as apply is.
    const skipped = expect.check_skipped === true;
    const failsInCheck = skipped ? expect.failed : (expect.check_failed ?? expect.failed);
    const changesInCheck = skipped ? expect.changed : (expect.check_changed ?? expect.changed);
    assert.equal(checked.failed, failsInCheck, `failed in check: ${checked.message ?? "no"}`);
    assert.equal(checked.changed, changesInCheck, `changed in check: ${JSON.stringify(checked.plan?.change?.differs)}`);
    const applied = apply(module, values, settings);
    assert.equal(applied.failed, expect.failed, `failed: ${applied.message ?? "no"}`);
    assert.equal(applied.changed, expect.changed, `changed: ${JSON.stringify(applied.plan?.change?.differs)}`);
    if (expect.after !== undefined) {
      const { after } = expect;
      const found = Object.entries(readTree(root)).map(
        ([path, entry]) => [path, "any" in (after[path] ?? {}) ? { any: true as const } : entry] as const,
      );
      assert.deepEqual(plainTree(Object.fromEntries(found), root), plainTree(after, root), "the tree afterwards");
    }
    if (expect.second_run_changed !== undefined) {
      const again = apply(module, values, settings);
      assert.equal(again.failed, false, `failed at the second run: ${again.message ?? ""}`);
      assert.equal(
        again.changed,
        expect.second_run_changed,
        `changed at the second run: ${JSON.stringify(again.plan?.change?.differs)}`,
      );
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The cases of `test/cases/<file>.json`. */
export function readCases(file: string): ModuleCase[] {
  return JSON.parse(readFileSync(new URL(`../cases/${file}.json`, import.meta.url), "utf8")) as ModuleCase[];
}

/**
 * Declares a test per case of a file. `otherwise` names the cases that are decided otherwise, with the reason; they
 * are listed as such and not run.
 */
export function describeCases(
  file: string,
  modules: { [name: string]: Module },
  otherwise: { [id: string]: string } = {},
): void {
  const cases = readCases(file);
  describe(`cases of ${file}`, () => {
    for (const one of cases) {
      const reason = otherwise[one.id];
      if (reason !== undefined) {
        it(`${one.id} is decided otherwise: ${reason}`, () => {
          const module = modules[one.module];
          assert.ok(module);
          assert.throws(() => runCase(one, module), "the case matches after all: take it off the list");
        });
        continue;
      }
      it(one.id, () => {
        const module = modules[one.module];
        assert.ok(module, `no module ${one.module}`);
        runCase(one, module);
      });
    }
  });
}

export function withRoot<T extends Value>(value: T, root: string): T {
  if (typeof value === "string") return value.replaceAll("$ROOT", root) as T;
  if (Array.isArray(value)) return value.map((item) => withRoot(item, root)) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withRoot(item as Value, root)])) as T;
}

export function buildTree(root: string, tree: Tree): void {
  for (const [path, entry] of Object.entries(tree)) {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    if ("dir" in entry) mkdirSync(full, { recursive: true });
    else if ("link" in entry) symlinkSync(entry.link.replaceAll("$ROOT", root), full);
    else if ("content" in entry) writeFileSync(full, entry.content);
    else if ("base64" in entry) writeFileSync(full, Buffer.from(entry.base64, "base64"));
  }
  // Modes last, the deepest first: a folder may be closed.
  for (const [path, entry] of Object.entries(tree).reverse()) {
    if ("mode" in entry) chmodSync(join(root, path), Number.parseInt(entry.mode, 8));
  }
}

/** Everything below a folder, with inode and time, so that a rewrite shows. */
export function readTree(root: string): Tree {
  const tree: Tree = {};
  const walk = (folder: string): void => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const full = join(root, path);
      const stat = lstatSync(full);
      const mode = (stat.mode & 0o7777).toString(8).padStart(4, "0");
      if (stat.isSymbolicLink()) tree[path] = { link: readlinkSync(full) };
      else if (stat.isDirectory()) {
        tree[path] = { dir: true, mode };
        walk(path);
      } else if (stat.isFile()) {
        const bytes = readFileSync(full);
        const text = bytes.toString("utf8");
        tree[path] = Buffer.from(text, "utf8").equals(bytes)
          ? { content: text, mode }
          : { base64: bytes.toString("base64"), mode };
      } else tree[path] = { content: "", mode };
    }
  };
  walk("");
  return tree;
}

/** For comparing: the root by name, entries in order, names of backups without their time. */
export function plainTree(tree: Tree, root: string): Tree {
  const plain: Tree = {};
  for (const path of Object.keys(tree).sort()) {
    const entry = tree[path];
    if (entry === undefined) continue;
    const name = path.replace(/\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/, ".<backup>");
    plain[name] = "link" in entry ? { link: entry.link.replaceAll(root, "$ROOT") } : entry;
  }
  return plain;
}

/** A file or folder of the controller, as the engine gives it to modules. */
export function localSource(name: string): LocalSource {
  if (!existsSync(name)) throw new Error(`${name} is not there`);
  if (!statSync(name).isDirectory()) return localFile(name, name);
  const entries: LocalFolder["entries"][number][] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(name, folder)).sort()) {
      const path = folder === "" ? entry : `${folder}/${entry}`;
      const full = join(name, path);
      const stat = lstatSync(full);
      const mode = stat.mode & 0o7777;
      if (stat.isSymbolicLink()) {
        const end = statSync(full, { throwIfNoEntry: false });
        const leads =
          end === undefined
            ? {}
            : end.isFile()
              ? { file: localFile(full, basename(full)) }
              : { folder: localSource(full) as LocalFolder };
        entries.push({ path, type: "link", target: readlinkSync(full), mode, ...leads });
      } else if (stat.isDirectory()) {
        entries.push({ path, type: "folder", mode });
        walk(path);
      } else entries.push({ path, type: "file", file: localFile(full, basename(full)), mode });
    }
  };
  walk("");
  return { kind: "folder", name, entries };
}

function localFile(full: string, name: string): LocalFile {
  const bytes = readFileSync(full);
  return {
    kind: "file",
    name,
    size: bytes.length,
    mode: statSync(full).mode & 0o7777,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: () => bytes,
  };
}

/** A template without names in it: its text. What it would render from is tested elsewhere. */
export function localText(name: string): LocalText {
  const text = readFileSync(name, "utf8");
  if (text.includes("{{")) throw new Error(`${name} uses names that do not exist here`);
  return { name, text, mode: statSync(name).mode & 0o7777 };
}
