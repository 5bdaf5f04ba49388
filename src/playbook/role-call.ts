import { join } from "node:path";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import type { MapNode, Node } from "../language/node.ts";
import { type Around, inside } from "./around.ts";
import { firstOf, isFile, shownPath } from "./document.ts";
import { Form, literalText } from "./form.ts";
import { makeInclude } from "./includes.ts";
import { document, type PlayLoading } from "./loading.ts";
import { under } from "./roles.ts";
import type { Include, Included, Role, RoleCall, TaskNode } from "./tree.ts";

const OLD_ROLE_KEYS = new Map([
  ["role", "write `name: ROLE`"],
  ["apply", "what stands at the include is inherited by what it includes"],
  ["public", "a role's parameters are seen everywhere"],
  ["allow_duplicates", "a role that is included runs"],
  ["defaults_from", "defaults are declared in the role's meta/main.yml"],
  ["vars_from", "values are declared in the role's meta/main.yml"],
  ["handlers_from", "handlers are those of the role's handlers/main.yml"],
]);

/** A role named in a play, a task or a dependency. */
export interface RoleName {
  name: string;
  with: MapNode | undefined;
  place: Place;
  /** tasks/FROM.yml instead of tasks/main.yml. */
  from?: string;
}

/** `import_role`: the tasks of the role stand here. */
export function loadImportRole(form: Form, around: Around, loading: PlayLoading): TaskNode[] {
  const given = roleForm(form, "import_role");
  const name = given?.text("name");
  if (given === undefined || name === undefined) return [];
  const from = given.text("tasks_from");
  return callRole(
    {
      name,
      with: withOf(given, name),
      place: given.node("name")?.place ?? form.map.place,
      ...(from === undefined ? {} : { from }),
    },
    inside(around, form),
    loading,
  );
}

/** `include_role`: a role that is chosen for each host. */
export function loadIncludeRole(form: Form, around: Around, loading: PlayLoading): Include[] {
  const given = roleForm(form, "include_role");
  const target = given?.node("name");
  if (given === undefined || target === undefined) return [];
  const own = inside(around, form);
  const fromNode = given.node("tasks_from");
  const values = given.mapOf("with");
  const name = literalText(target);
  if (name !== undefined && !loading.library.has(name)) {
    loading.faults.push(loading.library.unknown(name, target.place));
    return [];
  }
  const bring = (role: string, part: PlayLoading, from: string | undefined): Pick<Included, "tasks" | "vars"> => ({
    tasks: callRole(
      {
        name: role,
        with: values === undefined ? undefined : under(role, values),
        place: target.place,
        ...(from === undefined ? {} : { from }),
      },
      { ...own, when: [] },
      part,
    ),
    vars: undefined,
  });
  return [{ ...makeInclude(form, own, "role", target, loading, bring), with: values, from: fromNode }];
}

/**
 * Reads a role where it is called: its dependencies first, then its tasks, with its handlers, preflight and verify beside them.
 * `once`: not when the play has called it with the same parameters, under no narrower conditions.
 */
export function callRole(wanted: RoleName, around: Around, loading: PlayLoading, once = false): TaskNode[] {
  const link = `role ${wanted.name}`;
  if (around.chain.includes(link)) {
    const loop = [...around.chain.slice(around.chain.indexOf(link)), link]
      .filter((part) => part.startsWith("role "))
      .map((part) => part.slice(5));
    loading.faults.push(
      new Fault("role-cycle", `role ${wanted.name} needs itself: ${loop.join(" → ")}`, {
        place: wanted.place,
        hint: "remove one of the dependencies",
      }),
    );
    return [];
  }
  const read = loading.library.read(wanted.name);
  if (read === undefined) {
    loading.faults.push(loading.library.unknown(wanted.name, wanted.place));
    return [];
  }
  if (!loading.reported.has(wanted.name)) loading.faults.push(...read.faults);
  loading.reported.add(wanted.name);
  const role = read.role;
  const given = wanted.with === undefined ? "" : canonical(wanted.with);
  const earlier = once
    ? loading.done.find(
        (done) =>
          done.call.role === role && done.given === given && done.when.every((node) => around.when.includes(node)),
      )
    : undefined;
  if (earlier !== undefined) {
    addTags(earlier.tasks, around.tags);
    return [];
  }
  const call: RoleCall = { role, with: wanted.with, when: around.when, tags: around.tags, place: wanted.place };
  const outer: Around = { ...around, chain: [...around.chain, link] };
  const before = role.dependencies.flatMap((needed) => callRole(needed, outer, loading, true));
  const own: Around = {
    ...outer,
    role,
    call,
    vars: wanted.with === undefined ? around.vars : [...around.vars, wanted.with],
    searchPath: [role.folder, loading.folder],
    folder: join(role.folder, "tasks"),
  };
  const tasks = roleFile(role, "tasks", own, loading, wanted.from, wanted.place);
  loading.calls.push(call);
  loading.handlers.push(
    ...roleFile(role, "handlers", { ...own, handler: true, when: [], tags: [] }, loading).filter(
      (task) => task.kind === "step",
    ),
  );
  loading.preflight.push(...roleFile(role, "preflight", { ...own, readOnly: "preflight" }, loading));
  loading.verify.push(...roleFile(role, "verify", { ...own, readOnly: "verify" }, loading));
  loading.done.push({ call, given, when: around.when, tasks });
  return [...before, ...tasks];
}

/** The tasks of `KIND/main.yml` of a role; none where the role has no such file. */
function roleFile(
  role: Role,
  kind: string,
  own: Around,
  loading: PlayLoading,
  from?: string,
  named?: Place,
): TaskNode[] {
  const folder = join(role.folder, kind);
  const file = join(folder, from ?? "main");
  const path = firstOf([`${file}.yml`, `${file}.yaml`]) ?? [file].find(isFile);
  if (path === undefined) {
    if (from !== undefined && named !== undefined)
      loading.faults.push(
        new Fault("missing-file", `role ${role.name} has no file ${shownPath(join(folder, `${from}.yml`))}`, {
          place: named,
          hint: "correct `tasks_from`",
        }),
      );
    return [];
  }
  const node = document(loading, path, { what: `${kind} of role ${role.name}` });
  return node === undefined ? [] : loading.tasks(node, { ...own, folder, chain: [...own.chain, path] }, loading);
}

function roleForm(form: Form, type: string): Form | undefined {
  const node = form.mapOf(type);
  if (node === undefined) {
    if (form.node(type)?.kind !== "map")
      form.fault(
        "missing-key",
        `${type} needs the name of a role`,
        form.keyPlace(type),
        `write \`${type}: {name: ROLE}\``,
      );
    return undefined;
  }
  const given = new Form(node, type, form.faults);
  given.onlyKeys(["name", "tasks_from", "with"], OLD_ROLE_KEYS);
  if (given.node("name") === undefined)
    form.fault(
      "missing-key",
      `${type} needs the name of a role`,
      form.keyPlace(type),
      `write \`${type}: {name: ROLE}\``,
    );
  return given;
}

function withOf(form: Form, name: string): MapNode | undefined {
  const node = form.mapOf("with");
  return node === undefined ? undefined : under(name, node);
}

/** The same text for the same values, wherever they stand. */
function canonical(node: Node): string {
  if (node.kind === "map")
    return `{${[...node.entries.values()]
      .map(({ key, value }) => `${JSON.stringify(key)}:${canonical(value)}`)
      .sort()
      .join(",")}}`;
  if (node.kind === "list" || node.kind === "append") return `${node.kind}[${node.items.map(canonical).join(",")}]`;
  if (node.kind === "expr") return `expr${JSON.stringify(node.source)}`;
  return `${node.kind}${JSON.stringify(node.value)}`;
}

/** A role that several need runs at its first place, also when only the later ones are chosen by tag. */
function addTags(tasks: TaskNode[], tags: readonly string[]): void {
  for (const task of tasks) {
    task.tags = [...new Set([...task.tags, ...tags])];
    if (task.kind === "block") for (const part of [task.block, task.rescue, task.always]) addTags(part, tags);
  }
}
