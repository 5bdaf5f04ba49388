import { type Command, EXIT } from "../command.ts";
import { CONNECTION, INVENTORY, LISTS, PLAYBOOK, START_AT_TASK } from "../options.ts";
import { execute, exitCodeOf, prepare } from "../project-run.ts";

export const verify: Command = {
  name: "verify",
  summary: "Run the verify steps of the roles: does it work?",
  inventory: "arguments",
  arguments: [{ name: "INVENTORY", summary: "Where the hosts are declared.", many: true }],
  options: [...INVENTORY, ...PLAYBOOK, ...CONNECTION, ...LISTS, START_AT_TASK],
  notes: "Reads only. Exits 3 where a host fails.",
  async run(input) {
    const prepared = await prepare(input);
    const { showLists } = await import("../lists.ts");
    if (showLists(prepared)) return EXIT.asDeclared;
    return exitCodeOf(await execute(prepared, "verify"), "verify", input);
  },
};
