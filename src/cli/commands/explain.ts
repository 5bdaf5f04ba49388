import { nearest } from "../../base/nearest.ts";
import { Fault } from "../../errors/fault.ts";
import { type Command, EXIT } from "../command.ts";
import { errorPage } from "../reference/error-page.ts";
import { showPage } from "../show-page.ts";

export const explain: Command = {
  name: "explain",
  summary: "Explain an error code; alone: list all codes.",
  arguments: [{ name: "CODE", summary: "The code that stands in brackets at the end of an error." }],
  options: [],
  async run({ args: [code], io }) {
    const { codes } = await import("../../errors/codes.ts");
    const table = new Map(Object.entries(codes));
    if (code === undefined) {
      const width = Math.max(...[...table.keys()].map((name) => name.length));
      for (const [name, { title }] of [...table].sort(([a], [b]) => (a < b ? -1 : 1)))
        io.out(`${name.padEnd(width)}  ${title}\n`);
      return EXIT.asDeclared;
    }
    const slug = code.replace(/^\[|\]$/g, "");
    const page = table.get(slug);
    if (page === undefined) {
      const near = nearest(slug, table.keys());
      throw new Fault("unknown-code", `there is no error code "${slug}"`, {
        hint: near === undefined ? "`provision explain` lists all codes" : `did you mean ${near}?`,
      });
    }
    io.out(showPage(errorPage(slug, page), io.colorOut));
    return EXIT.asDeclared;
  },
};
