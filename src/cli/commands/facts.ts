import { type Command, EXIT, type Input } from "../command.ts";
import { CONNECTION, INVENTORY } from "../options.ts";
import { openHosts } from "../open-hosts.ts";
import { formatOf } from "../project-run.ts";
import { showValue } from "../show-value.ts";

export const facts: Command = {
  name: "facts",
  summary: "Show what is known of hosts: system, network, memory.",
  inventory: "option",
  arguments: [{ name: "PATTERN", summary: "Which hosts; all unless given." }],
  options: [...INVENTORY, ...CONNECTION],
  notes: "`provision doc facts` explains each. With --output json: one object a host and line.",
  run,
};

async function run(input: Input): Promise<number> {
  const { io, args } = input;
  const { engine, project, reach } = await openHosts(input, args[0] ?? "all");
  const json = formatOf(input) === "json";
  let code: number = EXIT.asDeclared;
  await engine.facts(project, reach, (answer) => {
    if ("unreachable" in answer) {
      code = EXIT.unreachable;
      if (json) io.out(`${JSON.stringify({ host: answer.host, unreachable: answer.unreachable })}\n`);
      else io.err(`${answer.host}: unreachable: ${answer.unreachable}\n`);
    } else if (json) io.out(`${JSON.stringify({ host: answer.host, facts: answer.value })}\n`);
    else io.out(`${answer.host}\n${showValue(answer.value, 2)}\n`);
  });
  return io.interrupted() ? EXIT.interrupted : code;
}
