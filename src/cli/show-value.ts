import { MASK, Secret } from "../base/secret.ts";
import type { Value } from "../base/value.ts";
import { visibleLine } from "../report/visible.ts";

/** A value for people: maps and lists as indented lines, text as it is. Ends without a newline. */
export function showValue(value: Value, indent = 0): string {
  const space = " ".repeat(indent);
  if (isScalar(value)) return `${space}${scalarText(value)}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return `${space}[]`;
    return value
      .map((item) => (isScalar(item) ? `${space}- ${scalarText(item)}` : `${space}-\n${showValue(item, indent + 2)}`))
      .join("\n");
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return `${space}{}`;
  return keys
    .map((key) => {
      const item = value[key] ?? null;
      const short = isScalar(item) || Object.keys(item).length === 0;
      return `${space}${visibleLine(key)}:${short ? ` ${showValue(item)}` : `\n${showValue(item, indent + 2)}`}`;
    })
    .join("\n");
}

type Scalar = Exclude<Value, Value[] | { [key: string]: Value }>;

function isScalar(value: Value): value is Scalar {
  return value === null || typeof value !== "object" || value instanceof Secret;
}

function scalarText(value: Scalar): string {
  if (value instanceof Secret) return MASK;
  return typeof value === "string" ? visibleLine(value) : String(value);
}
