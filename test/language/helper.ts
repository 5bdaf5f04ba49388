import assert from "node:assert/strict";
import type { Value } from "../../src/base/value.ts";
import { Fault } from "../../src/errors/fault.ts";
import { conditionOf, evaluate } from "../../src/language/evaluate.ts";
import type { Node } from "../../src/language/node.ts";
import { objectScope, type Scope } from "../../src/language/scope.ts";
import { parseYaml } from "../../src/language/yaml.ts";
import { compileExpression } from "../../src/language/expression.ts";
import { compileText } from "../../src/language/text.ts";

export const PLACE = { file: "t.yml", line: 1, column: 1 };

export function read(text: string): Node {
  return parseYaml(text, { file: "t.yml" });
}

/** The node below a key of a document. */
export function below(text: string, key: string): Node {
  const node = read(text);
  const entry = node.kind === "map" ? node.entries.get(key) : undefined;
  assert.ok(entry !== undefined, `no key ${key}`);
  return entry.value;
}

export function evaluated(text: string, names: { [name: string]: Value } = {}): Value {
  return evaluate(read(text), objectScope(names));
}

export function cel(source: string, names: { [name: string]: Value } | Scope = {}): Value {
  return compileExpression(source, PLACE).evaluate(scopeOf(names));
}

export function text(source: string, names: { [name: string]: Value } = {}): Value {
  return compileText(source, PLACE).render(objectScope(names));
}

export function condition(document: string, names: { [name: string]: Value } = {}): Value {
  return conditionOf(below(document, "when")).evaluate(objectScope(names));
}

function scopeOf(names: { [name: string]: Value } | Scope): Scope {
  return "get" in names && typeof names.get === "function"
    ? (names as Scope)
    : objectScope(names as { [name: string]: Value });
}

/** The fault a function throws, as `code line:column length`. */
export function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  return assert.fail("no fault");
}

/** `code 1:5+3`, to compare in one line. */
export function where(fault: Fault): string {
  const { place } = fault.details;
  return `${fault.code} ${place?.line}:${place?.column}+${place?.length ?? 1}`;
}
