import { nearest } from "../base/nearest.ts";
import type { CelNode } from "./cel.ts";
import type { Fail } from "./cel-evaluate.ts";
import { readCall, signature } from "./cel-functions.ts";
import { MACROS, readMacro } from "./cel-macros.ts";
import { functions } from "./functions.ts";

const OPTIONAL_METHODS = ["orValue", "or", "hasValue", "value"];

/** What people write in Python or Jinja, and what it is called here. */
const ELSEWHERE: { readonly [name: string]: string } = {
  lower: "lowerAscii()",
  upper: "upperAscii()",
  strip: "trim()",
  length: "size()",
  len: "size(x)",
  keys: "map.keys(x)",
  values: "map.values(x)",
  items: "a macro with two names: x.transformList(key, value, …)",
  get: 'x.?key.orValue("…")',
  default: 'x.?key.orValue("…")',
  select: "filter(x, …)",
  any: "exists(x, …)",
  now: "nothing here: plans must repeat, so there is no clock",
  random: "nothing here: plans must repeat, so there is no chance",
  str: "string(x)",
  search: 'matches("…")',
  unique: "distinct()",
  sorted: "sort()",
};

/** Checks every call of an expression before it is evaluated: the function exists and takes that many arguments. */
export function checkCalls(node: CelNode, fail: Fail, bound: ReadonlySet<string> = new Set()): void {
  const macro = readMacro(node);
  if (macro !== undefined) {
    checkCalls(macro.target, fail, bound);
    for (const body of macro.bodies) checkCalls(body, fail, new Set([...bound, ...macro.names]));
    return;
  }
  if (node.op === "call" || node.op === "rcall") checkCall(node, fail, bound);
  for (const child of children(node)) checkCalls(child, fail, bound);
}

function checkCall(node: CelNode & { op: "call" | "rcall" }, fail: Fail, bound: ReadonlySet<string>): void {
  if (node.op === "call" && node.args[0] === "has") {
    const [only] = node.args[1];
    if (node.args[1].length === 1 && only !== undefined && [".", ".?", "[]", "[?]"].includes(only.op)) return;
    throw fail(node, "expression-call", "has() takes one key: has(x.y)");
  }
  if (node.op === "rcall") {
    const [name, receiver, args] = node.args;
    if (receiver.op === "id" && receiver.args === "optional" && (name === "of" || name === "none")) return;
    if (OPTIONAL_METHODS.includes(name) && args.length === (name === "orValue" || name === "or" ? 1 : 0)) return;
  }
  const call = readCall(node, (name) => bound.has(name));
  const overloads = functions.get(call.name)?.filter((one) => one.method === call.method) ?? [];
  if (overloads.some((one) => one.parameters.length === call.args.length)) return;
  if (overloads.length > 0) {
    throw fail(
      node,
      "expression-call",
      `${call.name}() does not take ${count(call.args.length - (call.method ? 1 : 0))}`,
      overloads.map(signature).join("; "),
    );
  }
  throw fail(
    node,
    "unknown-function",
    `there is no function ${call.name}()`,
    unknownHint(call.name, call.method, node),
  );
}

function count(number: number): string {
  return number === 1 ? "1 argument" : `${number} arguments`;
}

function unknownHint(name: string, method: boolean, node: CelNode): string | undefined {
  if (method && Object.hasOwn(MACROS, name)) {
    const names = (MACROS[name] ?? []).map(
      (form) => `${name}(${["x", "y"].slice(0, form.names).join(", ")}${", …".repeat(form.bodies)})`,
    );
    return `call it as ${names.join(" or ")}`;
  }
  const other = functions.get(name)?.[0];
  if (other !== undefined) return `call it as ${signature(other)}`;
  if (Object.hasOwn(ELSEWHERE, name)) return `here it is ${ELSEWHERE[name]}`;
  const receiver = node.op === "rcall" && node.args[1].op === "id" ? `${node.args[1].args}.${name}` : undefined;
  const known = [...functions.entries()].filter(([, [first]]) => first?.method === method).map(([one]) => one);
  const near =
    (receiver === undefined
      ? undefined
      : nearest(
          receiver,
          [...functions.keys()].filter((one) => one.includes(".")),
        )) ?? nearest(name, [...known, ...(method ? [...Object.keys(MACROS), ...OPTIONAL_METHODS] : ["has"])]);
  return near === undefined ? undefined : `did you mean ${near}?`;
}

/** The parts of a node. */
export function children(node: CelNode): CelNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "!_":
    case "-_":
      return [node.args];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "list":
      return node.args;
    case "map":
      return node.args.flat();
    default:
      return [...node.args];
  }
}
