import type { TaskNode } from "../playbook/tree.ts";

/** The tasks that the tag and role options leave in; a block that is left empty is dropped. */
export function keepSelected(tasks: readonly TaskNode[], selected: (task: TaskNode) => boolean): TaskNode[] {
  const kept: TaskNode[] = [];
  for (const task of tasks) {
    if (task.kind !== "block") {
      if (selected(task)) kept.push(task);
      continue;
    }
    const [block, rescue, always] = [task.block, task.rescue, task.always].map((part) => keepSelected(part, selected));
    if (block === undefined || rescue === undefined || always === undefined) continue;
    if (block.length + always.length > 0) kept.push({ ...task, block, rescue, always });
  }
  return kept;
}
