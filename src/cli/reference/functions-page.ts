import type { CelFunction } from "../../language/functions.ts";
import { table } from "./table.ts";

/** The page of functions: Markdown, from the one table of functions. */
export function functionsPage(functions: ReadonlyMap<string, readonly CelFunction[]>): string {
  const rows = [...functions.values()].flat().map((one) => [`\`${signature(one)}\``, one.returns, one.summary]);
  return [
    "# Functions",
    'In expressions (`when`, `!expr`, …) and, by the same names, as helpers of text: `value.replace("a", "b")` in an expression is `{{replace value "a" "b"}}` in text.',
    table(["Function", "Gives", "Meaning"], rows),
  ]
    .join("\n\n")
    .concat("\n");
}

function signature({ name, method, parameters }: CelFunction): string {
  const names = parameters.map((parameter) => parameter.name);
  if (!method) return `${name}(${names.join(", ")})`;
  const [receiver = "", ...others] = names;
  return `${receiver}.${name}(${others.join(", ")})`;
}
