import { type Value, Unknown } from "../base/value.ts";
import type { ItemOutcome } from "./cursor.ts";

/** What a step without a loop registers: its result, with `changed`, `failed`, `skipped`; keys not known yet throw. */
export function registeredItem(outcome: ItemOutcome): Value {
  return lazyObject(
    (name) => {
      const known = flag(outcome, name);
      return known ?? outcome.result[name];
    },
    () => [...FLAGS, ...Object.keys(outcome.result)],
    () => outcome.final,
    () => new Unknown(outcome.why, outcome.id),
  );
}

/** What a step with a loop registers: `results` in order, and the flags over all of them. */
export function registeredLoop(outcomes: readonly ItemOutcome[]): Value {
  const flags = (name: string): Value | undefined => {
    if (!FLAGS.includes(name)) return undefined;
    const values = outcomes.map((outcome) => flag(outcome, name));
    if (name === "skipped") return values.length > 0 && values.every((value) => value === true);
    return values.some((value) => value === true);
  };
  return lazyObject(
    (name) => {
      if (name === "results") {
        return outcomes.map((outcome) => ({ ...spread(outcome), item: outcome.item ?? null }));
      }
      return flags(name);
    },
    () => [...FLAGS, "results"],
    () => true,
    () => new Unknown("its items have not run", undefined),
  );
}

const FLAGS = ["changed", "failed", "skipped"];

function flag(outcome: ItemOutcome, name: string): boolean | undefined {
  if (!FLAGS.includes(name)) return undefined;
  if (!outcome.final && !(outcome.certain && name !== "failed")) throw new Unknown(outcome.why, outcome.id);
  if (name === "changed") return outcome.status === "changed";
  if (name === "failed") return outcome.status === "failed" || outcome.status === "ignored";
  return outcome.status === "skipped";
}

function spread(outcome: ItemOutcome): object {
  return registeredItem(outcome) as object;
}

/** An object whose keys are computed when they are asked for, and that throws for what is not known while it is not complete. */
function lazyObject(
  get: (name: string) => Value | undefined,
  keys: () => string[],
  complete: () => boolean,
  unknown: () => Unknown,
): Value {
  const has = (name: string): boolean => keys().includes(name);
  const read = (name: string): Value | undefined => {
    if (has(name)) return get(name);
    if (!complete()) throw unknown();
    return undefined;
  };
  return new Proxy(Object.create(null) as { [key: string]: Value }, {
    get: (_target, name) => (typeof name === "symbol" ? undefined : read(name)),
    has: (_target, name) => typeof name === "string" && read(name) !== undefined,
    ownKeys: () => {
      if (!complete()) throw unknown();
      return keys();
    },
    getOwnPropertyDescriptor: (_target, name) => {
      if (typeof name === "symbol") return undefined;
      const value = read(name);
      return value === undefined ? undefined : { value, enumerable: true, configurable: true, writable: false };
    },
  });
}
