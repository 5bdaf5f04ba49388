import { Secret } from "../base/secret.ts";
import type { Value } from "../base/value.ts";
import { Fault } from "../errors/fault.ts";
import { newMap } from "../language/convert.ts";
import { evaluate } from "../language/evaluate.ts";
import type { MapNode, Node } from "../language/node.ts";
import type { Scope } from "../language/scope.ts";
import { isTemplate } from "../language/text.ts";
import type { Fold, Folded } from "./fold.ts";
import { ROOT_NAMES } from "./names.ts";
import { platformNames } from "./platform-names.ts";
import { applySchema, needsSchema, type Schema, schemaOf } from "./schema-tree.ts";
import type { Play, Role } from "./tree.ts";
import type { Runtime, Variables } from "./variables.ts";

/** How many values may be made each from the next; far more than anybody writes, and far from the end of the stack. */
const MAX_CHAIN = 200;

/** What one scope is for. */
interface About {
  host: string;
  play: Play | undefined;
  role: Role | undefined;
  runtime: Runtime;
  locals: Readonly<Record<string, Value>> | undefined;
  base: Fold;
  fold: Folded;
}

/**
 * The names that a step of a host sees: `host hosts groups roles facts platform`, loop variables, registered results and
 * set facts, role namespaces and variables. A variable is computed in the scope that reads it, so that it may use
 * the step's loop variables; `hosts["x"]` is computed in x's own.
 */
export class HostScope implements Scope {
  readonly folder: string;
  readonly #variables: Variables;
  readonly #about: About;
  readonly #trees = new Map<string, Value>();
  readonly #running = new Set<Node>();
  readonly #computed = new Map<Node, { epoch: number; schema: Schema | undefined; value: Value }>();
  #host: Value | undefined;

  constructor(variables: Variables, about: About) {
    this.#variables = variables;
    this.#about = about;
    this.folder = variables.options.folder;
  }

  /** True when this scope serves a step of that role with that state too. */
  isFor(role: Role | undefined, runtime: Runtime): boolean {
    const own = this.#about;
    return (
      own.role === role &&
      own.runtime.registered === runtime.registered &&
      own.runtime.facts === runtime.facts &&
      own.runtime.included === runtime.included
    );
  }

  get(name: string): Value | undefined {
    const { host, play, locals, runtime, base } = this.#about;
    if (locals !== undefined && Object.hasOwn(locals, name)) return this.#changing(() => locals[name]);
    switch (name) {
      case "host":
        return this.#hostValue();
      case "hosts":
        return this.#variables.hosts(play);
      case "groups":
        return this.#variables.groups();
      case "roles":
        return this.#variables.roles();
      case "facts":
        return this.#changing(() => this.#variables.options.factsOf(host));
      case "platform":
        return this.#changing(() => this.#platform());
    }
    if (!base.isExtra(name)) {
      if (Object.hasOwn(runtime.facts, name)) return this.#changing(() => runtime.facts[name]);
      if (Object.hasOwn(runtime.registered, name)) return this.#changing(() => runtime.registered[name]);
    }
    return this.#variable(name);
  }

  has(name: string): boolean {
    const { locals, runtime, fold, role } = this.#about;
    if (locals !== undefined && Object.hasOwn(locals, name)) return true;
    if (name === "item") return false;
    if (name === "platform") return (role?.platformTables.size ?? 0) > 0;
    if ((ROOT_NAMES as readonly string[]).includes(name)) return true;
    return (
      Object.hasOwn(runtime.facts, name) ||
      Object.hasOwn(runtime.registered, name) ||
      fold.isDefault(name) ||
      fold.node(name) !== undefined
    );
  }

  /** A variable as it stands in the files, layers folded, for the places of its parts. */
  node(name: string): Node | undefined {
    return this.#about.fold.node(name);
  }

  names(): Iterable<string> {
    const { locals, runtime, fold } = this.#about;
    const all = new Set([
      ...ROOT_NAMES,
      ...fold.names(),
      ...Object.keys(runtime.registered),
      ...Object.keys(runtime.facts),
      ...Object.keys(locals ?? {}),
    ]);
    return [...all].filter((name) => this.has(name));
  }

  /** Reads what can change while the program runs: what is computed from it is not kept. */
  #changing(read: () => Value | undefined): Value | undefined {
    this.#variables.reads++;
    return read();
  }

  #hostValue(): Value {
    if (this.#host === undefined) {
      const value = newMap();
      value.name = this.#about.host;
      value.groups = this.#variables.options.inventory.groupsOf(this.#about.host);
      Object.defineProperty(value, "addresses", {
        enumerable: true,
        configurable: true,
        get: () => this.#variable("addresses") ?? newMap(),
      });
      this.#host = value;
    }
    return this.#host;
  }

  #platform(): Value | undefined {
    const { role, host } = this.#about;
    if (role === undefined || role.platformTables.size === 0) return undefined;
    const names = platformNames(this.#variables.options.factsOf(host));
    const name = names.find((wanted) => role.platformTables.has(wanted));
    const table = name === undefined ? undefined : role.platformTables.get(name);
    if (table !== undefined) return this.#tree(table, "platform", undefined);
    throw new Fault("no-platform", `role ${role.name} has no names for ${names[0] ?? "this platform"}`, {
      hint: `write platforms/${names.join(".yml or platforms/")}.yml in the role; it has ${[...role.platformTables.keys()].join(", ")}`,
    });
  }

  #variable(name: string): Value | undefined {
    const { fold, base } = this.#about;
    this.#variables.names?.add(name);
    if (fold.ofStep(name)) this.#variables.reads++;
    else {
      const literal = base.literals.get(name);
      if (literal !== undefined) return literal;
    }
    const known = this.#trees.get(name);
    if (known !== undefined) return known;
    const node = fold.node(name);
    if (node === undefined) return undefined;
    const library = this.#variables.options.library;
    const schema = library.has(name) ? library.get(name)?.schema : undefined;
    if (isPlain(node) && (schema === undefined || !needsSchema(schema))) {
      const value = evaluate(node, this);
      if (fold.ofStep(name)) this.#trees.set(name, value);
      else base.literals.set(name, value);
      return value;
    }
    if (node.kind !== "map") return this.#leaf(node, name, schema);
    const tree = this.#tree(node, name, schema);
    this.#trees.set(name, tree);
    return tree;
  }

  /** A map whose computed leaves are computed when they are read. */
  #tree(node: MapNode, path: string, schema: Schema | undefined): Value {
    const value = newMap();
    for (const { key, value: child } of node.entries.values()) {
      const below = schemaOf(schema, key);
      const at = `${path}.${key}`;
      if (child.kind === "map") value[key] = this.#tree(child, at, below);
      else if (isPlain(child) && (below === undefined || !needsSchema(below))) value[key] = evaluate(child, this);
      else
        Object.defineProperty(value, key, {
          enumerable: true,
          configurable: true,
          get: () => this.#leaf(child, at, below),
        });
    }
    return value;
  }

  #leaf(node: Node, path: string, schema: Schema | undefined): Value {
    const { base, host } = this.#about;
    const variables = this.#variables;
    const outer = variables.names;
    const kept = base.memo.get(node);
    if (kept !== undefined && kept.schema === schema && !kept.names.some((name) => this.#isChanged(name))) {
      for (const name of kept.names) outer?.add(name);
      return kept.value;
    }
    if (variables.stack.length === 0) variables.epoch++;
    const computed = this.#computed.get(node);
    if (computed !== undefined && computed.epoch === variables.epoch && computed.schema === schema) {
      variables.reads++;
      return computed.value;
    }
    if (this.#running.has(node)) throw this.#cycle(node, path);
    if (variables.stack.length >= MAX_CHAIN) {
      throw new Fault("variable-cycle", `${path} is made from more than ${MAX_CHAIN} values, each from the next`, {
        place: node.place,
        hint: "shorten the chain of variables",
      });
    }
    const before = variables.reads;
    const names = new Set<string>();
    variables.names = names;
    this.#running.add(node);
    variables.stack.push({ host, path });
    let value: Value;
    try {
      value = applySchema(evaluate(node, this), schema, (inner) => evaluate(inner, this));
    } finally {
      variables.stack.pop();
      variables.names = outer;
      this.#running.delete(node);
    }
    for (const name of names) outer?.add(name);
    if (variables.reads === before && isSettled(value)) base.memo.set(node, { schema, value, names: [...names] });
    else this.#computed.set(node, { epoch: variables.epoch, schema, value });
    return value;
  }

  /** True for a variable that this scope sees otherwise than the host by itself: then nothing kept counts that was made from it. */
  #isChanged(name: string): boolean {
    const { locals, runtime, fold } = this.#about;
    return (
      fold.ofStep(name) ||
      Object.hasOwn(runtime.facts, name) ||
      Object.hasOwn(runtime.registered, name) ||
      (locals !== undefined && Object.hasOwn(locals, name))
    );
  }

  #cycle(node: Node, path: string): Fault {
    const { host } = this.#about;
    const stack = this.#variables.stack;
    const from = Math.max(
      0,
      stack.findLastIndex((entry) => entry.host === host && entry.path === path),
    );
    const round = [...stack.slice(from), { host, path }];
    const several = new Set(round.map((entry) => entry.host)).size > 1;
    const way = round.map((entry) => (several ? `hosts["${entry.host}"].${entry.path}` : entry.path)).join(" → ");
    return new Fault("variable-cycle", `${path} is made from itself: ${way}`, {
      place: node.place,
      hint: "give one of them a value of its own",
      ...(node.origin.layer === undefined ? {} : { layer: node.origin.layer }),
      hosts: [host],
    });
  }
}

/** True for a tree in which nothing is computed. */
function isPlain(node: Node): boolean {
  switch (node.kind) {
    case "raw":
      return true;
    case "expr":
      return false;
    case "scalar":
      return typeof node.value !== "string" || node.origin.data === true || !isTemplate(node.value);
    case "map":
      return [...node.entries.values()].every((entry) => isPlain(entry.value));
    default:
      return node.items.every(isPlain);
  }
}

/** True for a value without anything in it that is still to be computed. */
function isSettled(value: Value): boolean {
  if (typeof value !== "object" || value === null || value instanceof Secret) return true;
  if (Array.isArray(value)) return value.every(isSettled);
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (property) => property.get === undefined && isSettled((property.value ?? null) as Value),
  );
}
