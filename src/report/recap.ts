import { showDuration } from "../base/time.ts";
import type { Counts, Event } from "../run/events.ts";
import { pad } from "./columns.ts";
import { colourOf, type Palette } from "./palette.ts";
import { visibleLine } from "./visible.ts";
import { count, isForecast, type Mode, statusWord } from "./words.ts";

type Summary = Extract<Event, { event: "summary" }>;
type Counted = keyof Counts;

/** Shown in this order; the first two always, the others where there is something to say. */
const ORDER: readonly Counted[] = ["ok", "changed", "maybe", "unknown", "failed", "ignored", "unreachable", "skipped"];

/** One line a host with aligned numbers, then one for all. Hosts' names are in the order of the run. */
export function recapLines(summary: Summary, colours: Palette): string[] {
  const mode = summary.mode as Mode;
  const hosts = Object.entries(summary.hosts);
  const shown = ORDER.filter((name, index) => index < 2 || hosts.some(([, counts]) => counts[name] > 0));
  const nameWidth = Math.max(0, ...hosts.map(([host]) => visibleLine(host).length));
  const numberWidth = Math.max(1, ...hosts.flatMap(([, counts]) => shown.map((name) => String(counts[name]).length)));
  const rows = hosts.map(([host, counts]) => {
    const cells = shown.map((name, index) => cell(name, counts[name], index < 2, numberWidth, mode, colours));
    const rescued = summary.rescued?.[host] ?? 0;
    return `${pad(visibleLine(host), nameWidth)}  ${cells.join("  ")}${rescued > 0 ? `  ${rescued} rescued` : ""}`.trimEnd();
  });
  return [...rows, totalLine(summary, mode)];
}

/** `apply: 2 hosts, 24 ok, 3 changed, 1 failed, in 4.2 s`. */
export function totalLine(summary: Summary, mode: Mode): string {
  const hosts = Object.values(summary.hosts);
  const total = (name: Counted): number => hosts.reduce((sum, counts) => sum + counts[name], 0);
  const parts = ORDER.filter((name, index) => index < 2 || total(name) > 0).map(
    (name) => `${total(name)} ${statusWord(name, mode)}`,
  );
  const nothing = isForecast(mode) ? "; nothing was changed" : "";
  return `${mode}: ${count(hosts.length, "host")}, ${parts.join(", ")}, in ${showDuration(summary.seconds)}${nothing}`;
}

/** `12 ok`; a zero that need not be said is as many spaces. */
function cell(name: Counted, number: number, always: boolean, width: number, mode: Mode, colours: Palette): string {
  const text = `${String(number).padStart(width)} ${statusWord(name, mode)}`;
  if (number > 0) return colourOf(name, colours)(text);
  return always ? colours.dim(text) : " ".repeat(text.length);
}
