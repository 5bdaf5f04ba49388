import type { Secret } from "../base/secret.ts";
import type { Value } from "../base/value.ts";
import type { HostView } from "../modules/module.ts";
import type { Include, Meta, Step, TaskNode } from "../playbook/tree.ts";
import type { Ref } from "../resources/resource.ts";
import type { Names } from "./cursor.ts";
import type { Reader, World } from "./world.ts";

/**
 * What planning asks of a host's variables: everything that is text or expression in a step, evaluated with the names
 * the host has at that moment. Each call may throw `Unknown`, `NotRead` (facts, identity) or a `Fault`.
 */
export interface Evaluator {
  /** From now on facts and identities are those of this state. */
  lookAt(world: World): void;
  /** The items of a loop; `undefined` for a step without one. */
  items(step: Step, names: Names): Value[] | undefined;
  /** The tasks an include stands for on this host; `undefined` when its condition does not hold. */
  include(include: Include, names: Names): { tasks: TaskNode[]; names: Names } | undefined;
  metaHolds(meta: Meta, names: Names): boolean;
  /** Condition, arguments and identity of one item. */
  prepare(step: Step, names: Names, item: ItemOf | undefined): Prepared;
  /** `failed_when` and `changed_when` over a result. */
  judge(step: Step, names: Names, item: ItemOf | undefined, result: { [key: string]: Value }): Judgement;
  /** Whether `until` holds. */
  until(step: Step, names: Names, item: ItemOf | undefined, result: { [key: string]: Value }): boolean;
  /** Handlers a step notifies. */
  notified(step: Step, names: Names): Step[];
  /** Handlers of the play in the order of their definition. */
  handlers(names: Names): readonly Step[];
  /** True when the controller's file has this content already (fetch). */
  isSaved(path: string, content: object): boolean;
  title(step: Step, names: Names): string;
  label(step: Step, names: Names, item: ItemOf): Value;
}

export interface ItemOf {
  value: Value;
  index: number;
}

export type Prepared =
  | { skip: string }
  | { problems: string[] }
  | {
      args: Record<string, unknown>;
      reader: Reader;
      view: HostView;
      needs: Ref[];
      ignoreErrors: boolean;
      environment: Record<string, string | Secret> | undefined;
    };

export interface Judgement {
  failed?: boolean;
  changed?: boolean;
}
