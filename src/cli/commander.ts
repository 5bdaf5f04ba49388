import { Command as Commander, CommanderError, Option as CommanderOption } from "commander";
import type { Command, Option } from "./command.ts";
import type { Given } from "./settings.ts";

/** A command line that was understood. */
export interface Parsed {
  command: Command;
  args: (string | undefined)[];
  rest: string[];
  options: Record<string, Given | undefined>;
}

/** A command line that ends here: help or version was printed, or a mistake was. */
export interface Ended {
  exitCode: number;
}

export interface Program {
  commands: readonly Command[];
  /** Options that every command takes. */
  shared: readonly Option[];
  version: string;
  out(text: string): void;
  err(text: string): void;
}

/** Understands a command line (without node and script). Prints help, the version and mistakes of usage by itself. */
export function parseCommandLine(program: Program, argv: readonly string[]): Parsed | Ended {
  let parsed: Parsed | undefined;
  const root = new Commander("provision")
    .usage("COMMAND [OPTIONS]")
    .description("Brings bare hosts to a declared state over SSH: read, plan, guarded apply, prove.")
    .version(program.version, "-V, --version", "Print the version.")
    .helpOption("-h, --help", "Print help on a command.")
    .helpCommand("help [COMMAND]", "Print help on a command.");
  quiet(root, program);
  for (const command of program.commands) {
    const child = root.command(command.name).summary(command.summary).description(command.summary);
    child.usage(usageOf(command)).helpOption("-h, --help", "Print this.");
    quiet(child, program);
    for (const argument of command.arguments) {
      const name = argument.many === true ? `${argument.name}...` : argument.name;
      child.argument(argument.required === true ? `<${name}>` : `[${name}]`, argument.summary);
    }
    for (const option of [...command.options, ...program.shared])
      for (const one of commanderOptions(option)) child.addOption(one);
    if (command.notes !== undefined) child.addHelpText("after", `\n${command.notes}`);
    child.action((...values: unknown[]) => {
      const given = values.slice(0, command.arguments.length);
      const many = command.arguments.at(-1)?.many === true;
      const rest = many ? (given.pop() as string[] | undefined) : undefined;
      parsed = {
        command,
        args: given as (string | undefined)[],
        rest: rest ?? [],
        options: namesAsGiven(child, [...command.options, ...program.shared]),
      };
    });
  }
  try {
    root.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : 1 };
  }
  return parsed ?? { exitCode: 1 };
}

/** Nothing ends the process or writes but through the program's own functions. */
function quiet(command: Commander, program: Program): void {
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .showHelpAfterError(
      command.name() === "provision" ? "see: provision --help" : `see: provision ${command.name()} --help`,
    )
    .configureOutput({
      writeOut: program.out,
      writeErr: program.err,
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    })
    .configureHelp({
      styleTitle: (title) => title.replace(/:$/, ""),
      subcommandTerm: (one) => one.name(),
      argumentTerm: (argument) => argument.name(),
      optionTerm: (option) => `${option.short === undefined ? "    " : ""}${option.flags.replace(/[<>]/g, "")}`,
      optionDescription: (option) => option.description,
    });
}

function commanderOptions(option: Option): CommanderOption[] {
  const short = option.short === undefined ? "" : `-${option.short}, `;
  const shown = option.negatable === true ? `${option.summary} --no-${option.name} turns it off.` : option.summary;
  const one = new CommanderOption(
    `${short}--${option.name}${option.value === undefined ? "" : ` <${option.value}>`}`,
    shown,
  );
  if (option.hidden === true) one.hideHelp();
  if (option.choices !== undefined) one.choices([...option.choices]);
  if (option.repeat === true) one.argParser(option.value === undefined ? countUp : collect);
  if (option.negatable !== true) return [one];
  return [one, new CommanderOption(`--no-${option.name}`).hideHelp()];
}

/** `[OPTIONS] PATTERN [COMMAND...]`. */
export function usageOf(command: Command): string {
  const words = command.arguments.map(({ name, required, many }) => {
    const shown = many === true ? `${name}...` : name;
    return required === true ? shown : `[${shown}]`;
  });
  return ["[OPTIONS]", ...words].join(" ");
}

function collect(value: string, before: unknown): string[] {
  return [...((before as string[] | undefined) ?? []), value];
}

function countUp(_value: string, before: unknown): string[] {
  return collect("", before);
}

/** commander renames `skip-tags` to `skipTags`; its own lookup knows. */
function namesAsGiven(command: Commander, options: readonly Option[]): Record<string, Given | undefined> {
  const values = command.opts<Record<string, Given | undefined>>();
  return Object.fromEntries(
    options.map((option) => {
      const key = option.name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      return [option.name, command.getOptionValueSource(key) === "default" ? undefined : values[key]];
    }),
  );
}
