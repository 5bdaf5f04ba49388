import type { Inventory } from "../inventory/inventory.ts";
import { matchHosts } from "../inventory/patterns.ts";
import type { MapNode, Node } from "../language/node.ts";
import type { Playbook, TaskNode } from "../playbook/tree.ts";
import { visibleLine } from "../report/visible.ts";
import { failedFile } from "./failed-hosts.ts";
import { limitOf, type Prepared, projectFolder } from "./project-run.ts";

export type ListWhat = "hosts" | "tasks" | "tags" | "vars";

/** Answers `--list-hosts`, `--list-tasks`, `--list-tags`; true where one was asked for. */
export function showLists(prepared: Prepared): boolean {
  const { settings, io } = prepared.input;
  const asked = (["hosts", "tasks", "tags"] as const).filter((what) => settings.flag(`list-${what}`) === true);
  for (const what of asked) io.out(`${listOf(what, prepared).join("\n")}\n`);
  return asked.length > 0;
}

/** The lines of a list. */
export function listOf(what: ListWhat, prepared: Prepared): string[] {
  const { playbook, inventory } = prepared.project;
  if (what === "hosts") return hostLines(prepared);
  if (what === "tasks")
    return playbook.plays.flatMap((play) => [`${play.name} (${play.hosts})`, ...taskLines(everyTask(play))]);
  if (what === "tags") return tagLines(playbook);
  return variableLines(inventory, playbook);
}

function hostLines({ project: { inventory, playbook }, input }: Prepared): string[] {
  const limit = limitOf(input.settings);
  const failed = failedFile(projectFolder(input).folder, input.io);
  const options = {
    ...(limit === undefined ? {} : { limit }),
    ...(failed === undefined ? {} : { failedFile: failed }),
    cwd: input.io.cwd,
  };
  return playbook.plays.flatMap((play) => {
    const hosts = matchHosts(inventory, play.hosts, { ...options, place: play.hostsPlace });
    return [
      `${play.name} (${play.hosts}), ${hosts.length} host${hosts.length === 1 ? "" : "s"}`,
      ...hosts.map((host) => `  ${host}`),
    ];
  });
}

type Play = Playbook["plays"][number];

function everyTask(play: Play): TaskNode[] {
  return [...play.preflight, ...play.sections.flatMap((section) => section.tasks)];
}

function taskLines(tasks: readonly TaskNode[]): string[] {
  const rows = tasks
    .flatMap((task) => flatten(task))
    .map(({ task, depth }) => ({ title: `${"  ".repeat(depth + 1)}${titleOf(task)}`, task }));
  const width = Math.min(60, Math.max(0, ...rows.map(({ title }) => title.length)));
  return rows.map(({ title, task }) => {
    const tags = task.tags.length === 0 ? "" : `  [${task.tags.join(", ")}]`;
    return `${title.padEnd(width)}  ${task.place.file}:${task.place.line}${tags}`;
  });
}

/** A block stands before its tasks, which stand deeper. */
function flatten(task: TaskNode, depth = 0): { task: TaskNode; depth: number }[] {
  if (task.kind !== "block") return task.kind === "meta" ? [] : [{ task, depth }];
  const inner = [...task.block, ...task.rescue, ...task.always].flatMap((one) =>
    flatten(one, task.name === undefined ? depth : depth + 1),
  );
  return task.name === undefined ? inner : [{ task, depth }, ...inner];
}

function titleOf(task: TaskNode): string {
  const role = task.role === undefined ? "" : `${task.role.name}: `;
  if (task.kind === "step")
    return role + visibleLine(typeof task.title === "string" ? task.title : sourceOf(task.title));
  if (task.kind === "include") return `${role}${task.name ?? `include ${sourceOf(task.target)}`}`;
  return role + (task.name ?? task.kind);
}

/** A value as it stands in the file; only texts are asked for. */
function sourceOf(node: Node): string {
  if (node.kind === "scalar") return String(node.value);
  return node.kind === "expr" ? node.source : node.kind === "raw" ? node.value : "…";
}

function tagLines(playbook: Playbook): string[] {
  const counts = new Map<string, number>();
  const tasks = playbook.plays.flatMap((play) => everyTask(play).flatMap((task) => flatten(task)));
  for (const tag of tasks.flatMap(({ task }) => task.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const width = Math.max(0, ...[...counts.keys()].map((tag) => tag.length));
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, number]) => `${tag.padEnd(width)}  ${number} task${number === 1 ? "" : "s"}`);
}

/** Every variable that inventory and plays set, with the places that set it. Roles' defaults are in `provision doc role`. */
function variableLines(inventory: Inventory, playbook: Playbook): string[] {
  const places = new Map<string, Set<string>>();
  const layers = new Set<MapNode>([
    ...[...inventory.hosts.keys()].flatMap((host) => inventory.layers(host)),
    ...playbook.plays.flatMap((play) => play.vars),
  ]);
  for (const layer of layers) {
    for (const { key, keyPlace, value } of layer.entries.values()) {
      const where = `${value.origin.layer ?? "play"}, ${keyPlace.file}:${keyPlace.line}`;
      places.set(key, (places.get(key) ?? new Set()).add(where));
    }
  }
  const names = [...places.keys()].sort();
  return names.flatMap((name) => [visibleLine(name), ...[...(places.get(name) ?? [])].map((where) => `  ${where}`)]);
}
