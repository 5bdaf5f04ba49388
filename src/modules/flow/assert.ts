import type { Condition } from "../args.ts";
import { arg } from "../args.ts";
import { defineModule } from "../module.ts";

export default defineModule({
  name: "assert",
  summary: "Fail unless conditions hold.",
  notes:
    "`that` is one CEL expression or a list of them; all must hold. For the state of the host use `expect`, which reads it.",
  args: {
    that: arg.condition("CEL expressions that must be true.", { required: true }),
    fail_msg: arg.string("Said when one does not hold, before the condition.", { aliases: ["msg"] }),
    success_msg: arg.string("Said when all hold."),
    quiet: arg.bool("Say nothing when all hold.", { default: false }),
  },
  bare: "that",
  examples: [
    {
      title: "On facts and variables",
      yaml: "- assert:\n    that:\n      - host.groups.size() > 0\n      - 'host.name != \"\"'\n    fail_msg: the inventory is odd\n",
    },
  ],
  plan({ that, fail_msg: failText, success_msg: successText, quiet }) {
    if (that.length === 0) return { fail: "that is an empty list: there is nothing to hold" };
    const wrong = that.find(({ value }) => value !== true);
    if (wrong !== undefined) {
      const why = explain(wrong);
      return {
        fail: failText === undefined ? why : `${String(failText)} (${why})`,
        result: { assertion: wrong.text, evaluated_to: wrong.value },
      };
    }
    const said = successText ?? "all conditions hold";
    return quiet
      ? { result: {} }
      : { result: { msg: said }, ...(successText === undefined ? {} : { message: successText }) };
  },
});

function explain({ text, value }: Condition): string {
  if (value === false) return `does not hold: ${text}`;
  return `is not true or false but ${value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`}: ${text}`;
}
