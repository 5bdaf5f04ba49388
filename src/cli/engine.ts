import type { Value } from "../base/value.ts";
import type { Fault } from "../errors/fault.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Playbook } from "../playbook/tree.ts";
import type { Counts, Event } from "../run/events.ts";

/** What a command works on, as it was asked for. */
export interface Request {
  /** Inventory sources, lowest first: paths, or lists of hosts with a comma. */
  sources: readonly string[];
  /** A file, or a text that a command made (`do`). */
  playbook: { file: string } | { text: string };
  /** `-e` as typed: `k=v`, `a.b=v`, `@FILE`. */
  extraVars: readonly string[];
}

/** Everything that was declared, read and checked. */
export interface Project {
  inventory: Inventory;
  playbook: Playbook;
  warnings: readonly Fault[];
}

/** Which hosts, and how they are reached. */
export interface Reach {
  /** A pattern as `matchHosts` takes it; undefined: every host. */
  limit: string | undefined;
  /** What `@failed` in it stands for. */
  failedFile: string | undefined;
  forks: number;
  hostKeyChecking: "accept-new" | "strict" | "off";
  /** Seconds to connect. */
  timeout: number;
  /** Aborted on the first interrupt: no new batch is started, live ones are left to end. */
  signal: AbortSignal;
}

export interface RunOptions extends Reach {
  mode: "apply" | "check" | "plan" | "verify";
  tags: readonly string[];
  skipTags: readonly string[];
  role: string | undefined;
  /** Contents are read for differences. */
  diff: boolean;
  /** What the run is held to; a difference is refused. */
  plan: SavedPlan | undefined;
  /** With `plan`: steps that were `maybe` or `unknown` are run too. */
  acceptOpen: boolean;
}

export interface RunResult {
  hosts: Readonly<Record<string, Counts>>;
  /** What `plan` saves: the statement, without `provision_plan` and `asked`. */
  plan?: Record<string, unknown>;
  /** Why a saved plan was refused: one sentence each, naming host and step. */
  refused: readonly string[];
}

/** The JSON of a saved plan. */
export interface SavedPlan {
  /** Version of the form. */
  provision_plan: 1;
  /** The command it was made by, so that it can be made again. */
  asked: Asked;
  [key: string]: unknown;
}

export interface Asked {
  /** The working directory: relative names start from it. */
  folder: string;
  sources: string[];
  playbook: { file: string } | { text: string };
  extraVars: string[];
  limit: string | null;
  tags: string[];
  skipTags: string[];
  role: string | null;
}

/** What came back from one host for `facts` and `run`. */
export type HostAnswer<T> = { host: string; value: T } | { host: string; unreachable: string; hint?: string };

export interface CommandResult {
  rc: number;
  stdout: string;
  stderr: string;
  seconds: number;
}

/** What the commands need of the stages below. Every mistake in the files is thrown as `Fault` or `Faults`. */
export interface Engine {
  /** Loads an inventory; `valuesOf` gives a host's own variables, merged and evaluated. */
  inventory(
    sources: readonly string[],
    extraVars: readonly string[],
  ): Promise<{ inventory: Inventory; valuesOf: (host: string) => Value }>;
  /** `--explain`: each value of a host on a line, with its layer and place. */
  explain(inventory: Inventory, host: string, extraVars: readonly string[]): string;
  /** Loads and checks everything; no host is touched. */
  project(request: Request): Promise<Project>;
  run(project: Project, options: RunOptions, emit: (event: Event) => void): Promise<RunResult>;
  /** Facts of the hosts that `reach.limit` names. */
  facts(project: Project, reach: Reach, each: (answer: HostAnswer<Value>) => void): Promise<void>;
  /** What a host sees: an expression, or a template's text. Connects only where facts are used. */
  evaluate(
    project: Project,
    host: string,
    what: { expression: string } | { template: string },
    reach: Reach,
  ): Promise<Value>;
  /** Runs `/bin/sh -c COMMAND` on those hosts as the login user, or as root with `become`. */
  command(
    project: Project,
    command: string,
    become: boolean,
    reach: Reach,
    each: (answer: HostAnswer<CommandResult>) => void,
  ): Promise<void>;
}
