import { AgentError } from "../agent/agent-error.ts";
import type { Channel, BatchEnd, BatchEvent, BatchItem, Hello, ReadGroup, Session } from "../agent/wire.ts";
import type { Fault } from "../errors/fault.ts";
import { type Reader, World } from "../plan/world.ts";
import { identity } from "../resources/identity.ts";
import type { Ref } from "../resources/resource.ts";

/** How a machine gets its channels: made by the run from the host's connection variables. */
export interface Way {
  /** True when the login user is root: one channel serves all. */
  loginIsRoot: boolean;
  /** Opens the agent's channel as the login user or as root. */
  open(as: "login" | "root"): Promise<Channel>;
  session(channel: Channel): Session;
  /** What the agent's failure to start as root means, where the words of sudo tell. */
  explain(error: AgentError): Fault | undefined;
  /** Ends the connection; a channel that is asked for later makes a new one. */
  close(): void;
}

/** Thrown when a host cannot be reached, or is lost: the host is out, the others go on. */
export class Unreachable extends Error {
  override name = "Unreachable";
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** One real host: its sessions and what is known of its state. Shared by everything in a run that concerns this host. */
export class Machine {
  readonly world = new World();
  #sessions = new Map<"login" | "root", Promise<Session>>();
  #tail: Promise<unknown> = Promise.resolve();
  #batches = 0;
  loginUser = "";

  constructor(
    readonly name: string,
    readonly runId: string,
    readonly way: Way,
  ) {}

  /** One user of the machine at a time: segments of its own host and delegated ones queue here. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#tail;
    let release = (): void => undefined;
    this.#tail = new Promise<void>((resolve) => {
      release = resolve;
    });
    await before;
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** The reader of a step: root's channel serves everybody where the login is root. */
  channel(becomes: boolean): "login" | "root" {
    return becomes || this.way.loginIsRoot ? "root" : "login";
  }

  /** Reads resources, each kind with one question, all in one round trip a channel. */
  async read(wanted: readonly { ref: Ref; reader: Reader }[]): Promise<void> {
    const channels = new Set(wanted.map((one) => one.reader.channel));
    const readings = [...channels].map(async (channel) => {
      try {
        await this.#readOn(
          channel,
          wanted.filter((one) => one.reader.channel === channel),
        );
      } catch (error) {
        throw this.#explained(channel, error);
      }
    });
    await Promise.all(readings);
  }

  async #readOn(channel: "login" | "root", wanted: readonly { ref: Ref; reader: Reader }[]): Promise<void> {
    const session = await this.session(channel);
    const groups: (ReadGroup & { keys: string[] })[] = [];
    const order: { ref: Ref; reader: Reader }[][] = [];
    const index = new Map<string, number>();
    const seen = new Set<string>();
    for (const one of wanted) {
      const { kind } = one.ref;
      if (kind === (identity.kind as unknown) && one.reader.user === undefined) continue;
      const groupKey = `${kind.kind}\0${one.reader.user ?? ""}`;
      if (seen.has(`${groupKey}\0${one.ref.key}`)) continue;
      seen.add(`${groupKey}\0${one.ref.key}`);
      let at = index.get(groupKey);
      if (at === undefined) {
        at = groups.length;
        index.set(groupKey, at);
        groups.push({
          kind: kind.kind,
          reader: kind.reader,
          ...(kind.functions === undefined ? {} : { functions: kind.functions }),
          ...(one.reader.user === undefined ? {} : { user: one.reader.user }),
          keys: [],
        });
        order.push([]);
      }
      groups[at]?.keys.push(one.ref.key);
      order[at]?.push(one);
    }
    const answers = groups.length === 0 ? [] : await session.read(groups);
    this.#learnHello(channel, await session.hello);
    order.forEach((members, group) => {
      members.forEach((one, position) => {
        const line = answers[group]?.[position];
        if (line === undefined)
          throw new Unreachable(`the host gave no answer for ${one.ref.kind.kind} ${one.ref.key}`);
        this.world.learn(one.ref, one.reader, line);
      });
    });
  }

  async batch(
    channel: "login" | "root",
    items: readonly BatchItem[],
    on: (event: BatchEvent) => void,
  ): Promise<BatchEnd> {
    const session = await this.session(channel);
    this.#batches += 1;
    try {
      return await session.batch(`${this.runId}-${this.#batches}`, items, on);
    } catch (error) {
      throw this.#explained(channel, error);
    }
  }

  /** What was known is read afresh; who we are stays. */
  forget(): void {
    this.world.forget();
    for (const [channel, hello] of this.#hellos) this.#learnHello(channel, hello);
  }

  #hellos = new Map<"login" | "root", Hello>();

  #learnHello(channel: "login" | "root", hello: Hello): void {
    this.#hellos.set(channel, hello);
    if (channel === "login" || this.way.loginIsRoot) this.loginUser = hello.user;
    const line = identity.kind.line.show({
      uid: hello.uid,
      gid: hello.gid,
      umask: hello.umask.toString(8).padStart(3, "0"),
      user: hello.user,
      home: hello.home,
    });
    this.world.learn(identity, { channel }, line);
  }

  /** Begins to connect, for a session that is wanted soon. What goes wrong is told when it is used. */
  begin(channel: "login" | "root"): void {
    this.session(channel).catch(() => undefined);
  }

  session(channel: "login" | "root"): Promise<Session> {
    let session = this.#sessions.get(channel);
    if (session === undefined) {
      session = this.way.open(channel).then((opened) => this.way.session(opened));
      this.#sessions.set(channel, session);
    }
    return session;
  }

  /** The same error, or what it means when it is sudo's. */
  #explained(channel: "login" | "root", error: unknown): unknown {
    if (channel === "login" || this.way.loginIsRoot || !(error instanceof AgentError) || error.reason !== "hello")
      return error;
    return this.way.explain(error) ?? error;
  }

  /** Round trips and bytes so far, over all channels. */
  async counters(): Promise<Session["counters"]> {
    const total = { roundTrips: 0, bytesUp: 0, bytesDown: 0 };
    for (const opening of this.#sessions.values()) {
      const session = await opening.catch(() => undefined);
      if (session === undefined) continue;
      total.roundTrips += session.counters.roundTrips;
      total.bytesUp += session.counters.bytesUp;
      total.bytesDown += session.counters.bytesDown;
    }
    return total;
  }

  async close(): Promise<void> {
    const sessions = await Promise.allSettled(this.#sessions.values());
    await Promise.allSettled(
      sessions.map((session) => (session.status === "fulfilled" ? session.value.close() : Promise.resolve())),
    );
    this.#sessions.clear();
    this.way.close();
  }
}
