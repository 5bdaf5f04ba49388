import type { Compare } from "./narrator.ts";
import type { Output, Reporter, View } from "./reporter.ts";

export type OutputFormat = "terminal" | "plain" | "json";

/** Makes the reporter of a format; loads only the libraries that it needs. */
export async function createReporter(format: OutputFormat, view: View, output: Output): Promise<Reporter> {
  if (format === "json") {
    const { JsonReporter } = await import("./json.ts");
    return new JsonReporter(output, view.diff);
  }
  const { Narrator } = await import("./narrator.ts");
  const compare: Compare | undefined = view.diff ? (await import("./content-diff.ts")).contentDiff : undefined;
  const narrator = new Narrator(view, output.color, compare);
  if (format === "plain") {
    const { PlainReporter } = await import("./plain.ts");
    return new PlainReporter(narrator, output);
  }
  const { TerminalReporter } = await import("./terminal.ts");
  return new TerminalReporter(narrator, output);
}
