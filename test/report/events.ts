import type { Counts, StepEvent } from "../../src/run/events.ts";
import type { Output } from "../../src/report/reporter.ts";

/** An output that is looked at. */
export function capture(): Output & { out(): string; err(): string } {
  const parts = { out: "", err: "" };
  return {
    write(text) {
      parts.out += text;
    },
    warn(text) {
      parts.err += text;
    },
    color: false,
    size: () => ({ columns: 80, rows: 10 }),
    out: () => parts.out,
    err: () => parts.err,
  };
}

export function step(fields: Partial<StepEvent> = {}): StepEvent {
  return {
    event: "step",
    host: "web-1",
    play: "Web",
    role: "base",
    step: "Message of the day",
    module: "copy",
    status: "ok",
    changes: [],
    place: { file: "site.yml", line: 4, column: 5 },
    ...fields,
  };
}

export function counts(fields: Partial<Counts> = {}): Counts {
  return { ok: 0, changed: 0, skipped: 0, failed: 0, unreachable: 0, maybe: 0, unknown: 0, ignored: 0, ...fields };
}
