import type { Io } from "./io.ts";
import type { Project as ProjectFolder } from "../playbook/project.ts";
import type { Settings } from "./settings.ts";

/** A long option. Its name is also its key in provision.yml and, as `PROVISION_NAME`, its variable. */
export interface Option {
  name: string;
  short?: string;
  /** What the value is called in help; a switch has none. */
  value?: string;
  /** May be given several times. */
  repeat?: boolean;
  /** Also as `--no-NAME`. */
  negatable?: boolean;
  choices?: readonly string[];
  summary: string;
  /** False for what makes no sense as a standing setting: not read from provision.yml nor the environment. */
  standing?: boolean;
  /** Not in help: answered with a sentence. */
  hidden?: boolean;
}

export interface Argument {
  /** As in help: `INVENTORY`, `PATTERN`. */
  name: string;
  summary: string;
  required?: boolean;
  /** Takes all that is left; only the last one. */
  many?: boolean;
}

/** One command: one file in `commands/`. */
export interface Command {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  arguments: readonly Argument[];
  options: readonly Option[];
  /** Shown below the options: what else one needs to know, and examples. */
  notes?: string;
  /** How an inventory is given, for commands of a project: these read provision.yml. */
  inventory?: "arguments" | "option";
  /** Answers the exit code. Throws `Fault` or `Faults` for a mistake in the input. Loads what it needs by itself. */
  run(input: Input): Promise<number> | number;
}

export interface Input {
  /** The arguments in order; a missing optional one is undefined. */
  args: readonly (string | undefined)[];
  /** What an argument with `many` took. */
  rest: readonly string[];
  settings: Settings;
  /** For commands with `inventory`. */
  project: ProjectFolder | undefined;
  io: Io;
}

/** Exit codes; the highest that applies is given. */
export const EXIT = {
  asDeclared: 0,
  badInput: 1,
  changesToMake: 2,
  failed: 3,
  unreachable: 4,
  interrupted: 130,
} as const;
