import type { Event, StepEvent } from "../run/events.ts";
import type { Difference } from "../modules/module.ts";
import type { Output, Reporter } from "./reporter.ts";

/**
 * JSON Lines: one object an event, every step whatever the verbosity, the summary last, `progress` never. A step event has
 * the keys `event host play role step module item status changes error` in that order (`item` only for an item of a loop),
 * then what else is known: `why message warnings handler place`. Secrets are masked.
 */
export class JsonReporter implements Reporter {
  readonly #output: Output;
  readonly #contents: boolean;

  /** `contents`: differences of contents carry both texts. */
  constructor(output: Output, contents: boolean) {
    this.#output = output;
    this.#contents = contents;
  }

  event(event: Event): void {
    if (event.event === "progress") return;
    const value = event.event === "step" ? this.#step(event) : event;
    this.#output.write(`${JSON.stringify(value)}\n`);
  }

  async end(): Promise<void> {}

  #step(event: StepEvent): object {
    const { event: kind, host, play, role, step, module, item, status, changes, error, place, ...more } = event;
    return {
      event: kind,
      host,
      play,
      role,
      step,
      module,
      ...(item === undefined ? {} : { item }),
      status,
      changes: changes.map((change) => (this.#contents ? change : withoutContents(change))),
      error: error ?? null,
      ...more,
      place: `${place.file}:${place.line}:${place.column}`,
    };
  }
}

function withoutContents(change: Difference): object {
  if (change.text !== true) return change;
  return { what: change.what, ...(change.of === undefined ? {} : { of: change.of }), text: true };
}
