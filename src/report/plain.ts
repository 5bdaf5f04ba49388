import type { Event } from "../run/events.ts";
import type { Narrator } from "./narrator.ts";
import type { Output, Reporter } from "./reporter.ts";

/** Lines as they come, for pipes and logs. Warnings go to stderr. */
export class PlainReporter implements Reporter {
  readonly #narrator: Narrator;
  readonly #output: Output;

  constructor(narrator: Narrator, output: Output) {
    this.#narrator = narrator;
    this.#output = output;
  }

  event(event: Event): void {
    if (event.event === "warning") {
      this.#output.warn(`${this.#narrator.warning(event)}\n`);
      return;
    }
    const lines = this.#narrator.lines(event);
    if (lines.length > 0) this.#output.write(`${lines.join("\n")}\n`);
  }

  async end(): Promise<void> {}
}
