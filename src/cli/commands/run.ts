import { quote } from "../../base/shell.ts";
import { Fault } from "../../errors/fault.ts";
import { palette } from "../../report/palette.ts";
import { visible } from "../../report/visible.ts";
import { type Command, EXIT, type Input } from "../command.ts";
import type { CommandResult, HostAnswer } from "../engine.ts";
import { CONNECTION, INVENTORY } from "../options.ts";
import { openHosts } from "../open-hosts.ts";
import { formatOf } from "../project-run.ts";

export const run: Command = {
  name: "run",
  summary: "Run a command on hosts and show what it says.",
  inventory: "option",
  arguments: [
    { name: "PATTERN", summary: "Which hosts.", required: true },
    {
      name: "COMMAND",
      summary: "After `--`; one word is a line for the host's shell, several are a command with arguments.",
      many: true,
    },
  ],
  options: [{ name: "become", short: "b", standing: false, summary: "As root." }, ...INVENTORY, ...CONNECTION],
  notes: `Exits 3 where the command fails on a host.

Examples
  provision run web -- uptime
  provision run all -b -- 'df -h | tail -n +2'`,
  run: runCommand,
};

async function runCommand(input: Input): Promise<number> {
  const { settings, io, args, rest } = input;
  if (rest.length === 0)
    throw new Fault("bad-usage", "run needs a command after `--`", {
      hint: "for example: provision run web -- uptime",
    });
  const line = rest.length === 1 ? (rest[0] ?? "") : rest.map(quote).join(" ");
  const { engine, project, reach } = await openHosts(input, args[0] ?? "");
  let code: number = EXIT.asDeclared;
  const become = settings.flag("become") === true;
  await engine.command(project, line, become, reach, (answer) => {
    code = Math.max(
      code,
      "unreachable" in answer ? EXIT.unreachable : answer.value.rc === 0 ? EXIT.asDeclared : EXIT.failed,
    );
    io.out(formatOf(input) === "json" ? `${JSON.stringify(jsonOf(answer))}\n` : textOf(answer, io.colorOut));
  });
  return io.interrupted() ? EXIT.interrupted : code;
}

function jsonOf(answer: HostAnswer<CommandResult>): object {
  return "unreachable" in answer
    ? { host: answer.host, unreachable: answer.unreachable }
    : { host: answer.host, ...answer.value };
}

/** The host on a line of its own, its output below. */
function textOf(answer: HostAnswer<CommandResult>, color: boolean): string {
  const { bold, red } = palette(color);
  if ("unreachable" in answer) return `${bold(answer.host)}  ${red("unreachable")}  ${visible(answer.unreachable)}\n`;
  const { rc, stdout, stderr } = answer.value;
  const state = rc === 0 ? "" : `  ${red(`exit status ${rc}`)}`;
  const body = [stdout, stderr].map((text) => visible(text).trimEnd()).filter((text) => text !== "");
  return [`${bold(answer.host)}${state}`, ...body, ""].join("\n");
}
