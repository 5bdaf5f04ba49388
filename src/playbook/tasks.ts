import { Fault } from "../errors/fault.ts";
import type { Node } from "../language/node.ts";
import { type Around, inherited, inside, SHARED_KEYS } from "./around.ts";
import { describe, Form } from "./form.ts";
import { FORMS, moduleHint, OLD_TASK_KEYS, taskKeyHint } from "./habits.ts";
import { loadImportTasks, loadIncludeTasks, loadIncludeVars } from "./includes.ts";
import type { PlayLoading } from "./loading.ts";
import { loadImportRole, loadIncludeRole } from "./role-call.ts";
import { loadStep, STEP_KEYS, titleText } from "./step.ts";
import type { Block, Meta, TaskNode } from "./tree.ts";

const META_ACTIONS = [
  "flush_handlers",
  "end_play",
  "end_host",
  "end_batch",
  "noop",
  "clear_host_errors",
  "refresh_facts",
  "clear_facts",
  "reset_connection",
] as const;

/** Reads a list of tasks. Mistakes are added to `loading.faults`, and the reading goes on behind them. */
export function loadTasks(node: Node, around: Around, loading: PlayLoading): TaskNode[] {
  if (node.kind === "scalar" && node.value === null) return [];
  if (node.kind !== "list") {
    loading.faults.push(
      new Fault("wrong-form", `tasks have to be a list, and are ${describe(node)}`, {
        place: node.place,
        hint: "begin each task with `- `",
      }),
    );
    return [];
  }
  return node.items.flatMap((item) => loadTask(item, around, loading));
}

function loadTask(node: Node, around: Around, loading: PlayLoading): TaskNode[] {
  if (node.kind !== "map") {
    loading.faults.push(
      new Fault("wrong-form", `a task has to be a map, and is ${describe(node)}`, {
        place: node.place,
        hint: "write `- name: …` and below it the step type, for example `copy: {…}`",
      }),
    );
    return [];
  }
  const title = titleText(node.entries.get("name")?.value);
  const form = new Form(node, title === undefined ? "this task" : `task "${title}"`, loading.faults);
  const types = [...node.entries.keys()].filter((key) => FORMS.includes(key) || loading.modules.has(key));
  const [type] = types;
  if (type === undefined) {
    noType(form, loading);
    return [];
  }
  if (types.length > 1) {
    const second = types[1] ?? type;
    loading.faults.push(
      new Fault("several-modules", `${form.what} has two step types: ${types.join(" and ")}`, {
        place: form.keyPlace(second),
        hint: "a task is one step: write one task for each",
      }),
    );
    return [];
  }
  return loadType(type, form, around, loading);
}

function loadType(type: string, form: Form, around: Around, loading: PlayLoading): TaskNode[] {
  const module = loading.modules.get(type);
  if (around.handler && module === undefined && type !== "import_tasks") {
    form.fault(
      "wrong-form",
      `a handler is one step: ${type} cannot stand among handlers`,
      form.keyPlace(type),
      "write the steps one by one; several can `listen` to one topic",
    );
    return [];
  }
  if (module !== undefined) {
    knownKeys(form, [...SHARED_KEYS, ...STEP_KEYS, type]);
    return [loadStep(form, module, around, loading)];
  }
  if (type === "block") {
    knownKeys(
      form,
      [...SHARED_KEYS, "block", "rescue", "always"],
      ["loop", "register", "until", "notify"],
      "loop over a block by `include_tasks` with `loop`",
    );
    return [loadBlock(form, around, loading)];
  }
  if (type === "meta") {
    knownKeys(form, ["name", "when", "tags", "meta"]);
    return loadMeta(form, around);
  }
  if (type.startsWith("import_")) {
    knownKeys(
      form,
      [...SHARED_KEYS, type],
      ["loop", "register", "notify", "until"],
      `an import is read before hosts are known: use include_${type.slice(7)}`,
    );
    return type === "import_role" ? loadImportRole(form, around, loading) : loadImportTasks(form, around, loading);
  }
  knownKeys(
    form,
    [...SHARED_KEYS, "loop", "loop_control", type],
    ["register", "notify", "until"],
    "write it at the included tasks",
  );
  if (type === "include_role") return loadIncludeRole(form, around, loading);
  return type === "include_vars" ? loadIncludeVars(form, around, loading) : loadIncludeTasks(form, around, loading);
}

/** Reports keys that do not belong here; `misplaced` are those of steps that have no meaning for this kind of task. */
function knownKeys(form: Form, known: readonly string[], misplaced: readonly string[] = [], hint = ""): void {
  const old = new Map(OLD_TASK_KEYS);
  for (const key of form.map.entries.keys()) {
    const translation = taskKeyHint(key);
    if (translation !== undefined) old.set(key, translation);
  }
  for (const key of misplaced) old.set(key, hint);
  form.onlyKeys(known, old);
}

/** A task without any known step type: says what the unknown key was probably meant to be. */
function noType(form: Form, loading: PlayLoading): void {
  const known = [...SHARED_KEYS, ...STEP_KEYS, "rescue", "always"];
  const unknown = [...form.map.entries.values()].filter(({ key }) => !known.includes(key));
  if (unknown.length === 0) {
    form.fault(
      "missing-key",
      `${form.what} has no step type`,
      form.map.place,
      "add one, for example `copy: {dest: …, content: …}`",
    );
    return;
  }
  for (const { key, keyPlace } of unknown) {
    const old = taskKeyHint(key);
    if (old !== undefined) {
      form.fault("old-spelling", `"${key}" is not a key of ${form.what}`, keyPlace, old);
      continue;
    }
    const hint = moduleHint(key, loading.modules);
    loading.faults.push(
      new Fault("unknown-module", `there is no step type "${key}"`, {
        place: keyPlace,
        hint: hint ?? `the step types are: ${[...loading.modules.keys()].join(", ")}`,
      }),
    );
  }
}

function loadBlock(form: Form, around: Around, loading: PlayLoading): Block {
  const own = inside(around, form);
  const part = (key: string): TaskNode[] => {
    const node = form.node(key);
    return node === undefined ? [] : loadTasks(node, own, loading);
  };
  return {
    kind: "block",
    ...inherited(own),
    name: titleText(form.node("name")),
    place: form.map.place,
    block: part("block"),
    rescue: part("rescue"),
    always: part("always"),
  };
}

function loadMeta(form: Form, around: Around): Meta[] {
  const action = form.choice("meta", META_ACTIONS);
  return action === undefined
    ? []
    : [
        {
          kind: "meta",
          ...inherited(inside(around, form)),
          name: titleText(form.node("name")),
          place: form.map.place,
          action,
        },
      ];
}
