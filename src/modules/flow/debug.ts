import { Secret } from "../../base/secret.ts";
import type { Value } from "../../base/value.ts";
import { arg } from "../args.ts";
import { defineModule } from "../module.ts";

export default defineModule({
  name: "debug",
  summary: "Print a text or a value.",
  notes:
    "`var` is an expression, printed with its value; `msg` is text, or a value: `msg: !expr facts.memory`. With `verbosity: 1` it is printed only with `-v`. Secrets are printed as a mask.",
  args: {
    msg: arg.any("What to print; lists and maps are printed as JSON.", { default: "Hello world!" }),
    var: arg.condition("An expression to print with its value: `var: kernel.stdout_lines`."),
    verbosity: arg.int("How many `-v` it takes to print it.", { default: 0 }),
  },
  examples: [
    { title: "A text", yaml: "- debug: {msg: 'this is {{host.name}}'}\n" },
    { title: "A value", yaml: "- debug: {var: host.groups}\n" },
  ],
  validate: ({ verbosity }) =>
    verbosity !== undefined && verbosity < 0 ? ["verbosity is a number of -v: 0, 1, 2"] : [],
  checkGiven: (given) => (given.has("msg") && given.has("var") ? ["msg and var exclude each other"] : []),
  plan({ msg, var: expressions, verbosity }) {
    if (expressions === undefined) return { result: { msg }, message: asText(msg), verbosity };
    const secret = expressions.find(({ value }) => value instanceof Secret)?.value;
    const lines = expressions.map(({ text, value }) => `${text}: ${String(asText(value))}`);
    const values = expressions.map(({ value }) => value);
    return {
      result: { msg: values.length === 1 ? (values[0] ?? null) : values },
      message: secret instanceof Secret ? secret : lines.join("\n"),
      verbosity,
    };
  },
});

/** Texts as they are, anything else as JSON. */
function asText(value: Value): string | Secret {
  return typeof value === "string" || value instanceof Secret ? value : JSON.stringify(value, null, 2);
}
