import type { Value } from "../base/value.ts";
import type { MapNode } from "../language/node.ts";
import type { Block, Include, Meta, Step, TaskNode } from "../playbook/tree.ts";

/**
 * Where a host is in its play. Immutable: the plan runs ahead of the host, and a batch that stops early goes back to the
 * cursor of the item it stopped at.
 */
export interface Cursor {
  readonly rest: Rest;
  /** Handlers notified and not yet run; with a text where it is only possible that they are (check). */
  readonly notified: ReadonlyMap<Step, string | undefined>;
  readonly names: Names;
  /** Failed without rescue: only forced handlers and `always` parts remain. */
  readonly failed: boolean;
  /** Failures that a rescue has taken care of. */
  readonly rescued: number;
  /** Check: it is not known whether the host gets here at all, and why. */
  readonly doubt?: string;
}

/** Names a host has got at run time. */
export interface Names {
  readonly registered: Readonly<Record<string, Value>>;
  readonly facts: Readonly<Record<string, Value>>;
  /** include_vars: joins the play's layer. */
  readonly included: readonly MapNode[];
  /** Handlers that includes brought. */
  readonly handlers: readonly Step[];
}

/** Two sets of names as one; a name that is not known yet stays so: it is not looked at. */
export function layNames(lower: Names["facts"], upper: Names["facts"]): Names["facts"] {
  const made = Object.create(null) as Record<string, Value>;
  Object.defineProperties(made, Object.getOwnPropertyDescriptors(lower));
  return Object.defineProperties(made, Object.getOwnPropertyDescriptors(upper));
}

export type Rest = { readonly head: Instruction; readonly tail: Rest } | null;

export type Instruction =
  /** `maybe`: a handler that is only possibly notified (check), and why. */
  | { op: "step"; step: Step; progress?: Progress; maybe?: string }
  | { op: "include"; include: Include }
  | { op: "meta"; meta: Meta }
  | { op: "block"; block: Block }
  /** The end of a part of a block; `failed`: go on failing after it. */
  | { op: "end"; block: Block; part: "block" | "rescue" | "always"; failed: boolean }
  /** Runs what is notified, first in order of definition; `runs` counts so that handlers cannot notify each other for ever. */
  | { op: "flush"; runs: number };

/** A step half-way through its loop. */
export interface Progress {
  readonly items: readonly Value[];
  readonly index: number;
  readonly outcomes: readonly ItemOutcome[];
}

/** What became of one item of a step. Filled in when it is known; until then `final` is false. */
export interface ItemOutcome {
  item: Value | undefined;
  status: "ok" | "changed" | "maybe" | "unknown" | "skipped" | "failed" | "ignored";
  /** What is registered. */
  result: { [key: string]: Value };
  /** False while a planned change has not run: of what is registered, only `result` and, where `certain`, `changed` is known. */
  final: boolean;
  /** `status` is already sure: a declared change at plan. */
  certain: boolean;
  /** What stands in the way of knowing the rest. */
  why: string;
  /** The item's place in the host's plan. */
  id: number;
}

export function startCursor(tasks: readonly (TaskNode | "flush")[], names: Names): Cursor {
  const instructions = tasks.map((task) =>
    task === "flush" ? ({ op: "flush", runs: 0 } as const) : instructionOf(task),
  );
  return { rest: prepend(instructions, null), notified: new Map(), names, failed: false, rescued: 0 };
}

export function instructionOf(task: TaskNode): Instruction {
  switch (task.kind) {
    case "step":
      return { op: "step", step: task };
    case "block":
      return { op: "block", block: task };
    case "include":
      return { op: "include", include: task };
    case "meta":
      return { op: "meta", meta: task };
  }
}

export function prepend(instructions: readonly Instruction[], rest: Rest): Rest {
  let result = rest;
  for (let index = instructions.length - 1; index >= 0; index--) {
    const head = instructions[index];
    if (head !== undefined) result = { head, tail: result };
  }
  return result;
}

/** Expands a block that is reached: its body, then its end. */
export function enterBlock(block: Block, tail: Rest): Rest {
  return prepend([...block.block.map(instructionOf), { op: "end", block, part: "block", failed: false }], tail);
}

/** What follows the end of a part of a block that was reached without a failure in it. `"fail"`: the failure goes on outwards. */
export function leavePart(end: Extract<Instruction, { op: "end" }>, tail: Rest): Rest | "fail" {
  if (end.part === "always") return end.failed ? "fail" : tail;
  return always(end.block, false, tail);
}

function always(block: Block, failed: boolean, tail: Rest): Rest {
  return prepend([...block.always.map(instructionOf), { op: "end", block, part: "always", failed }], tail);
}

/** After a failure: the rescue or `always` part that takes over, nearest first; `undefined` when nothing does. */
export function unwind(rest: Rest): { rest: Rest; rescued: boolean } | undefined {
  let at = rest;
  while (at !== null) {
    const { head, tail } = at;
    if (head.op === "end" && head.part === "block" && head.block.rescue.length > 0) {
      const rescue = [
        ...head.block.rescue.map(instructionOf),
        { op: "end", block: head.block, part: "rescue", failed: false } as const,
      ];
      return { rest: prepend(rescue, tail), rescued: true };
    }
    if (head.op === "end" && head.part !== "always") return { rest: always(head.block, true, tail), rescued: false };
    at = tail;
  }
  return undefined;
}
