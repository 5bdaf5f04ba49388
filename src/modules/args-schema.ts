import type { ArgSpec } from "./args.ts";
import type { Form } from "./check-args.ts";
import type { Module } from "./module.ts";

type Schema = Record<string, unknown>;

/** What stands for a value that is computed: text with `{{…}}`. (`!expr` is a tag; editors do not check below it.) */
const COMPUTED: Schema = { type: "string", pattern: "\\{\\{" };

/** The JSON Schema of a module's arguments, for editors and the documentation. */
export function argsJsonSchema(module: Module): Schema {
  if (module.freeForm === true) return { type: "object", description: module.summary };
  return formSchema(module, module.summary);
}

function formSchema(module: Form, description: string): Schema {
  const properties: Record<string, Schema> = {};
  for (const [name, spec] of Object.entries(module.args)) {
    properties[name] = argSchema(spec);
    for (const alias of spec.aliases ?? [])
      properties[alias] = { ...argSchema(spec), description: `Another name of ${name}.` };
  }
  const needed = Object.entries(module.args).filter(([, spec]) => spec.required === true);
  const exact = needed.filter(([, spec]) => spec.aliases === undefined).map(([name]) => name);
  const either = needed.flatMap(([name, spec]) =>
    spec.aliases === undefined
      ? []
      : [{ anyOf: [name, ...spec.aliases].map((spelling) => ({ required: [spelling] })) }],
  );
  const schema: Schema = { type: "object", description, properties, additionalProperties: false };
  if (exact.length > 0) schema["required"] = exact;
  if (either.length > 0) schema["allOf"] = either;
  if (module.bare === undefined) return needed.length === 0 ? { anyOf: [schema, { type: "null" }] } : schema;
  const bare = module.args[module.bare];
  return bare === undefined ? schema : { anyOf: [schema, argSchema(bare)] };
}

function argSchema(spec: ArgSpec): Schema {
  const described: Schema = { ...kindSchema(spec), description: spec.doc };
  if (spec.default !== undefined) described["default"] = spec.default;
  return described;
}

function kindSchema(spec: ArgSpec): Schema {
  const items = spec.items === undefined ? {} : kindSchema(spec.items);
  switch (spec.kind) {
    case "bool":
      return { anyOf: [{ type: "boolean" }, COMPUTED] };
    case "int":
      return { anyOf: [{ type: "integer" }, { type: "string", pattern: "^-?[0-9]+$" }, COMPUTED] };
    case "number":
      return { anyOf: [{ type: "number" }, COMPUTED] };
    case "duration":
      return {
        anyOf: [
          { type: "number", minimum: 0 },
          { type: "string", pattern: "^([0-9.]+(d|h|m|s|ms))+$|^[0-9.]+$" },
          COMPUTED,
        ],
      };
    case "list":
      return { anyOf: [{ type: "array", items }, items] };
    case "map":
      if (spec.properties !== undefined) {
        const form = { name: "", args: spec.properties };
        return formSchema(spec.bare === undefined ? form : { ...form, bare: spec.bare }, spec.doc);
      }
      return { anyOf: [{ type: "object", additionalProperties: items }, COMPUTED] };
    case "any":
      return {};
    case "condition":
      return { anyOf: [{ type: ["string", "boolean"] }, { type: "array", items: { type: ["string", "boolean"] } }] };
    case "path":
      return { type: "string", pattern: "^(/|~/|~$)|\\{\\{" };
    case "string":
      return spec.choices === undefined ? { type: "string" } : { anyOf: [{ enum: spec.choices }, COMPUTED] };
    default:
      return { type: "string" };
  }
}
