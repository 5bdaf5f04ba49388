import { sh, type Shell } from "../../base/shell.ts";
import { fileTimes } from "../../resources/file-times.ts";
import { becomes } from "../../resources/resource.ts";
import type { Difference, See } from "../module.ts";
import type { Part } from "./put-file.ts";

export interface TimeArgs {
  modification_time?: unknown;
  modification_time_format: unknown;
  access_time?: unknown;
  access_time_format: unknown;
}

/** `YYYYMMDDhhmm.ss`, as touch -t takes it, or one of the two words. */
type Time = string;

/** What is wrong with a time, if anything. */
export function timeMistake(text: string | undefined, format: string): string | undefined {
  if (text === undefined || text === "now" || text === "preserve") return undefined;
  if (/%[^YmdHMS%]/.test(format)) return `: of its format only %Y %m %d %H %M %S are known, not ${format}`;
  return readTime(text, format) === undefined ? `"${text}" is not a time in the form ${format}` : undefined;
}

function readTime(text: string, format: string): Time | undefined {
  if (text === "now" || text === "preserve") return text;
  const names: string[] = [];
  const pattern = format.replace(/%([YmdHMS%])|[.*+?^${}()|[\]\\]/g, (found, letter: string | undefined) => {
    if (letter === undefined) return `\\${found}`;
    if (letter === "%") return "%";
    names.push(letter);
    return letter === "Y" ? "(\\d{4})" : "(\\d{1,2})";
  });
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (match === null) return undefined;
  const parts: { [letter: string]: number } = { Y: 1900, m: 1, d: 1, H: 0, M: 0, S: 0 };
  names.forEach((name, index) => {
    parts[name] = Number(match[index + 1]);
  });
  const { Y = 0, m = 0, d = 0, H = 0, M = 0, S = 0 } = parts;
  const date = new Date(Date.UTC(Y, m - 1, d, H, M, S));
  if (date.getUTCMonth() !== m - 1 || date.getUTCDate() !== d || H > 23 || M > 59 || S > 61) return undefined;
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${String(Y).padStart(4, "0")}${two(m)}${two(d)}${two(H)}${two(M)}.${two(S)}`;
}

/** Sets the times of a path. `none`: the word that stands for an argument that was not given. */
export function planTimes(
  path: string,
  args: TimeArgs,
  none: "now" | "preserve",
  see: See,
): Part & { always: boolean } {
  const modified = wanted(args.modification_time, String(args.modification_time_format), none);
  const accessed = wanted(args.access_time, String(args.access_time_format), none);
  const always = modified === "now" || accessed === "now";
  const differs: Difference[] = [];
  const apply: Shell[] = [];
  if (modified !== "preserve" || accessed !== "preserve") {
    const now = see(fileTimes(path));
    const add = (what: string, option: string, time: Time, before: string | null): void => {
      if (time === "preserve" || time === before) return;
      differs.push({ what, of: path, before, after: time });
      apply.push(time === "now" ? sh`touch -c ${option} ${path}` : sh`touch -c ${option} -t ${time} ${path}`);
    };
    add("modification time", "-m", modified, now.modifiedAt);
    add("access time", "-a", accessed, now.accessedAt);
  }
  const fields = {
    ...(/^\d/.test(modified) ? { modifiedAt: modified } : {}),
    ...(/^\d/.test(accessed) ? { accessedAt: accessed } : {}),
  };
  if (apply.length === 0) return { differs, apply, becomes: [], touches: [], always: false };
  return {
    differs,
    apply,
    becomes: Object.keys(fields).length === 0 ? [] : [becomes(fileTimes(path), fields)],
    touches: [{ kind: "file.times", below: path }],
    always,
  };
}

function wanted(given: unknown, format: string, none: "now" | "preserve"): Time {
  return given === undefined ? none : (readTime(String(given), format) ?? none);
}
