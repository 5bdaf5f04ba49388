import type { Secret } from "../base/secret.ts";
import type { Blob, Shell } from "../base/shell.ts";
import type { Value } from "../base/value.ts";
import type { Prediction, Ref, Touch } from "../resources/resource.ts";
import type { ArgSpec, ArgsOf } from "./args.ts";

/**
 * The contract of a module: a step type of the language, one file, pure. It never sees a connection: it names what it
 * needs to see, and from what is seen it answers what is to be done.
 */
export interface Module<A extends Record<string, ArgSpec> = Record<string, ArgSpec>> {
  name: string;
  /** One sentence for the documentation: what it brings about. */
  summary: string;
  /** Further paragraphs for the documentation. */
  notes?: string;
  args: A;
  /** A bare string or list (`command: uptime`) is this argument. */
  bare?: keyof A & string;
  /** Mistakes that no single argument shows (exclusive, required together); messages for people. Runs on literal arguments before any host is touched, and again on evaluated ones. */
  validate?(args: Partial<ArgsOf<A>>): string[];
  /** The same, told by names alone (one of several required, two that exclude each other): seen before hosts even where values are computed. */
  checkGiven?(given: ReadonlySet<string>): string[];
  /** Takes any names: `args` is empty and `plan` gets every value that was given (set_fact). */
  freeForm?: boolean;
  /** YAML text of tasks, validated in tests and run on real hosts. */
  examples: readonly Example[];
  /** What is certainly needed, so that it is read with everything else; `see` may ask for more (one more round trip). */
  needs?(args: ArgsOf<A>, host: HostView): Ref[];
  /** What it will look at besides, as far as what it needs tells: saves round trips, and may name too much. */
  also?(args: ArgsOf<A>, see: See): Ref[];
  /** The decision. Throws nothing of its own: a step that cannot succeed returns `fail`. */
  plan(args: ArgsOf<A>, see: See, host: HostView): Plan;
  /** For steps that wait: the engine plans again on fresh reads until nothing fails, or the time is over. */
  wait?(args: ArgsOf<A>): Wait | undefined;
}

export interface Wait {
  /** Seconds in all, seconds between looks, seconds before the first. */
  within: number;
  every: number;
  delay?: number;
}

export interface Example {
  title: string;
  /** A list of tasks. */
  yaml: string;
  /** Shell that prepares the test host it is run on. */
  before?: string;
  /** Only validated: it needs what the test host has not. */
  only?: "doc";
}

/** Looks at a resource. Throws `Unknown` (let it pass) where an earlier step leaves it unknown. */
export type See = <V extends object>(ref: Ref<V>) => V;

/** What a module may know of the host without reading: the identity its step runs with. */
export interface HostView {
  /** Its name in the inventory. */
  name?: string;
  user: string;
  uid: number;
  gid: number;
  home: string;
  /** Octal number, e.g. 0o022. */
  umask: number;
  /** The task's `environment`, for conditions of commands and read-only commands; the engine gives it to changes itself. */
  environment?: Readonly<Record<string, string | Secret>>;
}

export interface Plan {
  /** Absent: already as declared. */
  change?: Change;
  /** The step cannot succeed; one sentence. With a change pending before it this becomes `maybe`. */
  fail?: string;
  /** Not applicable, with the reason (a read-only module that has nothing to say). */
  skip?: string;
  /** What is registered, beside `changed`, `failed`, `skipped`. For a change: what is known before it. */
  result?: { [key: string]: Value };
  /** Warnings for people. */
  warnings?: string[];
  /** Names for the host (set_fact). */
  facts?: { [key: string]: Value };
  /** Text for people, printed with the step (debug). */
  message?: string | Secret;
  /** The message is printed from this many `-v` on; 0 without. */
  verbosity?: number;
}

export interface Change {
  /** What differs, for people and for the event's `changes`. */
  differs: Difference[];
  /**
   * Shell that brings it about, run under `set -eu` in a subshell with `</dev/null`, `LC_ALL=C` and sbin in PATH,
   * umask as on login. May call the shell library (src/agent/lib/*.sh).
   */
  apply: Shell;
  /** What the resources will show. Empty only for opaque changes. */
  becomes: Prediction[];
  touches?: Touch[];
  /** An opaque change (a command): touches everything, ends nothing, its result is only known after it ran. */
  opaque?: boolean;
  /**
   * Sets the whole content of a file, whatever was there: a package that is installed before may bring the file, but hardly
   * with this very content, so check need not doubt it.
   */
  whole?: boolean;
  /** Acts on every run by its nature (touch, restarted, `always: true`): not counted as a fight of two steps. */
  always?: boolean;
  /** May cut the connection it runs over (ssh, network). */
  affectsConnection?: boolean;
  /** The user's own command: locale, PATH and umask of the host, HOME of its user; stdin where given. */
  command?: { chdir?: string; environment?: Record<string, string | Secret>; stdin?: Blob };
  /** Reads the outcome of what ran: registered result, and whether it failed or changed nothing after all. Output is decoded as UTF-8. */
  finish?(outcome: Outcome): { result?: { [key: string]: Value }; fail?: string; changed?: boolean };
  /** Instead of shell: bytes of a resource written on the controller (fetch). */
  save?: { path: string; content: Ref };
}

export interface Outcome {
  /** Exit status; null when it was killed by a signal the shell could not tell. */
  rc: number;
  stdout: string;
  stderr: string;
  /** Seconds. */
  seconds: number;
}

/** One difference, for people. `before`/`after` of content are whole texts, from which reporters make a diff. */
export interface Difference {
  /** What: `mode`, `content`, `state`, `version`… */
  what: string;
  /** The thing, where a change has several: a path, a package. */
  of?: string;
  before: string | number | boolean | null | Secret;
  after: string | number | boolean | null | Secret;
  /** True for contents of files, shown as a line diff. */
  text?: boolean;
}

/** Typed helper: `export default defineModule({…})`. The types of the arguments serve inside; outside all modules are alike. */
export function defineModule<const A extends Record<string, ArgSpec>>(module: Module<A>): Module {
  return module as unknown as Module;
}
