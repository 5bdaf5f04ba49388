import { type Value, Unknown } from "../base/value.ts";
import type { World } from "../plan/world.ts";

/** The states in which facts of hosts are looked up while something is planned. */
const worlds = new Map<string, World>();

/** From now on the facts of a host are those of this state. */
export function lookAtFacts(host: string, world: World): void {
  worlds.set(host, world);
}

/** The root name `facts` of a host. Throws what has the engine read what is missing. */
export function factsOf(host: string): Value {
  if (!worlds.has(host)) throw new Unknown(`the facts of ${host} have not been read`);
  return {};
}
