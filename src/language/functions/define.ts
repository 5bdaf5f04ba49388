import { aType, type Cel, type CelMap, isCelMap, isList, take } from "../cel-value.ts";

/** What functions may ask for outside of their arguments. */
export interface FunctionContext {
  /** Absolute folder that `file(path)` starts from. */
  folder: string;
  environment: { readonly [name: string]: string | undefined };
}

/** A type of a parameter: `read` gives the value as the function wants it, undefined when it does not fit. */
export interface Type<T> {
  name: string;
  read(value: Cel): T | undefined;
}

/** One overload of a function of expressions, which is a helper of text as well. */
export interface CelFunction {
  /** `replace`, `lists.range`. */
  name: string;
  /** In expressions the first argument stands before the dot. */
  method: boolean;
  parameters: readonly Type<unknown>[];
  returns: string;
  summary: string;
  /** Arguments as the parameters' types read them. */
  call(args: readonly unknown[], context: FunctionContext): Cel;
}

type Read<P> = { [K in keyof P]: P[K] extends Type<infer T> ? T : never };

/** A function called `name(a, b)`. */
export function fn<const P extends readonly Type<unknown>[]>(
  name: string,
  parameters: P,
  returns: string,
  summary: string,
  call: (context: FunctionContext, ...args: Read<P>) => Cel,
): CelFunction {
  return {
    name,
    method: false,
    parameters,
    returns,
    summary,
    call: (args, context) => call(context, ...(args as Read<P>)),
  };
}

/** A function called `receiver.name(a, b)`; the receiver is the first parameter. */
export function method<const P extends readonly Type<unknown>[]>(
  name: string,
  parameters: P,
  returns: string,
  summary: string,
  call: (...args: Read<P>) => Cel,
): CelFunction {
  return { ...fn(name, parameters, returns, summary, (_context, ...args) => call(...args)), method: true };
}

export const string: Type<string> = {
  name: "string",
  read: (value) => (typeof value === "string" ? value : undefined),
};
export const bool: Type<boolean> = { name: "bool", read: (value) => (typeof value === "boolean" ? value : undefined) };
export const int: Type<bigint> = { name: "int", read: (value) => (typeof value === "bigint" ? value : undefined) };
/** An int or a double. */
export const numeric: Type<bigint | number> = {
  name: "number",
  read: (value) => (typeof value === "bigint" || typeof value === "number" ? value : undefined),
};
export const double: Type<number> = {
  name: "double",
  read: (value) => (typeof value === "number" ? value : undefined),
};
export const bytes: Type<Uint8Array> = {
  name: "bytes",
  read: (value) => (value instanceof Uint8Array ? value : undefined),
};
export const any: Type<Cel> = { name: "any", read: (value) => value };
/** A list whose items are ready for use. */
export const list: Type<Cel[]> = { name: "list", read: (value) => (isList(value) ? value.map(take) : undefined) };
export const map: Type<CelMap> = { name: "map", read: (value) => (isCelMap(value) ? value : undefined) };
/** The types of arguments for messages: `(a string, an int)`. */
export function showTypes(args: readonly Cel[]): string {
  return `(${args.map(aType).join(", ")})`;
}
