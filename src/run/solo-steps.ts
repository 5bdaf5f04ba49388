import type { Wait } from "../modules/module.ts";
import { failAt } from "../plan/completion.ts";
import { type ItemOutcome, layNames, prepend } from "../plan/cursor.ts";
import type { Step } from "../playbook/tree.ts";
import type { HostWork } from "./host-work.ts";
import type { Machine } from "./machine.ts";

/** Steps that the host carries out by themselves. */
export async function solo(work: HostWork, step: Step, wait: Wait | undefined): Promise<void> {
  if (step.runOnce) {
    await runOnce(work, step);
    return;
  }
  await alone(work, step, wait);
}

async function alone(work: HostWork, step: Step, wait: Wait | undefined): Promise<void> {
  const { evaluator, machineOf, slot } = work.options;
  const target =
    step.delegateTo === undefined ? work.options.machine : machineOf(evaluator.delegate(step, work.cursor.names));
  if (wait !== undefined) {
    await waitFor(work, wait, target);
    return;
  }
  if (step.until !== undefined && work.options.mode === "apply") {
    await until(work, step, target);
    return;
  }
  await slot(() => target.exclusively(() => work.segment({ alone: true, single: "step" }, target)));
}

/** Looks again until the step holds or its time is over. */
async function waitFor(work: HostWork, wait: Wait, machine: Machine): Promise<void> {
  const { emit, host, sleep, slot } = work.options;
  const end = Date.now() + wait.within * 1000;
  if (wait.delay !== undefined && wait.delay > 0) await sleep(wait.delay);
  for (;;) {
    if (work.options.aborted()) return;
    const over = Date.now() >= end;
    emit({ event: "progress", host, doing: "waiting" });
    const done = await slot(() =>
      machine.exclusively(async () => {
        machine.forget();
        const segment = await work.plan(work.cursor, machine, { single: "item", alone: true, wait: !over });
        if (typeof segment.stop === "object" && "solo" in segment.stop && segment.stop.wait !== undefined) return false;
        await work.apply(segment, machine);
        return true;
      }),
    );
    if (done) return;
    await sleep(Math.min(wait.every, Math.max(0, (end - Date.now()) / 1000)));
  }
}

/** `until`: the same item again until its condition holds; the change is made anew each time. */
async function until(work: HostWork, step: Step, machine: Machine): Promise<void> {
  const { evaluator, slot, sleep } = work.options;
  for (let attempt = 0; ; attempt++) {
    if (work.options.aborted()) return;
    const from = work.cursor;
    const held = await slot(() =>
      machine.exclusively(async () => {
        machine.forget();
        const segment = await work.plan(from, machine, { alone: true, single: "item", wait: false });
        const item = segment.items[0];
        if (item === undefined || item.verdict === "skipped") {
          await work.apply(segment, machine);
          return true;
        }
        const settledNow = (outcome: ItemOutcome): boolean =>
          evaluator.until(step, item.names, item.item, {
            ...outcome.result,
            changed: outcome.status === "changed",
            failed: outcome.status === "failed",
          });
        const error = await work.attempt(item, machine);
        const holds = settledNow(item.outcome);
        item.outcome.result = { ...item.outcome.result, attempts: attempt + 1 };
        if (!holds && attempt < step.retries) return false;
        if (holds && item.outcome.status === "failed") item.outcome.status = "ok";
        if (!holds) item.outcome.status = item.prepared?.ignoreErrors === true ? "ignored" : "failed";
        const problem = holds ? undefined : (error ?? { message: `until did not hold after ${attempt + 1} attempts` });
        work.settle(item, problem);
        work.moveOn(item);
        return true;
      }),
    );
    const head = work.cursor.rest?.head;
    if (held && !(head?.op === "step" && head.step === step)) return;
    if (held) attempt = -1;
    else await sleep(step.delay);
  }
}

/** The first host for which the condition holds runs it; the others take over what it registered. */
async function runOnce(work: HostWork, step: Step): Promise<void> {
  const { coordinator, host } = work.options;
  const holds = await conditionHolds(work, step);
  const turn = await coordinator.once(step, host, holds);
  if (turn === "run") {
    work.failedNow = false;
    await alone(work, step, undefined);
    coordinator.ran(step, host, work.hasFailed() ? "fail" : work.cursor.names);
    return;
  }
  const rest = work.cursor.rest?.tail ?? null;
  if (turn === "skip" || turn === "fail") {
    work.cursor = turn === "skip" ? { ...work.cursor, rest } : failAt({ ...work.cursor, rest });
    return;
  }
  const registered = step.register === undefined ? undefined : turn.registered[step.register];
  const names = work.cursor.names;
  const gained =
    step.register === undefined || registered === undefined
      ? names.registered
      : { ...names.registered, [step.register]: registered };
  work.cursor = {
    ...work.cursor,
    rest,
    names: { ...names, registered: gained, facts: layNames(names.facts, turn.facts) },
  };
}

async function conditionHolds(work: HostWork, step: Step): Promise<boolean> {
  const { machine, slot } = work.options;
  const segment = await slot(() =>
    machine.exclusively(() =>
      work.plan({ ...work.cursor, rest: prepend([{ op: "step", step }], null) }, machine, {
        alone: true,
        single: "item",
        wait: false,
      }),
    ),
  );
  return segment.items.some((item) => item.verdict !== "skipped");
}
