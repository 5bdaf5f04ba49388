import type { Event, Status } from "../run/events.ts";

export type Mode = Extract<Event, { event: "start" }>["mode"];

/** Modes in which nothing is changed. */
export function isForecast(mode: Mode): boolean {
  return mode === "check" || mode === "plan";
}

/** A status in words: in a check nothing has happened yet, and the words say so. */
export function statusWord(status: Status, mode: Mode): string {
  if (status === "ignored") return "failed, ignored";
  if (!isForecast(mode)) return status;
  if (status === "changed") return "would change";
  if (status === "failed") return "would fail";
  return status;
}

/** `1 host`, `3 hosts`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
