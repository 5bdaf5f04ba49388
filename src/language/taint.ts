import { MASK, Secret } from "../base/secret.ts";
import type { Value } from "../base/value.ts";
import { isMap } from "./convert.ts";

/** Whether the evaluation in hand has read a secret. Evaluation is synchronous, so one flag is enough. */
let secretRead = false;

/** The plaintext of a secret for an evaluation; its result will be secret. */
export function revealTainting(secret: Secret): string {
  secretRead = true;
  return secret.reveal();
}

function wasRead(): boolean {
  return secretRead;
}

/** A message about an evaluation without what may be a secret: after one was read, quoted parts and details are masked. */
export function withoutSecrets(message: string): string {
  return secretRead ? message.replace(/".*"/s, MASK).replace(/: .*/s, "") : message;
}

/** Runs an evaluation; when it read a secret, every text in its result is a `Secret`. Booleans and numbers stay. */
export function withTaint(run: () => Value): Value {
  const outer = secretRead;
  secretRead = false;
  try {
    const value = run();
    return wasRead() ? seal(value) : value;
  } finally {
    secretRead = outer;
  }
}

function seal(value: Value): Value {
  if (typeof value === "string") return new Secret(value);
  if (Array.isArray(value)) return value.map(seal);
  if (!isMap(value)) return value;
  return mapLazily(value, seal);
}

/** A copy of a map with each value changed; getters stay getters. */
export function mapLazily(map: { [key: string]: Value }, change: (value: Value) => Value): { [key: string]: Value } {
  const result = Object.create(null) as { [key: string]: Value };
  for (const key of Object.keys(map)) {
    const getter = Object.getOwnPropertyDescriptor(map, key)?.get;
    if (getter === undefined) result[key] = change(map[key] ?? null);
    else
      Object.defineProperty(result, key, {
        enumerable: true,
        configurable: true,
        get: () => change(getter.call(map) as Value),
      });
  }
  return result;
}
