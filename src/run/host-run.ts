import { AgentError } from "../agent/agent-error.ts";
import { Fault, Faults } from "../errors/fault.ts";
import { failAt } from "../plan/completion.ts";
import { type Cursor, prepend } from "../plan/cursor.ts";
import type { Meta } from "../playbook/tree.ts";
import { faultError, HostWork, type HostWorkOptions } from "./host-work.ts";
import { Unreachable } from "./machine.ts";
import { solo } from "./solo-steps.ts";

/** How a host's walk through a play ended. */
export type HostEnd = "done" | "failed" | "unreachable" | "ended" | "aborted";

const HINT_OF_REFUSAL =
  "see on the host whether the disk is full (df) or mounted read-only, and whose the folder is (ls -ld)";

/** One host's way through one play: segment after segment, what it has to do by itself, and where it meets other hosts. */
export class HostRun {
  readonly #work: HostWork;

  constructor(options: HostWorkOptions, start: Cursor) {
    this.#work = new HostWork(options, start);
  }

  get cursor(): Cursor {
    return this.#work.cursor;
  }

  /** The step that runs on the host at this moment. */
  get running(): string | undefined {
    return this.#work.running;
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
      this.#work.options.coordinator.leave(this.#work.options.host);
    }
  }

  #unreachable(reason: string, hint: string | undefined): HostEnd {
    this.#work.options.emit({
      event: "unreachable",
      host: this.#work.options.host,
      reason,
      ...(hint === undefined ? {} : { hint }),
    });
    return "unreachable";
  }

  /** A mistake that only shows while the host runs, outside any single step. */
  #fault(fault: Fault): HostEnd {
    const { emit, host, play } = this.#work.options;
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
    const work = this.#work;
    const { coordinator, host, play } = this.#work.options;
    let forced = false;
    for (;;) {
      if (this.#work.options.aborted()) return "aborted";
      if (work.cursor.rest === null) {
        if (!work.cursor.failed) return "done";
        if (forced || !play.forceHandlers || work.cursor.notified.size === 0) return "failed";
        forced = true;
        work.cursor = { ...work.cursor, rest: prepend([{ op: "flush", runs: 0 }], null) };
      }
      const stop = await this.#work.options.slot(() => this.#work.options.machine.exclusively(() => work.segment()));
      if (typeof stop === "object" && "solo" in stop) await solo(work, stop.solo, stop.wait);
      else if (typeof stop === "object") {
        if (await this.#meta(stop.meta)) return "ended";
      }
      if (coordinator.lockstep) {
        const verdict = await coordinator.meet(host, work.failedNow, work.cursor.failed);
        const spared = !work.failedNow;
        work.failedNow = false;
        if (verdict === "fail" && spared) {
          // The failure is another host's: what rescues here is not counted as rescued.
          work.cursor = { ...failAt(work.cursor), rescued: work.cursor.rescued };
          if (work.cursor.rest === null) return "aborted";
        }
        if (verdict === "stop" && !work.cursor.failed) return "aborted";
      }
    }
  }

  /** Answers true when the play ends here for this host. */
  async #meta(meta: Meta): Promise<boolean> {
    const work = this.#work;
    const rest = work.cursor.rest?.tail ?? null;
    work.cursor = { ...work.cursor, rest };
    switch (meta.action) {
      case "end_host":
        return true;
      case "end_play":
      case "end_batch":
        this.#work.options.coordinator.end(meta.action);
        return true;
      case "refresh_facts":
      case "clear_facts":
        this.#work.options.machine.forget();
        return false;
      default:
        return await Promise.resolve(false);
    }
  }
}
