import type { CelNode } from "./cel.ts";
import { readMacro } from "./cel-macros.ts";
import { readCall } from "./cel-functions.ts";
import type { Locate } from "./locate.ts";
import { type NamePath, pathText } from "./names.ts";

/** A name with the keys read from it. */
interface Chain {
  root: string;
  path: (string | null)[];
  /** Where the guarded end of the path begins. */
  required: number;
  node: CelNode;
}

/** What is known in a part of an expression: names of macros, and paths that were asked for with has() before. */
interface Known {
  bound: ReadonlySet<string>;
  exist: ReadonlySet<string>;
}

/** Every name an expression uses, with what it is asked for. Names bound by macros are not among them. */
export function celNames(root: CelNode, locate: Locate): NamePath[] {
  const found: NamePath[] = [];
  visit(root, { bound: new Set(), exist: new Set() }, (chain, known) => {
    if (known.bound.has(chain.root)) return;
    const guardedParts = chain.path.map((_, index) => index >= chain.required || isKnown(chain, index, known.exist));
    const { start, end } = chain.node;
    const guarded = guardedParts.at(-1) ?? false;
    found.push({ root: chain.root, path: chain.path, place: locate(start, end - start), guarded, guardedParts });
  });
  return found;
}

/** Whether something was asked for that can only exist when this part of the path does. */
function isKnown(chain: Chain, index: number, exist: ReadonlySet<string>): boolean {
  return chain.path
    .slice(index)
    .some((_, more) => exist.has(pathText(chain.root, chain.path.slice(0, index + more + 1))));
}

/** Paths that certainly exist where the expression is true: what has() asked for. */
export function existsWhenTrue(node: CelNode): string[] {
  if (node.op === "&&") return [...existsWhenTrue(node.args[0]), ...existsWhenTrue(node.args[1])];
  if (node.op === "!_") return existsWhenFalse(node.args);
  if (node.op !== "call" || node.args[0] !== "has") return [];
  const argument = node.args[1][0];
  const chain = argument === undefined ? undefined : readChain(argument);
  return chain === undefined ? [] : [pathText(chain.root, chain.path)];
}

function existsWhenFalse(node: CelNode): string[] {
  if (node.op === "||") return [...existsWhenFalse(node.args[0]), ...existsWhenFalse(node.args[1])];
  return node.op === "!_" ? existsWhenTrue(node.args) : [];
}

type Use = (chain: Chain, known: Known) => void;

function visit(node: CelNode, known: Known, use: Use): void {
  const chain = readChain(node);
  if (chain !== undefined) {
    use(chain, known);
    visitKeys(node, known, use);
    return;
  }
  switch (node.op) {
    case "value":
    case "id":
      return;
    case "&&":
      visit(node.args[0], known, use);
      visit(node.args[1], { ...known, exist: new Set([...known.exist, ...existsWhenTrue(node.args[0])]) }, use);
      return;
    case "||":
      visit(node.args[0], known, use);
      visit(node.args[1], { ...known, exist: new Set([...known.exist, ...existsWhenFalse(node.args[0])]) }, use);
      return;
    case "?:":
      visit(node.args[0], known, use);
      visit(node.args[1], { ...known, exist: new Set([...known.exist, ...existsWhenTrue(node.args[0])]) }, use);
      visit(node.args[2], { ...known, exist: new Set([...known.exist, ...existsWhenFalse(node.args[0])]) }, use);
      return;
    case "call":
    case "rcall":
      visitCall(node, known, use);
      return;
    case ".":
    case ".?":
      visit(node.args[0], known, use);
      return;
    case "!_":
    case "-_":
      visit(node.args, known, use);
      return;
    case "list":
      for (const item of node.args) visit(item, known, use);
      return;
    case "map":
      for (const [key, value] of node.args) {
        visit(key, known, use);
        visit(value, known, use);
      }
      return;
    default:
      visit(node.args[0], known, use);
      visit(node.args[1], known, use);
  }
}

function visitCall(node: CelNode & { op: "call" | "rcall" }, known: Known, use: Use): void {
  const asked = node.op === "call" && node.args[0] === "has" ? node.args[1][0] : undefined;
  const chain = asked === undefined ? undefined : readChain(asked);
  if (asked !== undefined && chain !== undefined) {
    use({ ...chain, required: Math.min(chain.required, chain.path.length - 1) }, known);
    visitKeys(asked, known, use);
    return;
  }
  const macro = readMacro(node);
  if (macro !== undefined) {
    visit(macro.target, known, use);
    const inner = { ...known, bound: new Set([...known.bound, ...macro.names]) };
    for (const one of macro.bodies) visit(one, inner, use);
    return;
  }
  const call = readCall(node, (name) => known.bound.has(name));
  const [first] = call.args;
  const namespace = node.op === "rcall" && first?.op === "id" && first.args === "optional";
  for (const arg of namespace ? call.args.slice(1) : call.args) visit(arg, known, use);
}

/** Computed keys in a chain use names of their own. */
function visitKeys(node: CelNode, known: Known, use: Use): void {
  if (node.op === "[]" || node.op === "[?]") {
    if (node.args[1].op !== "value") visit(node.args[1], known, use);
    visitKeys(node.args[0], known, use);
  } else if (node.op === "." || node.op === ".?") visitKeys(node.args[0], known, use);
}

/** A name with the keys read from it; undefined when the node is something else. */
function readChain(node: CelNode): Chain | undefined {
  if (node.op === "id") return { root: node.args, path: [], required: 0, node };
  if (node.op !== "." && node.op !== ".?" && node.op !== "[]" && node.op !== "[?]") return undefined;
  const inner = readChain(node.args[0]);
  if (inner === undefined) return undefined;
  const guarded = node.op === ".?" || node.op === "[?]" || inner.required < inner.path.length;
  const path = [...inner.path, readKey(node.args[1])];
  return { root: inner.root, path, required: guarded ? inner.required : path.length, node };
}

function readKey(key: string | CelNode): string | null {
  if (typeof key === "string") return key;
  return key.op === "value" && (typeof key.args === "string" || typeof key.args === "bigint") ? String(key.args) : null;
}
