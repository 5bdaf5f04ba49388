import { palette } from "../report/palette.ts";
import type { Fault } from "../errors/fault.ts";
import type { Io } from "./io.ts";

/** Warnings that are shown at once. */
const MOST = 100;

/** Warnings go to stderr, one line each: what stdout carries may be read by a program. Of very many the first ones are shown. */
export function showWarnings(warnings: readonly Fault[], io: Io): void {
  const { yellow } = palette(io.colorErr);
  for (const { message, details } of warnings.slice(0, MOST)) {
    const place =
      details.place === undefined ? "" : `${details.place.file}:${details.place.line}:${details.place.column}: `;
    io.err(`${yellow("warning:")} ${place}${message}${details.hint === undefined ? "" : ` (${details.hint})`}\n`);
  }
  if (warnings.length > MOST) io.err(`${yellow("warning:")} and ${warnings.length - MOST} more warnings\n`);
}
