import { arg } from "../args.ts";
import { defineModule } from "../module.ts";
import { attributeArgs } from "./attributes.ts";
import { plainText } from "./blob.ts";
import { type Edited, editArgs, editNeeds, planEdit } from "./edit.ts";
import { linePattern } from "./line-regex.ts";
import { bare, type Codec, endLast, lineEnding, splitLines } from "./text.ts";
import { validationMistake } from "./validation.ts";

export default defineModule({
  name: "blockinfile",
  summary: "Keeps a block of lines in a file, between two marker lines.",
  notes:
    "The block is found again by its markers: two blocks in one file need different `marker` texts. An empty `block` removes it, markers and all.",
  args: {
    ...editArgs,
    ...attributeArgs,
    state: arg.choice(["present", "absent"], "Whether the block is to be there.", { default: "present" }),
    block: arg.string("The lines.", { default: "", aliases: ["content"] }),
    marker: arg.string("The marker lines; `{mark}` is replaced by the words for begin and end.", {
      default: "# {mark} ANSIBLE MANAGED BLOCK",
    }),
    marker_begin: arg.string("The word in the first marker.", { default: "BEGIN" }),
    marker_end: arg.string("The word in the last marker.", { default: "END" }),
    insertafter: arg.string("A regular expression: a new block comes after the last line that matches; or `EOF`."),
    insertbefore: arg.string("A regular expression: a new block comes before the last line that matches; or `BOF`."),
    append_newline: arg.bool("An empty line after the block, unless it is at the end.", { default: false }),
    prepend_newline: arg.bool("An empty line before the block, unless it is at the beginning.", { default: false }),
    create: arg.bool("Make the file if it does not exist, and the folders above it.", { default: false }),
  },
  checkGiven: (given) =>
    given.has("insertafter") && given.has("insertbefore") ? ["insertbefore and insertafter exclude each other"] : [],
  validate(args) {
    const mistake = validationMistake(args.validate);
    return mistake === undefined ? [] : [mistake];
  },
  examples: [
    {
      title: "Names of the cluster",
      yaml: '- blockinfile:\n    path: /etc/hosts\n    marker: "# {mark} cluster"\n    block: |\n      10.0.0.1 pi-1\n      10.0.0.2 pi-2',
    },
    { title: "Without it again", yaml: '- blockinfile: {path: /etc/hosts, marker: "# {mark} cluster", state: absent}' },
  ],
  needs: (args) => editNeeds(args.path, args),
  plan(args, see, host) {
    const present = args.state === "present";
    const wanted: Wanted = {
      block: present ? plainText(args.block) : "",
      begin: plainText(args.marker).replaceAll("{mark}", plainText(args.marker_begin)),
      end: plainText(args.marker).replaceAll("{mark}", plainText(args.marker_end)),
      after: args.insertafter === undefined ? undefined : plainText(args.insertafter),
      before: args.insertbefore === undefined ? undefined : plainText(args.insertbefore),
      emptyBefore: args.prepend_newline && present,
      emptyAfter: args.append_newline && present,
    };
    return planEdit(
      { ...args, absentIsFine: !present && args.create },
      (text, codec) => placeBlock(text, wanted, codec),
      see,
      host,
    );
  },
});

interface Wanted {
  block: string;
  begin: string;
  end: string;
  after: string | undefined;
  before: string | undefined;
  emptyBefore: boolean;
  emptyAfter: boolean;
}

function placeBlock(text: string, wanted: Wanted, codec: Codec): Edited {
  const lines = splitLines(text);
  const ending = lineEnding(lines);
  const begin = codec.own(wanted.begin);
  const end = codec.own(wanted.end);
  const block = codec.own(wanted.block);
  const fresh =
    block === "" ? [] : [begin, ...block.replace(/\r?\n$/, "").split(/\r?\n/), end].map((line) => line + ending);
  const first = lines.findLastIndex((line) => bare(line) === begin);
  const last = lines.findLastIndex((line) => bare(line) === end);
  let at: number;
  if (first >= 0 && last >= 0) {
    at = Math.min(first, last);
    lines.splice(at, Math.abs(last - first) + 1);
  } else at = findPlace(text, lines, wanted, codec);
  const above = lines[at - 1];
  if (above !== undefined && !/\n$/.test(above)) endLast(lines, ending);
  if (wanted.emptyBefore && at > 0 && bare(lines[at - 1] ?? "") !== "") {
    lines.splice(at, 0, ending);
    at += 1;
  }
  lines.splice(at, 0, ...fresh);
  const below = lines[at + fresh.length];
  if (wanted.emptyAfter && below !== undefined && bare(below) !== "") lines.splice(at + fresh.length, 0, ending);
  return { text: lines.join(""), message: fresh.length === 0 ? "block removed" : "block inserted" };
}

/** Where a new block goes: an index into the lines. */
function findPlace(text: string, lines: readonly string[], wanted: Wanted, codec: Codec): number {
  const after = wanted.after === "EOF" ? undefined : wanted.after;
  const source = after ?? (wanted.before === "BOF" ? undefined : wanted.before);
  if (source === undefined) return wanted.before === "BOF" ? 0 : lines.length;
  const pattern = linePattern(source, codec);
  if (pattern.multiline) {
    const match = pattern.regex.exec(text);
    if (match === null) return lines.length;
    const upTo = after === undefined ? match.index : match.index + match[0].length;
    return (text.slice(0, upTo).match(/\n/g) ?? []).length + (after === undefined ? 0 : 1);
  }
  const at = lines.findLastIndex((line) => pattern.test(line));
  if (at < 0) return lines.length;
  return after === undefined ? at : at + 1;
}
