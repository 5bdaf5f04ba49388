import type { Value } from "../base/value.ts";

/**
 * The names that text and expressions see. `get` gives undefined for a name that does not exist, and throws `Unknown`
 * when the name exists and its value is not known yet, or a `Fault` for a mistake (a cycle).
 */
export interface Scope {
  get(name: string): Value | undefined;
  has(name: string): boolean;
  names(): Iterable<string>;
  /** Absolute project folder, which `file(path)` starts from; the working folder when absent. */
  readonly folder?: string | undefined;
  /** What `env(name)` reads; the environment of this process when absent. */
  readonly environment?: { readonly [name: string]: string | undefined } | undefined;
}

/** A scope of the own keys of an object, getters included. */
export function objectScope(values: { readonly [name: string]: Value }): Scope {
  return {
    get: (name) => (Object.hasOwn(values, name) ? values[name] : undefined),
    has: (name) => Object.hasOwn(values, name),
    names: () => Object.keys(values),
  };
}

/** A scope with names laid over another one: loop variables, block parameters. */
export function childScope(parent: Scope, values: { readonly [name: string]: Value }): Scope {
  const own = objectScope(values);
  return {
    get: (name) => (own.has(name) ? own.get(name) : parent.get(name)),
    has: (name) => own.has(name) || parent.has(name),
    names: () => new Set([...own.names(), ...parent.names()]),
    folder: parent.folder,
    environment: parent.environment,
  };
}
