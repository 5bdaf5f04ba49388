import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";

/** Names that every host sees and nothing else may take. */
export const ROOT_NAMES = ["host", "hosts", "groups", "roles", "facts", "platform", "item"] as const;

/** Words that CEL keeps for itself. */
const RESERVED = new Set([
  ..."as break const continue else for function if import in let loop package namespace return var void while".split(
    " ",
  ),
  ..."true false null".split(" "),
]);

/** What is wrong with a name of a role or a variable, with what to do; `undefined` for a good one. */
export function nameFault(kind: "role" | "variable", name: string, place: Place | undefined): Fault | undefined {
  const at = place === undefined ? {} : { place };
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    const better = name
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, "_")
      .replace(/^[^a-z]+/, "");
    return new Fault("bad-name", `"${name}" cannot be the name of a ${kind}`, {
      ...at,
      hint: `use small letters, digits and underscores, a letter first${better === "" ? "" : `: "${better}"`}`,
    });
  }
  if (RESERVED.has(name))
    return new Fault(
      "bad-name",
      `"${name}" cannot be the name of a ${kind}: expressions keep this word for themselves`,
      { ...at, hint: "choose another name" },
    );
  if ((ROOT_NAMES as readonly string[]).includes(name)) {
    return new Fault("bad-name", `"${name}" cannot be the name of a ${kind}: every host has this name already`, {
      ...at,
      hint: `choose another name; these are taken: ${ROOT_NAMES.join(", ")}`,
    });
  }
  return undefined;
}
