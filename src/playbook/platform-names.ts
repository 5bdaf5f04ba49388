import type { Value } from "../base/value.ts";
import { isMap } from "../language/convert.ts";

/** The names under which a role may have a table for a host, nearest first: its distribution, then its family. */
export function platformNames(facts: Value): string[] {
  const os = isMap(facts) ? facts.os : undefined;
  if (!isMap(os)) return [];
  const names = [os.distribution, os.family].filter((name) => typeof name === "string" && name !== "");
  return [...new Set(names.map((name) => String(name).toLowerCase()))];
}
