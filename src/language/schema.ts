import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { Secret } from "../base/secret.ts";
import { Unknown, type Value } from "../base/value.ts";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import { isMap, newMap } from "./convert.ts";
import type { Node } from "./node.ts";
import { type Subject, toFault } from "./schema-fault.ts";
import { isTemplate } from "./text.ts";
import { acceptNames, compileSchema } from "./validator.ts";

export type { Subject } from "./schema-fault.ts";

/** A JSON Schema as plain data. */
export type JsonSchema = Record<string, unknown>;

/** A value that is not known yet, or computed: whatever the schema says of it is left for later. */
const OPEN = Symbol("not known yet");

/**
 * Validates a value against a JSON Schema (draft 2020-12) with the formats `host group cidr ip mode duration`. All
 * mistakes are answered, each with the place of its node. Nothing is converted. Secrets are validated and never shown;
 * parts that are not known yet are passed over. Throws a Fault when the schema itself is wrong.
 */
export function validateValue(schema: JsonSchema, value: Value, subject: Subject): Fault[] {
  secrets = new Set();
  return validate(
    schema,
    openValue(() => value),
    subject,
  );
}

/** The same for a node that has not been evaluated: templates and `!expr` are passed over. */
export function validateNode(schema: JsonSchema, node: Node, subject: Subject): Fault[] {
  secrets = new Set();
  return validate(schema, openNode(node), { ...subject, node });
}

/** Checks that a schema is one. `place` is where it stands. */
export function checkSchema(schema: JsonSchema, place: Place): Fault | undefined {
  try {
    compileSchema(schema);
    return undefined;
  } catch (error) {
    return schemaFault(error, place);
  }
}

/** Plaintexts of the secrets in the value in hand: no message may show them. */
let secrets = new Set<unknown>();

function validate(schema: JsonSchema, value: unknown, subject: Subject): Fault[] {
  let check: ValidateFunction;
  try {
    check = compileSchema(schema);
  } catch (error) {
    throw schemaFault(error, subject.place ?? subject.node?.place);
  }
  acceptNames(subject.names);
  if (check(value)) return [];
  const errors = (check.errors ?? []).filter((error) => !isConsequence(error) && !holdsOpen(error));
  return errors.map((error) => toFault(error, subject, secrets));
}

/** Keywords that only repeat what their branches said. */
function isConsequence(error: ErrorObject): boolean {
  return error.keyword === "if" || error.keyword === "propertyNames";
}

/** Whether the error is about something that is not known yet. */
function holdsOpen(error: ErrorObject): boolean {
  const data: unknown = error.data;
  if (data === OPEN) return true;
  if (error.keyword === "additionalProperties" || error.keyword === "required" || error.keyword === "type")
    return false;
  return containsOpen(data);
}

function containsOpen(data: unknown): boolean {
  if (data === OPEN) return true;
  if (typeof data !== "object" || data === null) return false;
  return Object.values(data).some(containsOpen);
}

/** The value with everything computed; `OPEN` where that is not possible yet. Secrets give their text. */
function openValue(read: () => Value): unknown {
  try {
    const value = read();
    if (value instanceof Secret) {
      secrets.add(value.reveal());
      return value.reveal();
    }
    if (Array.isArray(value)) return value.map((item) => openValue(() => item));
    if (!isMap(value)) return value;
    const result: Record<string, unknown> = newMap();
    for (const key of Object.keys(value)) result[key] = openValue(() => value[key] ?? null);
    return result;
  } catch (error) {
    if (error instanceof Unknown) return OPEN;
    throw error;
  }
}

function openNode(node: Node): unknown {
  if (node.kind === "expr") return OPEN;
  if (node.kind === "raw") return node.value;
  if (node.kind === "scalar")
    return typeof node.value === "string" && node.origin.data !== true && isTemplate(node.value) ? OPEN : node.value;
  if (node.kind === "list" || node.kind === "append") return node.items.map(openNode);
  const result: Record<string, unknown> = newMap();
  for (const entry of node.entries.values()) result[entry.key] = openNode(entry.value);
  return result;
}

function schemaFault(error: unknown, place: Place | undefined): Fault {
  const message = error instanceof Error ? error.message : String(error);
  return new Fault(
    "schema-invalid",
    `the schema is not valid: ${message.replace(/^(?:strict mode|schema is invalid): /, "").replace(/\bdata\//g, "")}`,
    place === undefined ? {} : { place },
  );
}
