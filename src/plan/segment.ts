import { Fault, Faults } from "../errors/fault.ts";
import { type Value, Unknown } from "../base/value.ts";
import type { Change, Plan, Wait } from "../modules/module.ts";
import type { MapNode } from "../language/node.ts";
import type { Include, Meta, Step } from "../playbook/tree.ts";
import { changesNothing } from "../playbook/step.ts";
import type { Ref } from "../resources/resource.ts";
import {
  type Cursor,
  enterBlock,
  type Instruction,
  instructionOf,
  layNames,
  type ItemOutcome,
  leavePart,
  type Names,
  prepend,
  type Progress,
  unwind,
} from "./cursor.ts";
import type { Evaluator, ItemOf, Prepared } from "./evaluator.ts";
import { registeredItem, registeredLoop } from "./outcome.ts";
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

export interface Segment {
  items: Planned[];
  /** Where the host goes on when every item ends as planned. */
  cursor: Cursor;
  /**
   * Why planning stopped: the play is over; what follows needs the outcome of what is planned (`dependency`);
   * or the next instruction needs the host to itself.
   */
  stop: "end" | "dependency" | { solo: Step; wait?: Wait } | { meta: Meta };
  /** Resources to be read before this segment can be planned; `items` mean nothing then. */
  missing: { ref: Ref; reader: Reader; host?: string | undefined }[];
  /** The state with everything planned laid over it. */
  world: World;
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

const MAX_HANDLER_RUNS = 1000;

/** Plans from a cursor on as far as can be known. Pure: the same state gives the same segment. */
export function planSegment(start: Cursor, base: World, evaluator: Evaluator, options: SegmentOptions): Segment {
  const world = base.fork();
  evaluator.lookAt(world);
  const items: Planned[] = [];
  const missing: Segment["missing"] = [];
  let cursor = start;
  let pending = false;
  let nextId = options.firstId;
  const finish = (stop: Segment["stop"]): Segment => ({ items, cursor, stop, missing, world });

  while (cursor.rest !== null) {
    const { head, tail } = cursor.rest;
    if (head.op === "block") {
      cursor = { ...cursor, rest: enterBlock(head.block, tail) };
    } else if (head.op === "end") {
      const next = leavePart(head, tail);
      cursor = next === "fail" ? failAt({ ...cursor, rest: tail }) : { ...cursor, rest: next };
    } else if (head.op === "flush") {
      cursor = flush(cursor, evaluator, head.runs, tail);
    } else if (head.op === "meta") {
      let holds: boolean;
      try {
        holds = evaluator.metaHolds(head.meta, cursor.names);
      } catch (error) {
        if (error instanceof NotRead) {
          missing.push(error);
          return finish("dependency");
        }
        if (!(error instanceof Unknown)) throw error;
        if (pending && options.optimistic) return finish("dependency");
        if (missing.length === 0) {
          const why = options.optimistic ? `cannot be known: ${error.why}` : error.why;
          items.push(openTask(head.meta, `meta ${head.meta.action}`, "meta", cursor, nextId, why, options.optimistic));
          nextId += 1;
        }
        const after = { ...cursor, rest: tail };
        if (missing.length > 0) cursor = after;
        else cursor = options.optimistic ? failAt(after) : { ...after, doubt: error.why };
        continue;
      }
      if (!holds) cursor = { ...cursor, rest: tail };
      else if (head.meta.action === "flush_handlers")
        cursor = { ...cursor, rest: prepend([{ op: "flush", runs: 0 }], tail) };
      else if (head.meta.action === "noop") cursor = { ...cursor, rest: tail };
      else return finish(pending && options.optimistic ? "dependency" : { meta: head.meta });
    } else if (head.op === "include") {
      try {
        const included = evaluator.include(head.include, cursor.names);
        const tasks = included === undefined ? [] : included.tasks.map(instructionOf);
        cursor = { ...cursor, names: included?.names ?? cursor.names, rest: prepend(tasks, tail) };
      } catch (error) {
        if (error instanceof NotRead) {
          missing.push(error);
          return finish("dependency");
        }
        if (!(error instanceof Unknown)) throw error;
        if (pending && options.optimistic) return finish("dependency");
        if (missing.length === 0) {
          const name = `include_${head.include.what}`;
          items.push(openTask(head.include, name, name, cursor, nextId, error.why, options.optimistic));
          world.doubt(nextId, `“${head.include.name ?? name}” may change it`);
          nextId += 1;
        }
        cursor = { ...cursor, rest: tail };
        if (options.optimistic && missing.length === 0) cursor = failAt(cursor);
      }
    } else {
      if (!options.alone && mustBeAlone(head.step, options.optimistic)) {
        if (items.length > 0) return finish("dependency");
        return finish({ solo: head.step });
      }
      const answer = missing.length > 0 ? "gather" : planItem(cursor, head, world, evaluator, options, pending, nextId);
      if (answer === "gather") {
        missing.push(...gather(head.step, cursor.names, world, evaluator));
        cursor = { ...cursor, rest: tail };
        continue;
      }
      if (answer === "dependency") return finish("dependency");
      if (answer === "empty") {
        cursor = completeStep(cursor, head.step, [], tail, evaluator);
        continue;
      }
      if ("wait" in answer)
        return items.length > 0 ? finish("dependency") : finish({ solo: head.step, wait: answer.wait });
      const planned = answer.planned;
      // In apply what is planned so far runs first; then this step is planned on what is really there.
      if (planned.verdict === "fail" && pending && options.optimistic) return finish("dependency");
      nextId += 1;
      items.push(planned);
      if (planned.verdict === "unknown" && !changesNothing(planned.step.module, planned.step.args)) {
        world.doubt(planned.id, describeDoubt(planned, evaluator));
      }
      if (planned.change !== undefined) {
        const change = planned.change;
        world.change(
          planned.id,
          describeStep(planned, evaluator),
          change.becomes,
          change.touches ?? [],
          change.opaque === true,
        );
        if (planned.verdict === "change") pending = true;
      }
      cursor = completeItem(planned, planned.outcome, evaluator);
      if (options.optimistic && planned.verdict === "change" && endsSegment(planned))
        return finish(cursor.rest === null ? "end" : "dependency");
      if (options.single === "item" || (options.single === "step" && planned.completes !== undefined))
        return finish(cursor.rest === null ? "end" : "dependency");
    }
  }
  return finish("end");
}

/** The cursor after an item: the next item of its loop, or what follows its step. Also used once the real outcome is known. */
export function completeItem(planned: Planned, outcome: ItemOutcome, evaluator: Evaluator): Cursor {
  const { rest } = planned.before;
  if (rest === null || rest.head.op !== "step") throw new Error("an item without its step");
  const progress = rest.head.progress;
  const outcomes = [...(progress?.outcomes ?? []), outcome];
  if (progress !== undefined && progress.index + 1 < progress.items.length) {
    const next: Progress = { items: progress.items, index: progress.index + 1, outcomes };
    return { ...planned.before, rest: prepend([{ op: "step", step: planned.step, progress: next }], rest.tail) };
  }
  return completeStep(planned.before, planned.step, outcomes, rest.tail, evaluator, progress !== undefined);
}

function completeStep(
  cursor: Cursor,
  step: Step,
  outcomes: readonly ItemOutcome[],
  tail: Cursor["rest"],
  evaluator: Evaluator,
  looped = true,
): Cursor {
  let names = cursor.names;
  const only = outcomes[0];
  if (step.register !== undefined) {
    const value = looped || only === undefined ? registeredLoop(outcomes) : registeredItem(only);
    names = { ...names, registered: { ...names.registered, [step.register]: value } };
  }
  if (step.module.freeForm === true) {
    for (const outcome of outcomes) {
      const facts = outcome.result["ansible_facts"];
      if (outcome.status === "ok" && facts !== undefined)
        names = { ...names, facts: layNames(names.facts, facts as Record<string, Value>) };
      else if (outcome.status === "unknown" || outcome.status === "maybe")
        names = { ...names, facts: layNames(names.facts, openNames(step, outcome)) };
    }
  }
  let notified = cursor.notified;
  const certain = outcomes.some((outcome) => outcome.status === "changed");
  const possible = outcomes.find((outcome) => outcome.status === "maybe" || outcome.status === "unknown");
  if (step.notify.length > 0 && (certain || possible !== undefined)) {
    const next = new Map(notified);
    for (const handler of evaluator.notified(step, names)) {
      if (certain) next.set(handler, undefined);
      else if (!next.has(handler)) next.set(handler, possible?.why ?? "");
    }
    notified = next;
  }
  const after: Cursor = { ...cursor, names, notified, rest: tail };
  if (outcomes.some((outcome) => outcome.status === "failed")) return failAt(after);
  return after;
}

/** Names that a step would give the host if it could be told what they are. */
function openNames(step: Step, outcome: ItemOutcome): Names["facts"] {
  const open = Object.create(null) as Record<string, Value>;
  for (const name of step.args.entries.keys()) {
    const get = (): Value => {
      throw new Unknown(outcome.why, outcome.id);
    };
    Object.defineProperty(open, name, { enumerable: true, configurable: true, get });
  }
  return open;
}

/** After a failure: rescue, `always`, or the end of the host. */
export function failAt(cursor: Cursor): Cursor {
  const next = unwind(cursor.rest);
  if (next === undefined) return { ...cursor, rest: null, failed: true };
  return { ...cursor, rest: next.rest, rescued: cursor.rescued + (next.rescued ? 1 : 0) };
}

function flush(cursor: Cursor, evaluator: Evaluator, runs: number, tail: Cursor["rest"]): Cursor {
  const next = evaluator.handlers(cursor.names).find((handler) => cursor.notified.has(handler));
  if (next === undefined) return { ...cursor, rest: tail };
  if (runs >= MAX_HANDLER_RUNS)
    throw new Fault("handler-loop", "handlers keep notifying each other", { place: next.place });
  const notified = new Map(cursor.notified);
  const maybe = notified.get(next);
  notified.delete(next);
  const handler: Instruction = maybe === undefined ? { op: "step", step: next } : { op: "step", step: next, maybe };
  return { ...cursor, notified, rest: prepend([handler, { op: "flush", runs: runs + 1 }], tail) };
}

/** Resources a step will look at that have not been read yet, over all items of its loop, as far as can be told now. */
function gather(step: Step, names: Names, world: World, evaluator: Evaluator): Segment["missing"] {
  const missing: Segment["missing"] = [];
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

function planItem(
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

function unreadOf(
  refs: readonly Ref[],
  prepared: Extract<Prepared, { args: unknown }>,
  world: World,
): Segment["missing"] {
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
function openTask(
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

/** Steps that the run carries out by themselves: they wait, or concern another host. */
function mustBeAlone(step: Step, applying: boolean): boolean {
  return step.runOnce || step.delegateTo !== undefined || (step.until !== undefined && applying);
}

/** After these the next step is planned on what really came out. */
function endsSegment(planned: Planned): boolean {
  const { change, step } = planned;
  if (change === undefined) return false;
  const judged = step.failedWhen !== undefined || step.changedWhen !== undefined;
  return judged || change.affectsConnection === true || change.save !== undefined || changesIdentity(planned);
}

/** The groups of the step's own user change: later steps have them over a new login only. */
export function changesIdentity(planned: Planned): boolean {
  return planned.change?.touches?.some((touch) => touch !== "everything" && touch.kind === "identity") === true;
}

function describeDoubt(planned: Planned, evaluator: Evaluator): string {
  return `“${evaluator.title(planned.step, planned.names)}” may change it`;
}

function describeStep(planned: Planned, evaluator: Evaluator): string {
  const title = evaluator.title(planned.step, planned.names);
  return planned.change?.opaque === true ? `“${title}” runs before it` : `“${title}” changes it`;
}
