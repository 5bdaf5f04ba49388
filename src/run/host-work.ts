import type { Value } from "../base/value.ts";
import { AgentError } from "../agent/agent-error.ts";
import { Fault } from "../errors/fault.ts";
import { type Batch, buildBatch } from "../plan/batch.ts";
import { completeItem, failAt } from "../plan/completion.ts";
import type { Cursor } from "../plan/cursor.ts";
import type { Evaluator } from "../plan/evaluator.ts";
import { findFights } from "../plan/fights.ts";
import type { Planned, SegmentOptions } from "../plan/item.ts";
import { changesIdentity, planSegment, type Segment } from "../plan/segment.ts";
import type { World } from "../plan/world.ts";
import type { Play, Step } from "../playbook/tree.ts";
import { runBatch } from "./batch-run.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Event, StepError } from "./events.ts";
import { type Machine, Unreachable } from "./machine.ts";
import { saveLocally } from "./save.ts";
import { eventsOf } from "./step-events.ts";

/** The evaluator of one host, bound to the state it is to look at. */
export interface HostEvaluator extends Evaluator {
  look(world: World, machine: Machine): void;
  /** The inventory name a delegated step runs on. */
  delegate(step: Step, names: Cursor["names"]): string;
}

/** What the work on one host in one play needs. */
export interface HostWorkOptions {
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
const MAX_READS = 60;

/** Where one host is in one play, and what moves it on: plan a segment, apply it, report what became of each item. */
export class HostWork {
  cursor: Cursor;
  /** A step has failed since this was last set to false. */
  failedNow = false;
  /** The step that runs on the host at this moment. */
  running: string | undefined;
  #nextId = 1;
  #replans = new Map<string, string[]>();
  #settled = new WeakSet<Planned>();
  /** The host was not as planned: the next step goes alone, so that what is still right is not held up by what is not. */
  #careful = false;

  constructor(
    readonly options: HostWorkOptions,
    start: Cursor,
  ) {
    this.cursor = start;
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

  hasFailed(): boolean {
    return this.failedNow;
  }

  /** Plans from the cursor on, applies what is planned, and moves the cursor. Answers what has to be done by itself next. */
  async segment(more: Partial<SegmentOptions> = {}, machine = this.options.machine): Promise<Segment["stop"]> {
    const { mode, coordinator } = this.options;
    const segment = await this.plan(this.cursor, machine, {
      single: this.#careful ? "item" : coordinator.lockstep ? "step" : false,
      ...more,
    });
    if (this.#refuseFights(segment, machine)) return "dependency";
    if (mode === "check") {
      segment.items.forEach((item) => this.settle(item));
      machine.world.adopt(segment.world);
      this.cursor = segment.cursor;
      return segment.stop;
    }
    const moved = await this.apply(segment, machine);
    this.#careful = moved === "elsewhere";
    return moved === "as planned" ? segment.stop : "dependency";
  }

  async apply(segment: Segment, machine: Machine): Promise<"as planned" | "elsewhere"> {
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
    segment.items.forEach((item) => this.settle(item));
    if (batch !== undefined) machine.forget();
    if (segment.items.some(changesIdentity)) await machine.close();
    this.cursor = segment.cursor;
    if (saving?.outcome.status === "failed") this.moveOn(saving);
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
        this.settle(inHand, { message: `the connection was lost while it ran: it may have run (${outcome.why})` });
      }
      throw new Unreachable(`lost: ${outcome.why}`);
    }
    if (outcome.end === "moved") {
      const first = outcome.members[0];
      if (first === undefined) return "elsewhere";
      this.#settleBefore(segment, first);
      for (const { ref, reader, line } of outcome.fresh) machine.world.learn(ref, reader, line);
      this.cursor = this.#replanned(
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
      this.settle(item);
    } else {
      item.outcome.status = item.prepared?.ignoreErrors === true ? "ignored" : "failed";
      this.settle(item, error);
    }
    this.moveOn(item);
  }

  /** `failed_when`, `changed_when` of the last item of a segment, which ran: its step is completed again with the verdict. */
  #judge(item: Planned): void {
    if (item.step.failedWhen === undefined && item.step.changedWhen === undefined) return;
    if (item.verdict !== "change") return;
    this.moveOn(item);
  }

  moveOn(item: Planned): void {
    this.cursor = completeItem(item, item.outcome, this.options.evaluator);
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
    return this.cursor;
  }

  #refuseFights(segment: Segment, machine: Machine): boolean {
    // Told for certain only: a condition that would be known after a command may keep one of them from acting again.
    const again = (): Segment =>
      planSegment(this.cursor, segment.world, this.options.evaluator, {
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
    segment.items.slice(0, Math.max(0, acting)).forEach((item) => this.settle(item));
    loser.outcome.final = true;
    loser.outcome.status = "failed";
    this.settle(loser, {
      message,
      hint: "let one step have the last word: remove one of them, or set the whole of it in one place",
    });
    this.cursor = failAt({ ...loser.before, rest: loser.before.rest?.tail ?? null });
    return true;
  }

  async #save(item: Planned, machine: Machine): Promise<void> {
    const problem = await saveLocally(item, machine.world);
    if (problem === undefined) return;
    item.outcome.status = "failed";
    this.settle(item, { message: problem });
  }

  #settleUpTo(segment: Segment, last: Planned): void {
    for (const item of segment.items) {
      this.settle(item);
      if (item === last) return;
    }
  }

  #settleBefore(segment: Segment, end: Planned): void {
    for (const item of segment.items) {
      if (item === end) return;
      this.settle(item);
    }
  }

  /** An item's outcome is sure: it is reported, once. */
  settle(item: Planned, error?: StepError): void {
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
    if (item.outcome.status === "failed") this.failedNow = true;
    this.options.record(evaluator.title(item.step, item.names), item);
    for (const event of eventsOf(item, { host, play, evaluator, error: problem })) emit(event);
  }

  /** Runs one planned item without reporting it; fills in its outcome. */
  async attempt(item: Planned, machine: Machine): Promise<StepError | undefined> {
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
}

/** A mistake as reporters see it. */
export function faultError(fault: Fault): StepError {
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
