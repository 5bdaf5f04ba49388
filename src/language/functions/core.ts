import { type Cel, FunctionError, typeName } from "../cel-value.ts";
import { any, bool, bytes, type CelFunction, double, fn, int, list, map, method, numeric, string } from "./define.ts";
import { printable } from "./strings.ts";

const characters = (text: string): bigint => BigInt(Array.from(text).length);

/** Sizes, conversions between types, and arithmetic. */
export const coreFunctions: readonly CelFunction[] = [
  fn("size", [string], "int", "The number of characters", (_context, text) => characters(text)),
  fn("size", [list], "int", "The number of items", (_context, items) => BigInt(items.length)),
  fn("size", [map], "int", "The number of keys", (_context, value) => BigInt(Object.keys(value).length)),
  fn("size", [bytes], "int", "The number of bytes", (_context, data) => BigInt(data.length)),
  method("size", [string], "int", "The number of characters", characters),
  method("size", [list], "int", "The number of items", (items) => BigInt(items.length)),
  method("size", [map], "int", "The number of keys", (value) => BigInt(Object.keys(value).length)),
  method("size", [bytes], "int", "The number of bytes", (data) => BigInt(data.length)),
  fn("string", [bytes], "string", "The text of UTF-8 bytes", (_context, data) => text(data)),
  fn("string", [any], "string", "A value as text", (_context, value) => {
    const printed = printable(value);
    if (printed === undefined)
      throw new FunctionError(`a ${typeName(value)} has no text`, "use toJson(…) or toYaml(…)");
    return printed;
  }),
  fn("int", [int], "int", "An int as it is", (_context, value) => value),
  fn("int", [double], "int", "A double without its fraction", (_context, value) => {
    if (!Number.isSafeInteger(Math.trunc(value))) throw new FunctionError(`${value} is no int`);
    return BigInt(Math.trunc(value));
  }),
  fn("int", [string], "int", "The int a text shows", (_context, value) => {
    if (!/^[-+]?\d{1,18}$/.test(value)) throw new FunctionError("the text is no whole number");
    return BigInt(value.replace(/^\+/, ""));
  }),
  fn("double", [numeric], "double", "A number as a double", (_context, value) => Number(value)),
  fn("double", [string], "double", "The number a text shows", (_context, value) => {
    if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(value)) throw new FunctionError("the text is no number");
    return Number(value);
  }),
  fn("bool", [bool], "bool", "A bool as it is", (_context, value) => value),
  fn("bool", [string], "bool", "true or false of such a text", (_context, value) => {
    if (value === "true" || value === "false") return value === "true";
    throw new FunctionError("the text is neither true nor false");
  }),
  fn(
    "bytes",
    [string],
    "bytes",
    "The UTF-8 bytes of a text",
    (_context, value) => new Uint8Array(Buffer.from(value, "utf8")),
  ),
  fn("dyn", [any], "any", "A value as it is", (_context, value) => value),
  fn("type", [any], "string", "The name of a value's type", (_context, value) => typeName(value)),
  fn("math.abs", [int], "int", "Without its sign", (_context, value) => (value < 0n ? -value : value)),
  fn("math.abs", [double], "double", "Without its sign", (_context, value) => Math.abs(value)),
  fn("math.ceil", [numeric], "int", "Rounded up", (_context, value) => whole(value, Math.ceil)),
  fn("math.floor", [numeric], "int", "Rounded down", (_context, value) => whole(value, Math.floor)),
  fn("math.round", [numeric], "int", "Rounded, halves away from zero", (_context, value) =>
    whole(value, (number) => Math.sign(number) * Math.round(Math.abs(number))),
  ),
  fn("math.trunc", [numeric], "int", "Without its fraction", (_context, value) => whole(value, Math.trunc)),
  fn("math.sign", [numeric], "int", "-1, 0 or 1", (_context, value) => BigInt(Math.sign(Number(value)))),
  fn("math.sqrt", [numeric], "double", "The square root", (_context, value) => Math.sqrt(Number(value))),
  fn("math.isNaN", [double], "bool", "Whether a double is not a number", (_context, value) => Number.isNaN(value)),
  fn(
    "math.isInf",
    [double],
    "bool",
    "Whether a double is infinite",
    (_context, value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY,
  ),
  fn("math.isFinite", [double], "bool", "Whether a double is a finite number", (_context, value) =>
    Number.isFinite(value),
  ),
  fn("math.bitAnd", [int, int], "int", "Bits that both have", (_context, a, b) => a & b),
  fn("math.bitOr", [int, int], "int", "Bits that one has", (_context, a, b) => a | b),
  fn("math.bitXor", [int, int], "int", "Bits that only one has", (_context, a, b) => a ^ b),
  fn("math.bitNot", [int], "int", "All bits turned around", (_context, value) => ~value),
  fn("math.bitShiftLeft", [int, int], "int", "Bits moved left", (_context, value, by) =>
    BigInt.asIntN(64, value << shift(by)),
  ),
  fn(
    "math.bitShiftRight",
    [int, int],
    "int",
    "Bits moved right",
    (_context, value, by) => BigInt.asUintN(64, value) >> shift(by),
  ),
];

function whole(value: bigint | number, round: (value: number) => number): Cel {
  if (typeof value === "bigint") return value;
  const rounded = round(value);
  if (!Number.isSafeInteger(rounded)) throw new FunctionError(`${value} cannot be rounded to an int`);
  return BigInt(rounded);
}

function shift(by: bigint): bigint {
  if (by < 0n) throw new FunctionError("bits are moved by 0 or more");
  return by > 64n ? 64n : by;
}

function text(data: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch {
    throw new FunctionError("the bytes are not UTF-8 text");
  }
}
