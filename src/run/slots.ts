import PQueue from "p-queue";

/** Room for so many pieces of work at once. Hosts that have begun go before hosts that have not. */
export class Slots {
  readonly #queue: PQueue;
  readonly #begun = new Set<string>();

  constructor(count: number) {
    this.#queue = new PQueue({ concurrency: Math.max(1, count) });
  }

  async take<T>(host: string, work: () => Promise<T>): Promise<T> {
    const priority = this.#begun.has(host) ? 1 : 0;
    this.#begun.add(host);
    return await this.#queue.add(work, { priority });
  }
}
