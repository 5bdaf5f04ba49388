import { Secret } from "../../../base/secret.ts";
import { arg } from "../../args.ts";
import { compileRegex } from "../../regex.ts";
import type { Unmet } from "./expectation.ts";

/** The keys of whatever holds text. */
export const textKeys = {
  contains: arg.string("Text that is to be in it, as it is."),
  matches: arg.regex("A regular expression that is to match somewhere in it; `^` and `$` are the ends of a line."),
};

/** Compares a text, of which a little is shown where it does not fit; nothing where a secret was looked for. */
export function checkText(
  unmet: Unmet,
  what: string,
  text: string,
  expected: { contains?: string | Secret | undefined; matches?: string | undefined },
): void {
  const { contains, matches } = expected;
  if (contains instanceof Secret) {
    if (!text.includes(contains.reveal())) unmet.add(`expected ${what} to contain a secret, found something else`);
  } else if (contains !== undefined && !text.includes(contains)) {
    unmet.add(`expected ${what} to contain "${contains}", found ${excerpt(text)}`);
  }
  if (matches !== undefined && !compileRegex(matches, "m").test(text)) {
    unmet.add(
      `expected ${what} to match /${matches}/, found ${contains instanceof Secret ? "something else" : excerpt(text)}`,
    );
  }
}

/** The beginning of a text, on one line. */
export function excerpt(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, " ");
  if (line === "") return "nothing";
  return line.length > 120 ? `"${line.slice(0, 117)}…"` : `"${line}"`;
}
