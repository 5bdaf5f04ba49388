/** The lower lines of a terminal that are painted again and again, below lines that stay. */
export class Screen {
  #painted: string[] = [];
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Writes lines that stay, then the live lines below them. Only what differs from the last time is sent. */
  paint(above: readonly string[], live: readonly string[]): void {
    const before = this.#painted;
    // The terminal may have written `^C` at the cursor: back to the first column.
    const up = before.length > 0 ? `\r\u001b[${before.length}A` : "";
    this.#painted = [...live];
    if (above.length > 0) {
      this.#write(`${up}\u001b[J${[...above, ...live].map((line) => `${line}\n`).join("")}`);
      return;
    }
    if (live.length === before.length && live.every((line, index) => line === before[index])) return;
    const lines = live.map((line, index) => (line === before[index] ? "\n" : `${line}\u001b[K\n`));
    this.#write(`${up}${lines.join("")}${before.length > live.length ? "\u001b[J" : ""}`);
  }
}
