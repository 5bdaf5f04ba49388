import { createHash } from "node:crypto";
import { Secret } from "../base/secret.ts";
import type { Planned } from "./item.ts";
import type { World } from "./world.ts";

/**
 * One step of a saved plan: what was seen, what is to differ. Digests are SHA-256 in hex; they are left out for what is
 * made from secrets.
 */
export interface StepStatement {
  host: string;
  play: string;
  step: string;
  /** `file:line`. */
  place: string;
  item?: string;
  status: string;
  differs: { what: string; of?: string; before?: unknown; after?: unknown }[];
  seen?: string;
  expected?: string;
}

/** States a planned item, for saving and for comparing with what was saved. */
export function stateStep(host: string, play: string, title: string, item: Planned, world: World): StepStatement {
  const { step, change } = item;
  const statement: StepStatement = {
    host,
    play,
    step: title,
    place: `${step.place.file}:${step.place.line}`,
    status: item.outcome.status,
    differs: (change?.differs ?? []).map((one) => ({
      what: one.what,
      ...(one.of === undefined ? {} : { of: one.of }),
      before: stated(one.before, one.text === true),
      after: stated(one.after, one.text === true),
    })),
  };
  if (item.item !== undefined) statement.item = digest(JSON.stringify(item.item.value));
  if (change === undefined || madeFromSecret(item)) return statement;
  statement.seen = digest(
    item.sights
      .map((sight) => `${sight.ref.kind.kind} ${sight.ref.key} ${world.reading(sight.ref, sight.reader)?.line ?? ""}`)
      .join("\n"),
  );
  statement.expected = digest(
    change.becomes
      .map((one) => `${one.ref.kind.kind} ${one.ref.key} ${one.ref.kind.line.pattern(one.fields)}`)
      .join("\n") + change.apply.blobs.map((blob) => blob.sha256).join("\n"),
  );
  return statement;
}

/** The first step in which two plans differ, in words; `undefined` when they state the same. */
export function firstDifference(
  saved: readonly StepStatement[],
  fresh: readonly StepStatement[],
): { host: string; text: string } | undefined {
  const hosts = [...new Set([...saved, ...fresh].map((step) => step.host))];
  for (const host of hosts) {
    const before = saved.filter((step) => step.host === host);
    const now = fresh.filter((step) => step.host === host);
    for (let index = 0; index < Math.max(before.length, now.length); index++) {
      const [was, is] = [before[index], now[index]];
      if (was === undefined) return { host, text: `step “${is?.step ?? ""}” (${is?.place ?? ""}) is not in the plan` };
      if (is === undefined)
        return { host, text: `step “${was.step}” (${was.place}) of the plan is not there any more` };
      if (JSON.stringify(was) === JSON.stringify(is)) continue;
      if (was.step !== is.step || was.place !== is.place)
        return {
          host,
          text: `the plan goes on with “${was.step}” (${was.place}), and the files with “${is.step}” (${is.place})`,
        };
      const what =
        was.status !== is.status
          ? `was ${was.status} and is now ${is.status}`
          : was.seen !== is.seen
            ? "sees another state of the host"
            : "would do something else";
      return { host, text: `step “${was.step}” (${was.place}) ${what}` };
    }
  }
  return undefined;
}

function stated(value: unknown, text: boolean): unknown {
  if (value instanceof Secret) return undefined;
  return text && typeof value === "string" ? `sha256:${digest(value)}` : value;
}

function madeFromSecret(item: Planned): boolean {
  const { change } = item;
  if (change === undefined || item.step.noLog) return true;
  return (
    change.apply.blobs.some((blob) => blob.secret) ||
    change.differs.some((one) => one.before instanceof Secret || one.after instanceof Secret)
  );
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
