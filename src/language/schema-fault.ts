import type { ErrorObject } from "ajv/dist/2020.js";
import { nearest } from "../base/nearest.ts";
import type { Code } from "../errors/codes.ts";
import { Fault, type FaultDetails } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import { checkFormat, type FormatNames } from "./formats.ts";
import { pathText } from "./names.ts";
import type { Node } from "./node.ts";

/** Where a value came from and what it is called, for the faults about it. */
export interface Subject {
  /** What it is called, for people: `k3s`, `the value`. Keys are appended: `k3s.server.port`. */
  name: string;
  /** The node it came from: faults get the place of the key or value in it. */
  node?: Node | undefined;
  /** The place for what has no node. */
  place?: Place | undefined;
  /** The names that the formats `host` and `group` accept; any name when absent. */
  names?: FormatNames | undefined;
}

/** The fault of one error of the validator. No message shows one of the `secrets`. */
export function toFault(error: ErrorObject, subject: Subject, secrets: ReadonlySet<unknown>): Fault {
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const called = pathText(subject.name, path);
  const node = nodeAt(subject.node, path);
  const details = detailsOf(node, subject);
  const params = error.params as Record<string, unknown>;
  if (error.keyword === "additionalProperties" || error.keyword === "unevaluatedProperties") {
    const key = String(params.additionalProperty ?? params.unevaluatedProperty);
    const entry = node?.kind === "map" ? node.entries.get(key) : undefined;
    const known = Object.keys((error.parentSchema?.properties ?? {}) as object);
    const near = nearest(key, known);
    const layer = entry?.value.origin.layer;
    return new Fault("schema-unknown-key", `unknown key "${key}" of ${called}`, {
      ...details,
      ...(entry === undefined ? {} : { place: entry.keyPlace }),
      ...(layer === undefined ? {} : { layer }),
      hint:
        near === undefined
          ? known.length === 0
            ? "it has no keys"
            : `it has ${known.join(", ")}`
          : `did you mean "${near}"?`,
    });
  }
  const secret = error.parentSchema?.secret === true || secrets.has(error.data);
  const { code, message, hint } = describe(error, params, called, secret ? undefined : node, subject, secret);
  return new Fault(code, message, { ...details, ...(hint === undefined ? {} : { hint }) });
}

function detailsOf(node: Node | undefined, subject: Subject): FaultDetails {
  const place = node?.place ?? subject.node?.place ?? subject.place;
  const layer = (node ?? subject.node)?.origin.layer;
  return { ...(place === undefined ? {} : { place }), ...(layer === undefined ? {} : { layer }) };
}

interface Description {
  code: Code;
  message: string;
  hint?: string | undefined;
}

function describe(
  error: ErrorObject,
  params: Record<string, unknown>,
  called: string,
  node: Node | undefined,
  subject: Subject,
  secret: boolean,
): Description {
  const written = node?.kind === "scalar" ? node.raw : undefined;
  switch (error.keyword) {
    case "required":
      return {
        code: "schema-missing-key",
        message: `${pathText(called, [String(params.missingProperty)])} is missing`,
        hint: "it is required and has no default",
      };
    case "type":
      return {
        code: "schema-type",
        message: `${called} must be ${typeNames(params.type)}, not ${typeOf(error.data, written)}`,
        hint: typeHint(params.type, error.data, written),
      };
    case "enum": {
      const allowed = (params.allowedValues as unknown[]).map((one) => JSON.stringify(one));
      const near =
        typeof error.data === "string"
          ? nearest(error.data, (params.allowedValues as unknown[]).map(String))
          : undefined;
      return {
        code: "schema-value",
        message: `${called} must be one of ${allowed.join(", ")}`,
        hint: near === undefined ? undefined : `did you mean "${near}"?`,
      };
    }
    case "const":
      return { code: "schema-value", message: `${called} must be ${JSON.stringify(params.allowedValue)}` };
    case "format": {
      const text = typeof error.data === "string" ? error.data : "";
      const problem = checkFormat(String(params.format), text, subject.names);
      return {
        code: "schema-format",
        message: `${called}${secret ? "" : `, ${JSON.stringify(text)},`} is no ${problem?.needs ?? String(params.format)}`,
        hint: problem?.hint,
      };
    }
    case "anyOf":
    case "oneOf":
      return { code: "schema-value", message: `${called} fits none of the forms that are allowed` };
    case "not":
      return { code: "schema-value", message: `${called} has a form that is not allowed` };
    default:
      return {
        code: "schema-value",
        message: `${called} ${LIMITS[error.keyword]?.(params) ?? error.message ?? "is not allowed"}`,
      };
  }
}

const LIMITS: { readonly [keyword: string]: (params: Record<string, unknown>) => string } = {
  minimum: (params) => `must be ${String(params.limit)} or more`,
  maximum: (params) => `must be ${String(params.limit)} or less`,
  exclusiveMinimum: (params) => `must be more than ${String(params.limit)}`,
  exclusiveMaximum: (params) => `must be less than ${String(params.limit)}`,
  multipleOf: (params) => `must be a multiple of ${String(params.multipleOf)}`,
  minLength: (params) => `must have at least ${String(params.limit)} characters`,
  maxLength: (params) => `must have at most ${String(params.limit)} characters`,
  minItems: (params) => `must have at least ${String(params.limit)} items`,
  maxItems: (params) => `must have at most ${String(params.limit)} items`,
  minProperties: (params) => `must have at least ${String(params.limit)} keys`,
  maxProperties: (params) => `must have at most ${String(params.limit)} keys`,
  uniqueItems: () => "must not hold the same item twice",
  pattern: (params) => `must match ${String(params.pattern)}`,
  contains: () => "lacks an item that it must hold",
  dependentRequired: (params) => `needs "${String(params.missingProperty)}" when "${String(params.property)}" is given`,
};

const TYPES: { readonly [type: string]: string } = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  null: "null",
};

function typeNames(type: unknown): string {
  const types = Array.isArray(type) ? type.map(String) : [String(type)];
  return types.map((one) => TYPES[one] ?? one).join(" or ");
}

function typeOf(data: unknown, written: string | undefined): string {
  if (data === null) return "null";
  if (Array.isArray(data)) return "a list";
  if (typeof data === "object") return "a map";
  if (typeof data === "string") return written === undefined || written.length > 40 ? "a text" : `the text ${written}`;
  const shown = written ?? String(data);
  return typeof data === "number" ? `the number ${shown}` : shown;
}

function typeHint(type: unknown, data: unknown, written: string | undefined): string | undefined {
  const wants = (one: string): boolean => type === one || (Array.isArray(type) && type.includes(one));
  if (wants("string") && (typeof data === "number" || typeof data === "boolean"))
    return `quote it: "${written ?? String(data)}"`;
  if (wants("boolean") && typeof data === "string") {
    if (/^(?:yes|on|y)$/i.test(data)) return "write true";
    if (/^(?:no|off|n)$/i.test(data)) return "write false";
  }
  if ((wants("integer") || wants("number")) && typeof data === "string" && /^-?\d+(\.\d+)?$/.test(data))
    return "write it without quotes";
  if (wants("array") && data !== null && typeof data !== "object") return "put it in brackets: [ ]";
  return undefined;
}

function nodeAt(node: Node | undefined, path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((at, key) => {
    if (at?.kind === "map") return at.entries.get(key)?.value ?? at;
    if (at?.kind === "list" || at?.kind === "append") return at.items[Number(key)] ?? at;
    return at;
  }, node);
}
