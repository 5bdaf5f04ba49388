import { arg } from "../args.ts";
import { defineModule } from "../module.ts";

export default defineModule({
  name: "fail",
  summary: "Fail on purpose, with a message; most useful with `when`.",
  args: { msg: arg.string("Why.", { default: "failed on purpose, without a reason given" }) },
  bare: "msg",
  examples: [{ title: "Refuse what cannot work", yaml: "- fail: {msg: 'pick one of the two'}\n  when: '1 > 2'\n" }],
  plan: ({ msg }) => ({ fail: String(msg) }),
});
