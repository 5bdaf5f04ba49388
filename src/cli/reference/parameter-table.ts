import type { Node } from "../../language/node.ts";
import type { Schema } from "../../playbook/schema-tree.ts";
import type { Role } from "../../playbook/tree.ts";
import { table } from "./table.ts";

/** The parameters of a role as a table; also the part of its README that is generated. */
export function parameterTable(role: Role): string {
  const rows = role.schema === undefined ? [] : parameterRows(role.schema, role.name);
  return rows.length === 0 ? "None." : table(["Parameter", "Type", "Default", "Meaning"], rows);
}

/** Parameters below parameters follow them; `*` is a key of the user's own, `[]` an item of a list. */
function parameterRows(schema: Schema, path: string): string[][] {
  const keys = [...schema.properties].map(([key, child]) => ({
    key: `.${key}`,
    child,
    required: schema.required.has(key),
  }));
  const own = schema.patterns.map(({ schema: child }) => ({ key: ".*", child, required: false }));
  const others = typeof schema.others === "boolean" ? [] : [{ key: ".*", child: schema.others, required: false }];
  const items = schema.items === undefined ? [] : [{ key: "[]", child: schema.items, required: false }];
  return [...keys, ...own, ...others, ...items].flatMap(({ key, child, required }) => {
    const name = `${path}${key}`;
    const inner = parameterRows(child, name);
    const description = textOf(child.json.description);
    if (description === "" && (key === ".*" || key === "[]")) return inner;
    const secret = child.secret ? " Secret." : "";
    return [[`\`${name}\``, typeText(child), defaultText(child, required), `${description}${secret}`], ...inner];
  });
}

function typeText({ json, items }: Schema): string {
  if (Array.isArray(json.enum)) return json.enum.map((choice) => `\`${String(choice)}\``).join(", ");
  const type = Array.isArray(json.type) ? json.type.join(" or ") : textOf(json.type);
  if (type === "array" && items !== undefined) return `list of ${typeText(items)}`;
  if (type === "object") return "map";
  return textOf(json.format) || (type === "" ? "any" : type);
}

function defaultText(schema: Schema, required: boolean): string {
  if (required) return "required";
  if (schema.default === undefined) return "";
  const source = sourceOf(schema.default);
  return source.length > 60 ? "computed" : `\`${source}\``;
}

/** A default as one writes it in a file. */
function sourceOf(node: Node): string {
  switch (node.kind) {
    case "scalar":
      return node.value === "" ? '""' : String(node.value);
    case "expr":
      return `!expr ${node.source}`;
    case "raw":
      return node.value;
    case "map":
      return `{${[...node.entries.values()].map(({ key, value }) => `${key}: ${sourceOf(value)}`).join(", ")}}`;
    case "list":
    case "append":
      return `[${node.items.map(sourceOf).join(", ")}]`;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}
