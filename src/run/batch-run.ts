import type { ReadAnswer } from "../agent/wire.ts";
import type { Value } from "../base/value.ts";
import type { Asked, Batch, Meaning } from "../plan/batch.ts";
import type { Planned } from "../plan/item.ts";
import type { Ref } from "../resources/resource.ts";
import type { Reader } from "../plan/world.ts";
import type { StepError } from "./events.ts";
import type { Machine } from "./machine.ts";

/** How a batch ended, in terms of the plan. */
export type BatchOutcome =
  | { end: "done" }
  | { end: "lost"; why: string; item: Planned | undefined }
  /** The host was not as the plan saw it: fresh lines, and the items that rested on it. */
  | { end: "moved"; members: readonly Planned[]; fresh: { ref: Ref; reader: Reader; line: string }[] }
  | { end: "failed"; item: Planned; error: StepError; result: { [key: string]: Value } };

/** Output lines that an error keeps. */
const TAIL_LINES = 20;

/** Runs a batch and fills in the outcome of each item that ran. `begun` and `sure` are called as it goes. */
export async function runBatch(
  batch: Batch,
  machine: Machine,
  begun: (item: Planned) => void,
  sure: (item: Planned) => void,
): Promise<BatchOutcome> {
  let problem: BatchOutcome | undefined;
  let running: Planned | undefined;
  const proved = new Set<Planned>();
  for (const meaning of batch.meanings.values())
    if (meaning.is === "prove") meaning.members.forEach((member) => proved.add(member));
  const end = await machine.batch(batch.channel, batch.items, (event) => {
    const meaning = batch.meanings.get(event.id);
    if (meaning === undefined) return;
    if (event.event === "begin" && meaning.is === "run") {
      running = meaning.planned;
      begun(meaning.planned);
    } else if (event.event === "end" && meaning.is === "run") {
      running = undefined;
      problem = finished(meaning.planned, event) ?? problem;
      if (problem === undefined && !proved.has(meaning.planned)) sure(meaning.planned);
    } else if (event.event === "same" && meaning.is === "prove") {
      meaning.members.forEach(sure);
    } else if (event.event === "differs") {
      problem = differs(meaning, event.answers) ?? problem;
    }
  });
  if (end.end === "done") return { end: "done" };
  if (end.end === "lost") return { end: "lost", why: end.why, item: running };
  if (problem !== undefined) return problem;
  return { end: "lost", why: "the batch stopped without saying why", item: running };
}

function finished(
  planned: Planned,
  event: { rc: number; stdout: Buffer; stderr: Buffer; seconds: number },
): BatchOutcome | undefined {
  const outcome = {
    rc: event.rc,
    stdout: event.stdout.toString("utf8"),
    stderr: event.stderr.toString("utf8"),
    seconds: event.seconds,
  };
  const finish = planned.change?.finish?.(outcome);
  const result = { ...planned.plan?.result, ...finish?.result };
  planned.outcome.result = result;
  planned.outcome.final = true;
  if (finish?.changed === false) planned.outcome.status = "ok";
  const failure = finish?.fail ?? (event.rc === 0 ? undefined : failureText(outcome));
  if (failure === undefined) return undefined;
  const output = tail(outcome.stderr === "" ? outcome.stdout : outcome.stderr);
  const error: StepError = {
    message: failure,
    rc: event.rc,
    ...(output === "" ? {} : { output }),
    ...(commandOf(planned) === undefined ? {} : { command: commandOf(planned) ?? "" }),
  };
  return { end: "failed", item: planned, error, result };
}

function failureText(outcome: { rc: number; stderr: string }): string {
  const last = outcome.stderr.trimEnd().split("\n").at(-1) ?? "";
  return last === "" ? `it ended with status ${outcome.rc}` : last;
}

/** What was run, for people: the user's own command, or the module's shell when it is short. */
function commandOf(planned: Planned): string | undefined {
  const cmd = planned.plan?.result?.["cmd"];
  if (typeof cmd === "string") return cmd;
  if (Array.isArray(cmd)) return cmd.map(String).join(" ");
  return undefined;
}

function tail(text: string): string {
  return text.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
}

function differs(meaning: Meaning, answers: readonly ReadAnswer[]): BatchOutcome | undefined {
  if (meaning.is === "run") return undefined;
  const lines = answers.flat();
  if (meaning.is === "guard") {
    const fresh = meaning.asked.map((asked: Asked, index) => ({
      ref: asked.ref,
      reader: asked.reader,
      line: lines[index] ?? "",
    }));
    return { end: "moved", members: meaning.members, fresh };
  }
  for (const [index, asked] of meaning.asked.entries()) {
    const line = lines[index] ?? "";
    const mismatch = notAsPredicted(asked.prediction.ref, line, asked.prediction.fields, asked.prediction.not);
    if (mismatch === undefined) continue;
    asked.planned.outcome.final = true;
    const message = `did not converge: ${asked.ref.kind.kind} ${asked.ref.key}: ${mismatch}`;
    return { end: "failed", item: asked.planned, error: { message }, result: asked.planned.outcome.result };
  }
  return undefined;
}

/** What a fresh line shows otherwise than predicted, for people; `undefined` when it is as predicted. */
function notAsPredicted(ref: Ref, line: string, fields: object, not: object | undefined): string | undefined {
  const value = ref.kind.line.parse(line) as Record<string, unknown>;
  const wrong = Object.entries(fields).filter(([name, expected]) => value[name] !== expected);
  if (wrong.length > 0)
    return wrong.map(([name, expected]) => `${name} is ${shown(value[name])}, not ${shown(expected)}`).join(", ");
  const same = not === undefined ? [] : Object.entries(not);
  if (same.length > 0 && same.every(([name, old]) => value[name] === old))
    return same.map(([name, old]) => `${name} is still ${shown(old)}`).join(", ");
  return undefined;
}

function shown(value: unknown): string {
  return value === null || value === undefined ? "nothing" : String(value);
}
