import { ConnectError } from "../transport/connect-error.ts";
import { AgentError } from "../agent/agent-error.ts";
import { matchHosts } from "../inventory/patterns.ts";
import type { Event } from "./events.ts";
import type { LoadedProject } from "./load-project.ts";
import { type Machine, Unreachable } from "./machine.ts";
import { connectionsOf, Machines } from "./project-run.ts";
import { Slots } from "./slots.ts";
import type { WayOptions } from "./ways.ts";

export interface AskOptions extends Omit<WayOptions, "notice"> {
  forks: number;
  signal: AbortSignal;
  emit(event: Event): void;
}

/** What came back from one host. */
export type Answer<T> = { host: string; value: T } | { host: string; unreachable: string; hint?: string };

/** Asks each host of a pattern, some at a time; answers come as they arrive. */
export async function askHosts<T>(
  project: LoadedProject,
  pattern: string,
  options: AskOptions,
  ask: (machine: Machine) => Promise<T>,
  each: (answer: Answer<T>) => void,
): Promise<void> {
  const warn = (fault: { message: string }): void => options.emit({ event: "warning", text: fault.message });
  const hosts = matchHosts(project.inventory, pattern, { warn });
  const machines = new Machines(project, connectionsOf(project, hosts, warn), options);
  const slots = new Slots(options.forks);
  try {
    await Promise.all(
      hosts.map((host) =>
        slots.take(host, async () => {
          if (options.signal.aborted) return;
          const machine = machines.get(host);
          try {
            each({ host, value: await ask(machine) });
          } catch (error) {
            if (!(error instanceof Unreachable || error instanceof ConnectError || error instanceof AgentError))
              throw error;
            const hint = error instanceof AgentError ? undefined : error.hint;
            each({ host, unreachable: error.message, ...(hint === undefined ? {} : { hint }) });
          } finally {
            await machine.close();
          }
        }),
      ),
    );
  } finally {
    await machines.close();
  }
}
