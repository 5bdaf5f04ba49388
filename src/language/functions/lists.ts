import { aType, type Cel, celCompare, celEquals, FunctionError, isList, take } from "../cel-value.ts";
import { any, type CelFunction, fn, int, list, method } from "./define.ts";

const MAX_RANGE = 100_000n;

/** Functions on lists; the ones with an expression as argument are macros. */
export const listFunctions: readonly CelFunction[] = [
  method("distinct", [list], "list", "Without repeated items; the first of each stays", (items) =>
    items.filter((item, index) => items.findIndex((other) => celEquals(item, other)) === index),
  ),
  method("flatten", [list], "list", "Lists in the list replaced by their items, one level", (items) =>
    flatten(items, 1n),
  ),
  method("flatten", [list, int], "list", "The same, down to a depth", flatten),
  method("slice", [list, int, int], "list", "The items from one position up to another", (items, from, to) => {
    if (from < 0n || to > BigInt(items.length) || from > to)
      throw new FunctionError(`positions ${from} to ${to} are not inside a list of ${items.length} items`);
    return items.slice(Number(from), Number(to));
  }),
  method("reverse", [list], "list", "From back to front", (items) => items.toReversed()),
  method("sort", [list], "list", "In order; texts by their characters", (items) => sortByKey(items, items)),
  method("sum", [list], "number", "The sum of numbers", (items) =>
    items.reduce<bigint | number>((sum, item) => add(sum, item), 0n),
  ),
  method("min", [list], "any", "The smallest item", (items) => extreme(items, -1, "min")),
  method("max", [list], "any", "The largest item", (items) => extreme(items, 1, "max")),
  method("first", [list], "any", "The first item", (items) => present(items.at(0))),
  method("last", [list], "any", "The last item", (items) => present(items.at(-1))),
  fn("lists.range", [int], "list", "The numbers from 0 up to n - 1", (_context, count) => {
    if (count < 0n || count > MAX_RANGE) throw new FunctionError(`lists.range takes 0 to ${MAX_RANGE}`);
    return Array.from({ length: Number(count) }, (_, index) => BigInt(index));
  }),
  fn("concat", [list, list], "list", "Two lists in one", (_context, a, b) => [...a, ...b]),
  fn("sets.contains", [list, list], "bool", "Whether every item of the second is in the first", (_context, a, b) =>
    contains(a, b),
  ),
  fn(
    "sets.equivalent",
    [list, list],
    "bool",
    "Whether both hold the same items",
    (_context, a, b) => contains(a, b) && contains(b, a),
  ),
  fn("sets.intersects", [list, list], "bool", "Whether they share an item", (_context, a, b) =>
    b.some((item) => has(a, item)),
  ),
  fn("math.greatest", [any], "number", "The largest of a list of numbers", (_context, a) => greatest([a], 1)),
  fn("math.greatest", [any, any], "number", "The larger number", (_context, a, b) => greatest([a, b], 1)),
  fn("math.greatest", [any, any, any], "number", "The largest number", (_context, a, b, c) => greatest([a, b, c], 1)),
  fn("math.least", [any], "number", "The smallest of a list of numbers", (_context, a) => greatest([a], -1)),
  fn("math.least", [any, any], "number", "The smaller number", (_context, a, b) => greatest([a, b], -1)),
  fn("math.least", [any, any, any], "number", "The smallest number", (_context, a, b, c) => greatest([a, b, c], -1)),
];

function flatten(items: readonly Cel[], depth: bigint): Cel[] {
  if (depth <= 0n) return [...items];
  return items.flatMap((item) => (isList(item) ? flatten(item.map(take), depth - 1n) : [item]));
}

/** Items in the order of their keys; the order of equal ones stays. */
export function sortByKey(items: readonly Cel[], keys: readonly Cel[]): Cel[] {
  const order = items.map((_, index) => index);
  order.sort((a, b) => compare(keys[a] ?? null, keys[b] ?? null, "sort"));
  return order.map((index) => items[index] ?? null);
}

function compare(a: Cel, b: Cel, name: string): number {
  const order = celCompare(a, b);
  if (order === undefined) throw new FunctionError(`${name} cannot order ${aType(a)} and ${aType(b)}`);
  return order;
}

function extreme(items: readonly Cel[], sign: number, name: string): Cel {
  const [first, ...rest] = items;
  if (first === undefined) throw new FunctionError(`${name} of an empty list`);
  return rest.reduce((best, item) => (compare(item, best, name) * sign > 0 ? item : best), first);
}

function greatest(args: readonly Cel[], sign: number): Cel {
  const name = sign > 0 ? "math.greatest" : "math.least";
  const [only] = args;
  const items = args.length === 1 && only !== undefined && isList(only) ? only.map(take) : args;
  const wrong = items.find((item) => typeof item !== "bigint" && typeof item !== "number");
  if (wrong !== undefined) throw new FunctionError(`${name} takes numbers, not ${aType(wrong)}`);
  return extreme(items, sign, name);
}

function present(item: Cel | undefined): Cel {
  if (item === undefined) throw new FunctionError("the list is empty");
  return item;
}

/** The sum of two numbers; of an int and a double it is a double. */
export function add(a: bigint | number, b: Cel): bigint | number {
  if (typeof b !== "bigint" && typeof b !== "number") throw new FunctionError(`sum takes numbers, not ${aType(b)}`);
  return typeof a === "bigint" && typeof b === "bigint" ? a + b : Number(a) + Number(b);
}

function has(items: readonly Cel[], wanted: Cel): boolean {
  return items.some((item) => celEquals(item, wanted));
}

function contains(a: readonly Cel[], b: readonly Cel[]): boolean {
  return b.every((item) => has(a, item));
}
