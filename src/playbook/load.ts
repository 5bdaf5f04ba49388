import { dirname, join, resolve } from "node:path";
import { Fault } from "../errors/fault.ts";
import type { MapNode, Node } from "../language/node.ts";
import { shownPath } from "./document.ts";
import { describe, Form, literalText } from "./form.ts";
import { document, type Loading, type ModuleLookup } from "./loading.ts";
import { layered, loadPlay, type PlayAround } from "./plays.ts";
import type { RoleLibrary } from "./roles.ts";
import type { Play, Playbook, Role } from "./tree.ts";

export type { ModuleLookup } from "./loading.ts";

/** A playbook as far as it could be read, and everything that is wrong with its files. */
export interface LoadedPlaybook {
  playbook: Playbook;
  faults: Fault[];
}

/**
 * Reads a playbook with everything that it names: imports, roles, files of variables, includes with literal names.
 * Nothing is thrown for mistakes in the files: they are collected, so that one look finds all.
 */
export function loadPlaybook(file: string, options: { modules: ModuleLookup; library: RoleLibrary }): LoadedPlaybook {
  const path = resolve(file);
  const loading: Loading = { ...options, faults: [], documents: new Map(), reported: new Set() };
  const plays = loadFile(path, { tags: [], vars: [], when: [] }, loading, [], undefined);
  const roles = new Map<string, Role>();
  for (const name of plays.flatMap((play) => play.roleNames)) {
    const role = options.library.get(name);
    if (role !== undefined) roles.set(name, role);
  }
  return { playbook: { file: shownPath(path), plays, roles }, faults: loading.faults };
}

function loadFile(
  path: string,
  around: PlayAround,
  loading: Loading,
  chain: readonly string[],
  named: Node | undefined,
): Play[] {
  if (chain.includes(path)) {
    const loop = [...chain.slice(chain.indexOf(path)), path].map(shownPath).join(" → ");
    loading.faults.push(
      new Fault("import-cycle", `this playbook comes back to itself: ${loop}`, {
        ...(named === undefined ? {} : { place: named.place }),
        hint: "remove one of the imports",
      }),
    );
    return [];
  }
  const node = document(loading, path, { what: "playbook", ...(named === undefined ? {} : { named: named.place }) });
  if (node === undefined) return [];
  if (node.kind !== "list") {
    const single = node.kind === "map" && node.entries.has("hosts");
    loading.faults.push(
      new Fault("wrong-form", `a playbook has to be a list of plays, and is ${describe(node)}`, {
        place: node.place,
        hint: single ? "begin the play with `- `" : "write `- hosts: PATTERN` and below it `tasks:` or `roles:`",
      }),
    );
    return [];
  }
  return node.items.flatMap((item) => loadEntry(item, path, around, loading, [...chain, path]));
}

function loadEntry(node: Node, path: string, around: PlayAround, loading: Loading, chain: readonly string[]): Play[] {
  if (node.kind !== "map") {
    loading.faults.push(
      new Fault("wrong-form", `a play has to be a map, and is ${describe(node)}`, {
        place: node.place,
        hint: "write `- hosts: PATTERN` and below it `tasks:` or `roles:`",
      }),
    );
    return [];
  }
  if (node.entries.has("import_playbook")) return importPlaybook(node, path, around, loading, chain);
  const play = loadPlay(node, path, around, loading);
  return play === undefined ? [] : [play];
}

function importPlaybook(
  node: MapNode,
  path: string,
  around: PlayAround,
  loading: Loading,
  chain: readonly string[],
): Play[] {
  const form = new Form(node, "import_playbook", loading.faults);
  form.onlyKeys(
    ["name", "import_playbook", "tags", "vars", "when"],
    new Map([["hosts", "the imported plays say for which hosts they are"]]),
  );
  const target = form.node("import_playbook");
  const name = literalText(target);
  if (target === undefined || name === undefined) {
    form.fault(
      "wrong-form",
      "import_playbook needs the name of a file in plain text",
      form.keyPlace("import_playbook"),
      "write `import_playbook: FILE.yml`",
    );
    return [];
  }
  const file = resolve(dirname(path), name);
  loading.library.add(join(dirname(file), "roles"));
  const vars = form.mapOf("vars");
  return loadFile(
    file,
    {
      tags: [...around.tags, ...form.words("tags")],
      vars: vars === undefined ? around.vars : [...around.vars, layered(vars, "vars of import_playbook")],
      when: [...around.when, ...form.conditions("when")],
    },
    loading,
    chain,
    target,
  );
}
