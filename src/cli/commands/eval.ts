import { Fault } from "../../errors/fault.ts";
import { Secret } from "../../base/secret.ts";
import { type Command, EXIT, type Input } from "../command.ts";
import { CONNECTION, INVENTORY, PLAYBOOK } from "../options.ts";
import { formatOf, prepare, reachOf } from "../project-run.ts";
import { showValue } from "../show-value.ts";

export const evaluate: Command = {
  name: "eval",
  summary: "Show what a host sees: the value of an expression, or a template.",
  inventory: "option",
  arguments: [
    { name: "HOST", summary: "The host.", required: true },
    { name: "EXPRESSION", summary: "A CEL expression: `groups.web`, `k3s.cluster_cidr`, `facts.os.family`." },
  ],
  options: [
    { name: "template", value: "FILE", standing: false, summary: "Print this template as the host would get it." },
    ...INVENTORY,
    ...PLAYBOOK.filter((option) => option.name === "playbook"),
    ...CONNECTION,
  ],
  notes: `Connects to the host only where facts are used.

Examples
  provision eval web1 'hosts["web2"].addresses.lan'
  provision eval web1 --template roles/web/templates/site.conf`,
  run,
};

async function run(input: Input): Promise<number> {
  const { args, settings, io } = input;
  const [host = "", expression] = args;
  const template = settings.text("template");
  if ((expression === undefined) === (template === undefined)) {
    throw new Fault("bad-usage", "eval takes a host and either an expression or --template FILE", {
      hint: "for example: provision eval web1 'facts.os.family'",
    });
  }
  const { engine, project } = await prepare(input);
  const what = template === undefined ? { expression: expression ?? "" } : { template };
  const value = await engine.evaluate(project, host, what, reachOf(input));
  if (template !== undefined && typeof value === "string") io.out(value);
  else if (formatOf(input) === "json") io.out(`${JSON.stringify(value)}\n`);
  else io.out(`${typeof value === "string" ? value : value instanceof Secret ? value.toString() : showValue(value)}\n`);
  return EXIT.asDeclared;
}
