import { Fault } from "../errors/fault.ts";
import type { Input } from "./command.ts";
import type { Engine, Project, Reach } from "./engine.ts";
import { catchInterrupts } from "./interrupt.ts";
import { limitOf, load, reachOf } from "./project-run.ts";
import { inventorySources } from "./sources.ts";
import { showWarnings } from "./warnings.ts";

/** For commands on hosts without a playbook: the hosts of a pattern within `--limit`, and how they are reached. */
export async function openHosts(
  input: Input,
  pattern: string,
): Promise<{ engine: Engine; project: Project; reach: Reach }> {
  const { settings, io } = input;
  const { engine, project } = await load({
    folder: io.cwd,
    sources: inventorySources([], settings, io),
    playbook: { text: JSON.stringify([{ name: pattern, hosts: "all", tasks: [] }]) },
    extraVars: [...settings.list("extra-vars")],
    limit: limitOf(settings) ?? null,
    tags: [],
    skipTags: [],
    role: null,
  });
  showWarnings([...project.inventory.warnings], io);
  catchInterrupts();
  const { matchHosts } = await import("../inventory/patterns.ts");
  const reach = reachOf(input);
  const hosts = matchHosts(project.inventory, pattern, {
    ...(reach.limit === undefined ? {} : { limit: reach.limit }),
    ...(reach.failedFile === undefined ? {} : { failedFile: reach.failedFile }),
    warn: (warning) => showWarnings([warning], io),
    cwd: io.cwd,
  });
  if (hosts.length === 0)
    throw new Fault("no-hosts", `"${pattern}" leaves no host`, {
      hint: "`provision inventory --graph` shows the hosts and groups",
    });
  return { engine, project, reach: { ...reach, limit: hosts.join(",") } };
}
