import { Listr } from "listr2";
import type { Event } from "../run/events.ts";
import { Board } from "./board.ts";
import type { Narrator } from "./narrator.ts";
import { palette } from "./palette.ts";
import type { Output, Reporter } from "./reporter.ts";
import { Screen } from "./screen.ts";

/** Milliseconds between two paintings. */
const EVERY = 100;

interface PaintOptions {
  paint: () => void;
}

/** A renderer for listr2 that paints by the clock, not by the event, so that painting never holds up connections. */
class PacedRenderer {
  static readonly nonTTY = true;
  static rendererOptions: PaintOptions;
  static rendererTaskOptions: never;
  readonly #options: PaintOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(_tasks: unknown, options: PaintOptions) {
    this.#options = options;
  }

  render(): void {
    this.#timer = setInterval(this.#options.paint, EVERY);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#options.paint();
  }
}

/** The live view: what changed and failed scrolls by, below it one row a host. */
export class TerminalReporter implements Reporter {
  readonly #narrator: Narrator;
  readonly #output: Output;
  readonly #board: Board;
  readonly #screen: Screen;
  #above: string[] = [];
  #live = false;
  #finish: () => void = () => {};
  #finished: Promise<unknown> = Promise.resolve();

  constructor(narrator: Narrator, output: Output) {
    this.#narrator = narrator;
    this.#output = output;
    this.#board = new Board(palette(output.color));
    this.#screen = new Screen((text) => output.write(text));
  }

  event(event: Event): void {
    this.#board.event(event);
    if (event.event === "summary") this.#stop();
    this.#above.push(...this.#narrator.lines(event));
    if (event.event === "start") this.#start(event.hosts);
    if (!this.#live) this.#paint();
  }

  async end(): Promise<void> {
    this.#stop();
    await this.#finished;
    this.#paint();
  }

  /** One task for each host; all end with the run. */
  #start(hosts: readonly string[]): void {
    const over = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    const listr = new Listr(
      hosts.map((host) => ({ title: host, task: () => over })),
      {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        renderer: PacedRenderer,
        rendererOptions: { paint: () => this.#paint() },
      },
    );
    this.#live = true;
    this.#finished = listr.run();
  }

  #stop(): void {
    this.#live = false;
    this.#finish();
  }

  #paint(): void {
    const size = this.#output.size?.() ?? { columns: 80, rows: 24 };
    const height = Math.max(1, Math.min(size.rows - 2, 40));
    const above = this.#above;
    this.#above = [];
    this.#screen.paint(above, this.#live ? this.#board.lines(size.columns - 1, height) : []);
  }
}
