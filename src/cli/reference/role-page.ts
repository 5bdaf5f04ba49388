import type { Role } from "../../playbook/tree.ts";
import { parameterTable } from "./parameter-table.ts";

/** What `provision doc role NAME` prints: Markdown, from the role's declaration. */
export function rolePage(role: Role): string {
  const lists = [
    ["Platforms", role.platforms],
    ["Runs before it", role.dependencies.map((one) => one.name)],
    ["Reads", role.uses],
  ] as const;
  return [
    `# Role ${role.name}`,
    role.summary,
    ...lists.flatMap(([title, items]) => (items.length === 0 ? [] : [`${title}: ${items.join(", ")}`])),
    "## Parameters",
    parameterTable(role),
    `Folder: ${role.folder}`,
  ]
    .join("\n\n")
    .concat("\n");
}
