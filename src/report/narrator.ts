import { Secret } from "../base/secret.ts";
import type { Value } from "../base/value.ts";
import type { Event, StepEvent } from "../run/events.ts";
import { pad } from "./columns.ts";
import type { DiffLine } from "./content-diff.ts";
import { differenceLines, hasLines } from "./difference.ts";
import { hintFor } from "./hints.ts";
import { colourOf, type Palette, palette } from "./palette.ts";
import { recapLines } from "./recap.ts";
import type { View } from "./reporter.ts";
import { visible, visibleLine } from "./visible.ts";
import { count, isForecast, type Mode, statusWord } from "./words.ts";

/** How two texts are compared; given in, because the library behind it is loaded only where diffs are shown. */
export type Compare = (before: string | null, after: string | null) => DiffLine[];

/** Lines of a diff and of an output that are shown without `-v`. */
const DIFF_LINES = 80;
/** Longer lines of a difference are cut. */
const DIFF_WIDTH = 500;
const OUTPUT_LINES = 12;

/** Turns events into lines for people; used by the plain and the terminal reporter alike. */
export class Narrator {
  readonly #view: View;
  readonly #colours: Palette;
  readonly #compare: Compare | undefined;
  #mode: Mode = "apply";
  #hostWidth = 0;
  /** The step of a host whose items were told last: the step's own event then adds nothing. */
  readonly #items = new Map<string, string>();

  /** `compare` is needed where `view.diff` is set. */
  constructor(view: View, color: boolean, compare?: Compare) {
    this.#view = view;
    this.#colours = palette(color);
    this.#compare = view.diff ? compare : undefined;
  }

  get mode(): Mode {
    return this.#mode;
  }

  /** The lines of an event, without line ends; none for what is not shown. */
  lines(event: Event): string[] {
    const { verbosity } = this.#view;
    switch (event.event) {
      case "start":
        this.#mode = event.mode;
        this.#hostWidth = Math.min(24, Math.max(0, ...event.hosts.map((host) => visibleLine(host).length)));
        return verbosity < 0 ? [] : [this.#start(event)];
      case "play":
        return verbosity < 0 ? [] : ["", this.#play(event.play, event.hosts.length)];
      case "progress":
        return [];
      case "step":
        return this.#isToldByItems(event) || !this.#isShown(event) ? [] : this.#step(event);
      case "warning":
        return [this.warning(event)];
      case "notice":
        return verbosity < 0 ? [] : [this.#row(event.host ?? "", this.#colours.dim(visibleLine(event.text)))];
      case "unreachable":
        return this.#unreachable(event);
      case "summary":
        return ["", ...recapLines(event, this.#colours)];
    }
  }

  /** A warning on one line, with its place. */
  warning(event: Extract<Event, { event: "warning" }>): string {
    const place = event.place === undefined ? "" : `${event.place.file}:${event.place.line}:${event.place.column}: `;
    const host = event.host === undefined ? "" : `${visibleLine(event.host)}: `;
    return `${this.#colours.yellow("warning:")} ${visibleLine(`${place}${host}${event.text}`)}`;
  }

  #start(event: Extract<Event, { event: "start" }>): string {
    const what = `${event.mode} ${visibleLine(event.inventory)} with ${visibleLine(event.playbook)}, ${count(event.hosts.length, "host")}`;
    return isForecast(event.mode) ? `${what}; nothing is changed` : what;
  }

  #play(play: string, hosts: number): string {
    return this.#colours.bold(`${this.#mode}: ${visibleLine(play)} (${count(hosts, "host")})`);
  }

  #isToldByItems(event: StepEvent): boolean {
    const step = `${placeText(event)} ${event.step}`;
    const told = event.item === undefined && this.#items.get(event.host) === step;
    if (event.item === undefined) this.#items.delete(event.host);
    else this.#items.set(event.host, step);
    return told && event.message === undefined;
  }

  #isShown(event: StepEvent): boolean {
    if (event.status === "failed" || event.status === "unreachable") return true;
    if (this.#view.verbosity < 0) return false;
    if (this.#view.verbosity > 0 || this.#isTold(event) || (event.warnings ?? []).length > 0) return true;
    return event.status !== "ok" && event.status !== "skipped";
  }

  /** Its message is meant for this verbosity. */
  #isTold(event: StepEvent): boolean {
    return event.message !== undefined && (event.verbosity ?? 0) <= Math.max(0, this.#view.verbosity);
  }

  #step(event: StepEvent): string[] {
    const colour = colourOf(event.status, this.#colours);
    const word = colour(pad(statusWord(event.status, this.#mode), isForecast(this.#mode) ? 12 : 8));
    const title = this.#title(event);
    const inline = this.#inline(event);
    const first = this.#row(event.host, `${word}  ${title}${inline === "" ? "" : this.#colours.dim(`  ${inline}`)}`);
    return [first, ...this.#details(event).map((line) => `${" ".repeat(this.#hostWidth + 2)}${line}`)];
  }

  #title(event: StepEvent): string {
    const role = event.role === null ? "" : `${visibleLine(event.role)}: `;
    const handler = event.handler === true ? " (handler)" : "";
    const item = event.item === undefined ? "" : ` [${visibleLine(label(event.item))}]`;
    return `${role}${visibleLine(event.step)}${item}${handler}`;
  }

  /** What differs, on the step's own line where it is short; else it follows below. */
  #inline(event: StepEvent): string {
    if (event.changes.length === 0) return "";
    const text = differenceLines(event.changes).join(", ");
    return text.length <= 72 ? text : "";
  }

  #details(event: StepEvent): string[] {
    const { verbosity } = this.#view;
    const lines: string[] = [];
    if (event.why !== undefined && (event.status === "maybe" || event.status === "unknown" || verbosity > 0)) {
      lines.push(this.#field("because", event.why));
    }
    if (event.message !== undefined && this.#isTold(event)) lines.push(...visible(event.message).split("\n"));
    for (const warning of event.warnings ?? [])
      lines.push(`${this.#colours.yellow("warning:")} ${visibleLine(warning)}`);
    if (this.#inline(event) === "")
      lines.push(...differenceLines(event.changes).map((line) => this.#colours.dim(line)));
    lines.push(...this.#diffs(event));
    if (event.error) lines.push(...this.#failure(event, event.error));
    else if (verbosity > 1) lines.push(this.#field("at", placeText(event)));
    return lines;
  }

  #diffs(event: StepEvent): string[] {
    const compare = this.#compare;
    if (compare === undefined) return [];
    const limit = this.#view.verbosity > 0 ? Number.POSITIVE_INFINITY : DIFF_LINES;
    return event.changes.filter(hasLines).flatMap((change) => {
      const all = compare(change.before as string | null, change.after as string | null);
      const shown = all.slice(0, limit).map((line) => this.#diffLine(line));
      const missing = all.length - shown.length;
      return missing > 0 ? [...shown, this.#colours.dim(`… ${count(missing, "more line")}, shown by -v`)] : shown;
    });
  }

  #diffLine({ kind, text: whole }: DiffLine): string {
    const text = whole.length > DIFF_WIDTH ? `${whole.slice(0, DIFF_WIDTH)}… (${whole.length} letters)` : whole;
    if (kind === "added") return this.#colours.green(text);
    if (kind === "removed") return this.#colours.red(text);
    return kind === "same" ? text : this.#colours.dim(text);
  }

  #failure(event: StepEvent, error: NonNullable<StepEvent["error"]>): string[] {
    const lines = visible(error.message)
      .split("\n")
      .map((line) => this.#colours.red(line));
    if (error.place !== undefined && error.place.file !== "")
      lines.push(this.#field("in", `${error.place.file}:${error.place.line}:${error.place.column}`));
    lines.push(this.#field("at", placeText(event)));
    if (error.command !== undefined) {
      const command = visible(error.command).trimEnd().split("\n");
      const more = command.length > 1 ? ` (and ${count(command.length - 1, "more line")})` : "";
      const rc = error.rc === undefined ? "" : `  → exit status ${error.rc}`;
      lines.push(this.#field("ran", `${command[0] ?? ""}${more}${rc}`));
    }
    const output = lastLines(error.output ?? "", this.#view.verbosity > 0 ? Number.POSITIVE_INFINITY : OUTPUT_LINES);
    lines.push(...output.map((line, index) => this.#field(index === 0 ? "output" : "", `| ${line}`)));
    const hint = hintFor({ ...error, module: event.module });
    if (hint !== undefined) lines.push(this.#field("hint", hint));
    return lines;
  }

  #unreachable(event: Extract<Event, { event: "unreachable" }>): string[] {
    const word = this.#colours.red(pad("unreachable", isForecast(this.#mode) ? 12 : 8));
    const lines = [this.#row(event.host, `${word}  ${visibleLine(event.reason)}`)];
    if (event.hint !== undefined) lines.push(`${" ".repeat(this.#hostWidth + 2)}${this.#field("hint", event.hint)}`);
    return lines;
  }

  #row(host: string, text: string): string {
    return `${this.#colours.bold(pad(visibleLine(host), this.#hostWidth))}  ${text}`;
  }

  #field(name: string, text: string): string {
    return `${this.#colours.dim(pad(name, 8))} ${visible(text)}`;
  }
}

function placeText(event: StepEvent): string {
  return `${event.place.file}:${event.place.line}:${event.place.column}`;
}

/** The item of a loop in few words: text as it is, else JSON. */
function label(item: Value): string {
  if (typeof item === "string") return item;
  return item instanceof Secret ? item.toString() : JSON.stringify(item);
}

function lastLines(text: string, limit: number): string[] {
  const lines = visible(text).trimEnd().split("\n");
  if (lines.length === 1 && lines[0] === "") return [];
  if (lines.length <= limit) return lines;
  return [`… ${count(lines.length - limit, "line")} before, shown by -v`, ...lines.slice(-limit)];
}
