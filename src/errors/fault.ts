import type { Code } from "./codes.ts";
import type { Place } from "./place.ts";

/** What a fault says beyond its message. */
export interface FaultDetails {
  place?: Place;
  /** One sentence: what to do next. */
  hint?: string;
  /** Hosts the fault was seen for; one mistake over many hosts is printed once. */
  hosts?: string[];
  /** Where the value came from, for people: `group web`, `host pi-1`, `role defaults of k3s`. */
  layer?: string;
  /** Other places that belong to the story, each with a few words. */
  related?: { text: string; place: Place }[];
  cause?: unknown;
}

/** One mistake in the input, or one thing that went wrong on a host: a code of the table, a text, a place. */
export class Fault extends Error {
  override name = "Fault";
  constructor(
    readonly code: Code,
    message: string,
    readonly details: FaultDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
  }
}

/** Several faults reported together. Thrown by a stage once it has looked at everything it can. */
export class Faults extends Error {
  override name = "Faults";
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map((fault) => fault.message).join("\n"));
  }
}
