import { Secret } from "../base/secret.ts";
import type { Value } from "../base/value.ts";
import { mapLazily, revealTainting } from "./taint.ts";

/**
 * A value inside an evaluation. Whole numbers are `bigint` (CEL's int), others `number` (double). What lists and maps hold
 * may still be plain `Value`s: everything taken out of one goes through `take`. A double that is a whole number becomes an
 * int when it is kept in a list or a map, as it does at the border.
 */
export type Cel = null | boolean | bigint | number | string | Uint8Array | Special | CelList | CelMap;
export type CelList = readonly Kept[];
export interface CelMap {
  readonly [key: string]: Kept;
}
/** What is kept in a list or a map. */
export type Kept = Value | Cel;

/** A value of a type of its own: an address, a network, a version, an optional. Outside it is its text. */
export abstract class Special {
  abstract readonly typeName: string;
  abstract equals(other: Special): boolean;
  /** The value outside of expressions; throws FunctionError when there is none. */
  abstract outside(): Value;
}

/** A mistake inside a function; whoever called it knows the place. */
export class FunctionError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** The result of `.?name`: a value or nothing. */
export class Optional extends Special {
  readonly typeName = "optional";
  constructor(readonly content: Cel | undefined) {
    super();
  }
  equals(other: Special): boolean {
    if (!(other instanceof Optional)) return false;
    if (this.content === undefined || other.content === undefined) return this.content === other.content;
    return celEquals(this.content, other.content);
  }
  outside(): Value {
    throw new FunctionError("the result is an optional value, which may be nothing", "end with .orValue(…)");
  }
}

/** Makes something kept usable: numbers get their CEL type, secrets are read. */
export function take(kept: Kept | undefined): Cel {
  if (typeof kept === "number") return Number.isSafeInteger(kept) ? BigInt(kept) : kept;
  if (kept instanceof Secret) return revealTainting(kept);
  return kept === undefined ? null : kept;
}

/** The value outside of expressions. Parts that are lazy stay so. Throws FunctionError for what has no form outside. */
export function outside(kept: Kept): Value {
  if (typeof kept === "bigint") {
    const number = Number(kept);
    if (!Number.isSafeInteger(number))
      throw new FunctionError(`the number ${kept} is too large`, "make it a text with string(…)");
    return number;
  }
  if (kept instanceof Secret) return kept;
  if (kept instanceof Special) return kept.outside();
  if (kept instanceof Uint8Array)
    throw new FunctionError("the result is bytes", "make it a text with string(…) or base64.encode(…)");
  if (isList(kept)) return kept.map(outside);
  if (isCelMap(kept)) return mapLazily(kept as { [key: string]: Value }, outside);
  return kept;
}

export function isList(value: Kept): value is CelList {
  return Array.isArray(value);
}

export function isCelMap(value: Kept): value is CelMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Special) &&
    !(value instanceof Secret) &&
    !(value instanceof Uint8Array)
  );
}

export type TypeName = string;

/** CEL's name of the type of a value. */
export function typeName(value: Cel): TypeName {
  if (value === null) return "null";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "double";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (value instanceof Special) return value.typeName;
  if (value instanceof Uint8Array) return "bytes";
  return isList(value) ? "list" : "map";
}

/** With an article, for messages. */
export function aType(value: Cel): string {
  const name = typeName(value);
  if (name === "null" || name === "bytes") return name;
  return /^[aeio]/.test(name) ? `an ${name}` : `a ${name}`;
}

/** CEL's equality: by value, deep; values of different types are not equal, but 1 == 1.0. */
export function celEquals(a: Cel, b: Cel): boolean {
  if (a === b) return true;
  if ((typeof a === "bigint" && typeof b === "number") || (typeof a === "number" && typeof b === "bigint"))
    return a <= b && a >= b;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (a instanceof Special) return b instanceof Special && a.equals(b);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (isList(a))
    return isList(b) && a.length === b.length && a.every((item, index) => celEquals(take(item), take(b[index])));
  if (!isCelMap(a) || !isCelMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && celEquals(take(a[key]), take(b[key])))
  );
}

/** -1, 0 or 1; undefined when the two cannot be ordered. */
export function celCompare(a: Cel, b: Cel): number | undefined {
  const numeric = (typeof a === "bigint" || typeof a === "number") && (typeof b === "bigint" || typeof b === "number");
  if (
    numeric ||
    (typeof a === "string" && typeof b === "string") ||
    (typeof a === "boolean" && typeof b === "boolean")
  ) {
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return undefined;
}

/** The key a value is in a map: texts, ints and booleans can be keys. */
export function keyText(value: Cel): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (value instanceof Special) return String(value.outside());
  throw new FunctionError(`${aType(value)} cannot be a key of a map`, "use a text");
}
