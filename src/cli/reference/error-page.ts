import type { CodePage } from "../../errors/codes/code-page.ts";

/** The page of an error code, as `provision explain` prints it. */
export function errorPage(slug: string, { title, page }: CodePage): string {
  return `# ${title}\n\n\`${slug}\`\n\n${page.trim()}\n`;
}
