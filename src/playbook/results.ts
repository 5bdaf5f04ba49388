import { literalText } from "./form.ts";
import { attempt } from "./loading.ts";
import type { Play, TaskNode } from "./tree.ts";

/** Names that the steps of a play register or set, and whether some are only known per host. */
export interface Results {
  names: Set<string>;
  /** Loop variables. */
  locals: Set<string>;
  open: boolean;
}

/** Everything that a play registers, sets by `set_fact` or brings by `include_vars`, in includes with literal names too. */
export function resultsOf(play: Play): Results {
  const results: Results = { names: new Set(), locals: new Set(["item"]), open: false };
  gather(
    [...play.preflight, ...play.sections.flatMap((section) => section.tasks), ...play.handlers, ...play.verify],
    results,
    0,
  );
  return results;
}

function gather(tasks: readonly TaskNode[], results: Results, depth: number): void {
  for (const task of tasks) {
    if (task.kind === "block") gather([...task.block, ...task.rescue, ...task.always], results, depth);
    if (task.kind === "step" || task.kind === "include")
      for (const name of [task.loopVar, task.indexVar]) if (name !== undefined) results.locals.add(name);
    if (task.kind === "step") {
      if (task.register !== undefined) results.names.add(task.register);
      if (task.module.name === "set_fact") for (const key of task.args.entries.keys()) results.names.add(key);
    }
    if (task.kind !== "include") continue;
    const from = literalText(task.from);
    if (task.literal === undefined || (task.from !== undefined && from === undefined)) {
      results.open = true;
      continue;
    }
    if (depth >= 8) continue;
    const { literal } = task;
    // What is wrong with an included file has been reported when the playbook was loaded.
    const brought = attempt([], () => task.resolve(literal, from));
    results.open ||= brought === undefined;
    for (const key of brought?.vars?.entries.keys() ?? []) results.names.add(key);
    gather([...(brought?.tasks ?? []), ...(brought?.handlers ?? [])], results, depth + 1);
  }
}
