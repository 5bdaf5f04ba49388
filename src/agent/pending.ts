import { AgentError } from "./agent-error.ts";
import type { BatchEnd, BatchEvent, BatchItem, Hello, ReadAnswer, ReadGroup } from "./wire.ts";

/** A request that waits for its answer. */
export interface Pending {
  /** True when this line ended the answer. */
  onAnswer(line: string): boolean;
  onBytes?(stream: string, bytes: Buffer): void;
  /** True when the line belongs to the answer. */
  onText?(line: string): boolean;
  /** `mayHaveRun`: the request had been sent and the host did not refuse it. */
  fail(error: AgentError, mayHaveRun: boolean): void;
}

class Answer<T> {
  readonly result: Promise<T>;
  protected resolve: (value: T) => void = () => undefined;
  protected reject: (error: AgentError) => void = () => undefined;

  constructor() {
    this.result = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  fail(error: AgentError): void {
    this.reject(error);
  }
}

/** `NAME VALUE` lines up to `hello`. */
export class HelloAnswers extends Answer<Hello> implements Pending {
  readonly #said = new Map<string, string>();

  onAnswer(line: string): boolean {
    const [name, value] = split(line);
    if (name !== "hello") {
      this.#said.set(name, value);
      return false;
    }
    const text = (key: string): string => this.#said.get(key) ?? "";
    const uid = Number.parseInt(text("uid"), 10);
    if (Number.isNaN(uid)) this.reject(new AgentError("hello", "the host does not say who the user is: `id` failed"));
    this.resolve({
      user: text("user"),
      uid,
      gid: Number.parseInt(text("gid"), 10),
      home: text("home"),
      umask: Number.parseInt(text("umask"), 8),
      system: text("system"),
      bootId: text("bootId"),
      spool: text("spool"),
    });
    return true;
  }
}

/** Per call of a reader: `g GROUP OFFSET`, its lines, `x GROUP RC`, after `v` its error output; `r` ends. */
export class ReadAnswers extends Answer<ReadAnswer[]> implements Pending {
  readonly #lines: (string | undefined)[][];
  readonly #trouble = new Map<number, string[]>();
  readonly #groups: readonly ReadGroup[];
  readonly #noise: () => string;
  #group = -1;
  #offset = 0;
  #part: "lines" | "trouble" | "" = "";

  constructor(groups: readonly ReadGroup[], noise: () => string) {
    super();
    this.#groups = groups;
    this.#noise = noise;
    this.#lines = groups.map((group) => group.keys.map(() => undefined));
  }

  onAnswer(line: string): boolean {
    const [what, rest] = split(line);
    if (what === "g") {
      const [group, offset] = split(rest);
      this.#group = Number(group);
      this.#offset = Number(offset);
      this.#part = "lines";
    } else if (what === "x") {
      this.#part = "";
      const rc = split(rest)[1];
      if (rc !== "0") this.#note(`(status ${rc})`);
    } else if (what === "v") this.#part = "trouble";
    else if (what === "r") {
      this.#finish();
      return true;
    }
    return false;
  }

  onText(line: string): boolean {
    if (this.#part === "trouble") this.#note(line);
    if (this.#part !== "lines") return this.#part !== "";
    const [index, value] = split(line);
    const group = this.#lines[this.#group];
    const at = Number(index) + this.#offset;
    if (group === undefined || !/^[0-9]+$/.test(index) || at >= group.length) return line === "";
    group[at] = value;
    return true;
  }

  #note(line: string): void {
    this.#trouble.set(this.#group, [...(this.#trouble.get(this.#group) ?? []).slice(-9), line]);
  }

  #finish(): void {
    try {
      this.resolve(
        completeAnswers(this.#groups, this.#lines, (group) => this.#trouble.get(group)?.join("\n") ?? this.#noise()),
      );
    } catch (error) {
      this.reject(error as AgentError);
    }
  }
}

/** What a batch logs, see runner.sh: b, e, s, l, d, z; before it `p`, `gone` when its process has vanished. */
export class BatchAnswers extends Answer<BatchEnd> implements Pending {
  readonly #items: readonly BatchItem[];
  readonly #on: (event: BatchEvent) => void;
  readonly #noise: () => string;
  #output: { o: Buffer[]; e: Buffer[] } = { o: [], e: [] };
  #began = 0;
  #inHand: number | undefined;
  /** Index of the item that is next. */
  #next = 0;
  #fresh: (string | undefined)[][] = [];
  #trouble: string[] | undefined;
  #broken: AgentError | undefined;

  constructor(items: readonly BatchItem[], on: (event: BatchEvent) => void, noise: () => string) {
    super();
    this.#items = items;
    this.#on = on;
    this.#noise = noise;
  }

  onBytes(stream: string, bytes: Buffer): void {
    if (stream === "o" || stream === "e") this.#output[stream].push(bytes);
  }

  onText(line: string): boolean {
    this.#trouble?.push(line);
    return this.#trouble !== undefined;
  }

  onAnswer(line: string): boolean {
    const [what, rest] = split(line);
    if (what === "p") this.#onBegin();
    else if (what === "e") this.#onEnd(rest);
    else if (what === "s") {
      this.#on({ event: "same", id: Number(rest) });
      this.#onBegin();
    } else if (what === "l") {
      const [group, indexed] = split(rest);
      const [index, value] = split(indexed);
      const lines = this.#fresh[Number(group)] ?? [];
      lines[Number(index)] = value;
      this.#fresh[Number(group)] = lines;
    } else if (what === "d") this.#onDiffers(Number(rest));
    else if (what === "v") this.#trouble = [];
    else if (what === "z") return this.#onOver(rest);
    else if (what === "gone") {
      const said = (this.#trouble ?? [])
        .filter((text) => text !== "")
        .slice(-10)
        .join("\n");
      this.resolve({
        end: "lost",
        id: this.#inHand,
        why: `its process on the host is gone${said === "" ? "" : `: ${said}`}`,
      });
      return true;
    }
    return false;
  }

  override fail(error: AgentError, mayHaveRun = true): void {
    if (mayHaveRun && error.reason === "lost") this.resolve({ end: "lost", id: this.#inHand, why: error.message });
    else this.reject(error);
  }

  /** The host says when an item ends; that is when the next begins. */
  #onBegin(): void {
    const item = this.#items[this.#next];
    this.#next += 1;
    if (item?.do !== "run") return;
    this.#began = performance.now();
    this.#inHand = item.id;
    this.#on({ event: "begin", id: item.id });
  }

  #onEnd(text: string): void {
    const [id = "", rc = "", flag] = text.split(" ");
    const [stdout, outIsCut] = lastPart(this.#output.o);
    const [stderr, errorIsCut] = lastPart(this.#output.e);
    this.#output = { o: [], e: [] };
    this.#inHand = undefined;
    this.#on({
      event: "end",
      id: Number(id),
      rc: Number(rc),
      stdout,
      stderr,
      seconds: (performance.now() - this.#began) / 1000,
      ...(outIsCut || errorIsCut ? { cut: true } : {}),
      ...(flag === "late" ? { late: true } : {}),
    });
    if (rc === "0") this.#onBegin();
  }

  #onDiffers(id: number): void {
    const item = this.#items.find((one) => one.id === id && one.do === "compare");
    if (item === undefined || item.do !== "compare") return;
    try {
      const lines = item.groups.map((_, group) => this.#fresh[group] ?? []);
      const trouble = this.#trouble?.filter((text) => text !== "").join("\n");
      this.#on({ event: "differs", id, answers: completeAnswers(item.groups, lines, () => trouble ?? this.#noise()) });
    } catch (error) {
      this.#broken = error as AgentError;
    }
    this.#trouble = undefined;
  }

  #onOver(text: string): boolean {
    const [how, id] = split(text);
    if (this.#broken !== undefined) this.reject(this.#broken);
    else this.resolve(how === "done" ? { end: "done" } : { end: "stopped", id: Number(id) });
    return true;
  }
}

function completeAnswers(
  groups: readonly ReadGroup[],
  lines: readonly (string | undefined)[][],
  trouble: (group: number) => string,
): ReadAnswer[] {
  return groups.map((group, index) =>
    group.keys.map((key, at) => {
      const line = lines[index]?.[at];
      if (line !== undefined) return line;
      const said = trouble(index);
      throw new AgentError("reader", `the host gave no answer about ${group.kind} ${JSON.stringify(key)}`, said);
    }),
  );
}

/** Output as far as it is kept, and whether it was longer. */
function lastPart(parts: Buffer[]): [Buffer, boolean] {
  const all = Buffer.concat(parts);
  return all.length <= OUTPUT_BYTES ? [all, parts.length > 1] : [all.subarray(all.length - OUTPUT_BYTES), true];
}

const OUTPUT_BYTES = 256 * 1024;

/** At the first space. */
function split(line: string): [string, string] {
  const space = line.indexOf(" ");
  return space < 0 ? [line, ""] : [line.slice(0, space), line.slice(space + 1)];
}
