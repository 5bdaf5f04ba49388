/**
 * Cuts the stream of an agent into what belongs to the protocol and what does not. A line that begins with the nonce is
 * the agent's; `o` opens bytes that end with a line `NONCE .`; other lines go to `onText` (answers of readers, noise).
 */
export class AnswerStream {
  #chunks: Buffer[] = [];
  #raw: { stream: string } | undefined;
  readonly #prefix: string;
  readonly #end: Buffer;
  readonly #on: AnswerListener;

  constructor(nonce: string, on: AnswerListener) {
    this.#prefix = `${nonce} `;
    this.#end = Buffer.from(`\n${nonce} .\n`);
    this.#on = on;
  }

  push(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) rest = this.#raw === undefined ? this.#takeLine(rest) : this.#takeRaw(rest, this.#raw);
  }

  #takeLine(bytes: Buffer): Buffer {
    const end = bytes.indexOf(10);
    if (end < 0) {
      this.#chunks.push(bytes);
      return NOTHING;
    }
    this.#chunks.push(bytes.subarray(0, end));
    const line = Buffer.concat(this.#chunks).toString("utf8");
    this.#chunks = [];
    if (!line.startsWith(this.#prefix)) this.#on.onText(line);
    else {
      const said = line.slice(this.#prefix.length);
      if (said.startsWith("o ")) this.#raw = { stream: said.slice(2) };
      else this.#on.onAnswer(said);
    }
    return bytes.subarray(end + 1);
  }

  #takeRaw(bytes: Buffer, raw: { stream: string }): Buffer {
    const all = this.#chunks.length === 0 ? bytes : Buffer.concat([...this.#chunks, bytes]);
    const end = all.indexOf(this.#end);
    if (end < 0) {
      this.#chunks = [all];
      return NOTHING;
    }
    this.#chunks = [];
    this.#raw = undefined;
    this.#on.onBytes(raw.stream, all.subarray(0, end));
    return all.subarray(end + this.#end.length);
  }
}

export interface AnswerListener {
  /** A line of the agent, without its nonce. */
  onAnswer(line: string): void;
  onBytes(stream: string, bytes: Buffer): void;
  onText(line: string): void;
}

const NOTHING = Buffer.alloc(0);
