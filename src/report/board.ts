import type { Event, StepEvent } from "../run/events.ts";
import { cutTo, pad } from "./columns.ts";
import { colourOf, type Palette } from "./palette.ts";
import { visibleLine } from "./visible.ts";
import { isForecast, type Mode } from "./words.ts";

interface Row {
  host: string;
  name: string;
  doing: string;
  /** Milliseconds of `now` at which it began to do that. */
  since: number;
  ok: number;
  changed: number;
  open: number;
  failed: number;
  unreachable: boolean;
}

/** Seconds after which a row says for how long it has been doing the same. */
const LONG = 3;

/** What the live view knows of every host: one row a host, whatever the number of steps. */
export class Board {
  readonly #rows = new Map<string, Row>();
  readonly #colours: Palette;
  readonly #now: () => number;
  #mode: Mode = "apply";
  #nameWidth = 0;

  constructor(colours: Palette, now: () => number = Date.now) {
    this.#colours = colours;
    this.#now = now;
  }

  event(event: Event): void {
    if (event.event === "start") this.#start(event);
    else if (event.event === "progress") this.#doing(event.host, event.doing);
    else if (event.event === "step") this.#step(event);
    else if (event.event === "unreachable") {
      const row = this.#rows.get(event.host);
      if (row !== undefined) Object.assign(row, { unreachable: true, doing: event.reason });
    }
  }

  /** At most `height` lines of at most `width` columns. When not all hosts fit, those at work are shown and the others counted. */
  lines(width: number, height: number): string[] {
    const rows = [...this.#rows.values()];
    if (rows.length <= height) return rows.map((row) => this.#line(row, width));
    const working = rows.filter((row) => row.doing !== "" && !row.unreachable);
    const shown = working.slice(0, Math.max(0, height - 1));
    const others = `… ${rows.length - shown.length} more hosts, ${working.length - shown.length} of them at work`;
    return [...shown.map((row) => this.#line(row, width)), this.#colours.dim(cutTo(others, width))];
  }

  #start(event: Extract<Event, { event: "start" }>): void {
    this.#mode = event.mode;
    this.#rows.clear();
    for (const host of event.hosts) {
      const name = cutTo(visibleLine(host), 24);
      this.#rows.set(host, {
        host,
        name,
        doing: "",
        since: 0,
        ok: 0,
        changed: 0,
        open: 0,
        failed: 0,
        unreachable: false,
      });
    }
    this.#nameWidth = Math.max(0, ...[...this.#rows.values()].map((row) => row.name.length));
  }

  #doing(host: string, doing: string): void {
    const row = this.#rows.get(host);
    if (row === undefined || row.doing === doing) return;
    row.doing = doing;
    row.since = this.#now();
  }

  #step(event: StepEvent): void {
    const row = this.#rows.get(event.host);
    if (row === undefined || event.item !== undefined) return;
    if (event.status === "ok") row.ok += 1;
    else if (event.status === "changed") row.changed += 1;
    else if (event.status === "maybe" || event.status === "unknown") row.open += 1;
    else if (event.status === "failed") row.failed += 1;
  }

  #line(row: Row, width: number): string {
    const colours = this.#colours;
    const mark = this.#mark(row);
    const changed = isForecast(this.#mode) ? "would change" : "changed";
    const open = row.open > 0 ? `  ${row.open} open` : "";
    const head = `${mark.text} ${pad(row.name, this.#nameWidth)}  ${String(row.ok).padStart(3)} ok ${String(row.changed).padStart(3)} ${changed}${open}`;
    const elapsed = Math.floor((this.#now() - row.since) / 1000);
    const tail =
      row.doing === ""
        ? ""
        : `  ${visibleLine(row.doing)}${elapsed >= LONG && !row.unreachable ? ` (${elapsed} s)` : ""}`;
    const line = cutTo(`${head}${tail}`, width);
    const body = line.slice(mark.text.length);
    const split = Math.max(0, head.length - mark.text.length);
    return `${mark.colour(mark.text)}${body.slice(0, split)}${colours.dim(body.slice(split))}`;
  }

  #mark(row: Row): { text: string; colour: (text: string) => string } {
    const colours = this.#colours;
    if (row.unreachable || row.failed > 0) return { text: "✖", colour: colours.red };
    if (row.doing !== "") return { text: "▸", colour: colours.cyan };
    return row.changed > 0 ? { text: "●", colour: colourOf("changed", colours) } : { text: "·", colour: colours.dim };
  }
}
