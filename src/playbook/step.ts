import { Fault } from "../errors/fault.ts";
import type { MapEntry, MapNode, Node } from "../language/node.ts";
import type { Module } from "../modules/module.ts";
import { type Around, inherited, inside } from "./around.ts";
import { Form, literalText } from "./form.ts";
import type { Loading } from "./loading.ts";
import { nameFault } from "./names.ts";
import type { Step } from "./tree.ts";

/** Keys of a step beside those that every task takes. */
export const STEP_KEYS = [
  "loop",
  "loop_control",
  "register",
  "notify",
  "listen",
  "failed_when",
  "changed_when",
  "until",
  "retries",
  "delay",
  "timeout",
];

const OLD_LOOP_KEYS = new Map([
  ["pause", "hosts are paced by `serial`; a loop runs without pauses"],
  ["extended", "use `index_var`"],
  ["break_when", "compute the list that is looped over with `!expr`"],
]);

/** Step types that change nothing by their nature. */
const READ_ONLY = new Set(["expect", "assert", "debug", "wait_for", "stat", "set_fact", "fail"]);

/** Reads one step; `module` is the step type that one of its keys names. */
export function loadStep(form: Form, module: Module, around: Around, loading: Loading): Step {
  const own = inside(around, form);
  const args = argsOf(form, module);
  if (around.readOnly !== undefined && !changesNothing(module, args)) {
    form.faults.push(
      new Fault("not-read-only", `${module.name} can change the host, and ${around.readOnly} only looks`, {
        place: form.keyPlace(module.name),
        hint: `here stand ${[...READ_ONLY].join(", ")}, and command or shell with \`read_only: true\`; move the step to tasks/main.yml`,
      }),
    );
  }
  const until = form.has("until") ? form.conditions("until") : undefined;
  for (const key of ["retries", "delay"]) {
    if (form.has(key) && until === undefined)
      form.fault(
        "missing-key",
        `${key} of ${form.what} has no effect without \`until\``,
        form.keyPlace(key),
        "add `until: CONDITION`",
      );
  }
  const listen = form.words("listen");
  if (form.has("listen") && !around.handler)
    form.fault(
      "wrong-form",
      "only a handler can listen",
      form.keyPlace("listen"),
      "move the step to `handlers`, or remove `listen`",
    );
  if (around.handler && form.node("name") === undefined && listen.length === 0) {
    form.fault("missing-key", "a handler needs a name by which it is notified", form.map.place, "add `name`");
  }
  const title = form.node("name");
  return {
    kind: "step",
    ...inherited(own),
    ...loopOf(form, loading),
    name: titleText(title),
    place: form.map.place,
    title: title ?? module.name,
    module,
    args,
    register: registerOf(form, loading),
    notify: form.nodes("notify"),
    listen,
    failedWhen: form.has("failed_when") ? form.conditions("failed_when") : undefined,
    changedWhen: form.has("changed_when") ? form.conditions("changed_when") : undefined,
    until,
    retries: form.number("retries", { min: 0, max: 100_000, whole: true }) ?? 3,
    delay: form.number("delay", { min: 0, max: 86_400 }) ?? 5,
    timeout: form.number("timeout", { min: 1, max: 604_800 }),
    handler: around.handler,
  };
}

/** The text of a name as it is written. */
export function titleText(node: Node | undefined): string | undefined {
  return node?.kind === "scalar" ? String(node.value) : node?.kind === "raw" ? node.value : undefined;
}

/** `loop` and `loop_control`. */
export function loopOf(form: Form, loading: Loading): Pick<Step, "loop" | "loopVar" | "loopLabel" | "indexVar"> {
  const loop = form.node("loop");
  if (loop?.kind === "map")
    form.fault(
      "wrong-form",
      `loop of ${form.what} has to be a list, and is a map`,
      loop.place,
      "compute a list: `loop: !expr 'map.keys(NAME)'`",
    );
  else if (loop !== undefined && loop.kind !== "list" && loop.kind !== "expr" && !isTemplate(loop))
    form.wrong("loop", loop, 'a list, `!expr …`, or "{{ name }}"');
  const given = form.mapOf("loop_control");
  if (given === undefined) return { loop, loopVar: "item", loopLabel: undefined, indexVar: undefined };
  if (loop === undefined)
    form.fault(
      "missing-key",
      `loop_control of ${form.what} has no effect without \`loop\``,
      form.keyPlace("loop_control"),
      "add `loop`",
    );
  const control = new Form(given, "loop_control", form.faults);
  control.onlyKeys(["loop_var", "label", "index_var"], OLD_LOOP_KEYS);
  for (const key of ["loop_var", "index_var"]) {
    const name = control.text(key);
    if (name !== undefined && name !== "item") goodName(name, control, key, loading);
  }
  return {
    loop,
    loopVar: control.text("loop_var") ?? "item",
    loopLabel: control.node("label"),
    indexVar: control.text("index_var"),
  };
}

function registerOf(form: Form, loading: Loading): string | undefined {
  const name = form.text("register");
  if (name !== undefined) goodName(name, form, "register", loading);
  return name;
}

/** A name for a result or a loop variable: not that of a root name or of a role. */
function goodName(name: string, form: Form, key: string, loading: Loading): void {
  const place = form.node(key)?.place ?? form.map.place;
  const fault = nameFault("variable", name, place);
  if (fault !== undefined) form.faults.push(fault);
  else if (loading.library.has(name))
    form.fault(
      "bad-name",
      `"${name}" cannot be the name of a variable: it holds the parameters of role ${name}`,
      place,
      "choose another name",
    );
}

function isTemplate(node: Node): boolean {
  return node.kind === "scalar" && typeof node.value === "string" && node.value.includes("{{");
}

/** The arguments as a map; a bare value is the argument that the module names for it. */
function argsOf(form: Form, module: Module): MapNode {
  const entry = form.map.entries.get(module.name);
  const node = entry?.value ?? form.map;
  const base = { origin: node.origin, place: node.place };
  const empty: MapNode = { kind: "map", entries: new Map<string, MapEntry>(), ...base };
  if (node.kind === "map") return node;
  if (node.kind === "scalar" && node.value === null) return { ...empty, place: entry?.keyPlace ?? node.place };
  const text = literalText(node);
  const oldStyle =
    text !== undefined &&
    (module.bare === undefined
      ? /^\s*[a-z_]+=/.test(text)
      : /(?:^|\s)(?:creates|removes|chdir|warn|executable)=\S/.test(text) &&
        (module.name === "command" || module.name === "shell"));
  if (oldStyle) {
    const pairs = [...text.matchAll(/([a-z_]+)=("[^"]*"|'[^']*'|\S+)/g)].map((match) => `${match[1]}: ${match[2]}`);
    form.fault(
      "old-spelling",
      `arguments of ${module.name} are a map, not name=value`,
      node.place,
      `write \`${module.name}: {${module.bare === undefined ? "" : "cmd: …, "}${pairs.join(", ")}}\``,
    );
    return empty;
  }
  if (module.bare !== undefined)
    return { ...empty, entries: new Map([[module.bare, { key: module.bare, keyPlace: node.place, value: node }]]) };
  form.wrong(module.name, node, "a map of arguments");
  return empty;
}

/** True for a step that only looks, told by its module and literal arguments. */
export function changesNothing(module: Module, args: MapNode): boolean {
  if (READ_ONLY.has(module.name)) return true;
  const said = args.entries.get("read_only")?.value;
  return (module.name === "command" || module.name === "shell") && said?.kind === "scalar" && said.value === true;
}
