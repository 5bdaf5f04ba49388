import { nearest } from "../base/nearest.ts";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import type { MapEntry, MapNode, Node, ScalarNode } from "../language/node.ts";
import type { ArgSpec } from "./args.ts";
import type { Module } from "./module.ts";
import { expected, isMistake, readValue } from "./read-value.ts";

export { argsJsonSchema } from "./args-schema.ts";
export { resolveArgs } from "./resolve-args.ts";

/** Names that other tools give to arguments, with what they are here. */
const OLD_SPELLINGS: { readonly [name: string]: string } = {
  _raw_params: 'write the command as the value of the module, or as "cmd"',
  free_form: 'write the command as the value of the module, or as "cmd"',
  _uses_shell: 'use the module "shell"',
  warn: "leave it out: there are no such warnings",
  strip_empty_ends: "leave it out: the last newlines of output are always dropped",
  when: "write it beside the module's name: it belongs to the task",
};
const TASK_KEYS = new Set([
  "become",
  "become_user",
  "environment",
  "loop",
  "register",
  "notify",
  "tags",
  "ignore_errors",
  "failed_when",
  "changed_when",
  "delegate_to",
  "until",
  "retries",
  "no_log",
  "run_once",
]);

/** What the arguments of a module, or a map of a fixed form within them, are checked against. */
export type Form = Pick<Module, "name" | "args" | "bare" | "freeForm" | "validate" | "checkGiven">;

/** The form of an argument that is a map with `properties`; `name` is for messages. */
function formOf(spec: ArgSpec, name: string): Form {
  const form = { name, args: spec.properties ?? {} };
  return spec.bare === undefined ? form : { ...form, bare: spec.bare };
}

/**
 * The arguments of a task as a map: a bare string or list (`command: uptime`) becomes its argument, an empty value no
 * argument at all. A value that the module does not take this way is given back as it is; `checkArgs` says so.
 */
export function argsMap(module: Form, args: Node): Node {
  if (args.kind === "map") return args;
  const { origin, place } = args;
  if (args.kind === "scalar" && args.value === null) return { kind: "map", origin, place, entries: new Map() };
  if (module.bare === undefined) return args;
  return {
    kind: "map",
    origin,
    place,
    entries: new Map([[module.bare, { key: module.bare, keyPlace: place, value: args }]]),
  };
}

/**
 * Everything that can be seen wrong with the arguments of a task without evaluating them: unknown, missing and doubled
 * names, literal values of the wrong type, combinations. Text with `{{` and `!expr` are left for `resolveArgs`.
 * `at` is the place of the module's name, for what has no place of its own.
 */
export function checkArgs(module: Form, args: Node, at: Place = args.place): Fault[] {
  const map = argsMap(module, args);
  if (map.kind !== "map") return [notAMap(module, map)];
  if (module.freeForm === true) return checkNames(module, map);
  const faults: Fault[] = [];
  const given = new Map<string, MapEntry>();
  const names = spellings(module);
  for (const entry of map.entries.values()) {
    const name = names.get(entry.key);
    const before = name === undefined ? undefined : given.get(name);
    if (name === undefined) faults.push(unknownArgument(module, entry));
    else if (before !== undefined) {
      faults.push(
        new Fault(
          "argument-twice",
          `"${entry.key}" and "${before.key}" are two names of one argument of ${module.name}`,
          {
            place: entry.keyPlace,
            hint: `keep "${name}"`,
            related: [{ text: "the other one", place: before.keyPlace }],
          },
        ),
      );
    } else if (!isEmpty(entry.value)) given.set(name, entry);
  }
  const named = faults.length === 0;
  for (const [name, spec] of Object.entries(module.args)) {
    const entry = given.get(name);
    if (entry !== undefined) faults.push(...checkValue(spec, entry.value, `"${entry.key}" of ${module.name}`));
    // An unknown name is most likely the one that is missing: one mistake, one fault.
    else if (spec.required === true && named) {
      faults.push(
        new Fault("missing-argument", `${module.name} needs the argument "${name}"`, {
          place: at,
          hint: `${name}: ${spec.doc}`,
        }),
      );
    }
  }
  return faults.length > 0 ? faults : checkTogether(module, given, at);
}

function checkNames(module: Form, map: MapNode): Fault[] {
  return [...map.entries.values()]
    .filter(({ key }) => !/^[a-z][a-z0-9_]*$/.test(key))
    .map(({ key, keyPlace }) =>
      wrong(
        keyPlace,
        `"${key}" cannot be a name for ${module.name}`,
        "names are lower-case letters, digits and _, a letter first",
      ),
    );
}

function checkTogether(module: Form, given: Map<string, MapEntry>, at: Place): Fault[] {
  const messages = module.checkGiven?.(new Set(given.keys())) ?? [];
  const literals = messages.length === 0 && module.validate !== undefined ? literalArgs(module, given) : undefined;
  if (literals !== undefined) messages.push(...(module.validate?.(literals) ?? []));
  return messages.map(
    (message) =>
      new Fault("argument-conflict", message.startsWith(`${module.name} `) ? message : `${module.name}: ${message}`, {
        place: at,
      }),
  );
}

function spelt(module: Form, map: MapNode): Map<string, MapEntry> {
  const names = spellings(module);
  const entries = [...map.entries.values()].filter((entry) => !isEmpty(entry.value));
  return new Map(entries.map((entry) => [names.get(entry.key) ?? entry.key, entry]));
}

/** The values as the module would see them, or undefined where one of them is computed. */
function literalArgs(module: Form, given: Map<string, MapEntry>): Record<string, never> | undefined {
  const args: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(module.args)) {
    const entry = given.get(name);
    const value = entry === undefined ? spec.default : literal(spec, entry.value);
    if (entry !== undefined && value === undefined) return undefined;
    if (value !== undefined) args[name] = value;
  }
  return args as Record<string, never>;
}

function literal(spec: ArgSpec, node: Node): unknown {
  if (["source", "template", "condition"].includes(spec.kind)) return undefined;
  if (spec.kind === "list" && spec.items !== undefined) {
    const items: unknown[] = (node.kind === "list" ? node.items : [node]).map((item) =>
      literal(spec.items ?? spec, item),
    );
    return items.includes(undefined) ? undefined : items;
  }
  if (spec.properties !== undefined) {
    const map = argsMap(formOf(spec, ""), node);
    return map.kind === "map" ? literalArgs(formOf(spec, ""), spelt(formOf(spec, ""), map)) : undefined;
  }
  if (node.kind === "list") {
    const items = node.items.map((item) => literal(spec.items ?? spec, item));
    return items.includes(undefined) ? undefined : items;
  }
  if (node.kind === "map") {
    const entries = [...node.entries.values()].map(
      (entry) => [entry.key, literal(spec.items ?? spec, entry.value)] as const,
    );
    return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
  }
  const value = literalScalar(node);
  if (value === undefined) return undefined;
  const reading = readValue(spec, value);
  return isMistake(reading) ? undefined : reading.value;
}

function checkValue(spec: ArgSpec, node: Node, name: string): Fault[] {
  if (node.kind === "expr" || spec.kind === "any") return [];
  if (node.kind === "append")
    return [wrong(node.place, `${name} cannot use !append; it adds to the list of a lower layer of variables`)];
  if (spec.kind === "condition") return checkCondition(node, name);
  if (spec.kind === "list") {
    if (node.kind === "list")
      return node.items.flatMap((item, index) => checkValue(spec.items ?? ANY, item, `item ${index + 1} of ${name}`));
    return isEmpty(node) ? [] : checkValue(spec.items ?? ANY, node, name);
  }
  if (spec.properties !== undefined)
    return isEmpty(node) || isComputed(node) ? [] : checkArgs(formOf(spec, name), node);
  if (spec.kind === "map" && node.kind === "map") {
    return [...node.entries.values()].flatMap((entry) =>
      checkValue(spec.items ?? ANY, entry.value, `"${entry.key}" in ${name}`),
    );
  }
  if (node.kind === "list" || node.kind === "map")
    return [wrong(node.place, `${name} is a ${node.kind}; ${expected(spec)}`)];
  const value = literalScalar(node);
  if (value === undefined || value === null) return [];
  if (spec.kind === "map") return [wrong(node.place, `${name} is not a map; ${expected(spec)}`)];
  const reading = readValue(spec, value, node.kind === "scalar" ? { raw: node.raw } : {});
  return isMistake(reading) ? [wrong(node.place, `${name} ${reading.mistake}`, reading.hint)] : [];
}
const ANY: ArgSpec = { kind: "any", doc: "" };

function checkCondition(node: Node, name: string): Fault[] {
  if (node.kind === "list") return node.items.flatMap((item) => checkCondition(item, name));
  if (
    node.kind === "expr" ||
    (node.kind === "scalar" && (typeof node.value === "string" || typeof node.value === "boolean"))
  )
    return [];
  return [wrong(node.place, `${name} is not a condition`, "write an expression as text: 'facts.memory.total > 1024'")];
}

/** The value of a scalar that means itself; undefined for what is computed. */
function literalScalar(node: Node): null | boolean | number | string | undefined {
  if (node.kind === "raw") return node.value;
  if (node.kind !== "scalar") return undefined;
  return isText(node) ? undefined : node.value;
}

function isComputed(node: Node): boolean {
  return node.kind === "scalar" && isText(node);
}

function isText(node: ScalarNode): boolean {
  return typeof node.value === "string" && node.value.includes("{{") && node.origin.data !== true;
}

function isEmpty(node: Node): boolean {
  return node.kind === "scalar" && node.value === null;
}

/** Every name and second name of a module's arguments → the argument. */
function spellings(module: Form): Map<string, string> {
  return new Map(
    Object.entries(module.args).flatMap(([name, spec]) =>
      [name, ...(spec.aliases ?? [])].map((spelling) => [spelling, name] as const),
    ),
  );
}

function unknownArgument(module: Form, entry: MapEntry): Fault {
  const near = nearest(entry.key, spellings(module).keys());
  const all = Object.keys(module.args).join(", ");
  const usual = near === undefined ? `its arguments are ${all}` : `did you mean "${near}"?`;
  const hint =
    OLD_SPELLINGS[entry.key] ??
    (TASK_KEYS.has(entry.key) ? "write it beside the module's name: it belongs to the task" : usual);
  return new Fault("unknown-argument", `unknown argument "${entry.key}" of ${module.name}`, {
    place: entry.keyPlace,
    hint: all === "" ? `${module.name} takes no arguments` : hint,
  });
}

function notAMap(module: Form, node: Exclude<Node, MapNode>): Fault {
  const pairs =
    node.kind === "scalar" ? [...String(node.value).matchAll(/(?:^|\s)([a-z_]+)=("[^"]*"|'[^']*'|\S*)/g)] : [];
  const shown = pairs.map(([, key, value]) => `${key}: ${value}`).join(", ");
  const hint =
    shown === ""
      ? `its arguments are ${Object.keys(module.args).join(", ")}`
      : `write { ${shown} }, or one argument a line`;
  return wrong(node.place, `the arguments of ${module.name} are a map of names and values`, hint);
}

function wrong(place: Place, message: string, hint?: string): Fault {
  return new Fault("wrong-argument", message, hint === undefined ? { place } : { place, hint });
}
