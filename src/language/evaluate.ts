import type { Value } from "../base/value.ts";
import { Fault } from "../errors/fault.ts";
import { compileExpression, type Expression } from "./expression.ts";
import { newMap } from "./convert.ts";
import { locateScalar } from "./locate.ts";
import type { NamePath } from "./names.ts";
import type { ExprNode, Node, ScalarNode } from "./node.ts";
import type { Scope } from "./scope.ts";
import { compileText, isTemplate, type Text } from "./text.ts";

/**
 * The value of a node, deep: `!expr` is computed, texts with `{{ }}` are evaluated unless the node is data or `!raw`, and
 * a text that is exactly one `{{ path }}` keeps its type. Throws Faults with the place inside of the text or expression,
 * and the `Unknown` of what is not known yet.
 */
export function evaluate(node: Node, scope: Scope): Value {
  switch (node.kind) {
    case "raw":
      return node.value;
    case "expr":
      return inLayer(node, () => expressionOf(node).evaluate(scope));
    case "list":
    case "append":
      return node.items.map((item) => evaluate(item, scope));
    case "map": {
      const result = newMap();
      for (const entry of node.entries.values()) result[entry.key] = evaluate(entry.value, scope);
      return result;
    }
    case "scalar": {
      const text = textOf(node);
      return text === undefined ? node.value : inLayer(node, () => text.evaluate(scope));
    }
  }
}

/**
 * The value of a node with getters: each key of each map is computed when it is first read, so a part that is not known,
 * or wrong, does not spoil its siblings. What a getter gave is kept. Lists have their items at once, maps in them lazily.
 */
export function lazyValue(node: Node, scope: Scope): Value {
  if (node.kind === "list" || node.kind === "append") return node.items.map((item) => lazyValue(item, scope));
  if (node.kind !== "map") return evaluate(node, scope);
  const result = newMap();
  for (const entry of node.entries.values()) {
    if (isConstant(entry.value)) result[entry.key] = entry.value.value;
    else defineLazy(result, entry.key, () => lazyValue(entry.value, scope));
  }
  return result;
}

/** Adds a key whose value is computed when it is first read. A computation that throws is tried again the next time. */
export function defineLazy(target: { [key: string]: Value }, key: string, compute: () => Value): void {
  Object.defineProperty(target, key, {
    enumerable: true,
    configurable: true,
    get() {
      const value = compute();
      Object.defineProperty(target, key, { enumerable: true, configurable: true, writable: true, value });
      return value;
    },
  });
}

/** All names that the texts and expressions of a node use, for the check before any host. Throws Faults of compiling. */
export function namesOf(node: Node): NamePath[] {
  switch (node.kind) {
    case "raw":
      return [];
    case "expr":
      return inLayer(node, () => expressionOf(node).names);
    case "list":
    case "append":
      return node.items.flatMap(namesOf);
    case "map":
      return [...node.entries.values()].flatMap((entry) => namesOf(entry.value));
    case "scalar":
      return inLayer(node, () => textOf(node)?.names ?? []);
  }
}

/**
 * A condition (`when`, `until`, `that` …): a text is CEL, `true` and `false` stand for themselves, `!expr` is accepted.
 * Throws a Fault for anything else, and for CEL that does not compile.
 */
export function conditionOf(node: Node): Expression {
  if (node.kind === "expr") return expressionOf(node);
  if (node.kind === "scalar" && typeof node.value === "boolean")
    return compileExpression(String(node.value), node.place);
  if (node.kind === "scalar" && typeof node.value === "string") {
    const source = node.value;
    return inLayer(node, () =>
      compileExpression(source, contentPlace(node), locateScalar(node.raw, source, node.place)),
    );
  }
  const empty = node.kind === "scalar" && node.value === null;
  throw new Fault("expression-syntax", empty ? "the condition is empty" : "a condition is a text in CEL", {
    place: node.place,
    hint: "write an expression that is true or false, or a list of them",
  });
}

const expressions = new WeakMap<ExprNode, Expression>();
const texts = new WeakMap<ScalarNode, Text>();

/** The expression of an `!expr` node. */
export function expressionOf(node: ExprNode): Expression {
  const known = expressions.get(node);
  if (known !== undefined) return known;
  const made = compileNode(node);
  expressions.set(node, made);
  return made;
}

function compileNode(node: ExprNode): Expression {
  const { source, sourcePlace, raw } = node;
  if (raw === undefined || raw === source) return compileExpression(source, sourcePlace);
  const quote = raw.startsWith('"') || raw.startsWith("'");
  const start = quote ? { ...sourcePlace, column: sourcePlace.column - 1 } : sourcePlace;
  return compileExpression(source, sourcePlace, locateScalar(quote ? raw : blockBody(raw), source, start));
}

/** The text of a scalar, when it is a template. */
export function textOf(node: Node): Text | undefined {
  if (node.kind !== "scalar" || typeof node.value !== "string") return undefined;
  const known = texts.get(node);
  if (known !== undefined) return known;
  if (node.origin.data === true || !isTemplate(node.value)) return undefined;
  const made = compileText(node.value, contentPlace(node), locateScalar(node.raw, node.value, node.place));
  texts.set(node, made);
  return made;
}

/** Where a text begins that has no quotes counted; only used to tell texts apart. */
function contentPlace(node: ScalarNode): ScalarNode["place"] {
  return node.raw === node.value ? node.place : { ...node.place, column: node.place.column + 1 };
}

/** A block from its first line of content on, as `sourcePlace` points there. */
function blockBody(raw: string): string {
  const header = /^[|>][^\n]*\n[ \n]*/.exec(raw);
  return header === null ? raw : raw.slice(header[0].length);
}

function isConstant(node: Node): node is ScalarNode {
  return (
    node.kind === "scalar" && (typeof node.value !== "string" || node.origin.data === true || !isTemplate(node.value))
  );
}

/** Faults get the layer their value came from, for people. */
function inLayer<T>(node: Node, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { layer } = node.origin;
    if (
      !(error instanceof Fault) ||
      layer === undefined ||
      error.details.layer !== undefined ||
      error.details.place?.file !== node.place.file
    )
      throw error;
    throw new Fault(error.code, error.message, { ...error.details, layer });
  }
}
