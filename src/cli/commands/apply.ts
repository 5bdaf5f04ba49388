import { askFirst, asksFirst } from "../ask-first.ts";
import { type Command, EXIT, type Input } from "../command.ts";
import { CONNECTION, DIFF, EXIT_ZERO, INVENTORY, LISTS, PLAYBOOK, START_AT_TASK } from "../options.ts";
import { execute, exitCodeOf, prepare } from "../project-run.ts";

export const apply: Command = {
  name: "apply",
  summary: "Bring hosts to the state that is declared.",
  inventory: "arguments",
  arguments: [
    { name: "INVENTORY", summary: "Where the hosts are declared, or a plan saved by `provision plan`.", many: true },
  ],
  options: [
    ...INVENTORY,
    ...PLAYBOOK,
    { name: "check", short: "C", standing: false, summary: "Change nothing: the same as `provision check`." },
    { name: "yes", short: "y", summary: "Do not ask before changes." },
    { name: "accept-open", standing: false, summary: "With a saved plan: also run steps that were maybe or unknown." },
    ...CONNECTION,
    DIFF,
    EXIT_ZERO,
    ...LISTS,
    START_AT_TASK,
  ],
  notes: `On a terminal the changes are shown first, and asked for once.

Examples
  provision apply inventory.yml
  provision apply inventory.yml -p play.yml --limit 'web:!old' --tags conf -e site.domain=example.net
  provision apply plan.json

Exit codes
  0  as declared     1  mistake in the input, nothing touched   2  changes to make (--check)
  3  a host failed   4  a host was unreachable                  130  interrupted`,
  run,
};

async function run(input: Input): Promise<number> {
  const { applyPlan, findPlan } = await import("../saved-plan.ts");
  const plan = findPlan(input.rest, input.io.cwd);
  if (plan !== undefined) return await applyPlan(plan, input);
  const prepared = await prepare(input);
  const { showLists } = await import("../lists.ts");
  if (showLists(prepared)) return EXIT.asDeclared;
  if (input.settings.flag("check") === true) {
    return exitCodeOf(await execute(prepared, "check"), "check", input);
  }
  if (asksFirst(input)) {
    const answer = await askFirst(prepared);
    if (answer !== undefined) return answer;
  }
  return exitCodeOf(await execute(prepared, "apply"), "apply", input);
}
