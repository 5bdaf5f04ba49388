import type { MapNode, Node } from "../language/node.ts";
import type { Form } from "./form.ts";
import type { Become, Inherited } from "./tree.ts";

/** What a task inherits from everything around it: play, role call, blocks, imports. */
export interface Around extends Inherited {
  /** Files being read, outermost first: how an import that comes back to itself is found. */
  chain: readonly string[];
  /** Folder of the file being read. */
  folder: string;
  /** `preflight` or `verify`: only steps that change nothing. */
  readOnly: "preflight" | "verify" | undefined;
  /** True for tasks of `handlers`. */
  handler: boolean;
}

/** Keys that every kind of task takes and hands on to what is inside it. */
export const SHARED_KEYS = [
  "name",
  "when",
  "tags",
  "become",
  "become_user",
  "become_method",
  "vars",
  "environment",
  "ignore_errors",
  "no_log",
  "delegate_to",
  "run_once",
];

/** What is around the insides of a task: its own keys laid over what it inherits. */
export function inside(around: Around, form: Form): Around {
  const vars = form.mapOf("vars");
  return {
    ...around,
    when: [...around.when, ...form.conditions("when")],
    tags: [...new Set([...around.tags, ...form.words("tags")])],
    become: becomeOf(form, around.become),
    vars:
      vars === undefined
        ? around.vars
        : [...around.vars, { ...vars, origin: { ...vars.origin, layer: `vars of ${form.what}` } }],
    environment: [...around.environment, ...environmentOf(form)],
    ignoreErrors: ignoreErrorsOf(form) ?? around.ignoreErrors,
    noLog: form.flag("no_log") ?? around.noLog,
    delegateTo: form.node("delegate_to") ?? around.delegateTo,
    runOnce: form.flag("run_once") ?? around.runOnce,
  };
}

/** The part of what is around that every node of the tree holds. */
export function inherited(around: Around): Inherited {
  const { when, tags, become, vars, role, call, searchPath, environment, ignoreErrors, noLog, delegateTo, runOnce } =
    around;
  return { when, tags, become, vars, role, call, searchPath, environment, ignoreErrors, noLog, delegateTo, runOnce };
}

/** `become`, `become_user`, `become_method`, over what is inherited. */
export function becomeOf(form: Form, inherited: Become): Become {
  const node = form.node("become");
  const become = node?.kind === "scalar" && typeof node.value === "boolean" ? node.value : node;
  if (typeof become === "object" && literalNoBoolean(become)) form.wrong("become", become, "true or false");
  const user = form.node("become_user");
  const method = form.node("become_method");
  return {
    ...inherited,
    ...(become === undefined ? {} : { become }),
    ...(user === undefined ? {} : { user }),
    ...(method === undefined ? {} : { method }),
  };
}

/** `environment`: a map, or a list of maps. */
export function environmentOf(form: Form): MapNode[] {
  return form.nodes("environment").flatMap((node) => {
    if (node.kind === "map") return [node];
    form.wrong("environment", node, "a map of variables, or a list of maps");
    return [];
  });
}

function ignoreErrorsOf(form: Form): boolean | Node | undefined {
  const [first] = form.conditions("ignore_errors");
  return first?.kind === "scalar" ? first.value === true : first;
}

function literalNoBoolean(node: Node): boolean {
  if (node.kind === "expr") return false;
  return !(node.kind === "scalar" && typeof node.value === "string" && node.value.includes("{{"));
}
