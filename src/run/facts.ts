import { type Value, Unknown } from "../base/value.ts";
import { type FactLines, parseFacts } from "../facts/parse.ts";
import { factKeys, type FactGroup, factNames } from "../facts/schema.ts";
import { NotRead, type Reader, type World } from "../plan/world.ts";
import { factGroup } from "../resources/facts.ts";

const TOP = factNames.kind === "closed" ? Object.keys(factNames.entries) : [];

interface Sight {
  world: World;
  reader: Reader;
}

/** The states in which facts of hosts are looked up while something is planned. */
export class FactStore {
  #worlds = new Map<string, Sight>();
  /** Makes a host that nothing has turned to yet known by `look`; nothing is connected. */
  reach: (host: string) => void = () => undefined;
  #parsed = new Map<string, { lines: string; facts: { [name: string]: Value } }>();

  /** From now on the facts of a host are those of this state, read by this reader. */
  look(host: string, world: World, reader: Reader): void {
    this.#worlds.set(host, { world, reader });
  }

  /** The root name `facts` of a host: each fact is read when it is asked for. Throws what has the engine read it. */
  readonly factsOf = (host: string): Value => {
    const facts: { [name: string]: Value } = Object.create(null) as { [name: string]: Value };
    for (const name of TOP) {
      Object.defineProperty(facts, name, { enumerable: true, configurable: true, get: () => this.#fact(host, name) });
    }
    return facts;
  };

  /** Groups of facts as references, with who reads them. */
  #fact(host: string, name: string): Value {
    if (!this.#worlds.has(host)) this.reach(host);
    const sight = this.#worlds.get(host);
    if (sight === undefined) throw new Unknown(`the facts of ${host} have not been read`);
    const lines: { -readonly [Group in FactGroup]?: string } = {};
    for (const group of factKeys([name])) lines[group] = lineOf(host, sight, group);
    return this.#parse(host, name, lines);
  }

  #parse(host: string, name: string, lines: FactLines): Value {
    const key = `${host}\0${name}`;
    const text = JSON.stringify(lines);
    const known = this.#parsed.get(key);
    const facts = known?.lines === text ? known.facts : (parseFacts(lines) as unknown as { [name: string]: Value });
    this.#parsed.set(key, { lines: text, facts });
    return facts[name] ?? null;
  }
}

function lineOf(host: string, { world, reader }: Sight, group: FactGroup): string {
  try {
    return (world.see(factGroup(group), reader, true).value as { line: string | null }).line ?? "";
  } catch (error) {
    if (error instanceof NotRead) throw new NotRead(error.ref, error.reader, host);
    throw error;
  }
}
