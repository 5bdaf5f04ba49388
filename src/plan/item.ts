import type { MapNode } from "../language/node.ts";
import { Fault, Faults } from "../errors/fault.ts";
import { type Value, Unknown } from "../base/value.ts";
import type { Change, Plan, Wait } from "../modules/module.ts";
import type { Include, Meta, Step } from "../playbook/tree.ts";
import type { Ref } from "../resources/resource.ts";
import { type Cursor, type Instruction, type ItemOutcome, type Names, prepend } from "./cursor.ts";
import type { Evaluator, ItemOf, Prepared } from "./evaluator.ts";
import { NotRead, type Reader, readerOf, Touched, type Sight, type World } from "./world.ts";

/** One item of a step (a step without a loop has one), planned. */
export interface Planned {
  id: number;
  step: Step;
  item: ItemOf | undefined;
  names: Names;
  verdict: "ok" | "change" | "skipped" | "fail" | "maybe" | "unknown";
  /** Why it is skipped, fails, or cannot be told. */
  why: string | undefined;
  /** The mistake that makes it fail, where it is one of the files or values. */
  fault: Fault | undefined;
  change: Change | undefined;
  plan: Plan | undefined;
  prepared: Extract<Prepared, { args: unknown }> | undefined;
  sights: Sight[];
  outcome: ItemOutcome;
  /** Where the host is when this item is next: the way back when the batch stops here. */
  before: Cursor;
  /** Set on the last item of a step: the items' outcomes, in order. */
  completes: readonly ItemOutcome[] | undefined;
}

export interface SegmentOptions {
  /** Apply: a value an opaque change may have touched is taken as read, and compared on the host before it is relied on. */
  optimistic: boolean;
  /** Stop after one step, or one item of a loop. */
  single: false | "step" | "item";
  /** Also plan a step that has to be alone: the caller has seen to it. */
  alone: boolean;
  /** A step that waits and does not find what it waits for: `wait` hands it to the caller, otherwise it fails. */
  wait: boolean;
  firstId: number;
}

/** Resources to be read before something can be planned. */
export type Missing = { ref: Ref; reader: Reader; host?: string | undefined }[];

/** Resources a step will look at that have not been read yet, over all items of its loop, as far as can be told now. */
export function gather(step: Step, names: Names, world: World, evaluator: Evaluator): Missing {
  const missing: Missing = [];
  const attempt = (look: () => void): void => {
    try {
      look();
    } catch (error) {
      if (error instanceof NotRead) missing.push(error);
      else if (!(error instanceof Unknown || error instanceof Fault || error instanceof Faults)) throw error;
    }
  };
  attempt(() => {
    const items = evaluator.items(step, names)?.map((value, index) => ({ value, index })) ?? [undefined];
    for (const item of items) {
      attempt(() => {
        const prepared = evaluator.prepare(step, names, item);
        if (!("args" in prepared)) return;
        const unread = unreadOf(prepared.needs, prepared, world);
        missing.push(...unread);
        if (unread.length > 0) return;
        const see = (ref: Ref): never => world.see(ref, readerOf(ref, prepared.reader), true).value as never;
        const more = step.module.also?.(prepared.args, see) ?? [];
        missing.push(...unreadOf(more, prepared, world));
        look(step, prepared, world, evaluator, true);
      });
    }
  });
  return missing;
}

/** `gather`: something has to be read first. `dependency`: it needs what a pending change brings about. `empty`: a loop over nothing. */
type ItemAnswer = { planned: Planned } | { wait: Wait } | "gather" | "dependency" | "empty";

export function planItem(
  cursor: Cursor,
  head: Extract<Instruction, { op: "step" }>,
  world: World,
  evaluator: Evaluator,
  options: SegmentOptions,
  pending: boolean,
  id: number,
): ItemAnswer {
  const { step } = head;
  const { optimistic } = options;
  let progress = head.progress;
  const names = cursor.names;
  const doubt = head.maybe ?? cursor.doubt;
  const make = (verdict: Planned["verdict"], more: Partial<Planned>): { planned: Planned } => {
    const at = progress === undefined ? undefined : progress.items[progress.index];
    const item = progress === undefined || at === undefined ? undefined : { value: at, index: progress.index };
    const planned: Planned = {
      id,
      step,
      item,
      names,
      verdict,
      why: undefined,
      fault: undefined,
      change: undefined,
      plan: undefined,
      prepared: undefined,
      sights: [],
      outcome: outcomeOf(verdict, id, item?.value, more, optimistic),
      before:
        progress === undefined
          ? cursor
          : { ...cursor, rest: prepend([{ op: "step", step, progress }], cursor.rest?.tail ?? null) },
      completes: undefined,
      ...more,
    };
    if (progress === undefined) planned.completes = [planned.outcome];
    else if (progress.index + 1 >= progress.items.length) planned.completes = [...progress.outcomes, planned.outcome];
    return { planned };
  };
  try {
    if (progress === undefined) {
      const items = evaluator.items(step, names);
      if (items !== undefined) {
        if (items.length === 0) return "empty";
        progress = { items, index: 0, outcomes: [] };
      }
    }
    const at = progress?.items[progress.index];
    const item = progress === undefined || at === undefined ? undefined : { value: at, index: progress.index };
    const prepared = evaluator.prepare(step, names, item);
    if ("skip" in prepared) return make("skipped", { why: prepared.skip });
    if ("problems" in prepared) return make("fail", { why: prepared.problems.join("; ") });
    if (unreadOf(prepared.needs, prepared, world).length > 0) return "gather";
    const looked = look(step, prepared, world, evaluator, optimistic);
    const { plan, sights } = looked;
    if (plan.skip !== undefined) return make("skipped", { why: plan.skip, plan, prepared, sights });
    const stale = sights.find((sight) => sight.stale);
    if (plan.fail !== undefined && looked.touched === undefined) {
      const wait = step.module.wait?.(prepared.args);
      if (wait !== undefined && optimistic && options.wait) return pending ? "dependency" : { wait };
      if (stale !== undefined && !optimistic)
        return make("maybe", { why: stale.why ?? "an earlier change may be what it needs", plan, prepared, sights });
      const judged = evaluator.judge(step, names, item, { ...plan.result, msg: plan.fail, failed: true });
      if (judged.failed === false)
        return make("ok", { plan: { ...plan, fail: undefined } as unknown as Plan, prepared, sights });
      return make("fail", { why: plan.fail, plan, prepared, sights });
    }
    if (looked.touched !== undefined) {
      const change = plan.fail === undefined ? plan.change : undefined;
      const certain = change?.whole === true && doubt === undefined && !sights.some((sight) => sight.opaque === true);
      if (certain) return make("change", { change, plan, prepared, sights });
      return make("maybe", { why: looked.touched.why, plan, prepared, sights, change });
    }
    if (plan.change !== undefined) {
      if (doubt !== undefined) return make("maybe", { why: doubt, change: plan.change, plan, prepared, sights });
      return make("change", { change: plan.change, plan, prepared, sights });
    }
    const judged =
      step.failedWhen === undefined && step.changedWhen === undefined
        ? {}
        : evaluator.judge(step, names, item, { ...plan.result });
    if (judged.failed === true) return make("fail", { why: "failed_when holds", plan, prepared, sights });
    const answer = make("ok", { plan, prepared, sights });
    if (judged.changed === true) answer.planned.outcome.status = "changed";
    return answer;
  } catch (error) {
    if (error instanceof NotRead) return "gather";
    if (error instanceof Fault) return make("fail", { why: error.message, fault: error });
    if (error instanceof Faults) return make("fail", { why: error.message, fault: error.faults[0] });
    if (!(error instanceof Unknown)) throw error;
    if (optimistic) return pending ? "dependency" : make("fail", { why: `cannot be known: ${error.why}` });
    return make("unknown", { why: error.why });
  }
}

function unreadOf(refs: readonly Ref[], prepared: Extract<Prepared, { args: unknown }>, world: World): Missing {
  const wanted = refs.flatMap((ref) =>
    ref.kind.guard === undefined ? [ref] : [ref, { kind: ref.kind.guard, key: ref.key }],
  );
  return wanted
    .map((ref) => ({ ref, reader: readerOf(ref, prepared.reader) }))
    .filter(({ ref, reader }) => !world.knows(ref, reader));
}

interface Looked {
  plan: Plan;
  sights: Sight[];
  /** In check: the earlier change that may have altered what was seen; the plan is then what would be without it. */
  touched: Touched | undefined;
}

/** Runs the module's decision on the state, noting what it looked at. */
function look(
  step: Step,
  prepared: Extract<Prepared, { args: unknown }>,
  world: World,
  evaluator: Evaluator,
  optimistic: boolean,
): Looked {
  const attempt = (trust: boolean): { plan: Plan; sights: Sight[] } => {
    const sights: Sight[] = [];
    const see = (ref: Ref): object => {
      const seen = world.see(ref, readerOf(ref, prepared.reader), trust);
      if (ref.kind.guard === undefined) sights.push(seen.sight);
      else see({ kind: ref.kind.guard, key: ref.key });
      return seen.value;
    };
    const plan = step.module.plan(prepared.args, (ref) => see(ref) as never, prepared.view);
    const save = plan.change?.save;
    if (save !== undefined && evaluator.isSaved(save.path, see(save.content))) {
      return { plan: plan.result === undefined ? {} : { result: plan.result }, sights };
    }
    return { plan, sights };
  };
  try {
    return { ...attempt(optimistic), touched: undefined };
  } catch (error) {
    if (!(error instanceof Touched) || optimistic) throw error;
    return { ...attempt(true), touched: error };
  }
}

function outcomeOf(
  verdict: Planned["verdict"],
  id: number,
  item: Value | undefined,
  more: Partial<Planned>,
  optimistic: boolean,
): ItemOutcome {
  const statuses = {
    ok: "ok",
    change: "changed",
    skipped: "skipped",
    fail: "failed",
    maybe: "maybe",
    unknown: "unknown",
  } as const;
  // What was seen before an earlier change is no result of a step that may come out otherwise.
  const result: { [key: string]: Value } = verdict === "maybe" ? {} : { ...more.plan?.result };
  if (verdict === "fail" && more.why !== undefined) result["msg"] = more.why;
  if (more.plan?.facts !== undefined) result["ansible_facts"] = more.plan.facts;
  const pending = verdict === "change" || verdict === "maybe" || verdict === "unknown";
  let status: ItemOutcome["status"] = statuses[verdict];
  if (verdict === "fail" && more.prepared?.ignoreErrors === true) status = "ignored";
  return {
    item,
    status,
    result,
    final: !pending,
    certain: verdict === "change" && more.change?.opaque !== true,
    why: pending ? (more.why ?? (optimistic ? "it has not run yet" : "it is not run in check")) : "",
    id,
  };
}

/** An include of which it is not known what it brings, or a meta task that may end the play, as an item that says so. */
export function openTask(
  task: Include | Meta,
  title: string,
  module: string,
  cursor: Cursor,
  id: number,
  why: string,
  applying: boolean,
): Planned {
  const verdict = applying ? "fail" : "unknown";
  const origin = { file: task.place.file };
  const nothing: MapNode = { kind: "map", entries: new Map(), origin, place: task.place };
  const step: Step = {
    ...task,
    loop: undefined,
    loopVar: "item",
    loopLabel: undefined,
    indexVar: undefined,
    kind: "step",
    title: task.name ?? title,
    module: { name: module, summary: "", args: {}, examples: [], plan: () => ({}) },
    args: nothing,
    register: undefined,
    notify: [],
    listen: [],
    failedWhen: undefined,
    changedWhen: undefined,
    until: undefined,
    retries: 0,
    delay: 0,
    timeout: undefined,
    handler: false,
  };
  const outcome = outcomeOf(verdict, id, undefined, { why }, applying);
  return {
    id,
    step,
    item: undefined,
    names: cursor.names,
    verdict,
    why,
    fault: undefined,
    change: undefined,
    plan: undefined,
    prepared: undefined,
    sights: [],
    outcome,
    before: cursor,
    completes: [outcome],
  };
}
