import { type Palette, palette } from "../errors/style.ts";
import type { Status } from "../run/events.ts";

export { type Palette, palette };

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
