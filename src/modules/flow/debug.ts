import { Secret } from "../../base/secret.ts";
import type { Value } from "../../base/value.ts";
import { arg } from "../args.ts";
import { defineModule } from "../module.ts";

export default defineModule({
  name: "debug",
  summary: "Print a text or a value.",
  notes:
    "Write values as `msg: !expr facts.memory` or `var: !expr facts.memory`; a lone `{{name}}` keeps its type too. With `verbosity: 1` it is printed only with `-v`. Secrets are printed as a mask.",
  args: {
    msg: arg.any("What to print; lists and maps are printed as JSON.", { default: "Hello world!" }),
    var: arg.any("A value to print, as JSON: `var: !expr kernel.stdout_lines`."),
    verbosity: arg.int("How many `-v` it takes to print it.", { default: 0 }),
  },
  examples: [
    { title: "A text", yaml: "- debug: {msg: 'this is {{host.name}}'}\n" },
    { title: "A value", yaml: "- debug: {var: !expr host.groups}\n" },
  ],
  validate: ({ verbosity }) =>
    verbosity !== undefined && verbosity < 0 ? ["verbosity is a number of -v: 0, 1, 2"] : [],
  checkGiven: (given) => (given.has("msg") && given.has("var") ? ["msg and var exclude each other"] : []),
  plan({ msg, var: value, verbosity }) {
    const shown = value ?? msg;
    return { result: { msg: shown }, message: asText(shown), verbosity };
  },
});

/** Texts as they are, anything else as JSON. */
function asText(value: Value): string | Secret {
  return typeof value === "string" || value instanceof Secret ? value : JSON.stringify(value, null, 2);
}
