import { Fault, Faults } from "../errors/fault.ts";
import type { Node } from "../language/node.ts";
import type { Module } from "../modules/module.ts";
import type { Around } from "./around.ts";
import { type DocumentUse, readDocument } from "./document.ts";
import type { RoleLibrary } from "./roles.ts";
import type { RoleCall, Step, TaskNode } from "./tree.ts";

/** The step types there are, by name. */
export type ModuleLookup = ReadonlyMap<string, Module>;

/** A role that was called in a play, for running dependencies once. */
export interface DoneCall {
  call: RoleCall;
  /** The parameters as text, for comparing. */
  given: string;
  when: readonly Node[];
  tasks: TaskNode[];
}

/** What is shared by everything that is read for one playbook. */
export interface Loading {
  modules: ModuleLookup;
  library: RoleLibrary;
  /** Mistakes found so far. */
  faults: Fault[];
  /** Files read, by absolute path; `undefined` for one whose mistakes have been reported. */
  documents: Map<string, Node | undefined>;
  /** Roles whose mistakes have been reported. */
  reported: Set<string>;
}

/** What reading the tasks of one play (or of one include) gathers beside the tasks. */
export interface PlayLoading extends Loading {
  handlers: Step[];
  calls: RoleCall[];
  /** Roles that only literal includes run. */
  includedRoles: Set<string>;
  preflight: TaskNode[];
  verify: TaskNode[];
  done: DoneCall[];
  /** Folder of the playbook. */
  folder: string;
  /** Reads a list of tasks (tasks.ts), given here so that imports and roles can come back to it. */
  tasks(node: Node, around: Around, loading: PlayLoading): TaskNode[];
}

/** Reads a file once; its mistakes are added to the faults once. */
export function document(loading: Loading, path: string, use: DocumentUse): Node | undefined {
  if (!loading.documents.has(path)) {
    loading.documents.set(
      path,
      attempt(loading.faults, () => readDocument(path, use)),
    );
  }
  return loading.documents.get(path);
}

/** Runs what may throw faults, and keeps them. */
export function attempt<T>(faults: Fault[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) faults.push(error);
    else if (error instanceof Faults) faults.push(...error.faults);
    else throw error;
    return undefined;
  }
}
