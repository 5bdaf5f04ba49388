import { MASK, Secret } from "../base/secret.ts";
import type { Difference } from "../modules/module.ts";
import { visibleLine } from "./visible.ts";

/**
 * Differences on one line each: `/etc/motd mode 0644 → 0600`, then `owner root → web` without the path said before. That
 * a file which was not there gets content goes without saying.
 */
export function differenceLines(differences: readonly Difference[]): string[] {
  return differences.flatMap((difference, index) => {
    const before = differences[index - 1];
    const said = before !== undefined && before.of === difference.of;
    if (said && difference.text === true && before.what === "state" && before.before === "absent") return [];
    return [differenceLine(difference, said)];
  });
}

function differenceLine(difference: Difference, said: boolean): string {
  if (difference.what === "run" && typeof difference.after === "string")
    return `runs: ${short(visibleLine(difference.after))}`;
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
  return text === "" || /\s/.test(text) ? `"${short(text)}"` : short(text);
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
