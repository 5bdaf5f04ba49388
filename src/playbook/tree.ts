import type { Place } from "../errors/place.ts";
import type { MapNode, Node } from "../language/node.ts";
import type { Module } from "../modules/module.ts";
import type { Schema } from "./schema-tree.ts";

/** The typed tree of a playbook, names resolved and roles read in; everything evaluated later is still a node with its place. */
export interface Playbook {
  file: string;
  plays: Play[];
  /** Every role that the plays may run (listed, imported, included by a literal name, dependencies), by name. */
  roles: Map<string, Role>;
}

export interface Play {
  name: string;
  place: Place;
  /** The pattern text. */
  hosts: string;
  hostsPlace: Place;
  /** Layers of this play, lowest first: `vars`, then each of `vars_files`. */
  vars: MapNode[];
  roles: RoleCall[];
  /** Every role called by the plays' list, imports and literal includes, dependencies too: a host of this play counts in `roles.R` for each. */
  roleNames: string[];
  /** In order; a flush of handlers follows each section. Roles' tasks stand at the start of `tasks`, dependencies before, once per play and `with`. */
  sections: { name: "pre_tasks" | "tasks" | "post_tasks"; tasks: TaskNode[] }[];
  /** Roles' handlers first, then the play's; `findHandlers` (handlers.ts) says which answer to a notification. */
  handlers: Step[];
  /** Preflight and verify steps by role, in role order. */
  preflight: TaskNode[];
  verify: TaskNode[];
  serial: Node | undefined;
  order: "inventory" | "reverse_inventory" | "sorted" | "reverse_sorted" | "shuffle";
  become: Become;
  tags: string[];
  anyErrorsFatal: boolean;
  maxFailPercentage: number | undefined;
  forceHandlers: boolean;
  environment: MapNode[];
}

/** `undefined` fields are inherited: task < block < role < play < connection variables of the host. */
export interface Become {
  become?: boolean | Node;
  user?: Node;
  method?: Node;
}

/** A role as it is called in a play. */
export interface RoleCall {
  role: Role;
  /** `with:` of the call: one layer, already below the namespace of the role (`{k3s: {…}}`). */
  with: MapNode | undefined;
  /** Conditions of the call. */
  when: Node[];
  tags: string[];
  place: Place;
}

export interface Role {
  name: string;
  /** Absolute folder. */
  folder: string;
  summary: string;
  platforms: string[];
  /** JSON Schema of the namespace (`type: object`), `undefined` for a role without parameters. */
  parameters: Record<string, unknown> | undefined;
  /** The same with what defaults and secrets need. */
  schema: Schema | undefined;
  /** Defaults of the parameters as a tree with places: the lowest layer, already below the role's namespace. */
  defaults: MapNode;
  dependencies: { name: string; with: MapNode | undefined; place: Place }[];
  uses: string[];
  invariants: Invariant[];
  /** platforms/*.yml by file name. */
  platformTables: Map<string, MapNode>;
  metaFile: string;
}

export interface Invariant {
  name: Node;
  expr: Node[];
  loop: Node | undefined;
  place: Place;
  role: string;
}

export type TaskNode = Step | Block | Include | Meta;

interface Common extends Inherited {
  name: string | undefined;
  place: Place;
}

/** What a task has from itself and from everything around it: play, role call, blocks, imports. */
export interface Inherited {
  /**
   * CEL conditions, of the task and of everything around it, outermost first; all must hold. Each is an `expr` node or a
   * boolean scalar (as everywhere a condition stands: `failedWhen`, `changedWhen`, `until`): `evaluate(node, scope)`.
   */
  when: Node[];
  /** Own and inherited. */
  tags: string[];
  become: Become;
  /** Layers of variables around this task, lowest first (role call, blocks, task). */
  vars: MapNode[];
  role: Role | undefined;
  /** The call of that role which this task belongs to: a role called twice with other parameters has its handlers twice. */
  call: RoleCall | undefined;
  /** Folders in which files (`F/files/x`, `F/x`) and templates (`F/templates/x`, `F/x`) are looked for, nearest first, absolute. */
  searchPath: string[];
  environment: MapNode[];
  ignoreErrors: boolean | Node;
  noLog: boolean;
  delegateTo: Node | undefined;
  runOnce: boolean;
}

/** One task with a module. */
export interface Step extends Common {
  kind: "step";
  /** What people see: `name`, else the module's name. Text is evaluated when it is shown. */
  title: Node | string;
  module: Module;
  args: MapNode;
  loop: Node | undefined;
  loopVar: string;
  loopLabel: Node | undefined;
  indexVar: string | undefined;
  register: string | undefined;
  notify: Node[];
  listen: string[];
  failedWhen: Node[] | undefined;
  changedWhen: Node[] | undefined;
  until: Node[] | undefined;
  retries: number;
  /** Seconds. */
  delay: number;
  timeout: number | undefined;
  /** `check_mode: false` is not offered; a read-only step says so itself. */
  handler: boolean;
}

export interface Block extends Common {
  kind: "block";
  block: TaskNode[];
  rescue: TaskNode[];
  always: TaskNode[];
}

/**
 * include_tasks, include_role, include_vars. Its `when` and `loop` are asked once a host (and item) and decide about the
 * whole; what is included does not ask them again. Tags and the other keywords are inherited, as with an import.
 */
export interface Include extends Common {
  kind: "include";
  what: "tasks" | "role" | "vars";
  /** `file`/`name`. */
  target: Node;
  /** The target's text, where it is literal. */
  literal: string | undefined;
  /** Parameters of the role, as they are written; `resolve` lays them around the role's tasks. */
  with: MapNode | undefined;
  /** tasks_from of a role. */
  from: Node | undefined;
  /** include_vars: the name under which the variables are put, else they are top-level. */
  under: string | undefined;
  loop: Node | undefined;
  loopVar: string;
  loopLabel: Node | undefined;
  indexVar: string | undefined;
  /** Reads what the evaluated target names; the same object each time. Throws `Faults`. */
  resolve(target: string, from?: string): Included;
}

/** What an include brings: for `vars` only `vars`, to be laid over the play's variables of that host. */
export interface Included {
  tasks: TaskNode[];
  /** Handlers that join those of the play. */
  handlers: Step[];
  /** Roles that run with this (the role and its dependencies). */
  roles: RoleCall[];
  vars: MapNode | undefined;
}

export interface Meta extends Common {
  kind: "meta";
  action:
    | "flush_handlers"
    | "end_play"
    | "end_host"
    | "end_batch"
    | "noop"
    | "clear_host_errors"
    | "refresh_facts"
    | "clear_facts"
    | "reset_connection";
}
