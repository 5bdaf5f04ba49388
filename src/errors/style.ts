import picocolors from "picocolors";

/** How the parts of an error are coloured; without colour every part is itself. */
export interface Style {
  error(text: string): string;
  strong(text: string): string;
  frame(text: string): string;
  hint(text: string): string;
}

/** The colours of everything that is shown; without colour each function gives its text back. */
export type Palette = ReturnType<typeof picocolors.createColors>;

export function palette(color: boolean): Palette {
  return picocolors.createColors(color);
}

/** `color`: true or false. */
export function makeStyle(color: boolean): Style {
  const colors = palette(color);
  return {
    error: (text) => colors.bold(colors.red(text)),
    strong: colors.bold,
    frame: colors.blue,
    hint: colors.cyan,
  };
}
