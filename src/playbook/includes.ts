import { dirname, resolve } from "node:path";
import { Fault, Faults } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import type { MapNode, Node } from "../language/node.ts";
import { type Around, inherited, inside } from "./around.ts";
import { isFile, readDocument, shownPath } from "./document.ts";
import { describe, Form, literalText } from "./form.ts";
import { attempt, document, type PlayLoading } from "./loading.ts";
import { under } from "./roles.ts";
import { loopOf, titleText } from "./step.ts";
import type { Include, Included, TaskNode } from "./tree.ts";

/** `import_tasks`: the tasks of another file stand here, with everything that is around them. */
export function loadImportTasks(form: Form, around: Around, loading: PlayLoading): TaskNode[] {
  const target = targetOf(form, "import_tasks", "file");
  if (target === undefined) return [];
  const name = literalText(target);
  if (name === undefined) {
    form.fault(
      "wrong-form",
      "import_tasks is read before hosts are known, and cannot have a computed name",
      target.place,
      "use include_tasks",
    );
    return [];
  }
  return loadTaskFile(name, target.place, inside(around, form), loading);
}

/** `include_tasks`: a file that is chosen for each host. */
export function loadIncludeTasks(form: Form, around: Around, loading: PlayLoading): Include[] {
  const target = targetOf(form, "include_tasks", "file");
  if (target === undefined) return [];
  const own = inside(around, form);
  const bring = (name: string, part: PlayLoading): Pick<Included, "tasks" | "vars"> => ({
    tasks: loadTaskFile(name, target.place, { ...own, when: [] }, part),
    vars: undefined,
  });
  return [makeInclude(form, own, "tasks", target, loading, bring)];
}

/** `include_vars`: a file of variables that is chosen for each host. */
export function loadIncludeVars(form: Form, around: Around, loading: PlayLoading): Include[] {
  const target = targetOf(form, "include_vars", "file", ["name"]);
  if (target === undefined) return [];
  const own = inside(around, form);
  const given = form.map.entries.get("include_vars")?.value;
  const name = given?.kind === "map" ? literalText(given.entries.get("name")?.value) : undefined;
  const bring = (file: string): Pick<Included, "tasks" | "vars"> => {
    const path = findFile(file, [around.folder, ...around.searchPath], ["", "vars"]);
    const vars = readVars(path ?? resolve(around.folder, file), target.place);
    return { tasks: [], vars: name === undefined ? vars : under(name, vars) };
  };
  return [{ ...makeInclude(form, own, "vars", target, loading, bring), under: name }];
}

/** A file of variables: a map (or nothing). Throws `Faults`. */
export function readVars(path: string, named: Place): MapNode {
  const node = readDocument(path, { what: "variables", named, layer: `variables of ${shownPath(path)}` });
  if (node.kind === "map") return node;
  if (node.kind === "scalar" && node.value === null)
    return { kind: "map", entries: new Map(), origin: node.origin, place: node.place };
  throw new Faults([
    new Fault("wrong-form", `a file of variables has to be a map, and is ${describe(node)}`, { place: node.place }),
  ]);
}

/** The first of the folders (and folders in them) that holds the file. An absolute name stands for itself. */
export function findFile(name: string, folders: readonly string[], inner: readonly string[]): string | undefined {
  return folders.flatMap((folder) => inner.map((part) => resolve(folder, part, name))).find(isFile);
}

/** What an include has in common, whatever it includes. `bring` reads the target into a part of its own. */
export function makeInclude(
  form: Form,
  own: Around,
  what: Include["what"],
  target: Node,
  loading: PlayLoading,
  bring: (name: string, part: PlayLoading, from: string | undefined) => Pick<Included, "tasks" | "vars">,
): Include {
  const cache = new Map<string, Included>();
  // Only what ran before this task counts as run when a dependency is to run once.
  const done = [...loading.done];
  const read = (name: string, from: string | undefined): Included => {
    const part: PlayLoading = {
      ...loading,
      faults: [],
      documents: readable(loading),
      handlers: [],
      calls: [],
      preflight: [],
      verify: [],
      includedRoles: new Set(),
      done: [...done],
    };
    const brought = attempt(part.faults, () => bring(name, part, from));
    if (part.faults.length > 0 || brought === undefined) throw new Faults(part.faults);
    return { ...brought, tasks: [...part.preflight, ...brought.tasks], handlers: part.handlers, roles: part.calls };
  };
  const include: Include = {
    kind: "include",
    ...inherited(own),
    ...loopOf(form, loading),
    name: titleText(form.node("name")),
    place: form.map.place,
    what,
    target,
    literal: literalText(target),
    with: undefined,
    from: undefined,
    under: undefined,
    resolve(name, from) {
      const key = JSON.stringify([name, from]);
      const known = cache.get(key) ?? read(name, from);
      cache.set(key, known);
      return known;
    },
  };
  return include;
}

/** The files that were read well; the others are tried again, so that whoever resolves an include hears of their mistakes. */
function readable(loading: PlayLoading): PlayLoading["documents"] {
  return new Map([...loading.documents].filter(([, node]) => node !== undefined));
}

/** Reads a file of tasks, looked for beside the file that names it, then in the role and beside the playbook. */
export function loadTaskFile(name: string, place: Place, around: Around, loading: PlayLoading): TaskNode[] {
  const path = findFile(name, [around.folder, ...around.searchPath], ["", "tasks"]) ?? resolve(around.folder, name);
  const chain = [...around.chain, path];
  if (around.chain.includes(path)) {
    const loop = chain.slice(chain.indexOf(path)).map(shownPath).join(" → ");
    loading.faults.push(
      new Fault("import-cycle", `this file comes back to itself: ${loop}`, {
        place,
        hint: "remove one of the imports, or make it an include_tasks with a condition that ends it",
      }),
    );
    return [];
  }
  if (chain.length > 60) {
    loading.faults.push(
      new Fault("import-cycle", "files of tasks are nested deeper than 60", {
        place,
        hint: "remove one of the imports",
      }),
    );
    return [];
  }
  const node = document(loading, path, { what: "tasks", named: place });
  return node === undefined ? [] : loading.tasks(node, { ...around, chain, folder: dirname(path) }, loading);
}

/** The file or name that an import or include names: a bare text, or a key of a map. */
function targetOf(form: Form, type: string, key: string, further: readonly string[] = []): Node | undefined {
  const node = form.node(type);
  if (node !== undefined && node.kind !== "map" && node.kind !== "list") return node;
  if (node?.kind === "map") {
    const given = new Form(node, type, form.faults);
    given.onlyKeys(
      [key, ...further],
      new Map([
        ["apply", "what stands at the include is inherited by what it includes"],
        ["dir", "name each file"],
      ]),
    );
    const target = given.node(key);
    if (target !== undefined) return target;
  }
  form.fault("missing-key", `${type} needs the name of a file`, form.keyPlace(type), `write \`${type}: FILE.yml\``);
  return undefined;
}
