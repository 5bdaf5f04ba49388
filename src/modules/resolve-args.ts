import { Secret } from "../base/secret.ts";
import type { Value } from "../base/value.ts";
import type { ArgSpec, Condition, HostPath, LocalSource, LocalText } from "./args.ts";
import type { Form } from "./check-args.ts";
import { expected, isMistake, type Reading, readValue } from "./read-value.ts";

/** How the names of files and templates on the controller become what they hold; may throw a `Fault` that names the folders looked in. */
export interface Locals {
  source(name: string): LocalSource;
  template(name: string): LocalText;
}

/** The arguments as the module sees them, or what is wrong with them: one sentence each. */
export type Resolved = { args: Record<string, unknown> } | { problems: string[] };

/**
 * Turns evaluated values into the arguments of a module: second names to first ones, defaults, and each kind to its
 * type (see `ArgKind`). `null` counts as not given. Arguments of kind `condition` come as `Condition[]`, evaluated by
 * the caller. `home` is the home of the step's user. Faults of `locals` pass through.
 */
export function resolveArgs(
  module: Form,
  values: { readonly [name: string]: Value | readonly Condition[] },
  locals: Locals,
  home: string,
): Resolved {
  if (module.freeForm === true) return { args: { ...values } };
  const problems: string[] = [];
  const args: Record<string, unknown> = {};
  const known = new Set<string>();
  const given = new Set<string>();
  for (const [name, spec] of Object.entries(module.args)) {
    const spelt = [name, ...(spec.aliases ?? [])].filter((spelling) => present(values, spelling));
    for (const spelling of spelt) known.add(spelling);
    if (spelt.length > 1)
      problems.push(`${spelt.map((spelling) => `"${spelling}"`).join(" and ")} are two names of one argument`);
    const key = spelt[0];
    if (key !== undefined) given.add(name);
    const value = key === undefined ? spec.default : values[key];
    if (value === undefined) {
      if (spec.required === true) problems.push(`the argument "${name}" is missing`);
      continue;
    }
    if (spec.kind === "condition") {
      args[name] = value;
      continue;
    }
    const reading = isOnHost(module, spec, values)
      ? resolveHostPath(spec, value as Value, home)
      : resolveValue(spec, value as Value, locals, home);
    if (isMistake(reading))
      problems.push(`"${key ?? name}" ${reading.mistake}${reading.hint === undefined ? "" : ` (${reading.hint})`}`);
    else args[name] = reading.value;
  }
  for (const name of Object.keys(values)) {
    if (!known.has(name) && present(values, name)) problems.push(`unknown argument "${name}"`);
  }
  if (problems.length > 0) return { problems };
  const messages = [...(module.checkGiven?.(given) ?? []), ...(module.validate?.(args) ?? [])];
  return messages.length > 0 ? { problems: [...new Set(messages)] } : { args };
}

/** True for a source that another argument says to be on the host (`remote_src: true`). */
function isOnHost(module: Form, spec: ArgSpec, values: { readonly [name: string]: unknown }): boolean {
  if (spec.hostWhen === undefined) return false;
  const names = [spec.hostWhen, ...(module.args[spec.hostWhen]?.aliases ?? [])];
  return names.some((name) => values[name] === true);
}

function resolveHostPath(spec: ArgSpec, value: Value, home: string): Reading {
  const path = readValue({ ...spec, kind: "path" }, value, { home });
  return isMistake(path) ? path : { value: { kind: "host", path: String(path.value) } satisfies HostPath };
}

function present(values: { readonly [name: string]: unknown }, name: string): boolean {
  return Object.hasOwn(values, name) && values[name] !== null && values[name] !== undefined;
}

function resolveValue(spec: ArgSpec, value: Value, locals: Locals, home: string): Reading {
  const items = spec.items;
  if (spec.kind === "list") {
    const list = Array.isArray(value) ? value : [value];
    if (items === undefined) return { value: list };
    return collect(
      list.map((item, index) => [index, () => resolveValue(items, item, locals, home)] as const),
      "item",
      (entries) => entries.map(([, item]) => item),
    );
  }
  if (spec.properties !== undefined) return resolveObject(spec, spec.properties, value, locals, home);
  if (spec.kind === "map") {
    if (value === null || typeof value !== "object" || Array.isArray(value) || value instanceof Secret)
      return { mistake: `is not a map; ${expected(spec)}` };
    if (items === undefined) return { value };
    return collect(
      Object.entries(value).map(([key, item]) => [key, () => resolveValue(items, item, locals, home)] as const),
      "key",
      Object.fromEntries,
    );
  }
  if (spec.kind === "source" || spec.kind === "template") {
    const name = readValue({ ...spec, kind: "string" }, value);
    if (isMistake(name)) return name;
    if (name.value instanceof Secret) return { mistake: "is a secret; it would be shown there" };
    return { value: spec.kind === "source" ? locals.source(String(name.value)) : locals.template(String(name.value)) };
  }
  return readValue(spec, value, { home });
}

function resolveObject(
  spec: ArgSpec,
  properties: Readonly<Record<string, ArgSpec>>,
  value: Value,
  locals: Locals,
  home: string,
): Reading {
  const isMap = value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Secret);
  if (!isMap && spec.bare === undefined)
    return { mistake: `is not a map; its keys are ${Object.keys(properties).join(", ")}` };
  const values = isMap ? value : { [spec.bare ?? ""]: value };
  const resolved = resolveArgs({ name: "", args: properties }, values, locals, home);
  return "problems" in resolved
    ? { mistake: `does not fit: ${resolved.problems.join("; ")}` }
    : { value: resolved.args };
}

/** Reads each item; the first mistake names its item. */
function collect<K extends string | number>(
  items: readonly (readonly [K, () => Reading])[],
  word: string,
  make: (entries: [K, unknown][]) => unknown,
): Reading {
  const entries: [K, unknown][] = [];
  for (const [key, read] of items) {
    const reading = read();
    if (isMistake(reading))
      return { ...reading, mistake: `(${word} ${typeof key === "number" ? key + 1 : `"${key}"`}) ${reading.mistake}` };
    entries.push([key, reading.value]);
  }
  return { value: make(entries) };
}
