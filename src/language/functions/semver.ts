import type { Value } from "../../base/value.ts";
import { FunctionError, Special } from "../cel-value.ts";
import { loadSemver } from "../lazy.cjs";
import { any, type CelFunction, fn, method, string, type Type } from "./define.ts";

class Version extends Special {
  readonly typeName = "semver";
  constructor(readonly text: string) {
    super();
  }
  equals(other: Special): boolean {
    return other instanceof Version && compare(this, other) === 0n;
  }
  override toString(): string {
    return this.text;
  }
  outside(): Value {
    return this.text;
  }
}

const version: Type<Version> = { name: "semver", read: (value) => (value instanceof Version ? value : undefined) };
/** A version, or the text of one. */
const versionLike: Type<Version> = {
  name: "semver",
  read: (value) => (typeof value === "string" ? toVersion(value) : version.read(value)),
};

/** A leading `v` is accepted, as tags of releases have it. */
function readVersion(text: string): Version | undefined {
  const valid = loadSemver().valid(text);
  return valid === null ? undefined : new Version(valid);
}

function toVersion(text: string): Version {
  const found = readVersion(text);
  if (found === undefined)
    throw new FunctionError(`"${text}" is no version`, "three numbers and what may follow: 1.30.2, v1.30.2-rc1");
  return found;
}

function compare(a: Version, b: Version): bigint {
  return BigInt(loadSemver().compare(a.text, b.text));
}

/** Semantic versions. */
export const semverFunctions: readonly CelFunction[] = [
  fn("semver", [string], "semver", "The version a text shows", (_context, text) => toVersion(text)),
  fn(
    "isSemver",
    [any],
    "bool",
    "Whether a text shows a version",
    (_context, value) => typeof value === "string" && readVersion(value) !== undefined,
  ),
  method("major", [version], "int", "The first number", (value) => BigInt(loadSemver().major(value.text))),
  method("minor", [version], "int", "The second number", (value) => BigInt(loadSemver().minor(value.text))),
  method("patch", [version], "int", "The third number", (value) => BigInt(loadSemver().patch(value.text))),
  method("isLessThan", [version, versionLike], "bool", "Whether it is older", (a, b) => compare(a, b) < 0n),
  method("isGreaterThan", [version, versionLike], "bool", "Whether it is newer", (a, b) => compare(a, b) > 0n),
  method("compareTo", [version, versionLike], "int", "-1 when older, 0 when the same, 1 when newer", compare),
];
