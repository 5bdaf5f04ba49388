import { MASK } from "../base/secret.ts";
import type { Evaluator } from "../plan/evaluator.ts";
import type { ItemOutcome } from "../plan/cursor.ts";
import type { Planned } from "../plan/item.ts";
import type { Play } from "../playbook/tree.ts";
import type { Status, StepError, StepEvent } from "./events.ts";

interface Telling {
  host: string;
  play: Play;
  evaluator: Evaluator;
  error: StepError | undefined;
}

/** The events of a planned item whose outcome is sure: one for a loop item, and one for the step with its last item. */
export function eventsOf(item: Planned, telling: Telling): StepEvent[] {
  const { evaluator } = telling;
  const looped = item.item !== undefined;
  const own = stepEvent(item, item.outcome.status, telling);
  if (!looped) return [own];
  const label =
    item.item === undefined ? null : item.step.noLog ? MASK : evaluator.label(item.step, item.names, item.item);
  const events: StepEvent[] = [{ ...own, item: label }];
  if (item.completes !== undefined) {
    const status = overall(item.completes);
    const summary = stepEvent(item, status, {
      ...telling,
      error: status === "failed" || status === "ignored" ? { message: "an item of its loop failed" } : undefined,
    });
    events.push({ ...summary, changes: [] });
  }
  return events;
}

function stepEvent(item: Planned, status: Status, telling: Telling): StepEvent {
  const { step, plan } = item;
  const message = plan?.message;
  const event: StepEvent = {
    event: "step",
    host: telling.host,
    play: telling.play.name,
    role: step.role?.name ?? null,
    step: telling.evaluator.title(step, item.names),
    module: step.module.name,
    status,
    changes: status === "changed" || status === "maybe" || status === "failed" ? (item.change?.differs ?? []) : [],
    error: telling.error ?? null,
    place: step.place,
  };
  if (item.why !== undefined && status !== "failed") event.why = item.why;
  if (message !== undefined) event.message = String(message);
  if (plan?.verbosity !== undefined) event.verbosity = plan.verbosity;
  if (plan?.warnings !== undefined && plan.warnings.length > 0) event.warnings = plan.warnings;
  if (step.handler) event.handler = true;
  return step.noLog ? masked(event) : event;
}

/** `no_log`: that something happened is told, not what. */
function masked(event: StepEvent): StepEvent {
  const { message: _message, why: _why, warnings: _warnings, ...rest } = event;
  return {
    ...rest,
    changes: [],
    error: event.error == null ? null : { message: `failed; the rest is hidden (no_log)` },
  };
}

/** The status of a step with a loop. */
function overall(outcomes: readonly ItemOutcome[]): Status {
  const order: Status[] = ["failed", "unknown", "maybe", "changed", "ignored", "ok"];
  return order.find((status) => outcomes.some((outcome) => outcome.status === status)) ?? "skipped";
}
