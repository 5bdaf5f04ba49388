const SECONDS: { readonly [unit: string]: number } = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Seconds of a duration: a number of seconds (`30`, `"30"`, `1.5`) or numbers with units, largest first (`1h30m`,
 * `500ms`, `2d`). Undefined when it is none.
 */
export function parseDuration(text: string | number): number | undefined {
  if (typeof text === "number") return Number.isFinite(text) && text >= 0 ? text : undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  const parts =
    /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(
      text,
    );
  if (text === "" || parts === null) return undefined;
  return ["d", "h", "m", "s", "ms"].reduce(
    (sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * (SECONDS[unit] ?? 0),
    0,
  );
}

/** A number of seconds for people: `450ms`, `3.2s`, `2m 5s`, `1h 4m`. */
export function showDuration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)}ms`;
  if (seconds < 59.95) return `${Number(seconds.toFixed(1))}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${whole % 60}s`;
  return `${Math.floor(whole / 3600)}h ${Math.floor((whole % 3600) / 60)}m`;
}
