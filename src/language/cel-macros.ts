import type { CelNode } from "./cel.ts";
import type { CelEvaluation, Frame } from "./cel-evaluate.ts";
import { aType, type Cel, FunctionError, isCelMap, isList, type Kept, keyText, Optional, take } from "./cel-value.ts";
import { sortByKey } from "./functions/lists.ts";

type Call = CelNode & { op: "call" | "rcall" };

/** How many names and expressions the macros take after the list or map. */
export const MACROS: { readonly [name: string]: readonly { names: number; bodies: number }[] } = {
  all: [
    { names: 1, bodies: 1 },
    { names: 2, bodies: 1 },
  ],
  exists: [
    { names: 1, bodies: 1 },
    { names: 2, bodies: 1 },
  ],
  exists_one: [
    { names: 1, bodies: 1 },
    { names: 2, bodies: 1 },
  ],
  existsOne: [
    { names: 1, bodies: 1 },
    { names: 2, bodies: 1 },
  ],
  map: [
    { names: 1, bodies: 1 },
    { names: 1, bodies: 2 },
  ],
  filter: [{ names: 1, bodies: 1 }],
  sortBy: [{ names: 1, bodies: 1 }],
  transformList: [
    { names: 2, bodies: 1 },
    { names: 2, bodies: 2 },
  ],
  transformMap: [
    { names: 2, bodies: 1 },
    { names: 2, bodies: 2 },
  ],
  transformMapEntry: [
    { names: 2, bodies: 1 },
    { names: 2, bodies: 2 },
  ],
  optMap: [{ names: 1, bodies: 1 }],
  optFlatMap: [{ names: 1, bodies: 1 }],
};

/** A call with an expression as argument: the names it binds, and the expressions that see them. */
export interface MacroCall {
  name: string;
  /** What it goes over; for `cel.bind` the value that is bound. */
  target: CelNode;
  names: string[];
  bodies: CelNode[];
}

/** Reads a call as a macro; undefined when it is none. `has` is not among them: it binds nothing. */
export function readMacro(node: CelNode): MacroCall | undefined {
  if (node.op !== "rcall") return undefined;
  const [name, target, args] = node.args;
  if (name === "bind" && target.op === "id" && target.args === "cel") {
    const [variable, value, body] = args;
    if (variable?.op !== "id" || value === undefined || body === undefined || args.length !== 3) return undefined;
    return { name: "cel.bind", target: value, names: [variable.args], bodies: [body] };
  }
  const forms = Object.hasOwn(MACROS, name) ? MACROS[name] : undefined;
  const form = forms?.find(
    ({ names, bodies }) => names + bodies === args.length && args.slice(0, names).every((arg) => arg.op === "id"),
  );
  if (form === undefined) return undefined;
  const names = args.slice(0, form.names).map((arg) => String(arg.args));
  return { name, target, names, bodies: args.slice(form.names) };
}

/** Evaluates a macro; undefined when the call is none. */
export function callMacro(evaluation: CelEvaluation, node: Call, frame: Frame | undefined): Cel | undefined {
  if (node.op === "call") {
    const [name, args] = node.args;
    const [only] = args;
    return name === "has" && args.length === 1 && only !== undefined ? has(evaluation, only, frame) : undefined;
  }
  const optional = optionalMethod(evaluation, node, frame);
  if (optional !== undefined) return optional;
  const macro = readMacro(node);
  if (macro === undefined) return undefined;
  const target = evaluation.run(macro.target, frame);
  if (macro.name === "cel.bind") return evaluation.run(body(macro, 0), bind(macro, [target], frame));
  if (macro.name === "optMap" || macro.name === "optFlatMap") return optMap(evaluation, macro, target, frame);
  const items = entries(evaluation, macro, target);
  try {
    return overItems(evaluation, macro, items, frame);
  } catch (error) {
    if (error instanceof FunctionError) throw evaluation.fail(node, "expression-value", error.message, error.hint);
    throw error;
  }
}

function has(evaluation: CelEvaluation, argument: CelNode, frame: Frame | undefined): boolean {
  if (argument.op !== "." && argument.op !== "[]" && argument.op !== ".?" && argument.op !== "[?]") {
    throw evaluation.fail(argument, "expression-type", "has() asks for a key: has(x.y)");
  }
  const target = evaluation.run(argument.args[0], frame);
  const key = typeof argument.args[1] === "string" ? argument.args[1] : evaluation.run(argument.args[1], frame);
  const inner = target instanceof Optional ? target.content : target;
  if (inner === undefined) return false;
  if (isCelMap(inner)) return Object.hasOwn(inner, keyText(key));
  if (isList(inner)) return typeof key === "bigint" && key >= 0n && key < BigInt(inner.length);
  throw evaluation.fail(argument, "expression-type", `${aType(inner)} has no keys`);
}

/** The methods of optional values, and `optional.of`, `optional.none`. */
function optionalMethod(
  evaluation: CelEvaluation,
  node: CelNode & { op: "rcall" },
  frame: Frame | undefined,
): Cel | undefined {
  const [name, receiver, args] = node.args;
  const [argument] = args;
  if (receiver.op === "id" && receiver.args === "optional") {
    if (name === "none" && args.length === 0) return new Optional(undefined);
    if (name === "of" && argument !== undefined) return new Optional(evaluation.run(argument, frame));
    return undefined;
  }
  if (name !== "orValue" && name !== "or" && name !== "hasValue" && name !== "value") return undefined;
  const target = evaluation.run(receiver, frame);
  if (!(target instanceof Optional)) {
    throw evaluation.fail(
      receiver,
      "expression-type",
      `.${name}() needs an optional value, not ${aType(target)}`,
      "write x.?key with a question mark before the key",
    );
  }
  if (name === "hasValue") return target.content !== undefined;
  if (target.content !== undefined) return name === "or" ? target : target.content;
  if (name === "value" || argument === undefined)
    throw evaluation.fail(node, "expression-value", "the optional value is nothing");
  return evaluation.run(argument, frame);
}

function optMap(evaluation: CelEvaluation, macro: MacroCall, target: Cel, frame: Frame | undefined): Cel {
  if (!(target instanceof Optional)) {
    throw evaluation.fail(
      macro.target,
      "expression-type",
      `.${macro.name}() needs an optional value, not ${aType(target)}`,
    );
  }
  if (target.content === undefined) return target;
  const result = evaluation.run(body(macro, 0), bind(macro, [target.content], frame));
  return macro.name === "optFlatMap" ? result : new Optional(result);
}

/** Pairs of index and item, or key and value; a value is only read when its name is bound. */
function entries(evaluation: CelEvaluation, macro: MacroCall, target: Cel): { key: Cel; value: () => Cel }[] {
  if (isList(target)) return target.map((item, index) => ({ key: BigInt(index), value: () => take(item) }));
  if (isCelMap(target)) return Object.keys(target).map((key) => ({ key, value: () => take(target[key]) }));
  throw evaluation.fail(
    macro.target,
    "expression-type",
    `.${macro.name}() goes over a list or a map, not ${aType(target)}`,
  );
}

function overItems(
  evaluation: CelEvaluation,
  macro: MacroCall,
  items: { key: Cel; value: () => Cel }[],
  frame: Frame | undefined,
): Cel {
  const bound = items.map((item) => () => {
    if (macro.names.length === 2) return bind(macro, [item.key, item.value()], frame);
    return bind(macro, [typeof item.key === "bigint" ? item.value() : item.key], frame);
  });
  const test = (inner: Frame, index: number): boolean =>
    evaluation.bool(body(macro, index), inner, `the condition of .${macro.name}()`);
  switch (macro.name) {
    case "all":
    case "exists":
      return quantify(bound, (inner) => test(inner, 0), macro.name === "exists");
    case "exists_one":
    case "existsOne":
      return bound.filter((make) => test(make(), 0)).length === 1;
    case "filter":
      return bound.flatMap((make) => {
        const inner = make();
        return test(inner, 0) ? [inner.value] : [];
      });
    case "sortBy": {
      const frames = bound.map((make) => make());
      return sortByKey(
        frames.map((inner) => inner.value),
        frames.map((inner) => evaluation.run(body(macro, 0), inner)),
      );
    }
  }
  const filtered = macro.bodies.length === 2;
  const kept = bound.flatMap((make) => {
    const inner = make();
    if (filtered && !test(inner, 0)) return [];
    return [{ key: inner.outer?.value ?? null, value: evaluation.run(body(macro, filtered ? 1 : 0), inner) }];
  });
  if (macro.name === "map" || macro.name === "transformList") return kept.map(({ value }) => value);
  return collect(kept, macro.name === "transformMapEntry");
}

/** The map of what was made: one key an item, or the entries of the maps that were made. */
function collect(kept: readonly { key: Cel; value: Cel }[], merge: boolean): Cel {
  const result = Object.create(null) as { [key: string]: Kept };
  for (const { key, value } of kept) {
    if (!merge) {
      result[keyText(key)] = value;
      continue;
    }
    if (!isCelMap(value))
      throw new FunctionError(
        `.transformMapEntry() makes maps, not ${aType(value)}`,
        "for example: list.transformMapEntry(i, x, {x.name: x})",
      );
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(result, name)) throw new FunctionError(`.transformMapEntry() made the key "${name}" twice`);
      result[name] = value[name] ?? null;
    }
  }
  return result;
}

/** `all` and `exists`: a mistake or an unknown in one item does not matter when another decides. */
function quantify(bound: readonly (() => Frame)[], test: (frame: Frame) => boolean, decisive: boolean): boolean {
  const problems: unknown[] = [];
  for (const make of bound) {
    try {
      if (test(make()) === decisive) return decisive;
    } catch (error) {
      problems.push(error);
    }
  }
  if (problems.length > 0) throw problems[0];
  return !decisive;
}

/** The last name is the innermost frame. */
function bind(macro: MacroCall, values: readonly Cel[], frame: Frame | undefined): Frame {
  const [first, second] = values;
  const outer: Frame = { name: macro.names[0] ?? "", value: first ?? null, outer: frame };
  if (macro.names.length < 2) return outer;
  return { name: macro.names[1] ?? "", value: second ?? null, outer };
}

function body(macro: MacroCall, index: number): CelNode {
  const found = macro.bodies[index];
  if (found === undefined) throw new TypeError("the macro has no such expression");
  return found;
}
