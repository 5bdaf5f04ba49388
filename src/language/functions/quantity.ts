import type { Value } from "../../base/value.ts";
import { FunctionError, Special } from "../cel-value.ts";
import { any, type CelFunction, fn, method, string, type Type } from "./define.ts";

const NANO = 1_000_000_000n;
const FACTORS: { readonly [suffix: string]: bigint } = {
  n: 1n,
  u: 1000n,
  m: 1_000_000n,
  "": NANO,
  k: NANO * 10n ** 3n,
  M: NANO * 10n ** 6n,
  G: NANO * 10n ** 9n,
  T: NANO * 10n ** 12n,
  P: NANO * 10n ** 15n,
  E: NANO * 10n ** 18n,
  Ki: NANO << 10n,
  Mi: NANO << 20n,
  Gi: NANO << 30n,
  Ti: NANO << 40n,
  Pi: NANO << 50n,
  Ei: NANO << 60n,
};

/** A quantity as Kubernetes writes it, exact in billionths. */
class Quantity extends Special {
  readonly typeName = "quantity";
  constructor(
    readonly nanos: bigint,
    readonly text: string,
  ) {
    super();
  }
  equals(other: Special): boolean {
    return other instanceof Quantity && other.nanos === this.nanos;
  }
  override toString(): string {
    return this.text;
  }
  outside(): Value {
    return this.text;
  }
}

const quantity: Type<Quantity> = { name: "quantity", read: (value) => (value instanceof Quantity ? value : undefined) };
/** A quantity, or the text of one. */
const quantityLike: Type<Quantity> = {
  name: "quantity",
  read: (value) => (typeof value === "string" ? toQuantity(value) : quantity.read(value)),
};

function readQuantity(text: string): Quantity | undefined {
  const parts = /^([+-]?)(\d+)?(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?)$/.exec(text);
  if (parts === null || (parts[2] === undefined && (parts[3] ?? "") === "")) return undefined;
  const [, sign, whole = "0", fraction = "", exponent, suffix = ""] = parts;
  const digits = BigInt(whole + fraction);
  const power = Number(exponent ?? 0) - fraction.length;
  const scaled = digits * (exponent === undefined ? (FACTORS[suffix] ?? NANO) : NANO);
  const nanos = power >= 0 ? scaled * 10n ** BigInt(power) : divideUp(scaled, 10n ** BigInt(-power));
  return new Quantity(sign === "-" ? -nanos : nanos, text);
}

function divideUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

function toQuantity(text: string): Quantity {
  const found = readQuantity(text);
  if (found === undefined)
    throw new FunctionError(`"${text}" is no quantity`, "a number with a suffix: 500m, 1.5Gi, 10k");
  return found;
}

/** Without a suffix, as exact as it is. */
function make(nanos: bigint): Quantity {
  if (nanos % NANO === 0n) return new Quantity(nanos, String(nanos / NANO));
  if (nanos % 1_000_000n === 0n) return new Quantity(nanos, `${nanos / 1_000_000n}m`);
  return new Quantity(nanos, `${nanos}n`);
}

function order(a: Quantity, b: Quantity): bigint {
  if (a.nanos === b.nanos) return 0n;
  return a.nanos < b.nanos ? -1n : 1n;
}

/** Quantities of memory, storage and CPU. */
export const quantityFunctions: readonly CelFunction[] = [
  fn("quantity", [string], "quantity", "The quantity a text shows", (_context, text) => toQuantity(text)),
  fn(
    "isQuantity",
    [any],
    "bool",
    "Whether a text shows a quantity",
    (_context, value) => typeof value === "string" && readQuantity(value) !== undefined,
  ),
  method("isInteger", [quantity], "bool", "Whether it is a whole number", (value) => value.nanos % NANO === 0n),
  method("asInteger", [quantity], "int", "The whole number", (value) => {
    if (value.nanos % NANO !== 0n) throw new FunctionError(`${value.text} is no whole number`);
    return value.nanos / NANO;
  }),
  method(
    "asApproximateFloat",
    [quantity],
    "double",
    "The nearest double",
    (value) => Number(value.nanos) / Number(NANO),
  ),
  method("sign", [quantity], "int", "-1, 0 or 1", (value) => (value.nanos > 0n ? 1n : value.nanos < 0n ? -1n : 0n)),
  method("add", [quantity, quantityLike], "quantity", "The sum", (a, b) => make(a.nanos + b.nanos)),
  method("sub", [quantity, quantityLike], "quantity", "The difference", (a, b) => make(a.nanos - b.nanos)),
  method("isLessThan", [quantity, quantityLike], "bool", "Whether it is smaller", (a, b) => order(a, b) < 0n),
  method("isGreaterThan", [quantity, quantityLike], "bool", "Whether it is larger", (a, b) => order(a, b) > 0n),
  method("compareTo", [quantity, quantityLike], "int", "-1, 0 or 1", order),
];
