import { Fault } from "../errors/fault.ts";
import { type Value, Unknown } from "../base/value.ts";
import type { Step } from "../playbook/tree.ts";
import {
  type Cursor,
  type Instruction,
  layNames,
  type ItemOutcome,
  type Names,
  prepend,
  type Progress,
  unwind,
} from "./cursor.ts";
import type { Evaluator } from "./evaluator.ts";
import { registeredItem, registeredLoop } from "./outcome.ts";
import type { Planned } from "./item.ts";

const MAX_HANDLER_RUNS = 1000;

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

export function completeStep(
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

export function flush(cursor: Cursor, evaluator: Evaluator, runs: number, tail: Cursor["rest"]): Cursor {
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
