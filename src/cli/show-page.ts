import { palette } from "../errors/style.ts";

/** A page of Markdown for a terminal: headings bold, code as it is, fences left out. Without colour it stays Markdown. */
export function showPage(markdown: string, color: boolean): string {
  if (!color) return markdown;
  const { bold, cyan, dim } = palette(true);
  let code = false;
  const lines = markdown.split("\n").flatMap((line) => {
    if (line.startsWith("```")) {
      code = !code;
      return [];
    }
    if (code || line.startsWith("    ")) return [dim(code ? `    ${line}` : line)];
    const heading = /^#+ (.*)$/.exec(line);
    if (heading !== null) return [bold(heading[1] ?? "")];
    return [line.replace(/`([^`]+)`/g, (_, word: string) => cyan(word))];
  });
  return lines.join("\n");
}
