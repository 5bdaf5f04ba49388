import { randomBytes } from "node:crypto";
import { Fault, Faults } from "../errors/fault.ts";
import { connectionOf, type HostConnection } from "../inventory/connection.ts";
import { placeOfVariable } from "../inventory/leaves.ts";
import type { Planned } from "../plan/item.ts";
import type { Play, TaskNode } from "../playbook/tree.ts";
import { PlayEvaluator } from "./evaluator.ts";
import type { Event } from "./events.ts";
import type { LoadedProject } from "./load-project.ts";
import { Machine } from "./machine.ts";
import { type Limit, readyPlays } from "./ready-plays.ts";
import { run, type RunResult } from "./run.ts";
import { wayTo, type WayOptions } from "./ways.ts";

export interface ProjectRunOptions extends Omit<WayOptions, "notice"> {
  mode: "apply" | "check" | "verify";
  limit: Limit;
  forks: number;
  selected(task: TaskNode): boolean;
  signal: AbortSignal;
  emit(event: Event): void;
  record?(host: string, play: Play, title: string, item: Planned, machine: Machine): void;
  /** A reason not to run a step that would change something (a saved plan was not sure of it). */
  refuse?(host: string, item: { place: string; index: number | undefined }): string | undefined;
}

/** Runs the playbook of a project on its hosts. Faults of the connection variables are thrown before any host is touched. */
export async function runProject(project: LoadedProject, options: ProjectRunOptions): Promise<RunResult> {
  const warn = (fault: Fault): void => {
    options.emit({
      event: "warning",
      text: fault.message,
      ...(fault.details.place === undefined ? {} : { place: fault.details.place }),
    });
  };
  const plays = readyPlays(project, options.limit, warn);
  const hosts = [...new Set(plays.flatMap((play) => play.hosts))];
  const connections = connectionsOf(project, hosts, warn);
  const machines = new Machines(project, connections, options);
  project.runtimes.clear();
  try {
    return await run({
      mode: options.mode,
      inventory: project.inventory.sources.join(" "),
      playbook: project.playbook.file,
      plays,
      forks: options.forks,
      selected: options.selected,
      signal: options.signal,
      emit: options.emit,
      machineOf: (name) => machines.get(name),
      begin: (host, play) => {
        const machine = machines.get(host);
        machine.begin(machine.channel((play.become.become ?? machines.connection(host).become.enabled) === true));
      },
      runtimes: project.runtimes,
      evaluatorOf: (host, play) => {
        const connection = machines.connection(host);
        const become = { become: connection.become.enabled ?? false, user: connection.become.user };
        return new PlayEvaluator({
          host,
          play,
          connectionBecome: become,
          selected: options.selected,
          lookAtFacts: (world, reader) => project.facts.look(host, world, reader),
          scopeOf: (names) =>
            project.variables.scope({
              host,
              play,
              step: names.task,
              runtime: names,
              locals: Object.keys(names.items).length === 0 ? undefined : names.items,
            }),
          refuse: (item) => options.refuse?.(host, item),
        });
      },
      record: (host, play, title, item) => options.record?.(host, play, title, item, machines.get(host)),
    });
  } finally {
    await machines.close();
  }
}

/** The connection variables of hosts, evaluated. Throws everything that is wrong with them. */
export function connectionsOf(
  project: Pick<LoadedProject, "variables" | "inventory">,
  hosts: readonly string[],
  warn: (fault: Fault) => void,
): Map<string, HostConnection> {
  const connections = new Map<string, HostConnection>();
  const faults: Fault[] = [];
  for (const host of hosts) {
    try {
      const connection = connectionOf(host, project.variables.view(host, undefined), (path) =>
        placeOfVariable(project.inventory, host, path),
      );
      connection.warnings.forEach(warn);
      connections.set(host, connection);
    } catch (error) {
      if (error instanceof Faults) faults.push(...error.faults);
      else if (error instanceof Fault) faults.push(error);
      else throw error;
    }
  }
  if (faults.length > 0) throw new Faults(faults);
  return connections;
}

/** One machine for each inventory host that a run turns to, made when it is first needed. */
export class Machines {
  #machines = new Map<string, Machine>();
  #runId = `${Date.now().toString(36)}-${randomBytes(4).toString("hex")}`;

  constructor(
    readonly project: Pick<LoadedProject, "variables" | "inventory" | "facts">,
    readonly connections: Map<string, HostConnection>,
    readonly options: Omit<WayOptions, "notice"> & { emit(event: Event): void },
  ) {
    project.facts.reach = (host) => void this.get(host);
  }

  connection(name: string): HostConnection {
    const known = this.connections.get(name);
    if (known !== undefined) return known;
    if (this.project.inventory.host(name) === undefined)
      throw new Fault("unknown-host-name", `there is no host "${name}" in the inventory`);
    const made = connectionsOf(this.project, [name], () => undefined).get(name);
    if (made === undefined) throw new Error(`no connection for ${name}`);
    this.connections.set(name, made);
    return made;
  }

  get(name: string): Machine {
    let machine = this.#machines.get(name);
    if (machine === undefined) {
      const way = wayTo(this.connection(name), {
        ...this.options,
        notice: (host, text) => this.options.emit({ event: "notice", host, text }),
      });
      machine = new Machine(name, `${this.#runId}-${this.#machines.size + 1}`, way);
      this.project.facts.look(name, machine.world, { channel: machine.channel(false) });
      this.#machines.set(name, machine);
    }
    return machine;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#machines.values()].map((machine) => machine.close()));
  }
}
