/** Cells longer than this do not widen their column. */
const WIDEST = 48;

/** A Markdown table with aligned columns, so that it reads well as it is. Bars and newlines in cells are taken care of. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|")));
  const widths = head.map((_, column) =>
    Math.min(WIDEST, Math.max(3, ...cells.map((row) => row[column]?.length ?? 0))),
  );
  const last = widths.length - 1;
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === last ? cell : cell.padEnd(widths[column] ?? 0))).join(" | ")} |`;
  const [first = [], ...others] = cells;
  const rule = widths.map((width, column) => "-".repeat(column === last ? 3 : width));
  return [line(first), line(rule), ...others.map(line)].join("\n");
}
