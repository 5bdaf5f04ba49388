import { type Names, startCursor } from "../plan/cursor.ts";
import type { Planned } from "../plan/item.ts";
import type { Play, TaskNode } from "../playbook/tree.ts";
import type { Runtime } from "../playbook/variables.ts";
import { Coordinator } from "./coordinator.ts";
import type { Counts, Event } from "./events.ts";
import { type HostEnd, HostRun } from "./host-run.ts";
import type { HostEvaluator } from "./host-work.ts";
import type { Machine } from "./machine.ts";
import { keepSelected } from "./selection.ts";
import { Slots } from "./slots.ts";

/** A play with the hosts it runs on, in order, and how many at a time; names and patterns are resolved. */
export interface ReadyPlay {
  play: Play;
  hosts: string[];
  /** The serial batches, in order; one with all hosts when the play has no `serial`. */
  waves: string[][];
}

export interface RunOptions {
  mode: "apply" | "check" | "verify";
  inventory: string;
  playbook: string;
  plays: ReadyPlay[];
  /** Hosts at once. */
  forks: number;
  /** True for a task that the tag and role options leave in. */
  selected(task: TaskNode): boolean;
  evaluatorOf(host: string, play: Play): HostEvaluator;
  machineOf(host: string): Machine;
  /** Called for hosts that are about to be read, so that their connections are under way while the first plans are made. */
  begin?(host: string, play: Play): void;
  /** What hosts have got in plays that are over: filled in here, seen by other hosts. */
  runtimes: Map<string, Runtime>;
  emit(event: Event): void;
  record?(host: string, play: Play, title: string, item: Planned): void;
  signal: AbortSignal;
}

export interface RunResult {
  hosts: Record<string, Counts>;
  ends: Map<string, HostEnd>;
  seconds: number;
}

/** Runs plays one after another; the hosts of a play do not wait for each other. */
export async function run(options: RunOptions): Promise<RunResult> {
  const started = Date.now();
  const counts: Record<string, Counts> = {};
  const rescued: Record<string, number> = {};
  const ends = new Map<string, HostEnd>();
  const names = new Map<string, Names>();
  const emit = (event: Event): void => {
    if (event.event === "step" && event.item === undefined) countOf(counts, event.host)[event.status] += 1;
    if (event.event === "unreachable") countOf(counts, event.host).unreachable += 1;
    options.emit(event);
  };
  const all = [...new Set(options.plays.flatMap((ready) => ready.hosts))];
  for (const host of all) countOf(counts, host);
  emit({ event: "start", mode: options.mode, inventory: options.inventory, playbook: options.playbook, hosts: all });
  const slots = new Slots(options.forks);
  const live = new Map<string, HostRun>();
  options.signal.addEventListener("abort", () => {
    for (const [host, { running }] of live) {
      if (running !== undefined)
        emit({ event: "notice", host, text: `“${running}” is left to end; interrupt again to leave it running` });
    }
  });

  for (const { play, waves } of options.plays) {
    for (const [host, own] of names) options.runtimes.set(host, own);
    let played = false;
    for (const wave of waves) {
      const hosts = wave.filter((host) => !isOut(ends.get(host)));
      if (hosts.length === 0 || options.signal.aborted) continue;
      if (!played) emit({ event: "play", play: play.name, hosts: waves.flat() });
      played = true;
      const coordinator = new Coordinator(hosts, {
        anyErrorsFatal: play.anyErrorsFatal,
        maxFailPercentage: play.maxFailPercentage,
      });
      if (options.begin !== undefined && sectionsTouch(play, options)) {
        for (const host of hosts.slice(0, options.forks)) options.begin(host, play);
        await new Promise((resolve) => setImmediate(resolve));
      }
      const results = await Promise.all(
        hosts.map(async (host) => {
          const hostRun = new HostRun(
            {
              host,
              play,
              mode: options.mode === "check" ? "check" : "apply",
              machine: options.machineOf(host),
              evaluator: options.evaluatorOf(host, play),
              coordinator,
              machineOf: options.machineOf,
              emit,
              record: (title, item) => options.record?.(host, play, title, item),
              slot: (work) => slots.take(host, work),
              aborted: () => options.signal.aborted || coordinator.ended !== undefined,
              sleep: (seconds) => sleep(seconds, options.signal),
            },
            startCursor(tasksOf(play, options.mode, options.selected), {
              ...(names.get(host) ?? noNames()),
              included: [],
              handlers: [],
            }),
          );
          live.set(host, hostRun);
          const end = await hostRun.run();
          live.delete(host);
          names.set(host, hostRun.cursor.names);
          const saved = hostRun.cursor.rescued;
          if (saved > 0) {
            countOf(counts, host).failed -= saved;
            rescued[host] = (rescued[host] ?? 0) + saved;
          }
          return { host, end };
        }),
      );
      for (const { host, end } of results) ends.set(host, end);
      if (coordinator.ended === "end_play") break;
      const out = results.filter(({ end }) => isOut(end));
      const share = (out.length / hosts.length) * 100;
      if (out.length === hosts.length) break;
      if (
        out.length > 0 &&
        (play.anyErrorsFatal || (play.maxFailPercentage !== undefined && share > play.maxFailPercentage))
      )
        break;
    }
  }
  const seconds = (Date.now() - started) / 1000;
  emit({
    event: "summary",
    mode: options.mode,
    hosts: counts,
    seconds,
    ...(Object.keys(rescued).length === 0 ? {} : { rescued }),
  });
  return { hosts: counts, ends, seconds };
}

/** What a host walks through: preflight, then the sections with a flush of handlers after each; only the proofs in `verify`. */
function tasksOf(play: Play, mode: RunOptions["mode"], selected: (task: TaskNode) => boolean): (TaskNode | "flush")[] {
  const keep = (tasks: readonly TaskNode[]): TaskNode[] => keepSelected(tasks, selected);
  if (mode === "verify") return keep(play.verify);
  const sections = play.sections.flatMap((section) => [...keep(section.tasks), "flush" as const]);
  return [...keep(play.preflight), ...sections];
}

/** Whether a host has to be looked at for certain when no condition speaks against it. */
function sectionsTouch(play: Play, { mode, selected }: RunOptions): boolean {
  const touches = (task: TaskNode | "flush"): boolean => {
    if (task === "flush") return false;
    if (task.kind === "block") return task.block.some(touches);
    return task.kind === "step" && task.delegateTo === undefined && task.module.needs !== undefined;
  };
  return tasksOf(play, mode, selected).some(touches);
}

function isOut(end: HostEnd | undefined): boolean {
  return end === "failed" || end === "unreachable" || end === "aborted";
}

function countOf(counts: Record<string, Counts>, host: string): Counts {
  const own = counts[host] ?? {
    ok: 0,
    changed: 0,
    skipped: 0,
    failed: 0,
    unreachable: 0,
    maybe: 0,
    unknown: 0,
    ignored: 0,
  };
  counts[host] = own;
  return own;
}

function noNames(): Names {
  return { registered: {}, facts: {}, included: [], handlers: [] };
}

function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, seconds * 1000);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
