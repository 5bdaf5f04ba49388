import type { Value } from "../../../src/base/value.ts";
import { resolveArgs } from "../../../src/modules/resolve-args.ts";
import type { HostView, Module, Plan } from "../../../src/modules/module.ts";
import type { Ref } from "../../../src/resources/resource.ts";

const host: HostView = { user: "root", uid: 0, gid: 0, home: "/root", umask: 0o022 };

/** What is asked of no file: that it is not there. */
const unseen: Readonly<Record<string, string>> = {
  file: "absent - - - - - - - - - -",
  "file.hash": "none -",
  "file.content": "none ",
  creator: "0 0 root root no",
  "user.groups": "-",
  "package.upgrade": "-",
};

/** The decision of a module on a state given as lines, `KIND KEY` → line. A folder that is not named is there when a file in it is. */
export function planOn(
  module: Module,
  values: { [name: string]: Value },
  state: Readonly<Record<string, string>>,
): Plan {
  const resolved = resolveArgs(
    module,
    values,
    {
      source: () => {
        throw new Error("no files here");
      },
      template: () => {
        throw new Error("no templates here");
      },
    },
    "/root",
  );
  if ("problems" in resolved) return { fail: resolved.problems.join("; ") };
  const args = resolved.args as Record<string, never>;
  const see = <V extends object>(ref: Ref<V>): V => {
    const line = state[`${ref.kind.kind} ${ref.key}`] ?? unseen[ref.kind.kind];
    if (line === undefined) throw new Error(`the table says nothing of ${ref.kind.kind} ${ref.key}`);
    return ref.kind.line.parse(line);
  };
  for (const ref of module.needs?.(args, host) ?? []) see(ref);
  return module.plan(args, see, host);
}

/** What a plan comes to, short enough for a table. */
export interface Short {
  fail?: string;
  differs?: string[];
  apply?: string;
  becomes?: Record<string, object>;
}

export function short(plan: Plan): Short {
  if (plan.fail !== undefined) return { fail: plan.fail };
  if (plan.change === undefined) return {};
  return {
    differs: plan.change.differs.map(
      (one) =>
        `${one.what}${one.of === undefined ? "" : ` of ${one.of}`}: ${String(one.before)} → ${String(one.after)}`,
    ),
    apply: plan.change.apply.text,
    becomes: Object.fromEntries(
      plan.change.becomes.map((one) => [`${one.ref.kind.kind} ${one.ref.key}`, { ...one.fields }]),
    ),
  };
}

/** A folder of root, for states. */
export const folder = "directory 0755 0 0 root root - - - - -";
/** A file of root, for states. */
export const plainFile = "file 0644 0 0 root root 1 1 - - -";

/** The lines of a file with this text: as it is, its hash and its content. */
export function textFile(path: string, text: string): Record<string, string> {
  return {
    [`file ${path}`]: plainFile,
    [`file.hash ${path}`]: "regular 00",
    [`file.content ${path}`]: `regular ${Buffer.from(text).toString("hex")}`,
  };
}
