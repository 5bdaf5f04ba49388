import type { Place } from "../errors/place.ts";
import type { MapNode, Node } from "../language/node.ts";
import type { Module } from "../modules/module.ts";

/** The typed tree of a playbook, names resolved and roles read in; everything evaluated later is still a node with its place. */
export interface Playbook {
  file: string;
  plays: Play[];
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
  /** In order; a flush of handlers follows each section. Roles' tasks stand at the start of `tasks`, dependencies before, once per play and `with`. */
  sections: { name: "pre_tasks" | "tasks" | "post_tasks"; tasks: TaskNode[] }[];
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
  /** `with:` of the call: one layer for the namespace of the role. */
  with: MapNode | undefined;
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

interface Common {
  name: string | undefined;
  place: Place;
  /** CEL conditions, of the task and of everything around it, outermost first. A list means and. */
  when: Node[];
  /** Own and inherited. */
  tags: string[];
  become: Become;
  /** Layers of variables around this task, lowest first (role call, blocks, task). */
  vars: MapNode[];
  role: Role | undefined;
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

/** include_tasks, include_role, include_vars with a name that is only known per host; imports are resolved when loading. */
export interface Include extends Common {
  kind: "include";
  what: "tasks" | "role" | "vars";
  /** `file`/`name`. */
  target: Node;
  with: MapNode | undefined;
  /** tasks_from of a role. */
  from: Node | undefined;
  loop: Node | undefined;
  loopVar: string;
  /** Folders in which files are looked for, nearest first. */
  searchPath: string[];
}

export interface Meta extends Common {
  kind: "meta";
  action: "flush_handlers" | "end_play" | "end_host" | "end_batch" | "noop" | "clear_host_errors" | "refresh_facts" | "clear_facts" | "reset_connection";
}
