import { nearest } from "../base/nearest.ts";
import { Fault } from "../errors/fault.ts";
import { type NamePath, pathText } from "./names.ts";

/**
 * What is known of the names before any host is: a tree that paths are held against.
 *
 * `open` may hold anything. `leaf` is a text, number or boolean, which has no keys. A `map` has keys; a computed key, and
 * one that is not listed where the map is not `closed`, is `rest` (anything when there is none). A `list` has items.
 */
export type NameTree = { kind: "open" } | { kind: "leaf" } | { kind: "list"; items: NameTree } | NameMap;

export interface NameMap {
  kind: "map";
  keys: ReadonlyMap<string, NameKey>;
  /** True when no other keys can exist: reading one is a mistake. */
  closed: boolean;
  rest?: NameTree | undefined;
}

export interface NameKey {
  tree: NameTree;
  /** True when a host may be without it: reading it has to be guarded. */
  optional?: boolean | undefined;
  /** What to say to someone who reads it; for names that are there for the sake of a good message only. */
  refused?: string | undefined;
}

export const OPEN: NameTree = { kind: "open" };
export const LEAF: NameTree = { kind: "leaf" };

export interface CheckOptions {
  /** Paths that certainly exist here, because a condition asked for them: `Expression.guards` of the step's `when`. */
  guards?: Iterable<string> | undefined;
}

/** Holds the names that texts and expressions use against what is known. One fault for each path that cannot be right. */
export function checkNames(paths: readonly NamePath[], known: NameMap, options: CheckOptions = {}): Fault[] {
  const guards = new Set(options.guards ?? []);
  return paths.flatMap((path) => {
    const fault = checkPath(path, known, guards);
    return fault === undefined ? [] : [fault];
  });
}

function checkPath(use: NamePath, known: NameMap, guards: ReadonlySet<string>): Fault | undefined {
  const root = known.keys.get(use.root);
  if (root === undefined && known.closed) {
    const near = nearest(use.root, known.keys.keys());
    return new Fault("undefined-name", `there is no name ${use.root}`, {
      place: use.place,
      ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
    });
  }
  if (root?.refused !== undefined)
    return new Fault("undefined-name", `${use.root} cannot be used here`, { place: use.place, hint: root.refused });
  let tree: NameTree = root?.tree ?? known.rest ?? OPEN;
  for (const [index, part] of use.path.entries()) {
    const above = pathText(use.root, use.path.slice(0, index));
    const here = pathText(use.root, use.path.slice(0, index + 1));
    const step = stepInto(tree, part, above, use);
    if (step instanceof Fault) return step;
    const guarded = use.guardedParts[index] === true || guardedBy(guards, use, index);
    if (step.optional === true && !guarded) return optionalFault(use, here);
    tree = step.tree;
  }
  return undefined;
}

/** Whether a condition asked for this part of the path or for something below it. */
function guardedBy(guards: ReadonlySet<string>, use: NamePath, index: number): boolean {
  if (guards.size === 0) return false;
  return use.path.slice(index).some((_, more) => guards.has(pathText(use.root, use.path.slice(0, index + more + 1))));
}

function stepInto(tree: NameTree, part: string | null, above: string, use: NamePath): NameKey | Fault {
  switch (tree.kind) {
    case "open":
      return { tree: OPEN };
    case "leaf":
      return part === null
        ? { tree: OPEN }
        : new Fault("undefined-key", `${above} is a single value and has no key "${part}"`, { place: use.place });
    case "list":
      if (part === null || /^\d+$/.test(part)) return { tree: tree.items };
      return new Fault("undefined-key", `${above} is a list and has no key "${part}"`, {
        place: use.place,
        hint: "go over its items",
      });
    case "map":
      return stepIntoMap(tree, part, above, use);
  }
}

function stepIntoMap(tree: NameMap, part: string | null, above: string, use: NamePath): NameKey | Fault {
  if (part === null) return { tree: tree.rest ?? OPEN };
  const key = tree.keys.get(part);
  if (key?.refused !== undefined)
    return new Fault("undefined-key", `${above} has no key "${part}"`, { place: use.place, hint: key.refused });
  if (key !== undefined) return key;
  if (!tree.closed) return { tree: tree.rest ?? OPEN };
  const near = nearest(part, tree.keys.keys());
  const few = tree.keys.size > 0 && tree.keys.size <= 8 ? `it has ${[...tree.keys.keys()].join(", ")}` : undefined;
  const hint = near === undefined ? few : `did you mean ${near}?`;
  return new Fault("undefined-key", `${above} has no key "${part}"`, {
    place: use.place,
    ...(hint === undefined ? {} : { hint }),
  });
}

function optionalFault(use: NamePath, here: string): Fault {
  return new Fault("optional-unguarded", `${here} is optional and may be missing`, {
    place: use.place,
    hint: `ask first with has(${here}), or give a default: {{default ${here} "…"}} in text, .?name.orValue("…") in an expression`,
  });
}

/**
 * The names below a JSON Schema: what `k3s.…` of a role can be. A key that is neither required nor has a default is
 * optional; an object with `properties` that allows no others is closed.
 */
export function schemaNames(schema: unknown): NameTree {
  if (!isObject(schema)) return OPEN;
  if (isObject(schema.properties) || schema.type === "object") return objectNames(schema);
  if (schema.type === "array") return { kind: "list", items: schemaNames(schema.items) };
  return ["string", "number", "integer", "boolean"].includes(String(schema.type)) ? LEAF : OPEN;
}

function objectNames(schema: Record<string, unknown>): NameTree {
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const keys = new Map<string, NameKey>();
  for (const [key, child] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
    const optional = !required.includes(key) && !(isObject(child) && "default" in child);
    keys.set(key, { tree: schemaNames(child), optional });
  }
  const others = schema.additionalProperties;
  const composed = ["allOf", "anyOf", "oneOf", "if", "$ref", "patternProperties"].some((keyword) => keyword in schema);
  const closed = others === false && !composed;
  return { kind: "map", keys, closed, rest: isObject(others) ? schemaNames(others) : OPEN };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
