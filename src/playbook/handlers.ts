import { nearest } from "../base/nearest.ts";
import { Fault } from "../errors/fault.ts";
import type { Node } from "../language/node.ts";
import { literalText } from "./form.ts";
import type { Step, TaskNode } from "./tree.ts";

/**
 * The handlers that answer to a notified name, in the order in which they run: all that listen to it, and of those with
 * this name one: of the notifying role call, else of the same role, else of the play, else of the role that came last.
 * Of two with one name in one list the first is meant.
 */
export function findHandlers(handlers: readonly Step[], from: Pick<Step, "role" | "call">, name: string): Step[] {
  const named = handlers.filter((handler) => handler.name === name);
  const own =
    named.find((handler) => handler.call !== undefined && handler.call === from.call) ??
    named.find((handler) => handler.role !== undefined && handler.role === from.role) ??
    named.find((handler) => handler.role === undefined) ??
    named.find((handler) => handler.call === named.at(-1)?.call);
  return handlers.filter((handler) => handler === own || listensTo(handler, from, name));
}

/** A role called several times has its handlers as often; a topic reaches those of the call that notifies. */
function listensTo(handler: Step, from: Pick<Step, "role" | "call">, name: string): boolean {
  if (!handler.listen.includes(name)) return false;
  return handler.role === undefined || handler.role !== from.role || handler.call === from.call;
}

/** Notifications with literal names that no handler answers to. */
export function checkNotifications(tasks: readonly TaskNode[], handlers: readonly Step[]): Fault[] {
  const names = new Set(
    handlers.flatMap((handler) => [...(handler.name === undefined ? [] : [handler.name]), ...handler.listen]),
  );
  const computed = handlers.some((handler) => handler.name?.includes("{{") === true);
  return everyStep([...tasks, ...handlers]).flatMap((step) =>
    step.notify.flatMap((node) => unanswered(node, names, computed)),
  );
}

/** All steps of a tree, in the order in which they stand. */
export function everyStep(tasks: readonly TaskNode[]): Step[] {
  return tasks.flatMap((task) => {
    if (task.kind === "step") return [task];
    return task.kind === "block" ? everyStep([...task.block, ...task.rescue, ...task.always]) : [];
  });
}

function unanswered(node: Node, names: ReadonlySet<string>, computed: boolean): Fault[] {
  const name = literalText(node);
  if (name === undefined || names.has(name) || computed) return [];
  const near = nearest(name, names);
  const known = names.size === 0 ? "the play has no handlers" : `handlers: ${[...names].join(", ")}`;
  return [
    new Fault("unknown-handler", `no handler is called "${name}" or listens to it`, {
      place: node.place,
      hint: near === undefined ? known : `did you mean "${near}"?`,
    }),
  ];
}
