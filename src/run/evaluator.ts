import { readFileSync, statSync } from "node:fs";
import { Secret } from "../base/secret.ts";
import { type Value, Unknown } from "../base/value.ts";
import { Fault, Faults } from "../errors/fault.ts";
import { conditionOf, evaluate } from "../language/evaluate.ts";
import type { MapNode, Node } from "../language/node.ts";
import { toNode } from "../language/convert.ts";
import type { Scope } from "../language/scope.ts";
import { compileTemplate } from "../language/text.ts";
import type { Condition, LocalText } from "../modules/args.ts";
import type { HostView, Module } from "../modules/module.ts";
import { resolveArgs } from "../modules/resolve-args.ts";
import type { Names } from "../plan/cursor.ts";
import type { ItemOf, Judgement, Prepared } from "../plan/evaluator.ts";
import { type Reader, readerOf, type World } from "../plan/world.ts";
import { shownPath } from "../playbook/document.ts";
import { findHandlers } from "../playbook/handlers.ts";
import type { Include, Inherited, Meta, Play, Step, TaskNode } from "../playbook/tree.ts";
import { identity } from "../resources/identity.ts";
import type { Ref } from "../resources/resource.ts";
import type { HostEvaluator } from "./host-work.ts";
import { findLocal, findSource } from "./local-files.ts";
import type { Machine } from "./machine.ts";
import { isSavedLocally } from "./save.ts";
import { keepSelected } from "./selection.ts";

/** What a step of a host sees by name; made by the project's variables. */
export interface StepNames {
  task: Pick<Inherited, "role" | "call" | "vars">;
  registered: Names["registered"];
  facts: Names["facts"];
  included: Names["included"];
  /** Loop variables. */
  items: Readonly<Record<string, Value>>;
}

export interface EvaluatorOptions {
  host: string;
  play: Play;
  /** The names of a step; `look` reads facts of any host. */
  scopeOf(names: StepNames): Scope;
  /** `become` of the host's connection variables, where the play and the task say nothing. */
  connectionBecome: { become: boolean; user: string | undefined };
  selected(task: TaskNode): boolean;
  /** Facts of this host are from now on looked up in this state. */
  lookAtFacts(world: World, reader: Reader): void;
  /** A reason not to run this item. */
  refuse(item: { place: string; index: number | undefined }): string | undefined;
}

/** Evaluates the steps of one host in one play. */
export class PlayEvaluator implements HostEvaluator {
  #world: World | undefined;
  #machine: Machine | undefined;

  constructor(readonly options: EvaluatorOptions) {}

  look(world: World, machine: Machine): void {
    this.#world = world;
    this.#machine = machine;
    if (machine.name !== this.options.host) return;
    const { play, connectionBecome } = this.options;
    this.options.lookAtFacts(world, {
      channel: machine.channel((play.become.become ?? connectionBecome.become) === true),
    });
  }

  lookAt(world: World): void {
    if (this.#machine === undefined) throw new Error("an evaluator without a machine");
    this.look(world, this.#machine);
  }

  get world(): World {
    if (this.#world === undefined) throw new Error("an evaluator without a world");
    return this.#world;
  }

  handlers(names: Names): readonly Step[] {
    return names.handlers.length === 0
      ? this.options.play.handlers
      : [...this.options.play.handlers, ...names.handlers];
  }

  items(step: Step, names: Names): Value[] | undefined {
    return this.#loop(step, step.loop, names);
  }

  #loop(task: Inherited, loop: Node | undefined, names: Names): Value[] | undefined {
    if (loop === undefined) return undefined;
    const value = evaluate(loop, this.#scope(task, names, {}));
    if (Array.isArray(value)) return value;
    throw new Fault("loop-no-list", "a loop needs a list", {
      place: loop.place,
      hint: "of a map, take `!expr map.keys(m)` or `!expr map.values(m)`",
    });
  }

  include(include: Include, names: Names): { tasks: TaskNode[]; names: Names } | undefined {
    const items = this.#loop(include, include.loop, names)?.map((value, index) => ({ value, index })) ?? [undefined];
    let gained = names;
    const tasks: TaskNode[] = [];
    for (const item of items) {
      const bound = item === undefined ? {} : bindings(include, item);
      const scope = this.#scope(include, names, bound);
      if (!include.when.every((condition) => holds(condition, scope))) continue;
      const target = textOf(evaluate(include.target, scope), include.target);
      const from = include.from === undefined ? undefined : textOf(evaluate(include.from, scope), include.from);
      const included = include.resolve(target, from);
      if (included.vars !== undefined) gained = { ...gained, included: [...gained.included, included.vars] };
      gained = {
        ...gained,
        handlers: [...gained.handlers, ...included.handlers.filter((handler) => !gained.handlers.includes(handler))],
      };
      const kept = keepSelected(included.tasks, this.options.selected);
      tasks.push(...(item === undefined ? kept : kept.map((task) => withLayer(task, toMap(bound, include)))));
    }
    return { tasks, names: gained };
  }

  metaHolds(meta: Meta, names: Names): boolean {
    const scope = this.#scope(meta, names, {});
    return meta.when.every((condition) => holds(condition, scope));
  }

  prepare(step: Step, names: Names, item: ItemOf | undefined): Prepared {
    const scope = this.#stepScope(step, names, item);
    const failing = step.when.find((condition) => !holds(condition, scope));
    if (failing !== undefined) return { skip: `its condition does not hold: ${sourceOf(failing)}` };
    const refused = this.options.refuse({ place: `${step.place.file}:${step.place.line}`, index: item?.index });
    if (refused !== undefined) return { problems: [refused] };
    const reader = this.#identity(step, scope);
    const environment = this.#environment(step, scope);
    const view = this.#view(reader, environment);
    const values = this.#values(step, scope);
    const resolved = resolveArgs(
      step.module,
      values,
      {
        source: (name) => findSource(name, step.searchPath),
        template: (name) => renderLocal(name, step.searchPath, scope),
      },
      usesHome(step.module, values) ? view.home : "",
    );
    if ("problems" in resolved) return resolved;
    const needs = step.module.needs?.(resolved.args, view) ?? [];
    return { args: resolved.args, reader, view, needs, ignoreErrors: this.#ignoreErrors(step, scope), environment };
  }

  #values(step: Step, scope: Scope): Record<string, Value | Condition[]> {
    const values: Record<string, Value | Condition[]> = {};
    for (const [name, entry] of step.args.entries) {
      const conditions = step.module.args[name]?.kind === "condition";
      values[name] = conditions ? conditionsOf(entry.value, scope) : evaluate(entry.value, scope);
    }
    return values;
  }

  judge(step: Step, names: Names, item: ItemOf | undefined, result: { [key: string]: Value }): Judgement {
    const scope = this.#resultScope(step, names, item, result);
    const judgement: Judgement = {};
    if (step.failedWhen !== undefined) judgement.failed = step.failedWhen.every((condition) => holds(condition, scope));
    if (step.changedWhen !== undefined)
      judgement.changed = step.changedWhen.every((condition) => holds(condition, scope));
    return judgement;
  }

  until(step: Step, names: Names, item: ItemOf | undefined, result: { [key: string]: Value }): boolean {
    const scope = this.#resultScope(step, names, item, result);
    return (step.until ?? []).every((condition) => holds(condition, scope));
  }

  #resultScope(step: Step, names: Names, item: ItemOf | undefined, result: { [key: string]: Value }): Scope {
    const filled = { changed: false, failed: false, skipped: false, ...result };
    const registered =
      step.register === undefined ? names.registered : { ...names.registered, [step.register]: filled };
    return this.#stepScope(step, { ...names, registered }, item);
  }

  notified(step: Step, names: Names): Step[] {
    const scope = this.#scope(step, names, {});
    return step.notify.flatMap((node) => {
      const name = textOf(evaluate(node, scope), node);
      const found = findHandlers(this.handlers(names), step, name);
      if (found.length > 0) return found;
      throw new Fault("unknown-handler", `no handler is called "${name}" or listens to it`, { place: node.place });
    });
  }

  isSaved(path: string, content: object): boolean {
    return isSavedLocally(path, content);
  }

  title(step: Step, names: Names): string {
    if (typeof step.title === "string") return step.title;
    try {
      return String(evaluate(step.title, this.#scope(step, names, {})));
    } catch (error) {
      if (!(error instanceof Unknown || error instanceof Fault)) throw error;
      return step.title.kind === "scalar" ? String(step.title.value) : step.module.name;
    }
  }

  label(step: Step, names: Names, item: ItemOf): Value {
    if (step.loopLabel === undefined) return item.value;
    try {
      return evaluate(step.loopLabel, this.#stepScope(step, names, item));
    } catch (error) {
      if (!(error instanceof Unknown || error instanceof Fault)) throw error;
      return item.value;
    }
  }

  delegate(step: Step, names: Names): string {
    if (step.delegateTo === undefined) return this.options.host;
    return textOf(evaluate(step.delegateTo, this.#scope(step, names, {})), step.delegateTo);
  }

  #identity(step: Step, scope: Scope): Reader {
    const { connectionBecome } = this.options;
    const asked = step.become.become;
    const becomes =
      asked === undefined
        ? connectionBecome.become
        : typeof asked === "boolean"
          ? asked
          : evaluate(asked, scope) === true;
    const channel = this.#machine?.channel(becomes) ?? "login";
    if (!becomes) return { channel };
    const user =
      step.become.user === undefined
        ? connectionBecome.user
        : textOf(evaluate(step.become.user, scope), step.become.user);
    return user === undefined || user === "root" ? { channel } : { channel, user };
  }

  #environment(step: Step, scope: Scope): Record<string, string | Secret> | undefined {
    if (step.environment.length === 0) return undefined;
    const result: Record<string, string | Secret> = {};
    for (const layer of step.environment) {
      for (const [name, entry] of layer.entries) {
        const value = evaluate(entry.value, scope);
        result[name] = value instanceof Secret ? value : value === null ? "" : String(value);
      }
    }
    return result;
  }

  /** Who the step runs as; each property is asked of the host when it is first needed. */
  #view(reader: Reader, environment: Record<string, string | Secret> | undefined): HostView {
    const ref = identity as unknown as Ref;
    const read = (): typeof identity extends Ref<infer V> ? V : never =>
      this.world.see(ref, readerOf(ref, reader), true).value as never;
    return {
      name: this.options.host,
      get user() {
        return read().user;
      },
      get uid() {
        return read().uid;
      },
      get gid() {
        return read().gid;
      },
      get home() {
        return read().home;
      },
      get umask() {
        return Number.parseInt(read().umask, 8);
      },
      ...(environment === undefined ? {} : { environment }),
    };
  }

  #ignoreErrors(step: Step, scope: Scope): boolean {
    return typeof step.ignoreErrors === "boolean" ? step.ignoreErrors : evaluate(step.ignoreErrors, scope) === true;
  }

  #stepScope(step: Step, names: Names, item: ItemOf | undefined): Scope {
    return this.#scope(step, names, item === undefined ? {} : bindings(step, item));
  }

  #scope(task: Pick<Inherited, "role" | "call" | "vars">, names: Names, items: Record<string, Value>): Scope {
    return this.options.scopeOf({
      task,
      registered: names.registered,
      facts: names.facts,
      included: names.included,
      items,
    });
  }
}

function bindings(task: { loopVar: string; indexVar: string | undefined }, item: ItemOf): Record<string, Value> {
  return { [task.loopVar]: item.value, ...(task.indexVar === undefined ? {} : { [task.indexVar]: item.index }) };
}

function holds(condition: Node, scope: Scope): boolean {
  const value = evaluate(condition, scope);
  if (typeof value === "boolean") return value;
  throw new Fault(
    "condition-no-boolean",
    `a condition has to be true or false, and this is ${value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`}`,
    {
      place: condition.place,
      hint: "compare it with something, or ask `has(…)`, `size(…) > 0`",
    },
  );
}

function conditionsOf(node: Node, scope: Scope): Condition[] {
  if (node.kind === "list") return node.items.flatMap((item) => conditionsOf(item, scope));
  const value =
    node.kind === "scalar" && typeof node.value === "string"
      ? conditionOf(node).evaluate(scope)
      : evaluate(node, scope);
  return [{ text: sourceOf(node), value }];
}

function sourceOf(node: Node): string {
  if (node.kind === "expr") return node.source;
  return node.kind === "scalar" ? String(node.value) : node.kind;
}

function textOf(value: Value, node: Node): string {
  if (typeof value === "string") return value;
  throw new Fault("wrong-form", "this has to be text", { place: node.place });
}

function usesHome(module: Module, values: Record<string, unknown>): boolean {
  return Object.keys(module.args).length > 0 && JSON.stringify(values).includes('"~/');
}

function toMap(values: Record<string, Value>, include: Include): MapNode {
  const node = toNode(values, { file: include.place.file, data: true }, include.place);
  if (node.kind !== "map") throw new Error("a map of loop variables");
  return node;
}

/** The same task with one more layer of variables, on it and everything in it. */
function withLayer(task: TaskNode, layer: MapNode): TaskNode {
  const vars = [layer, ...task.vars];
  if (task.kind !== "block") return { ...task, vars };
  const inner = (tasks: readonly TaskNode[]): TaskNode[] => tasks.map((one) => withLayer(one, layer));
  return { ...task, vars, block: inner(task.block), rescue: inner(task.rescue), always: inner(task.always) };
}

const templates = new Map<string, { text: string; mode: number }>();

function renderLocal(name: string, searchPath: readonly string[], scope: Scope): LocalText {
  const path = findLocal(name, searchPath, "templates");
  let source = templates.get(path);
  if (source === undefined) {
    if (statSync(path).isDirectory()) throw new Fault("local-file-missing", `${name} is a folder, not a template`);
    source = { text: readFileSync(path, "utf8"), mode: statSync(path).mode & 0o7777 };
    templates.set(path, source);
  }
  const text = compileTemplate(source.text, shownPath(path)).evaluate(scope);
  if (typeof text === "string" || text instanceof Secret) return { name, text, mode: source.mode };
  throw new Faults([new Fault("wrong-form", "a template has to give text")]);
}
