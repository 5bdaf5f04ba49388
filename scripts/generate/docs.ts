import { commands } from "../../src/cli/commands.ts";
import { SHARED } from "../../src/cli/options.ts";
import { cliPage } from "../../src/cli/reference/cli-page.ts";
import { errorPage } from "../../src/cli/reference/error-page.ts";
import { factsPage } from "../../src/cli/reference/facts-page.ts";
import { functionsPage } from "../../src/cli/reference/functions-page.ts";
import { modulePage } from "../../src/cli/reference/module-page.ts";
import { table } from "../../src/cli/reference/table.ts";
import type { CodePage } from "../../src/errors/codes/code-page.ts";
import { codes } from "../../src/errors/codes.ts";
import { functions } from "../../src/language/functions.ts";
import { modules } from "../../src/modules/registry.generated.ts";

/** Folders that hold nothing but generated pages: what is not generated any more is removed. */
export const GENERATED_FOLDERS = ["docs/reference/modules", "docs/errors"];

/** The reference: path → Markdown, from the same tables that `provision doc` and `provision explain` print. */
export function docFiles(): Map<string, string> {
  const pages = new Map<string, string>([
    ["docs/reference/cli.md", cliPage(commands, SHARED)],
    ["docs/reference/facts.md", factsPage()],
    ["docs/reference/functions.md", functionsPage(functions)],
    ["docs/reference/modules/README.md", moduleIndex()],
    ["docs/errors/README.md", errorIndex()],
  ]);
  for (const [name, module] of modules) pages.set(`docs/reference/modules/${name}.md`, modulePage(module));
  for (const [slug, page] of codePages()) pages.set(`docs/errors/${slug}.md`, errorPage(slug, page));
  return new Map([...pages].map(([path, text]) => [path, `${NOTICE}\n\n${text}`]));
}

const NOTICE = "<!-- Written by `npm run generate`; do not edit. -->";

function codePages(): [string, CodePage][] {
  return Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1));
}

function moduleIndex(): string {
  const rows = [...modules.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, summary }) => [`[${name}](${name}.md)`, summary]);
  return `# Modules\n\nThe step types of the language. \`provision doc NAME\` prints the same page.\n\n${table(["Module", "What it does"], rows)}\n`;
}

function errorIndex(): string {
  const rows = codePages().map(([slug, { title }]) => [`[${slug}](${slug}.md)`, title]);
  return `# Error codes\n\nThe code stands in brackets at the end of an error's first line. \`provision explain CODE\` prints the same page.\n\n${table(["Code", "Meaning"], rows)}\n`;
}
