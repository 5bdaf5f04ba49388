import { MASK, Secret } from "../base/secret.ts";
import type { Difference } from "../modules/module.ts";
import { visibleLine } from "./visible.ts";

/** Differences on one line each: `/etc/motd content`, then `mode 0644 → 0600` without the path said before. */
export function differenceLines(differences: readonly Difference[]): string[] {
  return differences.map((difference, index) =>
    differenceLine(difference, index > 0 && differences[index - 1]?.of === difference.of),
  );
}

function differenceLine(difference: Difference, said: boolean): string {
  const what = visibleLine(
    difference.of === undefined || said ? difference.what : `${difference.of} ${difference.what}`,
  );
  if (difference.text === true) return difference.before === null ? `${what} (new)` : what;
  return `${what} ${valueText(difference.before)} → ${valueText(difference.after)}`;
}

/** True for a difference whose texts can be shown line by line. */
export function hasLines(difference: Difference): boolean {
  const texts = [difference.before, difference.after];
  return difference.text === true && texts.every((text) => text === null || typeof text === "string");
}

function valueText(value: Difference["before"]): string {
  if (value === null) return "(none)";
  if (value instanceof Secret) return MASK;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  const text = visibleLine(value);
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return text === "" || /\s/.test(text) ? `"${short}"` : short;
}
