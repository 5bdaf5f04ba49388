import type { CelNode } from "./cel.ts";
import type { Fail } from "./cel-evaluate.ts";
import { readCall, signature } from "./cel-functions.ts";
import { readMacro } from "./cel-macros.ts";
import { type CelFunction, functions } from "./functions.ts";

/**
 * What is known of the type of a value before it is computed: a type's name, `number` for an int or a double, undefined
 * when anything is possible (names have no types).
 */
type Known = string | undefined;

/** Finds mistakes of types that no value can make right: `"a" + 1`, `trim(3)`, `!size(x)`. */
export function checkTypes(node: CelNode, fail: Fail): void {
  infer(node, new Set(), fail);
}

function infer(node: CelNode, bound: ReadonlySet<string>, fail: Fail): Known {
  switch (node.op) {
    case "value":
      return literalType(node.args);
    case "id":
      return undefined;
    case "list":
      for (const item of node.args) infer(item, bound, fail);
      return "list";
    case "map":
      for (const pair of node.args) for (const part of pair) infer(part, bound, fail);
      return "map";
    case ".":
    case ".?":
      infer(node.args[0], bound, fail);
      return undefined;
    case "[]":
    case "[?]":
      for (const part of node.args) infer(part, bound, fail);
      return undefined;
    case "?:": {
      needBool(node.args[0], infer(node.args[0], bound, fail), "the condition before `?`", fail);
      const [first, second] = [infer(node.args[1], bound, fail), infer(node.args[2], bound, fail)];
      return first === second ? first : undefined;
    }
    case "&&":
    case "||":
      for (const side of node.args) needBool(side, infer(side, bound, fail), `what stands beside \`${node.op}\``, fail);
      return "bool";
    case "!_":
      needBool(node.args, infer(node.args, bound, fail), "what `!` negates", fail);
      return "bool";
    case "-_":
      return negative(node, infer(node.args, bound, fail), fail);
    case "call":
    case "rcall":
      return inferCall(node, bound, fail);
    case "==":
    case "!=":
    case "in":
      for (const side of node.args) infer(side, bound, fail);
      return "bool";
    case "<":
    case "<=":
    case ">":
    case ">=":
      needOrder(node, infer(node.args[0], bound, fail), infer(node.args[1], bound, fail), fail);
      return "bool";
    default:
      return arithmetic(node, infer(node.args[0], bound, fail), infer(node.args[1], bound, fail), fail);
  }
}

function literalType(value: unknown): Known {
  if (value === null) return "null";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "double";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return value instanceof Uint8Array ? "bytes" : undefined;
}

function needBool(node: CelNode, type: Known, what: string, fail: Fail): void {
  if (type !== undefined && type !== "bool")
    throw fail(
      node,
      "expression-type",
      `${what} must be true or false, not ${article(type)}`,
      "compare it with something",
    );
}

function negative(node: CelNode, type: Known, fail: Fail): Known {
  if (type === undefined || isNumber(type)) return type;
  throw fail(node, "expression-type", `\`-\` needs a number, not ${article(type)}`);
}

function needOrder(node: CelNode, left: Known, right: Known, fail: Fail): void {
  if (left === undefined || right === undefined) return;
  if ((isNumber(left) && isNumber(right)) || (left === right && (left === "string" || left === "bool"))) return;
  throw fail(node, "expression-value", `\`${node.op}\` cannot compare ${article(left)} with ${article(right)}`);
}

function arithmetic(node: CelNode, left: Known, right: Known, fail: Fail): Known {
  if (left === undefined || right === undefined) return undefined;
  if (isNumber(left) && isNumber(right)) return left === right ? left : "number";
  if (node.op === "+" && left === right && ["string", "list", "bytes"].includes(left)) return left;
  const text = node.op === "+" && (left === "string" || right === "string");
  throw fail(
    node,
    "expression-value",
    `\`${node.op}\` does not work with ${article(left)} and ${article(right)}`,
    text ? "make the other one a text with string(…)" : undefined,
  );
}

function inferCall(node: CelNode & { op: "call" | "rcall" }, bound: ReadonlySet<string>, fail: Fail): Known {
  if (node.op === "call" && node.args[0] === "has") return "bool";
  const macro = readMacro(node);
  if (macro !== undefined) {
    infer(macro.target, bound, fail);
    const inside = new Set([...bound, ...macro.names]);
    const types = macro.bodies.map((body) => infer(body, inside, fail));
    return macro.name === "cel.bind" ? types[0] : MACRO_TYPES[macro.name];
  }
  const call = readCall(node, (name) => bound.has(name));
  const [receiver] = call.args;
  if (call.method && receiver?.op === "id" && receiver.args === "optional") return "optional";
  const types = call.args.map((arg) => infer(arg, bound, fail));
  const overloads = (functions.get(call.name) ?? []).filter(
    (one) => one.method === call.method && one.parameters.length === call.args.length,
  );
  if (overloads.length === 0) return undefined;
  const possible = overloads.filter((one) => accepts(one, types));
  if (possible.length === 0) {
    const given = types.map((type) => (type === undefined ? "something" : article(type))).join(", ");
    throw fail(
      node,
      "expression-value",
      `${call.name} cannot be called with (${given})`,
      overloads.map(signature).join("; "),
    );
  }
  const returns = new Set(possible.map((one) => one.returns));
  const [only] = returns;
  return returns.size === 1 && only !== "any" ? only : undefined;
}

const MACRO_TYPES: { readonly [name: string]: string } = {
  all: "bool",
  exists: "bool",
  exists_one: "bool",
  existsOne: "bool",
  map: "list",
  filter: "list",
  sortBy: "list",
  transformList: "list",
  transformMap: "map",
  transformMapEntry: "map",
};

function accepts(overload: CelFunction, types: readonly Known[]): boolean {
  return types.every((type, index) => {
    const wanted = overload.parameters[index]?.name ?? "any";
    return (
      type === undefined ||
      wanted === "any" ||
      wanted === type ||
      (isNumber(type) && wanted === "number") ||
      (type === "number" && isNumber(wanted)) ||
      (LIKE[wanted]?.includes(type) ?? false)
    );
  });
}

/** Parameters that take the text of their type as well. */
const LIKE: { readonly [type: string]: readonly string[] } = {
  ip: ["string"],
  cidr: ["string"],
  semver: ["string"],
  quantity: ["string"],
};

function isNumber(type: string): boolean {
  return type === "int" || type === "double" || type === "number";
}

function article(type: string): string {
  if (type === "null" || type === "bytes") return type;
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}
