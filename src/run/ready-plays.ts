import { Fault } from "../errors/fault.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { matchHosts } from "../inventory/patterns.ts";
import { evaluate } from "../language/evaluate.ts";
import type { Value } from "../base/value.ts";
import { Unknown } from "../base/value.ts";
import type { Play } from "../playbook/tree.ts";
import type { LoadedProject } from "./load-project.ts";
import type { ReadyPlay } from "./run.ts";

/** Which hosts of the plays: a pattern, and what `@failed` in it stands for. */
export interface Limit {
  limit: string | undefined;
  failedFile: string | undefined;
}

/** The hosts of each play, in order and in waves, less those outside the limit. Throws when a limit leaves no host at all. */
export function readyPlays(
  project: LoadedProject,
  { limit, failedFile }: Limit,
  warn: (fault: Fault) => void,
): ReadyPlay[] {
  const { inventory, playbook } = project;
  const limited = { ...(limit === undefined ? {} : { limit }), ...(failedFile === undefined ? {} : { failedFile }) };
  const plays = playbook.plays.map((play) => {
    // A role on the group with its name: without the group nobody asks for the role.
    const asked = play.roleNames.includes(play.hosts) && !inventory.groups.has(play.hosts);
    const found = matchHosts(inventory, play.hosts, { ...limited, place: play.hostsPlace, ...(asked ? {} : { warn }) });
    const hosts = ordered(found, play.order, inventory);
    return { play, hosts, waves: waves(hosts, serialOf(play, hosts[0], project)) };
  });
  if (limit !== undefined && plays.every((ready) => ready.hosts.length === 0)) {
    throw new Fault("no-hosts", `--limit ${limit} leaves no host to work on`, {
      hint: "`provision inventory --hosts PATTERN` shows what a pattern means",
    });
  }
  return plays;
}

function ordered(hosts: string[], order: Play["order"], inventory: Inventory): string[] {
  const position = new Map([...inventory.hosts.keys()].map((name, index) => [name, index]));
  const byInventory = (a: string, b: string): number => (position.get(a) ?? 0) - (position.get(b) ?? 0);
  switch (order) {
    case "inventory":
      return hosts;
    case "reverse_inventory":
      return [...hosts].reverse();
    case "sorted":
      return [...hosts].sort();
    case "reverse_sorted":
      return [...hosts].sort().reverse();
    case "shuffle":
      return shuffled([...hosts].sort(byInventory));
  }
}

function shuffled(hosts: string[]): string[] {
  for (let index = hosts.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    const [a, b] = [hosts[index], hosts[other]];
    if (a === undefined || b === undefined) continue;
    hosts[index] = b;
    hosts[other] = a;
  }
  return hosts;
}

function serialOf(play: Play, host: string | undefined, project: LoadedProject): Value | undefined {
  if (play.serial === undefined || host === undefined) return undefined;
  try {
    return evaluate(play.serial, project.variables.scope({ host, play }));
  } catch (error) {
    if (error instanceof Unknown)
      throw new Fault("bad-serial", "serial cannot depend on facts or results", { place: play.serial.place });
    throw error;
  }
}

/** Cuts hosts into serial batches: a number, a percentage, or a list of these of which the last repeats. */
function waves(hosts: string[], serial: Value | undefined): string[][] {
  if (serial === undefined || serial === null) return [hosts];
  const sizes = (Array.isArray(serial) ? serial : [serial]).map((size) => sizeOf(size, hosts.length));
  const result: string[][] = [];
  let at = 0;
  for (let index = 0; at < hosts.length; index++) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? hosts.length;
    result.push(hosts.slice(at, at + size));
    at += size;
  }
  return result.length === 0 ? [[]] : result;
}

function sizeOf(size: Value, count: number): number {
  if (typeof size === "number" && Number.isInteger(size) && size > 0) return size;
  const percent = typeof size === "string" ? /^(\d+(?:\.\d+)?)%$/.exec(size)?.[1] : undefined;
  if (percent !== undefined) return Math.max(1, Math.floor((count * Number(percent)) / 100));
  if (typeof size === "number" && size === 0) return Math.max(1, count);
  if (typeof size === "string" && /^\d+$/.test(size)) return Math.max(1, Number(size));
  throw new Fault("bad-serial", "serial takes a number of hosts, a percentage such as 30%, or a list of these");
}
