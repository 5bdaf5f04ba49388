import { aType, type Cel, celCompare, celEquals, FunctionError, isCelMap, isList, keyText, take } from "./cel-value.ts";
import { callFunction } from "./cel-functions.ts";
import { type FunctionContext, functions } from "./functions.ts";
import { printable } from "./functions/strings.ts";
import { toJson, toYaml } from "./functions/data.ts";

/** The first line of files that are managed. It has no date, so that it does not change by itself. */
export const MANAGED = "This file is managed by provision: changes made here will be lost.";

/** An argument: `undefined` is something optional that is not there. */
export type Argument = Cel | undefined;

interface Helper {
  least: number;
  most: number;
  /** True when arguments may be things that are not there. */
  lenient?: boolean;
  call(args: readonly Argument[]): Argument;
}

const truth = (value: Argument): boolean => isTrue(value);

/** The helpers that only text has. All functions of expressions are helpers too. */
const HELPERS: { readonly [name: string]: Helper } = {
  default: {
    least: 2,
    most: 10,
    lenient: true,
    call: (args) => args.find((value) => value !== undefined && value !== null),
  },
  get: {
    least: 2,
    most: 10,
    lenient: true,
    call: ([value, ...keys]) => keys.reduce<Argument>((inner, key) => getKey(inner, key), value),
  },
  eq: { least: 2, most: 2, call: ([a, b]) => celEquals(a ?? null, b ?? null) },
  ne: { least: 2, most: 2, call: ([a, b]) => !celEquals(a ?? null, b ?? null) },
  lt: { least: 2, most: 2, call: ([a, b]) => order(a, b) < 0 },
  le: { least: 2, most: 2, call: ([a, b]) => order(a, b) <= 0 },
  gt: { least: 2, most: 2, call: ([a, b]) => order(a, b) > 0 },
  ge: { least: 2, most: 2, call: ([a, b]) => order(a, b) >= 0 },
  and: { least: 2, most: 10, lenient: true, call: (args) => args.every(truth) },
  or: { least: 2, most: 10, lenient: true, call: (args) => args.some(truth) },
  not: { least: 1, most: 1, lenient: true, call: ([value]) => !truth(value) },
  join: {
    least: 1,
    most: 2,
    call: ([items, separator]) => callFunction("join", [items ?? null, separator ?? ""], NO_CONTEXT),
  },
  concat: { least: 1, most: 20, call: concat },
  indent: { least: 2, most: 2, call: ([text, width]) => indent(text ?? null, width ?? null) },
  json: {
    least: 1,
    most: 2,
    call: ([value, width]) => toJson(value ?? null, typeof width === "bigint" ? Number(width) : undefined),
  },
  yaml: { least: 1, most: 1, call: ([value]) => toYaml(value ?? null).replace(/\n$/, "") },
  quote: { least: 1, most: 1, call: ([value]) => JSON.stringify(text(value ?? null)) },
};

/** Helpers of text never need a folder or an environment. */
const NO_CONTEXT: FunctionContext = { folder: "/", environment: {} };

/** Names of all helpers and functions, for hints. */
export function helperNames(): string[] {
  return [...Object.keys(HELPERS), ...functions.keys()];
}

/** Whether a helper takes arguments that are not there: `default`, `get`, `and`, `or`, `not`. */
export function isLenient(name: string): boolean {
  return Object.hasOwn(HELPERS, name) && HELPERS[name]?.lenient === true;
}

/** Undefined when the helper exists and takes that many arguments, else what is wrong. */
export function checkHelper(name: string, count: number): "unknown" | "count" | undefined {
  const helper = Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
  if (helper !== undefined) return count >= helper.least && count <= helper.most ? undefined : "count";
  const overloads = functions.get(name);
  if (overloads === undefined) return "unknown";
  return overloads.some((one) => one.parameters.length === count) ? undefined : "count";
}

/** Calls a helper. Throws FunctionError. */
export function callHelper(name: string, args: readonly Argument[], context: FunctionContext): Argument {
  const helper = Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
  if (helper !== undefined) return helper.call(args);
  return callFunction(
    name,
    args.map((value) => value ?? null),
    context,
  );
}

/** What `if`, `unless`, `and`, `or`, `not` take as true: not absent, null, false, 0, an empty text or list. */
export function isTrue(value: Argument): boolean {
  if (value === undefined || value === null || value === false || value === "" || value === 0n || value === 0)
    return false;
  return !(isList(value) && value.length === 0);
}

/** A value as it prints. Throws FunctionError for what does not: null, lists, maps. */
export function text(value: Cel): string {
  const printed = printable(value);
  if (printed !== undefined) return printed;
  const hint =
    value === null ? 'use default: {{default name "…"}}' : 'use join, json or yaml: {{join list ","}}, {{json value}}';
  throw new FunctionError(`${aType(value)} does not print`, hint);
}

function getKey(value: Argument, key: Argument): Argument {
  if (value === undefined || value === null || key === undefined) return undefined;
  if (isCelMap(value)) {
    const name = keyText(key);
    return Object.hasOwn(value, name) ? take(value[name]) : undefined;
  }
  if (isList(value)) {
    const index = typeof key === "bigint" ? Number(key) : -1;
    return index < 0 || index >= value.length ? undefined : take(value[index]);
  }
  throw new FunctionError(`get reads keys of a map or a list, not of ${aType(value)}`);
}

function order(a: Argument, b: Argument): number {
  const result = celCompare(a ?? null, b ?? null);
  if (result === undefined) throw new FunctionError(`${aType(a ?? null)} and ${aType(b ?? null)} cannot be ordered`);
  return result;
}

function concat(args: readonly Argument[]): Cel {
  const values = args.map((value) => value ?? null);
  if (values.some(isList)) {
    return values.flatMap((value) => {
      if (!isList(value)) throw new FunctionError(`concat joins lists, or texts, not a list and ${aType(value)}`);
      return value.map(take);
    });
  }
  return values.map(text).join("");
}

/** Every line but the first moved to the right: the first stands where the helper does. */
function indent(value: Cel, width: Cel): string {
  if (typeof width !== "bigint" || width < 0n || width > 200n)
    throw new FunctionError("indent takes a text and a number of spaces: {{indent text 4}}");
  return text(value).replace(/\n(?=[^\n])/g, `\n${" ".repeat(Number(width))}`);
}
