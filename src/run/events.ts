import type { Code } from "../errors/codes.ts";
import type { Place } from "../errors/place.ts";
import type { Difference } from "../modules/module.ts";
import type { Value } from "../base/value.ts";

/** `changed` in check means: would. */
export type Status = "ok" | "changed" | "maybe" | "unknown" | "skipped" | "failed" | "ignored" | "unreachable";

/** The one stream of events of a run; reporters only see these. Secrets in them are `Secret` and print as a mask. */
export type Event =
  | {
      event: "start";
      mode: "apply" | "check" | "plan" | "verify";
      inventory: string;
      playbook: string;
      hosts: string[];
    }
  | { event: "play"; play: string; hosts: string[] }
  /** What a host is doing now, for a live view; never in JSON. */
  | { event: "progress"; host: string; doing: string }
  | StepEvent
  | { event: "warning"; text: string; host?: string; place?: Place }
  /** A host key accepted, a transport chosen: said once a host. */
  | { event: "notice"; host?: string; text: string }
  | { event: "unreachable"; host: string; reason: string; hint?: string }
  | {
      event: "summary";
      mode: string;
      hosts: Record<string, Counts>;
      seconds: number;
      rescued?: Record<string, number>;
    };

export interface StepEvent {
  event: "step";
  host: string;
  play: string;
  role: string | null;
  /** The task's `name` (or its module, where it has none). */
  step: string;
  module: string;
  /** Label of the loop item; absent for the step itself. */
  item?: Value;
  status: Status;
  changes: Difference[];
  error?: StepError | null;
  /** Why it is skipped, `maybe` or `unknown`; which step stands in the way. */
  why?: string;
  message?: string;
  /** The message is shown from this verbosity on. */
  verbosity?: number;
  warnings?: string[];
  handler?: boolean;
  place: Place;
}

export interface StepError {
  message: string;
  /** What was run on the host, for people. */
  command?: string;
  rc?: number;
  /** Last lines of output. */
  output?: string;
  hint?: string;
  /** For a mistake with a page of its own: `provision explain CODE`. */
  code?: Code;
  /** Where the mistake is, when that is not the step's own place: inside an expression or a template. */
  place?: Place;
}

export type Counts = Record<
  "ok" | "changed" | "skipped" | "failed" | "unreachable" | "maybe" | "unknown" | "ignored",
  number
>;
