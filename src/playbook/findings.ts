import { Fault, Faults } from "../errors/fault.ts";

/** Faults as they are found; one mistake that is seen for many hosts is one fault with their names. */
export class Findings {
  readonly #found = new Map<string, { fault: Fault; hosts: Set<string> }>();

  add(fault: Fault, host?: string): void {
    const { place, hosts } = fault.details;
    const where = place === undefined ? (fault.details.layer ?? "") : `${place.file}:${place.line}:${place.column}`;
    const key = `${fault.code}\0${where}\0${host === undefined || fault.code !== "invariant-failed" ? fault.message : generic(fault.message, host)}`;
    const known = this.#found.get(key) ?? { fault, hosts: new Set<string>() };
    for (const name of host === undefined ? (hosts ?? []) : [host]) known.hosts.add(name);
    this.#found.set(key, known);
  }

  /** Runs what may throw faults, and keeps them. */
  attempt<T>(work: () => T, host?: string): T | undefined {
    try {
      return work();
    } catch (error) {
      if (error instanceof Fault) this.add(error, host);
      else if (error instanceof Faults) for (const fault of error.faults) this.add(fault, host);
      else throw error;
      return undefined;
    }
  }

  list(): Fault[] {
    return [...this.#found.values()].map(({ fault, hosts }) =>
      hosts.size === 0 ? fault : new Fault(fault.code, fault.message, { ...fault.details, hosts: [...hosts] }),
    );
  }
}

/** An invariant's message without the host's own name, so that the same statement about another host is the same. */
function generic(message: string, host: string): string {
  return message
    .split(/([\w.-]+)/)
    .map((word) => (word === host ? "\0" : word))
    .join("");
}
