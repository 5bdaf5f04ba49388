import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Value } from "../../base/value.ts";
import { type Cel, type CelMap, FunctionError, isCelMap, type Kept, outside, take } from "../cel-value.ts";
import { forceValue, literalValue } from "../convert.ts";
import { decodeUtf8 } from "../decode.ts";
import { parseYaml, writeYaml } from "../yaml.ts";
import { any, bytes, type CelFunction, fn, list, map, string } from "./define.ts";

const MAX_FILE = 4 * 1024 * 1024;

/** Functions on maps, data formats, files and the environment. */
export const dataFunctions: readonly CelFunction[] = [
  fn("map.keys", [map], "list", "The keys of a map, in its order", (_context, value) => Object.keys(value)),
  fn("map.values", [map], "list", "The values of a map, in its order", (_context, value) =>
    Object.keys(value).map((key) => take(value[key])),
  ),
  fn("map.merge", [map, map], "map", "The second laid over the first, key by key; null removes", (_context, a, b) =>
    mergeMaps(a, b),
  ),
  fn("toJson", [any], "string", "A value as JSON on one line", (_context, value) => toJson(value, undefined)),
  fn("toYaml", [any], "string", "A value as YAML", (_context, value) => toYaml(value)),
  fn("fromJson", [string], "any", "The value of a JSON text", (_context, text) => fromJson(text)),
  fn("fromYaml", [string], "any", "The value of a YAML text", (_context, text) =>
    take(parsed(() => literalValue(parseYaml(text, { file: "fromYaml" })))),
  ),
  fn("sha256", [string], "string", "The SHA-256 of a text, in hex", (_context, text) =>
    createHash("sha256").update(text, "utf8").digest("hex"),
  ),
  fn("sha256", [bytes], "string", "The SHA-256 of bytes, in hex", (_context, data) =>
    createHash("sha256").update(data).digest("hex"),
  ),
  fn("base64.encode", [string], "string", "A text in base64", (_context, text) =>
    Buffer.from(text, "utf8").toString("base64"),
  ),
  fn("base64.encode", [bytes], "string", "Bytes in base64", (_context, data) => Buffer.from(data).toString("base64")),
  fn("base64.decode", [string], "bytes", "The bytes of base64", (_context, text) => {
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text.replace(/\s/g, ""))) throw new FunctionError("this is not base64");
    return new Uint8Array(Buffer.from(text, "base64"));
  }),
  fn("file", [string], "string", "The content of a text file of the project", (context, path) =>
    readText(resolve(context.folder, path), path),
  ),
  fn("env", [string], "string", "A variable of the environment provision runs in", (context, name) => {
    const value = context.environment[name];
    if (value === undefined)
      throw new FunctionError(
        `the environment variable ${name} is not set`,
        `set it before you run provision: export ${name}=…`,
      );
    return value;
  }),
  fn("concat", [list, list, list], "list", "Three lists in one", (_context, a, b, c) => [...a, ...b, ...c]),
];

/** JSON of a value; keys in their order. `indent` spaces make it several lines. */
export function toJson(value: Cel, indent: number | undefined): string {
  return JSON.stringify(plain(value), undefined, indent);
}

/** YAML of a value, ending with a newline. */
export function toYaml(value: Cel): string {
  return writeYaml(plain(value));
}

/** Everything computed, secrets read: what is made of it is secret because the evaluation has read them. */
function plain(value: Cel): Value {
  return forceValue(outside(reveal(value)));
}

function reveal(kept: Kept): Kept {
  const value = take(kept);
  if (Array.isArray(value)) return (value as readonly Kept[]).map(reveal);
  if (!isCelMap(value)) return value;
  const result = Object.create(null) as { [key: string]: Kept };
  for (const key of Object.keys(value)) result[key] = reveal(value[key] ?? null);
  return result;
}

function mergeMaps(below: CelMap, above: CelMap): Cel {
  const merged = new Map<string, Kept>(Object.keys(below).map((key) => [key, below[key] ?? null]));
  for (const key of Object.keys(above)) {
    const value = take(above[key]);
    const under = take(merged.get(key));
    if (value === null) merged.delete(key);
    else if (isCelMap(value)) merged.set(key, mergeMaps(isCelMap(under) ? under : {}, value));
    else merged.set(key, value);
  }
  const result = Object.create(null) as { [key: string]: Kept };
  for (const [key, value] of merged) result[key] = value;
  return result;
}

function fromJson(text: string): Cel {
  try {
    return take(nullPrototypes(JSON.parse(text) as Value));
  } catch {
    throw new FunctionError("the text is not valid JSON");
  }
}

/** The parser's objects have a prototype and would treat `__proto__` as such. */
function nullPrototypes(value: Value): Value {
  if (Array.isArray(value)) return value.map(nullPrototypes);
  if (typeof value !== "object" || value === null) return value;
  const result = Object.create(null) as { [key: string]: Value };
  for (const [key, item] of Object.entries<Value>(value as { [key: string]: Value }))
    result[key] = nullPrototypes(item);
  return result;
}

function parsed(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new FunctionError(`the text is not valid YAML: ${error instanceof Error ? error.message : ""}`);
  }
}

function readText(path: string, shown: string): string {
  let data: Buffer;
  try {
    data = readFileSync(path);
  } catch (error) {
    const why =
      error instanceof Error && "code" in error && error.code === "ENOENT" ? "does not exist" : "cannot be read";
    throw new FunctionError(`the file ${shown} ${why}`, "paths start from the project's folder");
  }
  if (data.length > MAX_FILE)
    throw new FunctionError(`the file ${shown} is larger than 4 MB`, "copy it with the copy module");
  try {
    return decodeUtf8(data, shown);
  } catch {
    throw new FunctionError(`the file ${shown} is not UTF-8 text`);
  }
}
