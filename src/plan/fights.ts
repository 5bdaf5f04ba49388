import { Unknown } from "../base/value.ts";
import type { Prediction, Ref } from "../resources/resource.ts";
import type { Planned } from "./item.ts";
import type { Segment } from "./segment.ts";
import { NotRead, readerOf, refKey } from "./world.ts";

/** Two steps that would undo each other on every run. */
export interface Fight {
  /** The step that would change again on the state the plan leaves. */
  loser: Planned;
  /** The step that has the last word on the resource. */
  winner: Planned;
  /** What they fight over: `file /etc/hosts`. */
  over: string;
}

/**
 * Plans the declared steps of a segment again on the state that the segment itself predicts. A change that is left, on a
 * resource that another step has set, is a fight; steps that always act are exempt. `again` plans the same steps with
 * their conditions on that state.
 */
export function findFights(segment: Segment, again: () => Segment): Fight[] {
  const fights: Fight[] = [];
  for (const item of segment.items) {
    if (item.verdict !== "ok" && item.verdict !== "change") continue;
    if (item.change?.opaque === true || item.change?.always === true) continue;
    const left = remainingChange(item, segment);
    if (left === undefined) continue;
    for (const prediction of left) {
      const winner = segment.world.predictedBy(prediction);
      const other = segment.items.find((one) => one.id === winner);
      if (other === undefined || other === item || other.change?.always === true) continue;
      if (other.verdict !== "ok" && other.verdict !== "change") continue;
      fights.push({
        loser: item,
        winner: other,
        over: `${prediction.kind.kind.replace(/\..*/, "")} ${prediction.key}`,
      });
      break;
    }
  }
  return fights.length === 0 ? fights : confirmed(fights, again());
}

/** Those whose loser, planned again with its conditions and all that is before it, would certainly change once more. */
function confirmed(fights: readonly Fight[], second: Segment): Fight[] {
  if (second.missing.length > 0) return [];
  return fights.filter(({ loser }) =>
    second.items.some(
      (item) => item.verdict === "change" && item.step === loser.step && item.item?.index === loser.item?.index,
    ),
  );
}

/** The resources the step would still change on the predicted state. */
function remainingChange(item: Planned, segment: Segment): Ref[] | undefined {
  const { prepared } = item;
  if (prepared === undefined) return undefined;
  try {
    const plan = item.step.module.plan(
      prepared.args,
      (ref) => segment.world.see(ref, readerOf(ref, prepared.reader), true).value as never,
      prepared.view,
    );
    const change = plan.change;
    if (change === undefined || change.always === true || change.opaque === true) return undefined;
    // What would really come out otherwise is named first, and of a file its content before the rest.
    const isAspect = (one: Prediction): number => (one.ref.kind.kind.includes(".") ? 0 : 1);
    const differing = change.becomes
      .filter((one) => !segment.world.foresees(one))
      .sort((a, b) => isAspect(a) - isAspect(b));
    const changed = [...differing, ...change.becomes].map((one) => one.ref);
    const seen = new Set(changed.map(refKey));
    return [...changed, ...item.sights.map((sight) => sight.ref).filter((ref) => !seen.has(refKey(ref)))];
  } catch (error) {
    if (error instanceof Unknown || error instanceof NotRead) return undefined;
    throw error;
  }
}
