import type { Command, Option } from "../command.ts";
import { usageOf } from "../commander.ts";
import { table } from "./table.ts";

/** The page of the command line: Markdown, from the commands' own declarations. */
export function cliPage(commands: readonly Command[], shared: readonly Option[]): string {
  return [
    "# Command line",
    table(
      ["Command", "What it does"],
      commands.map((command) => [`[\`${command.name}\`](#provision-${command.name})`, command.summary]),
    ),
    "Every long option that makes sense as a standing setting is a key of `provision.yml` and, as `PROVISION_OPTION`, a variable of the environment. The command line wins over the environment, which wins over the file. `provision config` shows what is in force.",
    "## Exit codes",
    table(["Code", "Meaning"], EXIT_CODES),
    "## Options of every command",
    optionTable(shared),
    ...commands.map(commandSection),
  ]
    .join("\n\n")
    .concat("\n");
}

const EXIT_CODES = [
  ["0", "As declared."],
  ["1", "The input is wrong; nothing was touched."],
  [
    "2",
    "`check` or `plan`: there are changes to make, or steps that are `maybe` or `unknown`. `--exit-zero` makes it 0. Also `apply` when its question is answered with no.",
  ],
  ["3", "A host failed, a verify failed, a saved plan was refused, or provision itself failed."],
  ["4", "A host was unreachable."],
  ["130", "Interrupted, after saying what still runs where."],
] as const;

function commandSection(command: Command): string {
  const named = command.arguments.map(({ name, summary }) => [`\`${name}\``, summary]);
  return [
    `## provision ${command.name}`,
    command.summary,
    `    provision ${command.name} ${usageOf(command)}`,
    ...(named.length === 0 ? [] : [table(["Argument", "Meaning"], named)]),
    ...(command.options.length === 0 ? [] : [optionTable(command.options)]),
    ...(command.notes === undefined
      ? []
      : [command.notes.replace(/^(Examples?|Exit codes)$/gm, "$1:\n").replace(/^ {2}/gm, "    ")]),
  ].join("\n\n");
}

function optionTable(options: readonly Option[]): string {
  const rows = options
    .filter((option) => option.hidden !== true)
    .map((option) => {
      const short = option.short === undefined ? "" : `-${option.short}, `;
      const long = option.negatable === true ? `--[no-]${option.name}` : `--${option.name}`;
      return [`\`${short}${long}${option.value === undefined ? "" : ` ${option.value}`}\``, option.summary];
    });
  return table(["Option", "Meaning"], rows);
}
