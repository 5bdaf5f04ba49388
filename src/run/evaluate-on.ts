import { resolve } from "node:path";
import { readFileSync } from "node:fs";
import { nearest } from "../base/nearest.ts";
import type { Value } from "../base/value.ts";
import { Fault } from "../errors/fault.ts";
import { forceValue } from "../language/convert.ts";
import { compileExpression } from "../language/expression.ts";
import type { Scope } from "../language/scope.ts";
import { compileTemplate } from "../language/text.ts";
import { NotRead } from "../plan/world.ts";
import type { AskOptions } from "./ask-hosts.ts";
import type { LoadedProject } from "./load-project.ts";
import { connectionsOf, Machines } from "./project-run.ts";

const MAX_READS = 60;

/** What a host sees: the value of an expression, or the text of a template. Connects only where facts are asked for. */
export async function evaluateOn(
  project: LoadedProject,
  host: string,
  what: { expression: string } | { template: string },
  options: AskOptions,
): Promise<Value> {
  if (project.inventory.host(host) === undefined) {
    const near = nearest(host, project.inventory.hosts.keys());
    throw new Fault(
      "unknown-host-name",
      `there is no host "${host}" in the inventory`,
      near === undefined ? {} : { hint: `did you mean "${near}"?` },
    );
  }
  const play = project.playbook.plays.find((one) => project.variables.options.hostsOf(one.hosts).includes(host));
  const compute = compiled(what);
  const machines = new Machines(
    project,
    connectionsOf(project, [host], () => undefined),
    options,
  );
  try {
    machines.get(host);
    for (let reads = 0; ; reads++) {
      try {
        return forceValue(compute(project.variables.scope({ host, play })));
      } catch (error) {
        if (!(error instanceof NotRead) || reads >= MAX_READS) throw error;
        await machines.get(error.host ?? host).read([{ ref: error.ref, reader: error.reader }]);
      }
    }
  } finally {
    await machines.close();
  }
}

function compiled(what: { expression: string } | { template: string }): (scope: Scope) => Value {
  if ("expression" in what) {
    const expression = compileExpression(what.expression, { file: "expression", line: 1, column: 1 });
    return (scope) => expression.evaluate(scope);
  }
  const text = compileTemplate(readFileSync(resolve(what.template), "utf8"), what.template);
  return (scope) => text.evaluate(scope);
}
