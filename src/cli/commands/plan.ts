import { type Command, EXIT } from "../command.ts";
import { CONNECTION, DIFF, EXIT_ZERO, INVENTORY, LISTS, PLAYBOOK, START_AT_TASK } from "../options.ts";
import { execute, exitCodeOf, prepare } from "../project-run.ts";

export const plan: Command = {
  name: "plan",
  summary: "Check, and save what was found as a plan that apply is held to.",
  inventory: "arguments",
  arguments: [{ name: "INVENTORY", summary: "Where the hosts are declared.", many: true }],
  options: [
    ...INVENTORY,
    ...PLAYBOOK,
    { name: "out", short: "o", value: "FILE", standing: false, summary: "Write the plan to this file." },
    ...CONNECTION,
    DIFF,
    EXIT_ZERO,
    ...LISTS,
    START_AT_TASK,
  ],
  notes: `A plan is a statement, not a program: \`provision apply FILE\` reads and plans again from the same files, and refuses on any
difference. It holds digests, and no content of files.

Example
  provision plan inventory.yml -o plan.json && provision apply plan.json --exit-zero`,
  async run(input) {
    const prepared = await prepare(input);
    const { showLists } = await import("../lists.ts");
    if (showLists(prepared)) return EXIT.asDeclared;
    const result = await execute(prepared, "plan");
    const out = input.settings.text("out");
    if (out !== undefined && result.plan !== undefined) {
      const { savePlan } = await import("../saved-plan.ts");
      savePlan(out, result.plan, prepared.asked, input.io);
    }
    return exitCodeOf(result, "plan", input);
  },
};
