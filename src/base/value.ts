import type { Secret } from "./secret.ts";

/**
 * A value of the language after evaluation. Objects have a null prototype or are plain; they may carry getters that
 * compute lazily and throw (`Fault` for a mistake, `Unknown` for what is not known yet).
 */
export type Value = null | boolean | number | string | Secret | Value[] | { [key: string]: Value };

/**
 * Thrown when a value is needed that cannot be known now: the result of a step that has not run, a resource an earlier
 * change may have altered. `by` names the step that stands in the way, for people.
 */
export class Unknown extends Error {
  override name = "Unknown";
  constructor(
    readonly why: string,
    /** Index of the step in the host's program that has to be done first, where there is one. */
    readonly by?: number,
  ) {
    super(why);
  }
}
