import { Unknown } from "../base/value.ts";
import type { Fault } from "../errors/fault.ts";
import { checkParameters } from "./check-parameters.ts";
import { checkVariables } from "./check-variables.ts";
import { Findings } from "./findings.ts";
import { checkInvariants } from "./invariants.ts";
import { KnownNames } from "./known-names.ts";
import { resultsOf } from "./results.ts";
import { Variables } from "./variables.ts";
import { TaskCheck } from "./check-tasks.ts";

/**
 * Everything that can be seen wrong before any host is touched, in one go: arguments, names in text, expressions and
 * templates, files, parameters of roles, names of variables, invariants. What the loading of the playbook found is not
 * repeated. One mistake that many hosts share is one fault with their names.
 */
export function checkProject(project: { variables: Variables }): { faults: Fault[]; warnings: Fault[] } {
  const { options } = project.variables;
  const variables = new Variables({ ...options, factsOf: notYet, runtimeOf: () => undefined });
  const findings = new Findings();
  const known = new KnownNames(variables);
  const plays = options.playbook.plays.map((play) => ({ play, results: resultsOf(play) }));
  for (const { results } of plays) for (const name of results.names) known.results.add(name);
  const check = new TaskCheck(variables, known, findings, new Set(plays.flatMap(({ results }) => [...results.locals])));
  const before = new Set<string>();
  for (const { play, results } of plays) {
    check.play(play, before, results.names);
    for (const name of results.names) before.add(name);
  }
  check.declarations(plays.some(({ results }) => results.open));
  checkParameters(variables, check.included, findings);
  const names = checkVariables(variables, known.read);
  for (const fault of names.faults) findings.add(fault);
  const wrong = findings.list().length > 0;
  for (const fault of checkInvariants(variables, options.playbook.plays)) {
    // What an invariant could not compute is the consequence of a mistake that has been reported.
    if (!wrong || fault.code === "invariant-failed") findings.add(fault, fault.details.hosts?.[0]);
  }
  return { faults: findings.list(), warnings: names.warnings };
}

function notYet(): never {
  throw new Unknown("facts are read from the host");
}
