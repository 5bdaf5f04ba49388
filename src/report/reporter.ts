import type { Event } from "../run/events.ts";

/** Shows the events of one run. `event` never throws and never waits; `end` resolves when everything is written. */
export interface Reporter {
  event(event: Event): void;
  end(): Promise<void>;
}

/** Where a reporter writes. */
export interface Output {
  /** Text for stdout. */
  write(text: string): void;
  /** Text for stderr: warnings, so that pipes stay clean. */
  warn(text: string): void;
  color: boolean;
  /** Size of the terminal now; absent where there is none. */
  size?(): { columns: number; rows: number };
}

/** How much is shown: -1 only failures and the recap, 0 what changed and failed, 1 every step, 2 with reasons and times. */
export type Verbosity = -1 | 0 | 1 | 2;

export interface View {
  verbosity: Verbosity;
  /** Contents of files are shown as line differences. */
  diff: boolean;
}
