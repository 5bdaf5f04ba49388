import { Fault } from "../errors/fault.ts";
import { conditionOf, namesOf } from "../language/evaluate.ts";
import type { NamePath } from "../language/names.ts";
import type { Node } from "../language/node.ts";

/** The names that a part of the files uses, and what does not compile in it. */
export interface Uses {
  paths: readonly NamePath[];
  faults: readonly Fault[];
}

const values = new WeakMap<Node, Uses>();
const conditions = new WeakMap<Node, Uses>();
const NONE: Uses = { paths: [], faults: [] };

/** Of a value: every text and expression in it, each by itself, so that one mistake does not hide the next. */
export function usesOf(node: Node | undefined): Uses {
  if (node === undefined || node.kind === "raw") return NONE;
  let known = values.get(node);
  if (known === undefined) {
    if (node.kind === "map") known = joined([...node.entries.values()].map((entry) => usesOf(entry.value)));
    else if (node.kind === "list" || node.kind === "append") known = joined(node.items.map(usesOf));
    else known = caught(() => namesOf(node));
    values.set(node, known);
  }
  return known;
}

/** Of a condition, or of a list of conditions. */
export function usesOfCondition(node: Node): Uses {
  let known = conditions.get(node);
  if (known === undefined) {
    known = node.kind === "list" ? joined(node.items.map(usesOfCondition)) : caught(() => conditionOf(node).names);
    conditions.set(node, known);
  }
  return known;
}

/** Paths that certainly exist where all these conditions hold. */
export function guardsOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => {
    try {
      return [...conditionOf(node).guards];
    } catch (error) {
      if (error instanceof Fault) return [];
      throw error;
    }
  });
}

export function joined(parts: readonly Uses[]): Uses {
  const some = parts.filter((part) => part.paths.length > 0 || part.faults.length > 0);
  return some.length === 0
    ? NONE
    : { paths: some.flatMap((part) => part.paths), faults: some.flatMap((part) => part.faults) };
}

export function caught(work: () => readonly NamePath[]): Uses {
  try {
    return { paths: work(), faults: [] };
  } catch (error) {
    if (error instanceof Fault) return { paths: [], faults: [error] };
    throw error;
  }
}
