import type { YAMLParseError } from "yaml";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";

/** What each error of the YAML library means, in words that say what to do. */
const MEANING: { readonly [code: string]: readonly [message: string, hint?: string] } = {
  ALIAS_PROPS: ["an alias (*name) cannot have a tag or an anchor"],
  BAD_ALIAS: ["this alias is not valid", "a text that begins with * must be quoted"],
  BAD_COLLECTION_TYPE: ["the tag does not fit this value"],
  BAD_DIRECTIVE: ["a line that begins with % is a YAML directive, and this one is not valid", "quote the text"],
  BAD_DQ_ESCAPE: [
    "this backslash escape does not exist in double quotes",
    "use single quotes, or write \\\\ for a backslash",
  ],
  BAD_INDENT: [
    "the indentation is wrong: keys of one map must begin in one column",
    "align this line with the lines it belongs to",
  ],
  BAD_PROP_ORDER: ["a tag or an anchor stands in the wrong place", "write it right before the value"],
  BAD_SCALAR_START: ["a plain text cannot begin with this character", "quote the text"],
  BLOCK_AS_IMPLICIT_KEY: [
    "a value cannot begin on the line of another key and hold keys of its own",
    "a text with a colon followed by a space must be quoted",
  ],
  BLOCK_IN_FLOW: ["inside { } and [ ] only { } and [ ] can be used", "close the brackets first"],
  KEY_OVER_1024_CHARS: ["a key is longer than 1024 characters"],
  MISSING_CHAR: ["a quote, a bracket or a comma is missing", "look for the place where it was opened"],
  MULTILINE_IMPLICIT_KEY: ["a key must stand on one line", "is a colon missing here, or a quote before?"],
  MULTIPLE_ANCHORS: ["a value can have one anchor only"],
  MULTIPLE_TAGS: ["a value can have one tag only"],
  TAB_AS_INDENT: ["a tab cannot be used for indentation", "use spaces"],
  UNEXPECTED_TOKEN: ["this is not expected here"],
};

/** The first error of the library as a fault; a few common mistakes are recognised by the text around it. */
export function syntaxFault(
  error: YAMLParseError,
  text: string,
  placeAt: (offset: number, length?: number) => Place,
): Fault {
  const [from, to] = error.pos;
  const lineStart = text.lastIndexOf("\n", from - 1) + 1;
  const lineEnd = text.indexOf("\n", from);
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  const braces = /(?:^|[:,[-]\s+)(\{\{)/.exec(line);
  if (braces !== null && error.code !== "BAD_DQ_ESCAPE") {
    return new Fault("yaml-braces", "a text that begins with `{{` must be quoted", {
      place: placeAt(lineStart + braces.index + braces[0].length - 2, 2),
      hint: 'put the whole value in quotes: "{{ name }}/more"',
    });
  }
  if (error.code === "RESOURCE_EXHAUSTION")
    return new Fault("yaml-limit", "the YAML is nested too deeply", { place: placeAt(from) });
  const [message, hint] = MEANING[error.code] ?? ["this is not valid YAML"];
  const length = Math.max(1, Math.min(to, lineEnd < 0 ? text.length : lineEnd) - from);
  return new Fault("yaml-syntax", message, {
    place: placeAt(Math.min(from, text.length), length),
    ...(hint === undefined ? {} : { hint }),
  });
}
