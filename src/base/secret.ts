/** A text that must not be shown. Whatever is made from one is one. `String(secret)` and JSON show a mask. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The plaintext; only for what sends it to a host or computes another secret from it. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return MASK;
  }
  toJSON(): string {
    return MASK;
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return MASK;
  }
}

/** What is printed in place of a secret. */
export const MASK = "********";
