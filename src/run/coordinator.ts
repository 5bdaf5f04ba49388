import type { Names } from "../plan/cursor.ts";
import type { Step } from "../playbook/tree.ts";

/** What a host does at a `run_once` step: run it, skip it in silence (it runs nowhere), fail with the host it ran on, or take over what that host got. */
export type Turn = "run" | "skip" | "fail" | Names;

interface Once {
  /** Hosts that have come to the step, and whether its condition holds for them. */
  reached: Map<string, boolean>;
  runner?: string;
  result?: Names | "fail";
  wake: (() => void)[];
}

/** Where the hosts of one serial batch of a play meet: `run_once`, and the plays that make hosts wait for each other. */
export class Coordinator {
  #present: Set<string>;
  #failed = new Set<string>();
  #once = new Map<string, Once>();
  /** How often a host has come to a `run_once` step: a handler runs again when it is notified again. */
  #visits = new Map<string, number>();
  /** Hosts that wait at a `run_once` step for another host. */
  #blocked = new Set<string>();
  #waiting = new Map<string, (verdict: "go" | "fail" | "stop") => void>();
  #newFailure = false;
  ended: "end_play" | "end_batch" | undefined;

  constructor(
    readonly hosts: readonly string[],
    /** Set when a failure anywhere stops everybody: hosts wait for each other after every step. */
    readonly rule: { anyErrorsFatal: boolean; maxFailPercentage: number | undefined },
  ) {
    this.#present = new Set(hosts);
  }

  get lockstep(): boolean {
    return this.rule.anyErrorsFatal || this.rule.maxFailPercentage !== undefined;
  }

  end(how: "end_play" | "end_batch"): void {
    this.ended = how;
  }

  /** A host is through with the play, whatever way. */
  leave(host: string): void {
    this.#present.delete(host);
    for (const once of this.#once.values()) wakeAll(once.wake);
    this.#release();
  }

  /** Waits until every earlier host has reached the step or left, then says whose turn it is. */
  async once(step: Step, host: string, holds: boolean): Promise<Turn> {
    const once = this.#visit(step, host);
    once.reached.set(host, holds);
    wakeAll(once.wake);
    for (;;) {
      if (once.result !== undefined) return once.result;
      if (once.runner === undefined) {
        const turn = this.#runner(once.reached);
        if (turn !== undefined) once.runner = turn;
        else if (this.hosts.every((one) => once.reached.has(one) || !this.#present.has(one))) return "skip";
      }
      if (once.runner === host) return "run";
      // Its host was lost while it ran: nobody may go on as if it had been done.
      if (once.runner !== undefined && !this.#present.has(once.runner)) return "fail";
      this.#blocked.add(host);
      this.#release();
      await new Promise<void>((resolve) => once.wake.push(resolve));
      this.#blocked.delete(host);
    }
  }

  ran(step: Step, host: string, result: Names | "fail"): void {
    const once = this.#once.get(`${placeOf(step)} ${this.#visits.get(`${host} ${placeOf(step)}`) ?? 0}`);
    if (once?.runner !== host) return;
    once.result = result;
    wakeAll(once.wake);
  }

  #visit(step: Step, host: string): Once {
    const place = placeOf(step);
    const visit = (this.#visits.get(`${host} ${place}`) ?? 0) + 1;
    this.#visits.set(`${host} ${place}`, visit);
    const once = this.#once.get(`${place} ${visit}`) ?? { reached: new Map<string, boolean>(), wake: [] };
    this.#once.set(`${place} ${visit}`, once);
    return once;
  }

  /** The first host in order for which the condition holds, once all before it are known. */
  #runner(reached: Map<string, boolean>): string | undefined {
    for (const host of this.hosts) {
      const holds = reached.get(host);
      if (holds === true) return host;
      if (holds === undefined && this.#present.has(host)) return undefined;
    }
    return undefined;
  }

  /** The meeting after a step. `fail`: another host failed and that is fatal here. `stop`: too many have failed. */
  async meet(host: string, failedNow: boolean, out: boolean): Promise<"go" | "fail" | "stop"> {
    if (failedNow) this.#newFailure = true;
    if (out) this.#failed.add(host);
    return await new Promise((resolve) => {
      this.#waiting.set(host, resolve);
      this.#release();
    });
  }

  #release(): void {
    if (
      !this.lockstep ||
      this.#waiting.size === 0 ||
      [...this.#present].some((host) => !this.#waiting.has(host) && !this.#blocked.has(host))
    )
      return;
    const { anyErrorsFatal, maxFailPercentage } = this.rule;
    const share = (this.#failed.size / this.hosts.length) * 100;
    let verdict: "go" | "fail" | "stop" = "go";
    if (anyErrorsFatal && this.#newFailure) verdict = "fail";
    else if (maxFailPercentage !== undefined && share > maxFailPercentage) verdict = "stop";
    this.#newFailure = false;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const resolve of waiting) resolve(verdict);
  }
}

/** The same for all hosts, also where each has a copy of the step (an include in a loop). */
function placeOf(step: Step): string {
  return `${step.place.file}:${step.place.line}:${step.place.column}`;
}

function wakeAll(wake: (() => void)[]): void {
  for (const resolve of wake.splice(0)) resolve();
}
