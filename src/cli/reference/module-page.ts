import type { Value } from "../../base/value.ts";
import type { ArgSpec } from "../../modules/args.ts";
import type { Module } from "../../modules/module.ts";
import { table } from "./table.ts";

/** What each kind of argument takes, in words. */
const KINDS: Record<ArgSpec["kind"], string> = {
  string: "text",
  bool: "true or false",
  int: "whole number",
  number: "number",
  list: "list",
  map: "map",
  any: "anything",
  mode: 'mode: "0644" or "u+x"',
  path: "absolute path on the host",
  duration: 'duration: 45s, "1h30m"',
  regex: "regular expression",
  source: "file or folder beside the playbook or role",
  template: "template beside the playbook or role",
  condition: "CEL condition, or a list of them",
};

/** The page of a module: Markdown, from the module's own file. */
export function modulePage(module: Module): string {
  const rows = Object.entries(module.args).flatMap(([name, spec]) => argumentRows(name, spec));
  const examples = module.examples.map(({ title, yaml }) => `### ${title}\n\n\`\`\`yaml\n${yaml.trim()}\n\`\`\``);
  const bare = module.bare === undefined ? [] : [`\`${module.name}: VALUE\` is short for \`${module.bare}\`.`];
  return [
    `# ${module.name}`,
    module.summary,
    ...(module.notes === undefined ? [] : [module.notes.trim()]),
    "## Arguments",
    rows.length === 0 ? "None." : table(["Argument", "Takes", "Default", "Meaning"], rows),
    ...bare,
    ...(examples.length === 0 ? [] : ["## Examples", ...examples]),
  ]
    .join("\n\n")
    .concat("\n");
}

/** One row an argument; keys of a map with a fixed form follow as `argument.key`. */
function argumentRows(name: string, spec: ArgSpec): string[][] {
  const aliases =
    spec.aliases === undefined || spec.aliases.length === 0
      ? ""
      : ` Also: ${spec.aliases.map((alias) => `\`${alias}\``).join(", ")}.`;
  const secret = spec.secret === true ? " Secret: never shown." : "";
  const row = [`\`${name}\``, kindText(spec), defaultText(spec), `${spec.doc}${aliases}${secret}`];
  const inner = spec.properties ?? (spec.kind === "list" ? spec.items?.properties : undefined);
  const dot = spec.properties === undefined ? "[]." : ".";
  return [row, ...Object.entries(inner ?? {}).flatMap(([key, one]) => argumentRows(`${name}${dot}${key}`, one))];
}

function kindText(spec: ArgSpec): string {
  const choices = spec.choices?.map((choice) => `\`${choice}\``).join(", ");
  if (choices !== undefined) return spec.kind === "string" ? choices : `${KINDS[spec.kind]}, or ${choices}`;
  if (spec.kind === "list" && spec.items !== undefined) return `list of ${kindText(spec.items)}`;
  return KINDS[spec.kind];
}

function defaultText(spec: ArgSpec): string {
  if (spec.required === true) return "required";
  return spec.default === undefined ? "" : `\`${valueText(spec.default)}\``;
}

function valueText(value: Value): string {
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}
