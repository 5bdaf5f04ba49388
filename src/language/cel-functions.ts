import type { CelNode } from "./cel.ts";
import { type Cel, FunctionError, Optional } from "./cel-value.ts";
import { showTypes } from "./functions/define.ts";
import { type CelFunction, type FunctionContext, functions } from "./functions.ts";

/** What a call means: `lists.range(3)` is a function of that whole name, `x.trim()` a method. */
export function readCall(
  node: CelNode & { op: "call" | "rcall" },
  bound: (name: string) => boolean,
): { name: string; method: boolean; args: CelNode[] } {
  if (node.op === "call") return { name: node.args[0], method: false, args: node.args[1] };
  const [name, receiver, args] = node.args;
  if (receiver.op === "id" && !bound(receiver.args) && functions.has(`${receiver.args}.${name}`)) {
    return { name: `${receiver.args}.${name}`, method: false, args };
  }
  return { name, method: true, args: [receiver, ...args] };
}

/** Calls the overload that fits. Throws FunctionError when none does. */
export function callFunction(name: string, args: readonly Cel[], context: FunctionContext, method?: boolean): Cel {
  const overloads = functions.get(name)?.filter((one) => method === undefined || one.method === method) ?? [];
  for (const overload of overloads) {
    const read = readArguments(overload, args);
    if (read !== undefined) return overload.call(read, context);
  }
  const optional = args[0] instanceof Optional ? "end the optional value with .orValue(…)" : undefined;
  throw new FunctionError(
    `${name} cannot be called with ${showTypes(args)}`,
    optional ?? overloads.map(signature).join("; "),
  );
}

function readArguments(overload: CelFunction, args: readonly Cel[]): unknown[] | undefined {
  if (overload.parameters.length !== args.length) return undefined;
  const read: unknown[] = [];
  for (const [index, type] of overload.parameters.entries()) {
    const value = type.read(args[index] ?? null);
    if (value === undefined) return undefined;
    read.push(value);
  }
  return read;
}

/** How an overload is called: `string.replace(string, string)`. */
export function signature(overload: CelFunction): string {
  const types = overload.parameters.map((type) => type.name);
  const [receiver, ...rest] = types;
  return overload.method ? `${receiver}.${overload.name}(${rest.join(", ")})` : `${overload.name}(${types.join(", ")})`;
}
