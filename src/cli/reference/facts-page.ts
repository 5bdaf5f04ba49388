import { factTable } from "../../facts/schema.ts";
import { table } from "./table.ts";

/** The page of facts: Markdown, from the table of facts. */
export function factsPage(): string {
  const rows = factTable.map(({ name, type, description, example }) => [
    `\`facts.${name}\``,
    type,
    description,
    `\`${example}\``,
  ]);
  return [
    "# Facts",
    "What is known of a host. They are read in the first round trip, and only those that a play uses. What a host does not tell is null (or an empty list or map): `facts.os.codename` on OpenBSD.",
    table(["Name", "Type", "Meaning", "Example"], rows),
  ]
    .join("\n\n")
    .concat("\n");
}
