import { dirname, join } from "node:path";
import { Fault } from "../errors/fault.ts";
import type { MapNode, Node } from "../language/node.ts";
import { type Around, becomeOf, environmentOf } from "./around.ts";
import { describe, Form, literalText } from "./form.ts";
import { OLD_PLAY_KEYS } from "./habits.ts";
import { checkNotifications } from "./handlers.ts";
import { findFile, readVars } from "./includes.ts";
import { attempt, type Loading, type PlayLoading } from "./loading.ts";
import { callRole, type RoleName } from "./role-call.ts";
import { under } from "./roles.ts";
import { loadTasks } from "./tasks.ts";
import type { Play, TaskNode } from "./tree.ts";

const PLAY_KEYS = [
  "name",
  "hosts",
  "vars",
  "vars_files",
  "roles",
  "pre_tasks",
  "tasks",
  "post_tasks",
  "handlers",
  "serial",
  "order",
  "become",
  "become_user",
  "become_method",
  "tags",
  "any_errors_fatal",
  "max_fail_percentage",
  "force_handlers",
  "environment",
  "gather_facts",
];
const ORDERS = ["inventory", "reverse_inventory", "sorted", "reverse_sorted", "shuffle"] as const;
const OLD_ROLE_CALL = new Map([
  ["name", "write `role: NAME`"],
  ["vars", "give the role's parameters under `with`"],
]);

/** What an `import_playbook` hands on to the plays that it imports. */
export interface PlayAround {
  tags: string[];
  vars: MapNode[];
  when: Node[];
}

/** Reads one play. Mistakes are added to `loading.faults`. */
export function loadPlay(map: MapNode, file: string, around: PlayAround, loading: Loading): Play | undefined {
  const title = map.entries.get("name")?.value;
  const form = new Form(
    map,
    title?.kind === "scalar" && title.value !== null ? `play "${String(title.value)}"` : "this play",
    loading.faults,
  );
  form.onlyKeys(PLAY_KEYS, new Map([...OLD_PLAY_KEYS, ...stepAsPlay(map, loading)]));
  const hosts = hostsOf(form);
  // Accepted because people's files have it; facts are read when a step uses one, whatever it says.
  form.flag("gather_facts");
  const folder = dirname(file);
  const part: PlayLoading = {
    ...loading,
    handlers: [],
    calls: [],
    includedRoles: new Set(),
    preflight: [],
    verify: [],
    done: [],
    folder,
    tasks: loadTasks,
  };
  const base: Around = {
    when: around.when,
    tags: [...new Set([...around.tags, ...form.words("tags")])],
    become: becomeOf(form, {}),
    vars: [],
    role: undefined,
    call: undefined,
    searchPath: [folder],
    environment: environmentOf(form),
    ignoreErrors: false,
    noLog: false,
    delegateTo: undefined,
    runOnce: false,
    chain: [file],
    folder,
    readOnly: undefined,
    handler: false,
  };
  const tasksOf = (key: string): TaskNode[] => {
    const node = form.node(key);
    return node === undefined ? [] : loadTasks(node, base, part);
  };
  const before = tasksOf("pre_tasks");
  const roleTasks = form.list("roles").flatMap((node) => loadRoleEntry(node, base, part));
  const sections: Play["sections"] = [
    { name: "pre_tasks", tasks: before },
    { name: "tasks", tasks: [...roleTasks, ...tasksOf("tasks")] },
    { name: "post_tasks", tasks: tasksOf("post_tasks") },
  ];
  const handlersNode = form.node("handlers");
  const ownHandlers =
    handlersNode === undefined
      ? []
      : loadTasks(handlersNode, { ...base, when: [], tags: [], handler: true }, part).filter(
          (task) => task.kind === "step",
        );
  const handlers = [...part.handlers, ...ownHandlers];
  const included = literalIncludes(
    sections.flatMap((section) => section.tasks),
    part,
  );
  const everything = [
    ...sections.flatMap((section) => section.tasks),
    ...part.preflight,
    ...part.verify,
    ...included.tasks,
  ];
  if (!included.open) loading.faults.push(...checkNotifications(everything, [...handlers, ...included.handlers]));
  const vars = form.mapOf("vars");
  const play: Play = {
    name: form.text("name") ?? hosts?.text ?? "",
    place: map.place,
    hosts: hosts?.text ?? "",
    hostsPlace: hosts?.node.place ?? map.place,
    vars: [
      ...around.vars,
      ...(vars === undefined ? [] : [layered(vars, "play vars")]),
      ...varsFiles(form, folder, loading),
    ],
    roles: part.calls,
    roleNames: [...new Set([...part.calls.map((call) => call.role.name), ...included.roles])],
    sections,
    handlers,
    preflight: part.preflight,
    verify: part.verify,
    serial: serialOf(form),
    order: form.choice("order", ORDERS) ?? "inventory",
    become: base.become,
    tags: base.tags,
    anyErrorsFatal: form.flag("any_errors_fatal") ?? false,
    maxFailPercentage: form.number("max_fail_percentage", { min: 0, max: 100 }),
    forceHandlers: form.flag("force_handlers") ?? false,
    environment: base.environment,
  };
  return hosts === undefined ? undefined : play;
}

/** The same map as a layer with a name for people. */
export function layered(map: MapNode, layer: string): MapNode {
  return { ...map, origin: { ...map.origin, layer } };
}

function hostsOf(form: Form): { text: string; node: Node } | undefined {
  const node = form.node("hosts");
  if (node === undefined) {
    form.fault(
      "missing-key",
      `${form.what} does not say for which hosts it is`,
      form.map.place,
      "add `hosts: PATTERN`, for example `hosts: all`",
    );
    return undefined;
  }
  const parts = node.kind === "list" ? node.items : [node];
  const texts = parts.map(
    (part) => literalText(part) ?? (part.kind === "scalar" && typeof part.value === "number" ? part.raw : undefined),
  );
  if (texts.every((text) => text !== undefined)) return { text: texts.join(":"), node };
  form.fault(
    "wrong-form",
    `hosts of ${form.what} has to be a pattern in plain text`,
    node.place,
    "name a group or a pattern, and choose among its hosts with --limit",
  );
  return undefined;
}

/** One entry of `roles`: a name, or a map with `role`. */
function loadRoleEntry(node: Node, base: Around, loading: PlayLoading): TaskNode[] {
  const name = literalText(node);
  if (name !== undefined) return callRole({ name, with: undefined, place: node.place }, base, loading, true);
  if (node.kind !== "map") {
    loading.faults.push(
      new Fault("wrong-form", `an entry of roles has to be a name or a map, and is ${describe(node)}`, {
        place: node.place,
        hint: "write `- NAME` or `- {role: NAME, with: {…}}`",
      }),
    );
    return [];
  }
  const form = new Form(node, "an entry of roles", loading.faults);
  const parameters = [...node.entries.keys()].map((key): [string, string] => [
    key,
    `give the role's parameters under \`with\`: {role: …, with: {${key}: …}}`,
  ]);
  form.onlyKeys(
    ["role", "with", "when", "tags", "become", "become_user", "become_method", "environment"],
    new Map([...parameters, ...OLD_ROLE_CALL]),
  );
  const role = form.text("role");
  if (role === undefined) {
    if (!form.has("role"))
      form.fault("missing-key", "an entry of roles needs `role`", node.place, "write `role: NAME`");
    return [];
  }
  const given = form.mapOf("with");
  const wanted: RoleName = {
    name: role,
    with: given === undefined ? undefined : layered(under(role, given), `call of role ${role}`),
    place: form.node("role")?.place ?? node.place,
  };
  const own: Around = {
    ...base,
    when: [...base.when, ...form.conditions("when")],
    tags: [...new Set([...base.tags, ...form.words("tags")])],
    become: becomeOf(form, base.become),
    environment: [...base.environment, ...environmentOf(form)],
  };
  return callRole(wanted, own, loading, true);
}

function varsFiles(form: Form, folder: string, loading: Loading): MapNode[] {
  return form.nodes("vars_files").flatMap((node) => {
    const name = literalText(node);
    if (name === undefined) {
      form.fault(
        "wrong-form",
        "a file of vars_files is read before hosts are known, and cannot have a computed name",
        node.place,
        "use include_vars in pre_tasks",
      );
      return [];
    }
    const path = findFile(name, [folder], ["", "vars"]) ?? join(folder, name);
    const vars = attempt(loading.faults, () => readVars(path, node.place));
    return vars === undefined ? [] : [vars];
  });
}

/** `serial`: a number, a percentage, or a list of these; computed ones are looked at when they are known. */
function serialOf(form: Form): Node | undefined {
  for (const node of form.nodes("serial")) {
    const count =
      node.kind === "scalar" && typeof node.value === "number" && Number.isSafeInteger(node.value) && node.value >= 1;
    const text = literalText(node);
    const fits =
      count ||
      node.kind === "expr" ||
      (node.kind === "scalar" && typeof node.value === "string" && text === undefined) ||
      (text !== undefined && /^(?:[1-9][0-9]*|[0-9]+(?:\.[0-9]+)?%)$/.test(text) && !/^0*%$/.test(text));
    if (!fits) form.wrong("serial", node, 'a number of hosts of at least 1, a percentage ("30%"), or a list of these');
  }
  return form.node("serial");
}

/** A task that stands where a play is expected. */
function stepAsPlay(map: MapNode, loading: Loading): [string, string][] {
  return [...map.entries.keys()]
    .filter((key) => loading.modules.has(key))
    .map((key) => [key, "this is a task: put it under `tasks` of a play with `hosts`"]);
}

/** What the includes with literal names bring, so that their handlers and roles are known; `open` when a role's name is computed. */
function literalIncludes(
  tasks: readonly TaskNode[],
  loading: PlayLoading,
  depth = 0,
): { tasks: TaskNode[]; handlers: Play["handlers"]; roles: string[]; open: boolean } {
  const found = { tasks: [] as TaskNode[], handlers: [] as Play["handlers"], roles: [] as string[], open: false };
  const add = (other: typeof found): void => {
    found.tasks.push(...other.tasks);
    found.handlers.push(...other.handlers);
    found.roles.push(...other.roles);
    found.open ||= other.open;
  };
  for (const task of tasks) {
    if (task.kind === "block") add(literalIncludes([...task.block, ...task.rescue, ...task.always], loading, depth));
    if (task.kind !== "include" || task.what === "vars") continue;
    const { literal, from } = task;
    const tasksFrom = literalText(from);
    if (literal === undefined || (from !== undefined && tasksFrom === undefined)) {
      found.open ||= task.what === "role" || literal === undefined;
      continue;
    }
    // An include that includes itself ends by its condition; deep enough to have seen every file once.
    if (depth >= 8) continue;
    const brought = attempt(loading.faults, () => task.resolve(literal, tasksFrom));
    if (brought === undefined) continue;
    found.tasks.push(...brought.tasks);
    found.handlers.push(...brought.handlers);
    found.roles.push(...brought.roles.map((call) => call.role.name));
    add(literalIncludes(brought.tasks, loading, depth + 1));
  }
  return found;
}
