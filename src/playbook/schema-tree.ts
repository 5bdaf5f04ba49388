import { Secret } from "../base/secret.ts";
import type { Value } from "../base/value.ts";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import { literalValue } from "../language/convert.ts";
import type { MapEntry, MapNode, Node, Origin } from "../language/node.ts";

/** A JSON Schema as it is read from a role's parameters; `default`s stay nodes, so that they can be text and expressions. */
export interface Schema {
  place: Place;
  /** The schema itself for a validator: plain JSON. */
  json: Record<string, unknown>;
  default?: Node;
  secret: boolean;
  required: ReadonlySet<string>;
  properties: ReadonlyMap<string, Schema>;
  /** What further keys hold: a schema, nothing (`false`), or anything (`true`). */
  others: Schema | boolean;
  patterns: readonly { pattern: RegExp; schema: Schema }[];
  items: Schema | undefined;
}

/**
 * Reads a schema. An object that lists `properties` and says nothing of further keys has no further keys: that is how a
 * misspelt parameter is found. Throws a Fault at `!expr` anywhere but in a `default`.
 */
export function readSchema(node: Node): Schema {
  const json: Record<string, unknown> = {};
  const properties = new Map<string, Schema>();
  const patterns: { pattern: RegExp; schema: Schema }[] = [];
  const schema: Schema = {
    place: node.place,
    json,
    secret: false,
    required: new Set(),
    properties,
    others: true,
    patterns,
    items: undefined,
  };
  if (node.kind !== "map") return schema;
  for (const { key, value } of node.entries.values()) {
    if (key === "default") {
      // A default of null is none. In the JSON it only says that there is one; computed ones stand there as their source.
      if (!isNothing(value)) [schema.default, json.default] = [value, sourceValue(value)];
    } else if (key === "secret") json.secret = schema.secret = value.kind === "scalar" && value.value === true;
    else if (key === "properties" && value.kind === "map")
      json[key] = readAll(value, (name, child) => properties.set(name, child));
    else if (key === "patternProperties" && value.kind === "map")
      json[key] = readAll(value, (name, child) => patterns.push({ pattern: keyPattern(name, value), schema: child }));
    else if (key === "items" && value.kind === "map") {
      schema.items = readSchema(value);
      json[key] = schema.items.json;
    } else if (key === "additionalProperties" && value.kind === "map") {
      const others = readSchema(value);
      schema.others = others;
      json[key] = others.json;
    } else json[key] = literalValue(value);
  }
  if (Array.isArray(json.required)) schema.required = new Set(json.required.map(String));
  if (json.additionalProperties === false) schema.others = false;
  const open = "additionalProperties" in json || patterns.length > 0 || properties.size === 0;
  if (!open) {
    json.additionalProperties = false;
    schema.others = false;
  }
  return schema;
}

/** The schema of one key of an object; `undefined` for one that may hold anything or that is not known. */
export function schemaOf(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema === undefined) return undefined;
  const own = schema.properties.get(key) ?? schema.patterns.find(({ pattern }) => pattern.test(key))?.schema;
  return own ?? (typeof schema.others === "boolean" ? undefined : schema.others);
}

/**
 * The defaults for a tree of values: of every parameter of the schema, and of the keys that the tree itself brings
 * (entries of maps). To be laid under the tree, so that a `null` in it still removes a default.
 */
export function defaultsFor(schema: Schema, given: Node | undefined, origin: Origin): MapNode | undefined {
  const entries = new Map<string, MapEntry>();
  const add = (key: string, child: Schema): void => {
    const below = given?.kind === "map" ? given.entries.get(key)?.value : undefined;
    const value = defaultOf(child, below, origin);
    if (value !== undefined) entries.set(key, { key, keyPlace: value.place, value });
  };
  for (const [key, child] of schema.properties) add(key, child);
  if (given?.kind === "map") {
    for (const key of given.entries.keys()) {
      const child = schema.properties.has(key) ? undefined : schemaOf(schema, key);
      if (child !== undefined) add(key, child);
    }
  }
  const first = entries.values().next().value;
  return first === undefined ? undefined : { kind: "map", entries, origin, place: first.keyPlace };
}

/** Below a key: its own default with the defaults of its keys laid under; these alone where the key is given. */
function defaultOf(schema: Schema, given: Node | undefined, origin: Origin): Node | undefined {
  const own = schema.default;
  const tree = given?.kind === "map" ? given : own?.kind === "map" ? own : undefined;
  if (tree === undefined) return own;
  const below = defaultsFor(schema, tree, origin);
  if (own?.kind !== "map") return below;
  if (below === undefined) return own;
  return { ...own, entries: new Map([...below.entries, ...own.entries]) };
}

/** A computed value as the schema has it: defaults of maps and of maps in lists filled in, secret text made a `Secret`. */
export function applySchema(value: Value, schema: Schema | undefined, compute: (node: Node) => Value): Value {
  if (schema === undefined || value === null || value instanceof Secret) return value;
  if (typeof value === "string") return schema.secret ? new Secret(value) : value;
  if (Array.isArray(value)) {
    const items = schema.items;
    return items === undefined || !needsSchema(items) ? value : value.map((item) => applySchema(item, items, compute));
  }
  if (typeof value !== "object" || !needsSchema(schema)) return value;
  const result = Object.create(null) as { [key: string]: Value };
  for (const [key, child] of schema.properties) {
    if (child.default !== undefined && !Object.hasOwn(value, key))
      result[key] = applySchema(compute(child.default), child, compute);
  }
  for (const key of Object.keys(value)) {
    Object.defineProperty(result, key, {
      enumerable: true,
      configurable: true,
      get: () => applySchema(value[key] ?? null, schemaOf(schema, key), compute),
    });
  }
  return result;
}

const needs = new WeakMap<Schema, boolean>();

/** Whether a schema changes values at all: a secret or a default somewhere in it. */
export function needsSchema(schema: Schema): boolean {
  let known = needs.get(schema);
  if (known !== undefined) return known;
  const children = [
    ...schema.properties.values(),
    ...schema.patterns.map((entry) => entry.schema),
    schema.items,
    schema.others,
  ];
  known =
    schema.secret ||
    children.some((child) => typeof child === "object" && (child.default !== undefined || needsSchema(child)));
  needs.set(schema, known);
  return known;
}

function isNothing(node: Node): boolean {
  return node.kind === "scalar" && node.value === null;
}

function sourceValue(node: Node): unknown {
  if (node.kind === "expr") return node.source;
  if (node.kind === "list" || node.kind === "append") return node.items.map(sourceValue);
  return node.kind === "map"
    ? Object.fromEntries([...node.entries.values()].map((entry) => [entry.key, sourceValue(entry.value)]))
    : node.value;
}

function keyPattern(source: string, node: Node): RegExp {
  try {
    return new RegExp(source, "u");
  } catch {
    throw new Fault("wrong-form", `"${source}" is not a regular expression`, {
      place: node.place,
      hint: "correct this key of patternProperties",
    });
  }
}

function readAll(map: MapNode, add: (name: string, schema: Schema) => void): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const { key, value } of map.entries.values()) {
    const child = readSchema(value);
    add(key, child);
    Object.defineProperty(json, key, { enumerable: true, configurable: true, writable: true, value: child.json });
  }
  return json;
}
