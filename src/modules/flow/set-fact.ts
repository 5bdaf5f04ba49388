import { defineModule } from "../module.ts";

export default defineModule({
  name: "set_fact",
  summary: "Give names to values, for the later steps of this host.",
  notes:
    "Each name is a variable of the host for the rest of the run, above all variables of files, below `-e`. Values keep their type: `count: !expr list.size()`. Never a change.",
  args: {},
  freeForm: true,
  examples: [
    {
      title: "A computed value",
      yaml: "- set_fact:\n    greeting: 'hello from {{host.name}}'\n    doubled: !expr 2 * 21\n- assert: {that: doubled == 42}\n",
    },
  ],
  plan: (values) => ({ facts: { ...values }, result: {} }),
});
