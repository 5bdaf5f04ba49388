import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parameterTable } from "../../src/cli/reference/parameter-table.ts";
import { RoleLibrary } from "../../src/playbook/roles.ts";

const BEGIN = "<!-- parameters: written by `npm run generate` from meta/main.yml -->";
const END = "<!-- end of parameters -->";

/** The READMEs of the shipped roles with the table of their parameters between two marks; a README without marks gets them at its end. */
export function roleReadmes(root: string): Map<string, string> {
  const folder = join(root, "roles");
  const library = new RoleLibrary([folder]);
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => library.has(name))
        .sort()
    : [];
  return new Map(
    names.map((name) => {
      const { role, faults } = library.read(name) ?? { role: undefined, faults: [] };
      if (role === undefined || faults.length > 0)
        throw new Error(`role ${name} cannot be read: ${faults.map((fault) => fault.message).join("; ")}`);
      const path = join(folder, name, "README.md");
      const before = existsSync(path) ? readFileSync(path, "utf8") : `# ${name}\n\n${role.summary}\n\n## Parameters\n`;
      return [`roles/${name}/README.md`, withTable(before, parameterTable(role))];
    }),
  );
}

function withTable(text: string, table: string): string {
  const part = `${BEGIN}\n\n${table}\n\n${END}`;
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) return `${text.trimEnd()}\n\n${part}\n`;
  return `${text.slice(0, begin)}${part}${text.slice(end + END.length)}`;
}
