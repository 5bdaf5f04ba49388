import { Fault } from "../../errors/fault.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { type Command, EXIT, type Input } from "../command.ts";
import { INVENTORY } from "../options.ts";
import { limitOf } from "../project-run.ts";
import { failedFile } from "../failed-hosts.ts";
import { inventorySources } from "../sources.ts";
import { showWarnings } from "../warnings.ts";

export const inventory: Command = {
  name: "inventory",
  summary: "Show the hosts and groups, and what a host's variables are.",
  inventory: "arguments",
  arguments: [{ name: "INVENTORY", summary: "Where the hosts are declared; later ones win.", many: true }],
  options: [
    { name: "list", standing: false, summary: "Everything as JSON, in the form that other tools read." },
    { name: "graph", standing: false, summary: "The tree of groups and hosts (this is also what no option gives)." },
    { name: "hosts", value: "PATTERN", standing: false, summary: "The names that a pattern means, one a line." },
    { name: "host", value: "HOST", standing: false, summary: "The variables of one host as JSON." },
    { name: "explain", standing: false, summary: "With --host: where every value comes from." },
    ...INVENTORY,
  ],
  notes: `Examples
  provision inventory inventory.yml --graph
  provision inventory inventory.yml --hosts 'web:&fra'
  provision inventory inventory.yml --host web1 --explain`,
  run,
};

async function run(input: Input): Promise<number> {
  const { settings, io } = input;
  const sources = inventorySources(input.rest, settings, io);
  const asked = ["list", "graph", "hosts", "host"].filter(
    (name) => settings.flag(name) === true || settings.text(name) !== undefined,
  );
  if (asked.length > 1) throw new Fault("bad-usage", `--${asked.join(" and --")} exclude each other`);
  if (settings.flag("explain") === true && asked[0] !== "host")
    throw new Fault("bad-usage", "--explain needs --host HOST");
  const { engine } = await import("../adapter.ts");
  const { inventory: loaded, valuesOf } = await engine.inventory(sources, settings.list("extra-vars"));
  const warn = (warning: Fault): void => showWarnings([warning], io);
  showWarnings(loaded.warnings, io);
  const lists = await import("../../inventory/list.ts");
  const host = settings.text("host");
  const pattern = settings.text("hosts");
  const hostsOf = await limitedHosts(input, loaded);
  if (pattern !== undefined)
    io.out(
      hostsOf(pattern)
        .map((name) => `${name}\n`)
        .join(""),
    );
  else if (host !== undefined && settings.flag("explain") === true)
    io.out(`${engine.explain(loaded, host, settings.list("extra-vars")).trimEnd()}\n`);
  else if (host !== undefined) io.out(`${lists.listHost(loaded, host, valuesOf, { warn })}\n`);
  else if (asked[0] === "list") io.out(`${lists.listInventory(loaded, valuesOf, { warn, hosts: hostsOf("all") })}\n`);
  else io.out(`${lists.graphInventory(loaded)}\n`);
  return EXIT.asDeclared;
}

/** Hosts of a pattern within `--limit`. */
async function limitedHosts(input: Input, loaded: Inventory): Promise<(pattern: string) => string[]> {
  const { matchHosts } = await import("../../inventory/patterns.ts");
  const { settings, io, project } = input;
  const limit = limitOf(settings);
  const failed = project === undefined ? undefined : failedFile(project.folder, io);
  return (pattern) =>
    matchHosts(loaded, pattern, {
      ...(limit === undefined ? {} : { limit }),
      ...(failed === undefined ? {} : { failedFile: failed }),
      warn: (warning) => showWarnings([warning], io),
      cwd: io.cwd,
    });
}
