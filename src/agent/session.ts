import { randomBytes } from "node:crypto";
import { AgentError } from "./agent-error.ts";
import { AnswerStream } from "./answers.ts";
import { BatchAnswers, HelloAnswers, type Pending, ReadAnswers } from "./pending.ts";
import { loaderFrames, textFrame } from "./loader.ts";
import { batchProgram, readerDefinition, readProgram } from "./program.ts";
import { RUNNER } from "./scripts.generated.ts";
import type { BatchEnd, BatchEvent, BatchItem, Channel, Hello, ReadAnswer, ReadGroup, Session } from "./wire.ts";

export interface SessionOptions {
  /** The shell of the host the agent runs in, as it was given to `loaderCommand`. */
  shell?: string;
  /** Seconds until the agent must have said who it is. */
  helloSeconds?: number;
}

/**
 * Starts the agent on a channel that was opened with `loaderCommand()`. Nothing waits for an answer before it is
 * sent: the loader, the agent, the greeting and the first read cost one round trip. Requests may follow each other
 * without waiting; they are answered in order. Errors are `AgentError`.
 */
export function openSession(channel: Channel, options: SessionOptions = {}): Session {
  return new AgentSession(channel, options);
}

class AgentSession implements Session {
  readonly hello: Promise<Hello>;
  readonly counters = { roundTrips: 0, bytesUp: 0, bytesDown: 0 };
  readonly notices: string[] = [];
  readonly #channel: Channel;
  readonly #waiting: Pending[] = [];
  readonly #defined = new Map<string, string>();
  /** Last lines that no agent said, and the host's error output, for messages. */
  #noise: string[] = [];
  #errors = "";
  #libraryIsSent = false;
  #failure: AgentError | undefined;
  #said = "";
  /** Writes of one request stay together. */
  #writing: Promise<void> = Promise.resolve();

  constructor(channel: Channel, options: SessionOptions) {
    this.#channel = channel;
    const nonce = randomBytes(9).toString("hex");
    const answers = new AnswerStream(nonce, {
      onAnswer: (line) => this.#onAnswer(line),
      onBytes: (stream, bytes) => this.#waiting[0]?.onBytes?.(stream, bytes),
      onText: (line) => this.#onText(line),
    });
    channel.onData((bytes) => {
      this.counters.bytesDown += bytes.length;
      answers.push(bytes);
    });
    channel.onErrorData((bytes) => {
      this.counters.bytesDown += bytes.length;
      this.#errors = (this.#errors + bytes.toString("utf8")).slice(-4096);
    });
    void channel.closed.then((end) => this.#onClosed(end));
    const greeting = new HelloAnswers();
    this.hello = greeting.result;
    this.hello.catch(() => undefined);
    this.#ask(greeting);
    this.#write(Buffer.concat([loaderFrames(nonce, options.shell ?? "/bin/sh"), Buffer.from("hello\n")]));
    this.#watchHello(options.helloSeconds ?? 30);
  }

  read(groups: readonly ReadGroup[]): Promise<ReadAnswer[]> {
    const request = Promise.resolve().then(() => {
      const definitions = this.#newDefinitions(groups);
      const program = textFrame(readProgram(groups));
      const header = Buffer.from(`read ${definitions.length} ${program.length}\n`);
      const answers = new ReadAnswers(groups, () => this.#lastErrors());
      this.#ask(answers);
      this.#write(Buffer.concat([header, definitions, program]));
      return answers.result;
    });
    return request;
  }

  async batch(id: string, items: readonly BatchItem[], on: (event: BatchEvent) => void): Promise<BatchEnd> {
    if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,100}$/.test(id))
      throw new AgentError("protocol", `${JSON.stringify(id)} is no batch id`);
    const { user, uid } = await this.hello;
    const stranger = items.flatMap((item) =>
      item.do === "run" ? [item.user] : item.groups.map((group) => group.user),
    );
    const other = stranger.find((name) => name !== undefined && name !== user);
    if (other !== undefined && uid !== 0)
      throw new AgentError("protocol", `a step cannot run as ${other}: this channel belongs to ${user}, not to root`);
    const { text, blobs } = batchProgram(items, user);
    const program = textFrame(text);
    const library = this.#libraryIsSent ? NOTHING : textFrame(RUNNER);
    this.#libraryIsSent = true;
    const definitions = this.#newDefinitions(items.flatMap((item) => (item.do === "compare" ? item.groups : [])));
    const answers = new BatchAnswers(items, on, () => this.#lastErrors());
    this.#ask(answers);
    this.#write(
      Buffer.concat([
        Buffer.from(`batch ${id} ${library.length} ${definitions.length} ${program.length} ${blobs.length}\n`),
        library,
        definitions,
      ]),
    );
    for (const blob of blobs) {
      this.#write(() => {
        const bytes = blob.bytes();
        return Buffer.concat([Buffer.from(`${blob.sha256} ${bytes.length}\n`), bytes]);
      });
    }
    this.#write(program);
    try {
      return await answers.result;
    } finally {
      // Only now may the host forget it: whoever follows after a lost connection still finds the log.
      if (this.#failure === undefined) this.#write(Buffer.from(`forget ${id}\n`));
    }
  }

  async close(): Promise<void> {
    await this.#writing;
    this.#failure ??= new AgentError("lost", "the session was closed");
    this.#channel.close();
    // A process left behind may hold the channel open; nothing more is expected of it.
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, 5000);
    });
    await Promise.race([this.#channel.closed, enough]);
    clearTimeout(timer);
  }

  #newDefinitions(groups: readonly ReadGroup[]): Buffer {
    const fresh: string[] = [];
    for (const group of groups) {
      const definition = readerDefinition(group);
      if (this.#defined.get(group.kind) === definition) continue;
      this.#defined.set(group.kind, definition);
      fresh.push(definition);
    }
    return fresh.length === 0 ? NOTHING : textFrame(fresh.join(""));
  }

  #ask(request: Pending): void {
    if (this.#failure !== undefined) {
      request.fail(this.#failure, true);
      return;
    }
    if (this.#waiting.length === 0) this.counters.roundTrips += 1;
    this.#waiting.push(request);
  }

  #write(bytes: Buffer | (() => Buffer)): void {
    this.#writing = this.#writing
      .then(async () => {
        if (this.#failure !== undefined) return;
        const ready = typeof bytes === "function" ? bytes() : bytes;
        this.counters.bytesUp += ready.length;
        this.#channel.write(ready);
        if (ready.length > 16 * 1024) await Promise.race([this.#channel.drained(), this.#channel.closed]);
      })
      .catch((cause: unknown) => {
        this.#fail(new AgentError("protocol", cause instanceof Error ? cause.message : String(cause)));
        this.#channel.close();
      });
  }

  #onAnswer(line: string): void {
    if (line === "agent") return;
    if (line.startsWith("! ")) {
      this.#said = line.slice(2);
      return;
    }
    if (line.startsWith("w ")) {
      this.notices.push(line.slice(2));
      return;
    }
    const first = this.#waiting[0];
    if (first?.onAnswer(line) === true) this.#waiting.shift();
  }

  #onText(line: string): void {
    if (this.#waiting[0]?.onText?.(line) === true || line === "") return;
    this.#noise = [...this.#noise.slice(-9), line.slice(0, 500)];
  }

  #lastErrors(): string {
    return [...this.#noise, ...this.#errors.split("\n")]
      .filter((line) => line.trim() !== "")
      .slice(-10)
      .join("\n");
  }

  #onClosed(end: { code: number } | { signal: string } | { lost: string }): void {
    const output = this.#lastErrors();
    if (this.#said !== "") {
      this.#fail(new AgentError("spool", this.#said, output), false);
      return;
    }
    const how = describeEnd(end);
    const isGreeted = !(this.#waiting[0] instanceof HelloAnswers);
    if (isGreeted || "lost" in end) {
      this.#fail(new AgentError("lost", `the connection to the agent ended: ${how}`, output));
    } else this.#fail(new AgentError("hello", `no shell answered on the host: ${how}`, output));
  }

  #watchHello(seconds: number): void {
    const timer = setTimeout(() => {
      this.#fail(new AgentError("hello", `the host's shell said nothing for ${seconds} seconds`, this.#lastErrors()));
      this.#channel.close();
    }, seconds * 1000);
    this.hello.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
  }

  #fail(error: AgentError, mayHaveRun = true): void {
    this.#failure ??= error;
    for (const request of this.#waiting.splice(0)) request.fail(error, mayHaveRun);
  }
}

const NOTHING = Buffer.alloc(0);

function describeEnd(end: { code: number } | { signal: string } | { lost: string }): string {
  if ("lost" in end) return end.lost;
  if ("signal" in end) return `the shell was killed by ${end.signal}`;
  return `the shell ended with status ${end.code}`;
}
