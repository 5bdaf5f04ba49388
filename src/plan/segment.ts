import { changesNothing } from "../playbook/step.ts";
import { Unknown } from "../base/value.ts";
import type { Wait } from "../modules/module.ts";
import type { Meta, Step } from "../playbook/tree.ts";
import { type Cursor, enterBlock, instructionOf, leavePart, prepend } from "./cursor.ts";
import type { Evaluator } from "./evaluator.ts";
import { NotRead, type World } from "./world.ts";
import { type Planned, type SegmentOptions, gather, planItem, openTask, type Missing } from "./item.ts";
import { completeItem, completeStep, failAt, flush } from "./completion.ts";

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
  missing: Missing;
  /** The state with everything planned laid over it. */
  world: World;
}

/** Plans from a cursor on as far as can be known. Pure: the same state gives the same segment. */
export function planSegment(start: Cursor, base: World, evaluator: Evaluator, options: SegmentOptions): Segment {
  const world = base.fork();
  evaluator.lookAt(world);
  const items: Planned[] = [];
  const missing: Missing = [];
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
