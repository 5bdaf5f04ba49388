import { quote } from "../../base/shell.ts";
import { loadRe2 } from "../lazy.cjs";
import { type Cel, FunctionError, take, type CelList, aType } from "../cel-value.ts";
import { any, type CelFunction, fn, int, list, method, string } from "./define.ts";

/** Functions on texts. Positions and lengths count characters (code points). */
export const stringFunctions: readonly CelFunction[] = [
  method("contains", [string, string], "bool", "Whether a text holds another", (text, part) => text.includes(part)),
  method("startsWith", [string, string], "bool", "Whether a text begins with another", (text, part) =>
    text.startsWith(part),
  ),
  method("endsWith", [string, string], "bool", "Whether a text ends with another", (text, part) => text.endsWith(part)),
  method("replace", [string, string, string], "string", "Every occurrence of a text replaced", (text, from, to) =>
    text.split(from).join(to),
  ),
  method(
    "replace",
    [string, string, string, int],
    "string",
    "The first n occurrences replaced",
    (text, from, to, count) => {
      const parts = text.split(from);
      const cut = count < 0n ? parts.length : Math.min(Number(count) + 1, parts.length);
      return [parts.slice(0, cut).join(to), ...parts.slice(cut)].join(from);
    },
  ),
  method("split", [string, string], "list", "The parts between separators", (text, separator) => text.split(separator)),
  method(
    "split",
    [string, string, int],
    "list",
    "At most n parts; the last holds the rest",
    (text, separator, count) => {
      const parts = text.split(separator);
      const limit = Number(count);
      if (limit < 0 || parts.length <= limit) return parts;
      return limit === 0 ? [] : [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
    },
  ),
  method("join", [list], "string", "The items of a list in one text", (items) => joined(items, "")),
  method("join", [list, string], "string", "The items of a list in one text, with a separator", joined),
  method("substring", [string, int], "string", "The text from a position on", (text, from) =>
    substring(text, from, undefined),
  ),
  method("substring", [string, int, int], "string", "The text between two positions", substring),
  method("charAt", [string, int], "string", "The character at a position", (text, at) => substring(text, at, at + 1n)),
  method(
    "indexOf",
    [string, string],
    "int",
    "The position of a text in another, -1 when it is not there",
    (text, part) => position(text, text.indexOf(part)),
  ),
  method("indexOf", [string, string, int], "int", "The same, from a position on", (text, part, from) =>
    position(text, text.indexOf(part, Array.from(text).slice(0, Number(from)).join("").length)),
  ),
  method("lastIndexOf", [string, string], "int", "The last position of a text in another", (text, part) =>
    position(text, text.lastIndexOf(part)),
  ),
  method("lowerAscii", [string], "string", "A-Z in lower case", (text) =>
    text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  ),
  method("upperAscii", [string], "string", "a-z in upper case", (text) =>
    text.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
  ),
  method("trim", [string], "string", "Without white space at both ends", (text) => text.trim()),
  method("reverse", [string], "string", "The characters from back to front", (text) =>
    Array.from(text).reverse().join(""),
  ),
  method(
    "matches",
    [string, string],
    "bool",
    "Whether a regular expression matches somewhere in the text",
    (text, pattern) => regex(pattern).matcher(text).find(),
  ),
  method(
    "find",
    [string, string],
    "string",
    "The first match of a regular expression, or an empty text",
    (text, pattern) => findAll(text, pattern, 1)[0] ?? "",
  ),
  method("findAll", [string, string], "list", "All matches of a regular expression", (text, pattern) =>
    findAll(text, pattern, Number.POSITIVE_INFINITY),
  ),
  method("findAll", [string, string, int], "list", "The first n matches", (text, pattern, count) =>
    findAll(text, pattern, Number(count)),
  ),
  method("format", [string, list], "string", "%s %d %f %.2f %x %X %o %b %e %% filled from a list", format),
  fn("strings.quote", [string], "string", "A text in double quotes, escaped", (_context, text) => JSON.stringify(text)),
  fn("shellQuote", [any], "string", "One word (or, of a list, several) quoted for a POSIX shell", (_context, value) =>
    shellQuote(value),
  ),
];

function shellQuote(value: Cel): string {
  if (Array.isArray(value)) return (value as CelList).map((item) => shellQuote(take(item))).join(" ");
  const text = printable(value);
  if (text === undefined) throw new FunctionError(`shellQuote takes a text, not ${aType(value)}`);
  if (text.includes("\0")) throw new FunctionError("a text with a NUL character cannot be a shell word");
  return quote(text);
}

/** The text of a value that prints: texts, numbers, booleans and special types; undefined for the others. */
export function printable(value: Cel): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "bigint" || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "object" && value !== null && "outside" in value && typeof value.outside === "function") {
    return value.constructor.name === "Optional" ? undefined : String(value);
  }
  return undefined;
}

function joined(items: readonly Cel[], separator: string): string {
  return items
    .map((item, index) => {
      const text = printable(item);
      if (text === undefined) throw new FunctionError(`item ${index} of the list is ${aType(item)} and does not print`);
      return text;
    })
    .join(separator);
}

function substring(text: string, from: bigint, to: bigint | undefined): string {
  const characters = isAscii(text) ? text : Array.from(text);
  const end = to ?? BigInt(characters.length);
  if (from < 0n || end > BigInt(characters.length) || from > end) {
    throw new FunctionError(`positions ${from} to ${end} are not inside a text of ${characters.length} characters`);
  }
  const part = characters.slice(Number(from), Number(end));
  return typeof part === "string" ? part : part.join("");
}

function position(text: string, index: number): bigint {
  return BigInt(index <= 0 || isAscii(text) ? index : Array.from(text.slice(0, index)).length);
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}

type Regex = ReturnType<ReturnType<typeof loadRe2>["compile"]>;
const compiled = new Map<string, Regex>();

/** A regular expression that runs in linear time: no backreferences, no lookaround. */
function regex(pattern: string): Regex {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  try {
    const made = loadRe2().compile(pattern);
    if (compiled.size > 1000) compiled.clear();
    compiled.set(pattern, made);
    return made;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    throw new FunctionError(
      `the regular expression is not valid: ${why}`,
      "backreferences and lookaround are not possible here",
    );
  }
}

function findAll(text: string, pattern: string, most: number): string[] {
  const matcher = regex(pattern).matcher(text);
  const found: string[] = [];
  while (found.length < most && matcher.find()) found.push(matcher.group() ?? "");
  return found;
}

function format(template: string, values: readonly Cel[]): string {
  let next = 0;
  const text = template.replace(
    /%(?:\.(\d+))?([a-zA-Z%])|%/g,
    (written: string, precision: string | undefined, kind: string | undefined) => {
      if (kind === "%") return "%";
      if (next >= values.length) throw new FunctionError(`there is no value for "${written}"`);
      return formatOne(written, kind ?? "", precision, values[next++] ?? null);
    },
  );
  if (next < values.length) throw new FunctionError(`${values.length} values for ${next} places`);
  return text;
}

function formatOne(written: string, kind: string, precision: string | undefined, value: Cel): string {
  const number = typeof value === "bigint" || typeof value === "number";
  const digits = precision === undefined ? 6 : Math.min(Number(precision), 100);
  if (kind === "s") {
    const text = printable(value);
    if (text !== undefined) return text;
  }
  if (kind === "d" && typeof value === "bigint") return String(value);
  if (kind === "f" && number) return Number(value).toFixed(digits);
  if (kind === "e" && number) return Number(value).toExponential(digits);
  const bases: { readonly [kind: string]: number } = { x: 16, X: 16, o: 8, b: 2 };
  const base = bases[kind];
  if (base !== undefined && typeof value === "bigint")
    return kind === "X" ? value.toString(16).toUpperCase() : value.toString(base);
  if ((kind === "x" || kind === "X") && typeof value === "string") {
    const hex = Buffer.from(value, "utf8").toString("hex");
    return kind === "X" ? hex.toUpperCase() : hex;
  }
  if (!"sdfexXob".includes(kind) || kind === "")
    throw new FunctionError(
      `"${written}" is no place for a value`,
      "the places are %s %d %f %e %x %X %o %b, and %% for a percent sign",
    );
  throw new FunctionError(`"${written}" does not take ${aType(value)}`);
}
