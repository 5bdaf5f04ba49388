import { arg } from "../args.ts";
import { defineModule } from "../module.ts";
import { attributeArgs } from "./attributes.ts";
import { plainText } from "./blob.ts";
import { type Edited, editArgs, editNeeds, planEdit } from "./edit.ts";
import { linePattern } from "./line-regex.ts";
import { expandReplacement } from "./replacement.ts";
import { bare, type Codec, endingOf, endLast, lineEnding, splitLines } from "./text.ts";
import { validationMistake } from "./validation.ts";

export default defineModule({
  name: "lineinfile",
  summary: "Brings one line to be in a file, or lines not to be.",
  notes: `With \`regexp\` or \`search_string\` the last line that matches is replaced (the first with \`firstmatch\`), and nothing else matters. Without a match the line is added, where it is not there yet, at the place that \`insertafter\` or \`insertbefore\` names, else at the end. With \`state: absent\` every line that matches goes.

New lines take the ending of the file's first line.`,
  args: {
    ...editArgs,
    ...attributeArgs,
    state: arg.choice(["present", "absent"], "Whether the line is to be there.", { default: "present" }),
    line: arg.string("The line. With `backrefs`, `\\1` and `\\g<name>` stand for groups of `regexp`.", {
      aliases: ["value"],
    }),
    regexp: arg.regex("Matches the line to replace or remove.", { aliases: ["regex"] }),
    search_string: arg.string("As `regexp`, but a text that occurs in the line."),
    insertafter: arg.string("A regular expression: the line comes after the last line that matches; or `EOF`, `BOF`."),
    insertbefore: arg.string("A regular expression: the line comes before the last line that matches; or `BOF`."),
    firstmatch: arg.bool("The first match counts, not the last.", { default: false }),
    backrefs: arg.bool("Groups of `regexp` may be used in `line`; without a match nothing is changed.", {
      default: false,
    }),
    create: arg.bool("Make the file if it does not exist, and the folders above it.", { default: false }),
  },
  checkGiven(given) {
    const mistakes: string[] = [];
    const exclusive = [
      ["insertbefore", "insertafter"],
      ["regexp", "search_string"],
      ["backrefs", "search_string"],
    ] as const;
    for (const [one, other] of exclusive) {
      if (one !== "backrefs" && given.has(one) && given.has(other))
        mistakes.push(`${one} and ${other} exclude each other`);
    }
    return mistakes;
  },
  validate(args) {
    const mistakes: string[] = [];
    const mistake = validationMistake(args.validate);
    if (mistake !== undefined) mistakes.push(mistake);
    const absent = args.state === "absent";
    if (args.backrefs === true && args.search_string !== undefined)
      mistakes.push("backrefs and search_string exclude each other");
    if (args.backrefs === true && args.regexp === undefined && !absent) mistakes.push("backrefs needs regexp");
    if (args.line === undefined && !absent) mistakes.push("line is needed");
    if (absent && args.line === undefined && args.regexp === undefined && args.search_string === undefined)
      mistakes.push("one of line, regexp and search_string is needed");
    return mistakes;
  },
  examples: [
    {
      title: "A setting, once",
      yaml: "- lineinfile: {path: /etc/default/app, regexp: '^PORT=', line: PORT=8080, create: true}",
    },
    {
      title: "Part of a line kept",
      yaml: "- lineinfile: {path: /etc/default/app, regexp: '^(PORT)=.*$', line: '\\1=9090', backrefs: true}",
      before: "echo PORT=1 >/etc/default/app",
    },
    { title: "A line gone", yaml: "- lineinfile: {path: /etc/default/app, regexp: '^DEBUG=', state: absent}" },
  ],
  needs: (args) => editNeeds(args.path, args),
  plan(args, see, host) {
    const wanted: Wanted = {
      line: args.line === undefined ? undefined : plainText(args.line),
      regexp: args.regexp,
      search: args.search_string === undefined ? undefined : plainText(args.search_string),
      after: args.insertafter === undefined ? undefined : plainText(args.insertafter),
      before: args.insertbefore === undefined ? undefined : plainText(args.insertbefore),
      first: args.firstmatch,
      backrefs: args.backrefs,
    };
    const absent = args.state === "absent";
    const plan = planEdit(
      { ...args, create: args.create && !absent, absentIsFine: absent },
      (text, codec) => (absent ? removeLines(text, wanted, codec) : placeLine(text, wanted, codec)),
      see,
      host,
    );
    const empty = [args.regexp === "" ? "regexp" : "", wanted.search === "" ? "search_string" : ""].filter(
      (name) => name !== "",
    );
    return empty.length === 0 || plan.fail !== undefined
      ? plan
      : { ...plan, warnings: [`an empty ${empty.join(" and ")} matches every line; write ^ if that is meant`] };
  },
});

interface Wanted {
  line: string | undefined;
  regexp: string | undefined;
  search: string | undefined;
  after: string | undefined;
  before: string | undefined;
  first: boolean;
  backrefs: boolean;
}

function removeLines(text: string, wanted: Wanted, codec: Codec): Edited {
  const pattern = wanted.regexp === undefined ? undefined : linePattern(wanted.regexp, codec);
  const search = wanted.search === undefined ? undefined : codec.own(wanted.search);
  const line = codec.own(wanted.line ?? "");
  const goes = (one: string): boolean =>
    pattern !== undefined ? pattern.test(one) : search !== undefined ? one.includes(search) : bare(one) === line;
  const lines = splitLines(text);
  const kept = lines.filter((one) => !goes(one));
  const count = lines.length - kept.length;
  return { text: kept.join(""), message: count === 0 ? "" : `${count} line(s) removed` };
}

function placeLine(text: string, wanted: Wanted, codec: Codec): Edited {
  const lines = splitLines(text);
  const ending = lineEnding(lines);
  const line = codec.own(wanted.line ?? "").replace(/\r?\n$/, "");
  const found = findMatch(lines, wanted, codec);
  const anchor = findAnchor(lines, line, wanted, codec);
  if (found !== undefined || anchor.exact !== undefined) {
    const at = found?.at ?? anchor.exact ?? 0;
    const old = lines[at] ?? "";
    const fresh =
      found?.match !== undefined && wanted.backrefs ? expandReplacement(line, found.match, found.match.groups) : line;
    const ended = /\n$/.test(fresh) ? fresh : fresh + (endingOf(old) || ending);
    if (old === ended) return { text, message: "" };
    lines[at] = ended;
    return { text: lines.join(""), message: "line replaced" };
  }
  if (wanted.backrefs) return { text, message: "" };
  const fresh = line.replace(/\r?\n/g, ending) + ending;
  const inserted = (at: number): Edited => {
    if (at === lines.length) endLast(lines, ending);
    lines.splice(at, 0, fresh);
    return { text: lines.join(""), message: "line added" };
  };
  if (holds(lines, line)) return { text, message: "" };
  if (wanted.before === "BOF" || wanted.after === "BOF") return inserted(0);
  if (wanted.after === "EOF" || anchor.at === undefined) return inserted(lines.length);
  const neighbour = anchor.at === lines.length ? lines[anchor.at - 1] : lines[anchor.at];
  if (wanted.after !== undefined && bare(neighbour ?? "") === line) return { text, message: "" };
  return inserted(anchor.at);
}

/** The line that regexp or search_string means: the last that matches, or the first. */
function findMatch(
  lines: readonly string[],
  wanted: Wanted,
  codec: Codec,
): { at: number; match?: RegExpExecArray } | undefined {
  const pattern = wanted.regexp === undefined ? undefined : linePattern(wanted.regexp, codec);
  const search = wanted.search === undefined ? undefined : codec.own(wanted.search);
  if (pattern === undefined && search === undefined) return undefined;
  let found: { at: number; match?: RegExpExecArray } | undefined;
  for (const [at, one] of lines.entries()) {
    const match = pattern?.exec(one) ?? undefined;
    if (match !== undefined) found = { at, match };
    else if (search !== undefined && one.includes(search)) found = { at };
    else continue;
    if (wanted.first) break;
  }
  return found;
}

/** The line itself where it is there, and the place that insertafter or insertbefore names. */
function findAnchor(
  lines: readonly string[],
  line: string,
  wanted: Wanted,
  codec: Codec,
): { exact?: number; at?: number } {
  const source =
    wanted.after === undefined || wanted.after === "BOF" || wanted.after === "EOF"
      ? wanted.before === "BOF"
        ? undefined
        : wanted.before
      : wanted.after;
  const pattern = source === undefined ? undefined : linePattern(source, codec);
  const found: { exact?: number; at?: number } = {};
  for (const [at, one] of lines.entries()) {
    if (bare(one) === line) found.exact = at;
    else if (pattern?.test(one) === true) {
      found.at = wanted.before === undefined ? at + 1 : at;
      if (wanted.first) break;
    }
  }
  return found;
}

/** A text of several lines that is there as it is. */
function holds(lines: readonly string[], line: string): boolean {
  if (!line.includes("\n")) return false;
  return `\n${lines.map(bare).join("\n")}\n`.includes(`\n${line.replace(/\r\n/g, "\n")}\n`);
}
