import picocolors from "picocolors";
import type { Status } from "../run/events.ts";

/** The colours that reports use; without colour each function gives its text back. */
export type Palette = ReturnType<typeof picocolors.createColors>;

export function palette(color: boolean): Palette {
  return picocolors.createColors(color);
}

/** The colour of a status. */
export function colourOf(status: Status, colours: Palette): (text: string) => string {
  switch (status) {
    case "ok":
      return colours.green;
    case "changed":
      return colours.yellow;
    case "maybe":
    case "unknown":
      return colours.magenta;
    case "failed":
    case "unreachable":
      return colours.red;
    case "ignored":
      return colours.cyan;
    case "skipped":
      return colours.dim;
  }
}
