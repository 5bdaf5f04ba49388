import { aType, type Cel, celCompare, FunctionError, isList } from "./cel-value.ts";

const MAX_INT = 2n ** 63n - 1n;
const MIN_INT = -(2n ** 63n);

/** `+ - * / %`. An int and a double give a double. Throws FunctionError. */
export function arithmetic(op: string, a: Cel, b: Cel): Cel {
  if (typeof a === "bigint" && typeof b === "bigint") return inRange(ints(op, a, b));
  if (isNumber(a) && isNumber(b)) return doubles(op, Number(a), Number(b));
  if (op === "+" && typeof a === "string" && typeof b === "string") return a + b;
  if (op === "+" && isList(a) && isList(b)) return [...a, ...b];
  if (op === "+" && a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.concat([a, b]);
  const text = op === "+" && (typeof a === "string" || typeof b === "string");
  throw new FunctionError(
    `\`${op}\` does not work with ${aType(a)} and ${aType(b)}`,
    text ? "make the other one a text with string(…)" : undefined,
  );
}

/** `< <= > >=`. Throws FunctionError for what has no order. */
export function compareValues(op: string, a: Cel, b: Cel): boolean {
  const order = celCompare(a, b);
  if (order === undefined) {
    const mixed = (typeof a === "string" && isNumber(b)) || (typeof b === "string" && isNumber(a));
    throw new FunctionError(
      `\`${op}\` cannot compare ${aType(a)} with ${aType(b)}`,
      mixed ? "make the text a number with int(…)" : undefined,
    );
  }
  if (op === "<") return order < 0;
  if (op === "<=") return order <= 0;
  if (op === ">") return order > 0;
  return order >= 0;
}

function isNumber(value: Cel): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

function ints(op: string, a: bigint, b: bigint): bigint {
  if (op === "+") return a + b;
  if (op === "-") return a - b;
  if (op === "*") return a * b;
  if (b === 0n) throw new FunctionError("division by zero");
  return op === "/" ? a / b : a % b;
}

function doubles(op: string, a: number, b: number): number {
  if (op === "+") return a + b;
  if (op === "-") return a - b;
  if (op === "*") return a * b;
  if (op === "/") return a / b;
  throw new FunctionError("`%` needs two ints");
}

function inRange(value: bigint): bigint {
  if (value > MAX_INT || value < MIN_INT) throw new FunctionError("the result is larger than 64 bits");
  return value;
}
