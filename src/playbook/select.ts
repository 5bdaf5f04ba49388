import { nearest } from "../base/nearest.ts";
import { Fault } from "../errors/fault.ts";
import type { Play, Playbook, TaskNode } from "./tree.ts";

/** What the options leave in. */
export interface Selection {
  /** `--tags`; empty: every task that is not tagged `never`. */
  tags: readonly string[];
  skipTags: readonly string[];
  /** `--role`: only tasks of this role. */
  role: string | undefined;
}

/**
 * Whether a task takes part. `always` takes part unless it is skipped by name, `never` only when one of its tags is asked for;
 * `tagged`, `untagged` and `all` speak of tasks with any tag, none, and every task. A block takes part when something in it does;
 * so does an include with a literal name.
 */
export function isSelected(task: TaskNode, selection: Selection, depth = 0): boolean {
  if (task.kind === "block")
    return [...task.block, ...task.rescue, ...task.always].some((inner) => isSelected(inner, selection, depth));
  if (task.kind === "include" && task.what !== "vars" && depth < 20) {
    const { literal } = task;
    const from = task.from?.kind === "scalar" ? String(task.from.value) : undefined;
    if (literal !== undefined && (task.from === undefined || from !== undefined)) {
      return task.resolve(literal, from).tasks.some((inner) => isSelected(inner, selection, depth + 1));
    }
  }
  return isOfRole(task, selection.role) && isTagged(task.tags, selection);
}

/** Whether a set of tags is chosen by `--tags` and `--skip-tags`. */
export function isTagged(own: readonly string[], selection: Pick<Selection, "tags" | "skipTags">): boolean {
  const tags = own.length === 0 ? ["untagged"] : own;
  return isWanted(tags, selection.tags.length === 0 ? ["all"] : selection.tags) && !isSkipped(tags, selection.skipTags);
}

function isWanted(tags: readonly string[], wanted: readonly string[]): boolean {
  if (tags.includes("always") || tags.some((tag) => wanted.includes(tag))) return true;
  if (tags.includes("never")) return false;
  return wanted.includes("all") || (wanted.includes("tagged") && !tags.includes("untagged"));
}

function isSkipped(tags: readonly string[], skipped: readonly string[]): boolean {
  if (skipped.includes("all")) return !tags.includes("always") || skipped.includes("always");
  return tags.some((tag) => skipped.includes(tag)) || (skipped.includes("tagged") && !tags.includes("untagged"));
}

function isOfRole(task: TaskNode, role: string | undefined): boolean {
  return role === undefined || task.role?.name === role || task.tags.includes("always");
}

/** Tags that are asked for and that no task has; roles that are asked for and that no play runs. */
export function checkSelection(playbook: Playbook, selection: Selection): Fault[] {
  const known = new Set([...tagsOf(playbook), "always", "never", "tagged", "untagged", "all"]);
  const warnings = [...selection.tags, ...selection.skipTags]
    .filter((tag) => !known.has(tag))
    .map((tag) => {
      const near = nearest(tag, known);
      return new Fault("unknown-tag", `no task has the tag "${tag}"`, {
        hint: near === undefined ? "`provision list tags` shows all" : `did you mean "${near}"?`,
      });
    });
  const { role } = selection;
  if (role === undefined || playbook.roles.has(role)) return warnings;
  const near = nearest(role, playbook.roles.keys());
  return [
    ...warnings,
    new Fault("unknown-role", `no play runs a role "${role}"`, {
      hint: near === undefined ? `its roles: ${[...playbook.roles.keys()].join(", ")}` : `did you mean "${near}"?`,
    }),
  ];
}

/** Every tag of the playbook's tasks, sorted; includes with literal names too. */
export function tagsOf(playbook: Playbook): string[] {
  return [
    ...new Set(playbook.plays.flatMap((play) => [...play.tags, ...listTasks(play).flatMap((line) => line.tags)])),
  ].sort();
}

/** A task as a listing shows it. */
export interface TaskLine {
  section: Play["sections"][number]["name"];
  /** Blocks and includes around it. */
  depth: number;
  title: string;
  role: string | undefined;
  tags: string[];
  task: TaskNode;
}

/** The tasks of a play in the order in which they run, those that a selection leaves in. */
export function listTasks(play: Play, selection?: Selection): TaskLine[] {
  return play.sections.flatMap(({ name, tasks }) => lines(name, tasks, 0, selection));
}

function lines(
  section: TaskLine["section"],
  tasks: readonly TaskNode[],
  depth: number,
  selection: Selection | undefined,
): TaskLine[] {
  return tasks.flatMap((task) => {
    if (selection !== undefined && !isSelected(task, selection)) return [];
    const line = { section, depth, title: titleOf(task), role: task.role?.name, tags: task.tags, task };
    if (task.kind === "block")
      return [
        ...(task.name === undefined ? [] : [line]),
        ...lines(
          section,
          [...task.block, ...task.rescue, ...task.always],
          depth + (task.name === undefined ? 0 : 1),
          selection,
        ),
      ];
    if (task.kind !== "include" || task.what === "vars" || task.literal === undefined || depth > 20) return [line];
    return [line, ...lines(section, task.resolve(task.literal).tasks, depth + 1, selection)];
  });
}

function titleOf(task: TaskNode): string {
  if (task.name !== undefined) return task.name;
  if (task.kind === "step") return task.module.name;
  if (task.kind === "meta") return `meta: ${task.action}`;
  return task.kind === "block"
    ? "block"
    : `include_${task.what}${task.literal === undefined ? "" : `: ${task.literal}`}`;
}
