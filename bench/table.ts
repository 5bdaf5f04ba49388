/** One line of the result. `ratio` is the median of the ratios in each round. */
export interface Row {
  what: string;
  hosts: number;
  /** Seconds, medians. */
  wall: number;
  /** Seconds of processor: of the program and the children it waited for; nothing of the host. */
  cpu: number;
  peakMiB: number | undefined;
  ratio: number | undefined;
  /** What the ratio (or, for `peakMiB`, the memory) is to stay below. */
  target: number | undefined;
  /** What `ratio` is beside. */
  beside?: string;
}

export function share(value: number, base: number | undefined): number {
  return base === undefined ? NaN : value / base;
}

/** The rows as a table for people. */
export function table(rows: readonly Row[]): string {
  const head = ["", "hosts", "seconds", "CPU s", "peak MiB", "ratio", "at most"];
  const lines = rows.map((row) => [
    row.what,
    String(row.hosts),
    row.wall.toFixed(3),
    row.cpu.toFixed(3),
    row.peakMiB === undefined ? "" : row.peakMiB.toFixed(0),
    row.ratio === undefined ? "" : row.ratio.toFixed(2) + (row.beside === undefined ? "" : ` ${row.beside}`),
    row.target === undefined
      ? ""
      : `${row.target}${row.ratio !== undefined && row.ratio > row.target ? "  MISSED" : ""}`,
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0)));
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
