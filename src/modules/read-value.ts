import { nearest } from "../base/nearest.ts";
import { Secret } from "../base/secret.ts";
import { parseDuration } from "../base/time.ts";
import type { Value } from "../base/value.ts";
import type { ArgSpec } from "./args.ts";
import { compileRegex, RegexMistake } from "./regex.ts";

/** What is wrong with a value: one sentence part that follows the argument's name, and what to write instead. */
export interface Mistake {
  mistake: string;
  hint?: string;
}
export type Reading = { value: unknown } | Mistake;

export interface ReadOptions {
  /** Home of the step's user, for `~/`; without it such paths stay as they are. */
  home?: string;
  /** Source text of a literal: a number is then shown as it was written and never taken for text. */
  raw?: string;
}

/** True for a reading that failed. */
export function isMistake(reading: Reading): reading is Mistake {
  return "mistake" in reading;
}

/**
 * Reads one value as an argument of the given kind (not `list`, `map`, `source`, `template`, `condition`, which are
 * made of others): the value the module sees, or what is wrong with it.
 */
export function readValue(spec: ArgSpec, value: Value, options: ReadOptions = {}): Reading {
  if (spec.kind === "any") return { value };
  if (Array.isArray(value)) return { mistake: `is a list; ${expected(spec)}` };
  if (value !== null && typeof value === "object" && !(value instanceof Secret))
    return { mistake: `is a map; ${expected(spec)}` };
  switch (spec.kind) {
    case "bool":
      return readBool(value);
    case "int":
    case "number":
      return readNumber(spec, value);
    case "duration":
      return readDuration(value);
    case "mode":
      return readMode(spec, value, options);
    default:
      return readText(spec, value, options);
  }
}

/** What an argument of this kind takes, for messages. */
export function expected(spec: ArgSpec): string {
  const words: Record<ArgSpec["kind"], string> = {
    string: "text is expected",
    bool: "true or false is expected",
    int: "a whole number is expected",
    number: "a number is expected",
    list: "a list is expected",
    map: "a map is expected",
    any: "a value is expected",
    mode: 'a mode is expected: "0644" or "u+x"',
    path: "an absolute path is expected",
    duration: "a duration is expected: 45s, 1h30m",
    regex: "a regular expression is expected",
    source: "the name of a file is expected",
    template: "the name of a template is expected",
    condition: "a condition is expected",
  };
  if (spec.choices !== undefined && spec.kind === "string") return `one of ${spec.choices.join(", ")} is expected`;
  return words[spec.kind];
}

function readBool(value: Value): Reading {
  if (typeof value === "boolean") return { value };
  const meant =
    typeof value === "string"
      ? { yes: "true", on: "true", true: "true", no: "false", off: "false", false: "false" }[value.toLowerCase()]
      : undefined;
  if (meant !== undefined)
    return {
      mistake: `is the text "${String(value)}"; true or false is expected`,
      hint: `write ${meant}, without quotes`,
    };
  return { mistake: `is ${describe(value)}; true or false is expected` };
}

function readNumber(spec: ArgSpec, value: Value): Reading {
  const number = typeof value === "string" && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number))
    return { mistake: `is ${describe(value)}; ${expected(spec)}` };
  if (spec.kind === "int" && !Number.isSafeInteger(number))
    return { mistake: `is ${number}; a whole number is expected` };
  return { value: number };
}

function readDuration(value: Value): Reading {
  if (typeof value === "number")
    return value >= 0 && Number.isFinite(value) ? { value } : { mistake: `is ${value}; a duration cannot be negative` };
  if (typeof value !== "string") return { mistake: `is ${describe(value)}; a duration is expected: 45s, 1h30m` };
  const seconds = parseDuration(value);
  return seconds === undefined
    ? { mistake: `is "${value}"; a duration is expected`, hint: "write 45s, 1h30m, or a number of seconds" }
    : { value: seconds };
}

function readMode(spec: ArgSpec, value: Value, options: ReadOptions): Reading {
  if (typeof value === "number") {
    const text = options.raw ?? String(value);
    return { mistake: `is the number ${text}; YAML does not read it as octal`, hint: `quote it: "${text}"` };
  }
  if (typeof value !== "string") return { mistake: `is ${describe(value)}; ${expected(spec)}` };
  if (spec.choices?.includes(value) === true || OCTAL.test(value) || SYMBOLIC.test(value)) return { value };
  return {
    mistake: `is "${value}", which is not a mode`,
    hint: 'write it in octal, "0644", or in symbols, "u=rw,go=r"',
  };
}
const OCTAL = /^0?[0-7]{1,4}$/;
const SYMBOLIC = /^[ugoa]*([-+=]([rwxXst]*|[ugo]))+(,[ugoa]*([-+=]([rwxXst]*|[ugo]))+)*$/;

function readText(spec: ArgSpec, value: Value, options: ReadOptions): Reading {
  if (value instanceof Secret) {
    return spec.kind === "string" && spec.choices === undefined
      ? { value }
      : { mistake: "is a secret; it would be shown there" };
  }
  if (typeof value === "number" && (options.raw !== undefined || !Number.isSafeInteger(value))) {
    const text = options.raw ?? String(value);
    return {
      mistake: `is the number ${text}; ${expected(spec)}`,
      hint: options.raw === undefined ? "quote it where it is defined" : `quote it: "${text}"`,
    };
  }
  if (typeof value === "boolean" || value === null) {
    return {
      mistake: `is ${options.raw ?? String(value)}; ${expected(spec)}`,
      hint: `quote it if the word is meant: "${options.raw ?? String(value)}"`,
    };
  }
  const text = String(value);
  if (spec.choices?.includes(text) === false) {
    const near = nearest(text, spec.choices);
    return {
      mistake: `is "${text}"; ${expected(spec)}`,
      ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
    };
  }
  if (spec.kind === "path") return readPath(text, options.home);
  if (spec.kind === "regex") return readRegex(text);
  if (text.includes("\0")) return { mistake: "contains a NUL byte, which no file name and no argument can" };
  return { value: text };
}

function readPath(text: string, home: string | undefined): Reading {
  if (/[\n\0]/.test(text)) return { mistake: "contains a newline or a NUL byte, which is refused in paths" };
  if (text === "~" || text.startsWith("~/"))
    return { value: home === undefined ? text : home.replace(/\/$/, "") + text.slice(1) };
  if (text.startsWith("/")) return { value: text };
  if (text === "") return { mistake: "is empty; an absolute path is expected" };
  const hint = text.startsWith("~")
    ? "only ~/ is known, the home of the step's user; write the path of the other home"
    : `write it from the root: "/…/${text}"; ~/ is the home of the step's user`;
  return { mistake: `is "${text}"; an absolute path is expected`, hint };
}

function readRegex(text: string): Reading {
  try {
    compileRegex(text, "m");
    return { value: text };
  } catch (error) {
    if (!(error instanceof RegexMistake)) throw error;
    const where = error.at === undefined ? "" : ` (character ${error.at + 1})`;
    return { mistake: `is not a regular expression: ${error.message}${where}` };
  }
}

function describe(value: Value): string {
  if (value === null) return "empty";
  if (value instanceof Secret) return "a secret";
  return typeof value === "string" ? `"${value}"` : String(value);
}
