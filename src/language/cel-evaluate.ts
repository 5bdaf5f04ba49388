import { nearest } from "../base/nearest.ts";
import type { Code } from "../errors/codes.ts";
import type { Fault } from "../errors/fault.ts";
import type { CelNode } from "./cel.ts";
import { callMacro } from "./cel-macros.ts";
import { callFunction, readCall } from "./cel-functions.ts";
import { arithmetic, compareValues } from "./cel-operators.ts";
import {
  aType,
  type Cel,
  celEquals,
  FunctionError,
  isCelMap,
  isList,
  type Kept,
  keyText,
  Optional,
  take,
} from "./cel-value.ts";
import type { FunctionContext } from "./functions.ts";
import type { Scope } from "./scope.ts";

/** A name bound inside an expression: the item of a macro. */
export interface Frame {
  name: string;
  value: Cel;
  outer: Frame | undefined;
}

/** Makes the fault of a mistake in a node. */
export type Fail = (node: CelNode, code: Code, message: string, hint?: string) => Fault;

type Access = "." | "[]" | ".?" | "[?]";

const MAX_STEPS = 2_000_000;

/** One evaluation of an expression. Throws Faults made by `fail`, and what the scope throws (`Unknown`, `Fault`) as it is. */
export class CelEvaluation {
  #steps = 0;
  readonly #scope: Scope;
  readonly #context: FunctionContext;
  readonly fail: Fail;

  constructor(scope: Scope, fail: Fail, context: FunctionContext) {
    this.#scope = scope;
    this.fail = fail;
    this.#context = context;
  }

  run(node: CelNode, frame: Frame | undefined): Cel {
    if (++this.#steps > MAX_STEPS)
      throw this.fail(
        node,
        "expression-limit",
        "the expression takes too long",
        "go over fewer items: filter before you combine",
      );
    switch (node.op) {
      case "value":
        return node.args as Cel;
      case "id":
        return this.#name(node, node.args, frame);
      case ".":
        return this.#field(node, this.run(node.args[0], frame), node.args[1]);
      case "[]":
        return this.#field(node, this.run(node.args[0], frame), this.run(node.args[1], frame));
      case ".?":
        return this.#optionalField(node, this.run(node.args[0], frame), node.args[1]);
      case "[?]":
        return this.#optionalField(node, this.run(node.args[0], frame), this.run(node.args[1], frame));
      case "list":
        return node.args.map((item) => this.run(item, frame));
      case "map":
        return this.#map(node.args, frame);
      case "?:":
        return this.run(
          this.bool(node.args[0], frame, "the condition before `?`") ? node.args[1] : node.args[2],
          frame,
        );
      case "&&":
        return this.#logical(node.args[0], node.args[1], frame, false);
      case "||":
        return this.#logical(node.args[0], node.args[1], frame, true);
      case "!_":
        return !this.bool(node.args, frame, "what `!` negates");
      case "-_":
        return this.#negative(node, this.run(node.args, frame));
      case "==":
        return celEquals(this.run(node.args[0], frame), this.run(node.args[1], frame));
      case "!=":
        return !celEquals(this.run(node.args[0], frame), this.run(node.args[1], frame));
      case "in":
        return this.#in(node, this.run(node.args[0], frame), this.run(node.args[1], frame));
      case "call":
      case "rcall":
        return this.#call(node, frame);
      case "<":
      case "<=":
      case ">":
      case ">=":
        return this.#guarded(node, () =>
          compareValues(node.op, this.run(node.args[0], frame), this.run(node.args[1], frame)),
        );
      default: {
        const [left, right] = node.args;
        return this.#guarded(node, () => arithmetic(node.op, this.run(left, frame), this.run(right, frame)));
      }
    }
  }

  /** A boolean, or a fault that says what is none. */
  bool(node: CelNode, frame: Frame | undefined, what: string): boolean {
    return this.#isBool(node, this.run(node, frame), what);
  }

  #isBool(node: CelNode, value: Cel, what: string): boolean {
    if (typeof value === "boolean") return value;
    throw this.fail(
      node,
      "expression-type",
      `${what} must be true or false, not ${aType(value)}`,
      "compare it with something",
    );
  }

  /** Runs a function's work; its own mistakes get the place of the call. */
  #guarded<T>(node: CelNode, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof FunctionError) throw this.fail(node, "expression-value", error.message, error.hint);
      throw error;
    }
  }

  #name(node: CelNode, name: string, frame: Frame | undefined): Cel {
    for (let at = frame; at !== undefined; at = at.outer) if (at.name === name) return at.value;
    const value = this.#scope.get(name);
    if (value !== undefined) return take(value);
    if (name === "optional" || name === "cel") throw this.fail(node, "undefined-name", `${name} is not a value`);
    const near = nearest(name, this.#scope.names());
    throw this.fail(
      node,
      "undefined-name",
      `there is no name ${name}`,
      near === undefined ? undefined : `did you mean ${near}?`,
    );
  }

  #field(node: CelNode & { op: "." | "[]" }, target: Cel, key: Cel): Cel {
    if (target instanceof Optional) return this.#optionalField(node, target, key);
    const found = this.#lookUp(node, target, key);
    if (found !== undefined) return take(found);
    if (isList(target)) {
      const hint =
        target.length === 0
          ? "the list is empty"
          : `it has ${target.length} item${target.length === 1 ? "" : "s"}, counted from 0`;
      throw this.fail(node, "undefined-key", `${shown(node.args[0], "the list")} has no item ${String(key)}`, hint);
    }
    const keys = isCelMap(target) ? Object.keys(target) : [];
    const near = nearest(String(key), keys);
    const few = keys.length > 0 && keys.length <= 8 ? `there is ${keys.join(", ")}` : undefined;
    const hint = near === undefined ? few : `did you mean ${near}?`;
    throw this.fail(node, "undefined-key", `${shown(node.args[0], "the map")} has no key "${String(key)}"`, hint);
  }

  #optionalField(node: CelNode & { op: Access }, target: Cel, key: Cel): Cel {
    const inner = target instanceof Optional ? target.content : target;
    if (inner === undefined) return target;
    const found = this.#lookUp(node, inner, key);
    return new Optional(found === undefined ? undefined : take(found));
  }

  /** What stands below a key or an index; undefined when nothing does. */
  #lookUp(node: CelNode & { op: Access }, target: Cel, key: Cel): Kept | undefined {
    if (isCelMap(target)) {
      const name = this.#guarded(node, () => keyText(key));
      return Object.hasOwn(target, name) ? target[name] : undefined;
    }
    if (isList(target)) {
      if (typeof key !== "bigint")
        throw this.fail(
          node,
          "expression-type",
          `items of a list are found by an int, not ${aType(key)}`,
          "for example: list[0]",
        );
      return key < 0n ? undefined : target[Number(key)];
    }
    throw this.fail(
      node,
      "expression-type",
      `${shown(node.args[0], "this")} is ${aType(target)} and has no key "${String(key)}"`,
    );
  }

  #map(pairs: readonly (readonly [CelNode, CelNode])[], frame: Frame | undefined): Cel {
    const result = Object.create(null) as { [key: string]: Kept };
    for (const [keyNode, valueNode] of pairs) {
      const key = this.#guarded(keyNode, () => keyText(this.run(keyNode, frame)));
      if (Object.hasOwn(result, key))
        throw this.fail(keyNode, "expression-value", `the key "${key}" is twice in this map`);
      result[key] = this.run(valueNode, frame);
    }
    return result;
  }

  /** `&&` (decided by false) and `||` (decided by true): a mistake or an unknown on one side does not matter when the other decides. */
  #logical(left: CelNode, right: CelNode, frame: Frame | undefined, decisive: boolean): Cel {
    const what = decisive ? "what stands beside `||`" : "what stands beside `&&`";
    const first = this.#attempt(left, frame);
    if ("value" in first && this.#isBool(left, first.value, what) === decisive) return decisive;
    if ("value" in first) return this.bool(right, frame, what);
    const second = this.#attempt(right, frame);
    if ("value" in second && this.#isBool(right, second.value, what) === decisive) return decisive;
    throw first.problem;
  }

  #attempt(node: CelNode, frame: Frame | undefined): { value: Cel } | { problem: unknown } {
    try {
      return { value: this.run(node, frame) };
    } catch (problem) {
      return { problem };
    }
  }

  #negative(node: CelNode, value: Cel): Cel {
    if (typeof value === "bigint" || typeof value === "number") return -value;
    throw this.fail(node, "expression-type", `\`-\` needs a number, not ${aType(value)}`);
  }

  #in(node: CelNode, item: Cel, container: Cel): boolean {
    if (isList(container)) return container.some((other) => celEquals(item, take(other)));
    if (isCelMap(container))
      return Object.hasOwn(
        container,
        this.#guarded(node, () => keyText(item)),
      );
    const hint = typeof container === "string" ? "to look for a text in a text use text.contains(part)" : undefined;
    throw this.fail(node, "expression-type", `\`in\` needs a list or a map, not ${aType(container)}`, hint);
  }

  #call(node: CelNode & { op: "call" | "rcall" }, frame: Frame | undefined): Cel {
    const macro = callMacro(this, node, frame);
    if (macro !== undefined) return macro;
    const call = readCall(node, (name) => isBound(name, frame));
    const args = call.args.map((arg) => this.run(arg, frame));
    return this.#guarded(node, () => callFunction(call.name, args, this.#context, call.method));
  }
}

/** A part of an expression as it is written, when that is short. */
function shown(node: CelNode, otherwise: string): string {
  const text = node.input.slice(node.start, node.end);
  return text.length <= 40 && !text.includes("\n") ? text : otherwise;
}

function isBound(name: string, frame: Frame | undefined): boolean {
  for (let at = frame; at !== undefined; at = at.outer) if (at.name === name) return true;
  return false;
}
