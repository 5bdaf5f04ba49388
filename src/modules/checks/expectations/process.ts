import { processMatching, processNamed } from "../../../resources/process.ts";
import type { Ref } from "../../../resources/resource.ts";
import { arg } from "../../args.ts";
import { defineExpectation, Unmet } from "./expectation.ts";

export const processExpectation = defineExpectation({
  doc: "Running processes, by the name of the program or by their command line.",
  bare: "name",
  keys: {
    name: arg.string("The program's name; Linux keeps 15 characters of it."),
    pattern: arg.string("A POSIX extended regular expression for the whole command line."),
    count: arg.int("How many there are to be. Without it at least one; 0 for none."),
  },
  validate: ({ name, pattern }) =>
    (name === undefined) === (pattern === undefined) ? ["a process is named by name or by pattern"] : [],
  needs: ({ name, pattern }) => [refOf(name, pattern) as unknown as Ref],
  unmet({ name, pattern, count }, see) {
    const unmet = new Unmet(`process ${String(name ?? pattern)}`);
    const found = see(refOf(name, pattern)).count;
    if (count === undefined) return (found > 0 ? unmet : unmet.add("expected to run, found none")).list;
    return unmet.equal("count", count, found).list;
  },
});

function refOf(
  name: string | object | undefined,
  pattern: string | object | undefined,
): ReturnType<typeof processNamed> {
  return name === undefined ? processMatching(String(pattern)) : processNamed(String(name));
}
