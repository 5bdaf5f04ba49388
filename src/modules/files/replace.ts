import { arg } from "../args.ts";
import { defineModule } from "../module.ts";
import { compileRegex } from "../regex.ts";
import { attributeArgs } from "./attributes.ts";
import { plainText } from "./blob.ts";
import { type Edited, editArgs, editNeeds, planEdit } from "./edit.ts";
import { expandReplacement, replacementMistake } from "./replacement.ts";
import type { Codec } from "./text.ts";
import { validationMistake } from "./validation.ts";

export default defineModule({
  name: "replace",
  summary: "Replaces every match of a regular expression in a file.",
  notes:
    "`^` and `$` match at every line. A replacement that matches again changes the file on every run: write the pattern so that it does not.",
  args: {
    ...editArgs,
    ...attributeArgs,
    regexp: arg.regex("What is replaced.", { required: true }),
    replace: arg.string("What comes in its place; `\\1` and `\\g<name>` are groups. Without it matches are removed.", {
      default: "",
    }),
    after: arg.regex("Only what follows this is looked at; the dot matches newlines, too."),
    before: arg.regex("Only what comes before this is looked at; the dot matches newlines, too."),
    encoding: arg.choice(
      ["utf-8", "latin-1", "ascii"],
      "With `latin-1` the file and the arguments are taken for that; else text that is not UTF-8 is treated byte by byte.",
      { default: "utf-8" },
    ),
  },
  validate(args) {
    const mistakes = [validationMistake(args.validate)];
    if (args.regexp !== undefined && typeof args.replace === "string")
      mistakes.push(replacementMistake(args.replace, compileRegex(args.regexp)));
    if (args.encoding === "latin-1" && /[^\0-\xff]/.test(plainText(args.replace ?? "")))
      mistakes.push("replace has a character that Latin-1 has not");
    return mistakes.filter((mistake) => mistake !== undefined);
  },
  examples: [
    {
      title: "Another mirror",
      yaml: "- replace: {path: /etc/apk/repositories, regexp: 'https?://[^/]+/', replace: 'https://mirror.example.org/'}",
      only: "doc",
    },
    {
      title: "Within one section",
      yaml: "- replace: {path: /etc/app.ini, after: '\\[db\\]', before: '\\[', regexp: '^host=.*$', replace: host=db.example.org}",
      before: "printf '[db]\\nhost=a\\n[x]\\nhost=b\\n' >/etc/app.ini",
    },
  ],
  needs: (args) => editNeeds(args.path, args),
  plan(args, see, host) {
    const wanted: Wanted = {
      regexp: args.regexp,
      replace: plainText(args.replace),
      after: args.after,
      before: args.before,
    };
    const encoding = args.encoding === "latin-1" ? args.encoding : undefined;
    return planEdit({ ...args, encoding }, (text, codec) => replaceAll(text, wanted, codec), see, host);
  },
});

interface Wanted {
  regexp: string;
  replace: string;
  after: string | undefined;
  before: string | undefined;
}

function replaceAll(text: string, wanted: Wanted, codec: Codec): Edited {
  // In a file of CRLF lines `$` is to match before the CR, and new lines are to end with both; a pattern that names
  // CR itself sees the bytes as they are.
  const asks = [wanted.regexp, wanted.after, wanted.before].some(
    (source) => source !== undefined && /\r|\\r/.test(source),
  );
  const flatten = !asks && /\r\n/.test(text) && !/(^|[^\r])\n|\r(?!\n)/.test(text);
  const flat = flatten ? text.replaceAll("\r\n", "\n") : text;
  const section = findSection(flat, wanted, codec);
  if (section === undefined) return { text, message: "before and after do not match" };
  const [start, end] = section;
  let count = 0;
  const pattern = compileRegex(codec.own(wanted.regexp), "gm");
  const template = codec.own(wanted.replace);
  const within = flat.slice(start, end);
  const fresh = within.replace(pattern, (...found: unknown[]) => {
    count += 1;
    const named =
      typeof found.at(-1) === "object" ? (found.at(-1) as { [name: string]: string | undefined }) : undefined;
    const groups = found.slice(0, named === undefined ? -2 : -3) as (string | undefined)[];
    return expandReplacement(template, groups, named);
  });
  if (fresh === within) return { text, message: "" };
  const whole = flat.slice(0, start) + fresh + flat.slice(end);
  return { text: flatten ? whole.replace(/\r?\n/g, "\r\n") : whole, message: `${count} replacements made` };
}

/** Start and end of what is looked at; undefined where `after` and `before` do not match. */
function findSection(text: string, wanted: Wanted, codec: Codec): readonly [number, number] | undefined {
  const after = wanted.after ?? "";
  const before = wanted.before ?? "";
  if (after === "" && before === "") return [0, text.length];
  const inner = after !== "" && before !== "" ? ".*?" : ".*";
  const match = compileRegex(codec.own(`${after}(?<subsection>${inner})${before}`), "sd").exec(text);
  return match?.indices?.groups?.["subsection"];
}
