import { type Command, EXIT } from "../command.ts";
import { CONNECTION, DIFF, EXIT_ZERO, INVENTORY, LISTS, PLAYBOOK, START_AT_TASK } from "../options.ts";
import { execute, exitCodeOf, prepare } from "../project-run.ts";

export const check: Command = {
  name: "check",
  summary: "Say what apply would change; change nothing.",
  inventory: "arguments",
  arguments: [{ name: "INVENTORY", summary: "Where the hosts are declared.", many: true }],
  options: [...INVENTORY, ...PLAYBOOK, ...CONNECTION, DIFF, EXIT_ZERO, ...LISTS, START_AT_TASK],
  notes: `A step is ok, would change, maybe (an earlier command decides) or unknown (cannot be predicted); the reason is shown.
Exits 2 where there are changes to make.`,
  async run(input) {
    const prepared = await prepare(input);
    const { showLists } = await import("../lists.ts");
    if (showLists(prepared)) return EXIT.asDeclared;
    return exitCodeOf(await execute(prepared, "check"), "check", input);
  },
};
