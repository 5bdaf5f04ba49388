import type { Value } from "../base/value.ts";
import { AgentError } from "../agent/agent-error.ts";
import { Fault, Faults } from "../errors/fault.ts";
import { type Batch, buildBatch } from "../plan/batch.ts";
import { type Cursor, type ItemOutcome, layNames, prepend } from "../plan/cursor.ts";
import type { Evaluator } from "../plan/evaluator.ts";
import { findFights } from "../plan/fights.ts";
import { completeItem, failAt } from "../plan/completion.ts";
import type { Planned, SegmentOptions } from "../plan/item.ts";
import { changesIdentity, planSegment, type Segment } from "../plan/segment.ts";
import type { World } from "../plan/world.ts";
import type { Meta, Play, Step } from "../playbook/tree.ts";
import type { Wait } from "../modules/module.ts";
import { runBatch } from "./batch-run.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Event, StepError } from "./events.ts";
import { type Machine, Unreachable } from "./machine.ts";
import { eventsOf } from "./step-events.ts";

/** How a host's walk through a play ended. */
export type HostEnd = "done" | "failed" | "unreachable" | "ended" | "aborted";

/** The evaluator of one host, bound to the state it is to look at. */
export interface HostEvaluator extends Evaluator {
  look(world: World, machine: Machine): void;
  /** The inventory name a delegated step runs on. */
  delegate(step: Step, names: Cursor["names"]): string;
}

export interface HostRunOptions {
  host: string;
  play: Play;
  mode: "apply" | "check";
  machine: Machine;
  evaluator: HostEvaluator;
  coordinator: Coordinator;
  /** A machine by inventory name: delegated steps, other hosts' facts. */
  machineOf(name: string): Machine;
  emit(event: Event): void;
  /** Called for every planned item once its outcome is sure; saved plans are made from these. */
  record(title: string, item: Planned): void;
  /** Runs a piece of work when there is room for another host (`--forks`). */
  slot<T>(work: () => Promise<T>): Promise<T>;
  aborted(): boolean;
  sleep(seconds: number): Promise<void>;
}

const MAX_REPLANS = 3;
const HINT_OF_REFUSAL =
  "see on the host whether the disk is full (df) or mounted read-only, and whose the folder is (ls -ld)";
const MAX_READS = 60;

/** One host's way through one play: plan a segment, apply it, go on from where it ended. */
export class HostRun {
  #cursor: Cursor;
  #nextId = 1;
  #replans = new Map<string, string[]>();
  #failedNow = false;
  /** The host was not as planned: the next step goes alone, so that what is still right is not held up by what is not. */
  #careful = false;
  /** The step that runs on the host at this moment. */
  running: string | undefined;

  constructor(
    readonly options: HostRunOptions,
    start: Cursor,
  ) {
    this.#cursor = start;
  }

  get cursor(): Cursor {
    return this.#cursor;
  }

  async run(): Promise<HostEnd> {
    try {
      return await this.#walk();
    } catch (error) {
      if (error instanceof AgentError && error.reason !== "lost" && error.reason !== "hello")
        return this.#fault(new Fault("host-refuses", error.message, { hint: HINT_OF_REFUSAL }));
      if (error instanceof AgentError) return this.#unreachable(error.message, undefined);
      if (error instanceof Fault) return this.#fault(error);
      if (error instanceof Faults && error.faults[0] !== undefined) return this.#fault(error.faults[0]);
      if (!(error instanceof Unreachable)) throw error;
      return this.#unreachable(error.message, error.hint);
    } finally {
      this.options.coordinator.leave(this.options.host);
    }
  }

  #unreachable(reason: string, hint: string | undefined): HostEnd {
    this.options.emit({
      event: "unreachable",
      host: this.options.host,
      reason,
      ...(hint === undefined ? {} : { hint }),
    });
    return "unreachable";
  }

  /** A mistake that only shows while the host runs, outside any single step. */
  #fault(fault: Fault): HostEnd {
    const { emit, host, play } = this.options;
    emit({
      event: "step",
      host,
      play: play.name,
      role: null,
      step: play.name,
      module: "meta",
      status: "failed",
      changes: [],
      error: faultError(fault),
      place: fault.details.place ?? play.place,
    });
    return "failed";
  }

  async #walk(): Promise<HostEnd> {
    const { coordinator, host, play } = this.options;
    let forced = false;
    for (;;) {
      if (this.options.aborted()) return "aborted";
      if (this.#cursor.rest === null) {
        if (!this.#cursor.failed) return "done";
        if (forced || !play.forceHandlers || this.#cursor.notified.size === 0) return "failed";
        forced = true;
        this.#cursor = { ...this.#cursor, rest: prepend([{ op: "flush", runs: 0 }], null) };
      }
      const stop = await this.options.slot(() => this.options.machine.exclusively(() => this.#segment()));
      if (typeof stop === "object" && "solo" in stop) await this.#solo(stop.solo, stop.wait);
      else if (typeof stop === "object") {
        if (await this.#meta(stop.meta)) return "ended";
      }
      if (coordinator.lockstep) {
        const verdict = await coordinator.meet(host, this.#failedNow, this.#cursor.failed);
        const spared = !this.#failedNow;
        this.#failedNow = false;
        if (verdict === "fail" && spared) {
          // The failure is another host's: what rescues here is not counted as rescued.
          this.#cursor = { ...failAt(this.#cursor), rescued: this.#cursor.rescued };
          if (this.#cursor.rest === null) return "aborted";
        }
        if (verdict === "stop" && !this.#cursor.failed) return "aborted";
      }
    }
  }

  /** Plans from the cursor on, applies what is planned, and moves the cursor. Answers what has to be done by itself next. */
  async #segment(more: Partial<SegmentOptions> = {}, machine = this.options.machine): Promise<Segment["stop"]> {
    const { mode, coordinator } = this.options;
    const segment = await this.plan(this.#cursor, machine, {
      single: this.#careful ? "item" : coordinator.lockstep ? "step" : false,
      ...more,
    });
    if (this.#refuseFights(segment, machine)) return "dependency";
    if (mode === "check") {
      segment.items.forEach((item) => this.#settle(item));
      machine.world.adopt(segment.world);
      this.#cursor = segment.cursor;
      return segment.stop;
    }
    const moved = await this.#apply(segment, machine);
    this.#careful = moved === "elsewhere";
    return moved === "as planned" ? segment.stop : "dependency";
  }

  /** Plans a segment, reading what it turns out to need. */
  async plan(from: Cursor, machine: Machine, more: Partial<SegmentOptions>): Promise<Segment> {
    const options: SegmentOptions = {
      optimistic: this.options.mode === "apply",
      single: false,
      alone: false,
      wait: true,
      firstId: this.#nextId,
      ...more,
    };
    for (let reads = 0; ; reads++) {
      this.options.evaluator.look(machine.world, machine);
      const segment = planSegment(from, machine.world, this.options.evaluator, options);
      if (segment.missing.length === 0) {
        this.#nextId += segment.items.length;
        return segment;
      }
      if (reads >= MAX_READS) throw new Error(`planning on ${machine.name} keeps asking for more to read`);
      this.options.emit({ event: "progress", host: this.options.host, doing: "reading" });
      const names = [...new Set(segment.missing.map((one) => one.host ?? machine.name))];
      await Promise.all(
        names.map((name) => {
          const wanted = segment.missing.filter((one) => (one.host ?? machine.name) === name);
          return name === machine.name ? machine.read(wanted) : readFrom(this.options.machineOf(name), wanted);
        }),
      );
    }
  }

  async #apply(segment: Segment, machine: Machine): Promise<"as planned" | "elsewhere"> {
    const saving = segment.items.find((item) => item.change?.save !== undefined && item.verdict === "change");
    const batch = buildBatch(
      segment.items.filter((item) => item !== saving),
      machine.world,
      machine.loginUser,
    );
    if (batch !== undefined) {
      const moved = await this.#applyBatch(segment, batch, machine);
      if (moved === "elsewhere") return moved;
    }
    if (saving !== undefined) await this.#save(saving, machine);
    segment.items.forEach((item) => this.#settle(item));
    if (batch !== undefined) machine.forget();
    if (segment.items.some(changesIdentity)) await machine.close();
    this.#cursor = segment.cursor;
    const last = segment.items.at(-1);
    if (last !== undefined && last.change !== undefined) this.#judge(last);
    return "as planned";
  }

  async #applyBatch(segment: Segment, batch: Batch, machine: Machine): Promise<"as planned" | "elsewhere"> {
    const { evaluator, emit, host } = this.options;
    const begun = (item: Planned): void => {
      this.running = evaluator.title(item.step, item.names);
      emit({ event: "progress", host, doing: this.running });
    };
    const outcome = await runBatch(batch, machine, begun, (item) => this.#settleUpTo(segment, item));
    this.running = undefined;
    if (outcome.end === "done") return "as planned";
    machine.forget();
    if (outcome.end === "lost") {
      // What begins is only told with what ends: the step in hand is the first that has not ended.
      const inHand = segment.items.find((item) => item.verdict === "change" && !item.outcome.final);
      if (inHand !== undefined) {
        this.#settleBefore(segment, inHand);
        inHand.outcome.status = "failed";
        this.#settle(inHand, { message: `the connection was lost while it ran: it may have run (${outcome.why})` });
      }
      throw new Unreachable(`lost: ${outcome.why}`);
    }
    if (outcome.end === "moved") {
      const first = outcome.members[0];
      if (first === undefined) return "elsewhere";
      this.#settleBefore(segment, first);
      for (const { ref, reader, line } of outcome.fresh) machine.world.learn(ref, reader, line);
      this.#cursor = this.#replanned(
        first,
        outcome.fresh.map((one) => `${one.ref.kind.kind} ${one.ref.key}: ${one.line}`).join("; "),
      );
      return "elsewhere";
    }
    this.#settleBefore(segment, outcome.item);
    this.#fail(outcome.item, outcome.error, outcome.result);
    return "elsewhere";
  }

  /** A failed item: judged, reported, and the way on from it. */
  #fail(item: Planned, error: StepError, result: { [key: string]: Value }): void {
    const { evaluator } = this.options;
    item.outcome.final = true;
    item.outcome.result = { ...item.plan?.result, ...result, msg: error.message };
    const judged = evaluator.judge(item.step, item.names, item.item, {
      ...item.outcome.result,
      failed: true,
      changed: true,
    });
    if (judged.failed === false) {
      item.outcome.status = judged.changed === false ? "ok" : "changed";
      this.#settle(item);
    } else {
      item.outcome.status = item.prepared?.ignoreErrors === true ? "ignored" : "failed";
      this.#settle(item, error);
    }
    this.#moveOn(item);
  }

  /** `failed_when`, `changed_when` of the last item of a segment, which ran: its step is completed again with the verdict. */
  #judge(item: Planned): void {
    if (item.step.failedWhen === undefined && item.step.changedWhen === undefined) return;
    if (item.verdict !== "change") return;
    this.#moveOn(item);
  }

  #moveOn(item: Planned): void {
    this.#cursor = completeItem(item, item.outcome, this.options.evaluator);
  }

  #replanned(item: Planned, found: string): Cursor {
    const key = `${item.step.place.file}:${item.step.place.line}:${item.step.place.column}:${item.item?.index ?? 0}`;
    const seen = [...(this.#replans.get(key) ?? []), found];
    this.#replans.set(key, seen);
    if (seen.length <= MAX_REPLANS) return item.before;
    this.#fail(
      item,
      {
        message: `what it rests on kept changing under it: ${[...new Set(seen)].join(" | ")}`,
        hint: "something else changes this host at the same time",
      },
      {},
    );
    return this.#cursor;
  }

  #refuseFights(segment: Segment, machine: Machine): boolean {
    // Told for certain only: a condition that would be known after a command may keep one of them from acting again.
    const again = (): Segment =>
      planSegment(this.#cursor, segment.world, this.options.evaluator, {
        optimistic: false,
        single: false,
        alone: true,
        wait: false,
        firstId: this.#nextId,
      });
    const fight = findFights(segment, again)[0];
    this.options.evaluator.look(machine.world, machine);
    if (fight === undefined) return false;
    const { evaluator } = this.options;
    const { loser, winner, over } = fight;
    const place = winner.step.place;
    const message = `it and “${evaluator.title(winner.step, winner.names)}” (${place.file}:${place.line}) both set ${over}: every run would change it twice`;
    const acting = segment.items.findIndex((item) => item.verdict === "change");
    segment.items.slice(0, Math.max(0, acting)).forEach((item) => this.#settle(item));
    loser.outcome.final = true;
    loser.outcome.status = "failed";
    this.#settle(loser, {
      message,
      hint: "let one step have the last word: remove one of them, or set the whole of it in one place",
    });
    this.#cursor = failAt({ ...loser.before, rest: loser.before.rest?.tail ?? null });
    return true;
  }

  async #save(item: Planned, machine: Machine): Promise<void> {
    const { saveLocally } = await import("./save.ts");
    const problem = await saveLocally(item, machine.world);
    if (problem === undefined) return;
    item.outcome.status = "failed";
    this.#settle(item, { message: problem });
  }

  #settleUpTo(segment: Segment, last: Planned): void {
    for (const item of segment.items) {
      this.#settle(item);
      if (item === last) return;
    }
  }

  #settleBefore(segment: Segment, end: Planned): void {
    for (const item of segment.items) {
      if (item === end) return;
      this.#settle(item);
    }
  }

  #settled = new WeakSet<Planned>();

  /** An item's outcome is sure: it is reported, once. */
  #settle(item: Planned, error?: StepError): void {
    if (this.#settled.has(item)) return;
    this.#settled.add(item);
    const { evaluator, emit, host, mode, play } = this.options;
    let problem = error;
    if (mode === "apply" && item.verdict === "change" && error === undefined) {
      item.outcome.final = true;
      const { step } = item;
      if (step.failedWhen !== undefined || step.changedWhen !== undefined) {
        const judged = evaluator.judge(step, item.names, item.item, {
          ...item.outcome.result,
          changed: true,
          failed: false,
        });
        if (judged.changed === false) item.outcome.status = "ok";
        if (judged.failed === true) {
          item.outcome.status = item.prepared?.ignoreErrors === true ? "ignored" : "failed";
          problem = { message: "failed_when holds" };
        }
      }
    }
    if (item.verdict === "fail" && problem === undefined)
      problem = item.fault === undefined ? { message: item.why ?? "failed" } : faultError(item.fault);
    if (item.outcome.status === "failed") this.#failedNow = true;
    this.options.record(evaluator.title(item.step, item.names), item);
    for (const event of eventsOf(item, { host, play, evaluator, error: problem })) emit(event);
  }

  /** Steps that the host carries out by themselves. */
  async #solo(step: Step, wait: Wait | undefined): Promise<void> {
    if (step.runOnce) {
      await this.#runOnce(step);
      return;
    }
    await this.#alone(step, wait);
  }

  async #alone(step: Step, wait: Wait | undefined): Promise<void> {
    const { evaluator, machineOf, slot } = this.options;
    const target =
      step.delegateTo === undefined ? this.options.machine : machineOf(evaluator.delegate(step, this.#cursor.names));
    if (wait !== undefined) {
      await this.#waitFor(wait, target);
      return;
    }
    if (step.until !== undefined && this.options.mode === "apply") {
      await this.#until(step, target);
      return;
    }
    await slot(() => target.exclusively(() => this.#segment({ alone: true, single: "step" }, target)));
  }

  /** Looks again until the step holds or its time is over. */
  async #waitFor(wait: Wait, machine: Machine): Promise<void> {
    const { emit, host, sleep, slot } = this.options;
    const end = Date.now() + wait.within * 1000;
    if (wait.delay !== undefined && wait.delay > 0) await sleep(wait.delay);
    for (;;) {
      if (this.options.aborted()) return;
      const over = Date.now() >= end;
      emit({ event: "progress", host, doing: "waiting" });
      const done = await slot(() =>
        machine.exclusively(async () => {
          machine.forget();
          const segment = await this.plan(this.#cursor, machine, { single: "item", alone: true, wait: !over });
          if (typeof segment.stop === "object" && "solo" in segment.stop && segment.stop.wait !== undefined)
            return false;
          await this.#apply(segment, machine);
          return true;
        }),
      );
      if (done) return;
      await sleep(Math.min(wait.every, Math.max(0, (end - Date.now()) / 1000)));
    }
  }

  /** `until`: the same item again until its condition holds; the change is made anew each time. */
  async #until(step: Step, machine: Machine): Promise<void> {
    const { evaluator, slot, sleep } = this.options;
    for (let attempt = 0; ; attempt++) {
      if (this.options.aborted()) return;
      const from = this.#cursor;
      const held = await slot(() =>
        machine.exclusively(async () => {
          machine.forget();
          const segment = await this.plan(from, machine, { alone: true, single: "item", wait: false });
          const item = segment.items[0];
          if (item === undefined || item.verdict === "skipped") {
            await this.#apply(segment, machine);
            return true;
          }
          const settledNow = (outcome: ItemOutcome): boolean =>
            evaluator.until(step, item.names, item.item, {
              ...outcome.result,
              changed: outcome.status === "changed",
              failed: outcome.status === "failed",
            });
          const error = await this.#attempt(item, machine);
          const holds = settledNow(item.outcome);
          item.outcome.result = { ...item.outcome.result, attempts: attempt + 1 };
          if (!holds && attempt < step.retries) return false;
          if (holds && item.outcome.status === "failed") item.outcome.status = "ok";
          if (!holds) item.outcome.status = item.prepared?.ignoreErrors === true ? "ignored" : "failed";
          const problem = holds
            ? undefined
            : (error ?? { message: `until did not hold after ${attempt + 1} attempts` });
          this.#settle(item, problem);
          this.#moveOn(item);
          return true;
        }),
      );
      const head = this.#cursor.rest?.head;
      if (held && !(head?.op === "step" && head.step === step)) return;
      if (held) attempt = -1;
      else await sleep(step.delay);
    }
  }

  /** Runs one planned item without reporting it; fills in its outcome. */
  async #attempt(item: Planned, machine: Machine): Promise<StepError | undefined> {
    if (item.verdict === "fail") {
      item.outcome.final = true;
      return { message: item.why ?? "failed" };
    }
    const batch = buildBatch([item], machine.world, machine.loginUser);
    if (batch === undefined) return undefined;
    const outcome = await runBatch(
      batch,
      machine,
      () => undefined,
      () => undefined,
    );
    machine.forget();
    item.outcome.final = true;
    if (outcome.end === "done") return undefined;
    if (outcome.end === "lost") throw new Unreachable(`lost: ${outcome.why}`);
    item.outcome.status = "failed";
    if (outcome.end === "moved") return { message: "the host changed while it was planned" };
    item.outcome.result = { ...item.plan?.result, ...outcome.result, msg: outcome.error.message };
    return outcome.error;
  }

  /** The first host for which the condition holds runs it; the others take over what it registered. */
  async #runOnce(step: Step): Promise<void> {
    const { coordinator, host } = this.options;
    const holds = await this.#conditionHolds(step);
    const turn = await coordinator.once(step, host, holds);
    if (turn === "run") {
      this.#failedNow = false;
      await this.#alone(step, undefined);
      coordinator.ran(step, host, this.#hasFailed() ? "fail" : this.#cursor.names);
      return;
    }
    const rest = this.#cursor.rest?.tail ?? null;
    if (turn === "skip" || turn === "fail") {
      this.#cursor = turn === "skip" ? { ...this.#cursor, rest } : failAt({ ...this.#cursor, rest });
      return;
    }
    const registered = step.register === undefined ? undefined : turn.registered[step.register];
    const names = this.#cursor.names;
    const gained =
      step.register === undefined || registered === undefined
        ? names.registered
        : { ...names.registered, [step.register]: registered };
    this.#cursor = {
      ...this.#cursor,
      rest,
      names: { ...names, registered: gained, facts: layNames(names.facts, turn.facts) },
    };
  }

  #hasFailed(): boolean {
    return this.#failedNow;
  }

  async #conditionHolds(step: Step): Promise<boolean> {
    const { machine, slot } = this.options;
    const segment = await slot(() =>
      machine.exclusively(() =>
        this.plan({ ...this.#cursor, rest: prepend([{ op: "step", step }], null) }, machine, {
          alone: true,
          single: "item",
          wait: false,
        }),
      ),
    );
    return segment.items.some((item) => item.verdict !== "skipped");
  }

  /** Answers true when the play ends here for this host. */
  async #meta(meta: Meta): Promise<boolean> {
    const rest = this.#cursor.rest?.tail ?? null;
    this.#cursor = { ...this.#cursor, rest };
    switch (meta.action) {
      case "end_host":
        return true;
      case "end_play":
      case "end_batch":
        this.options.coordinator.end(meta.action);
        return true;
      case "refresh_facts":
      case "clear_facts":
        this.options.machine.forget();
        return false;
      default:
        return await Promise.resolve(false);
    }
  }
}

/** A mistake as reporters see it. */
function faultError(fault: Fault): StepError {
  const { hint, place } = fault.details;
  return {
    message: fault.message,
    code: fault.code,
    ...(hint === undefined ? {} : { hint }),
    ...(place === undefined ? {} : { place }),
  };
}

/** Reads what a step wants to know of another host; that one being out of reach is a failure of the step's own host. */
async function readFrom(machine: Machine, wanted: Parameters<Machine["read"]>[0]): Promise<void> {
  try {
    await machine.read(wanted);
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof AgentError)) throw error;
    throw new Fault("other-host-out-of-reach", `the facts of ${machine.name} cannot be read: ${error.message}`, {
      hint: `bring ${machine.name} up, or guard what needs its facts with a condition`,
    });
  }
}
