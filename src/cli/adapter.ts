import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Value } from "../base/value.ts";
import { Faults } from "../errors/fault.ts";
import { explainHost } from "../inventory/explain.ts";
import { forceValue } from "../language/convert.ts";
import { modules } from "../modules/registry.generated.ts";
import { firstDifference, type StepStatement, stateStep } from "../plan/statement.ts";
import { checkProject } from "../playbook/check.ts";
import { readExtraVars } from "../playbook/extra-vars.ts";
import { checkSelection, isSelected, type Selection } from "../playbook/select.ts";
import packageJson from "../../package.json" with { type: "json" };
import { evaluateOn } from "../run/evaluate-on.ts";
import { type AskOptions, askHosts } from "../run/ask-hosts.ts";
import { readFacts } from "../run/host-facts.ts";
import { inputDigests } from "../run/input-digests.ts";
import { loadHosts, type LoadedProject, loadProject } from "../run/load-project.ts";
import { type ProjectRunOptions, runProject } from "../run/project-run.ts";
import { runCommand } from "../run/run-command.ts";
import type { RunResult as HostsResult } from "../run/run.ts";
import type { Engine, Project, Reach, Request, RunOptions, RunResult } from "./engine.ts";
import { folderOf } from "./sources.ts";

/** What commands ask of the stages below, done by them. */
export const engine: Engine = {
  inventory: async (sources, extraVars) => {
    const project = await loadHosts(sources, startOf(sources), readExtraVars(extraVars));
    return { inventory: project.inventory, valuesOf: (host) => ownValues(project, host) };
  },
  explain: (inventory, host) => explainHost(inventory, host),
  project: openProject,
  run: runAs,
  facts: async (project, reach, each) =>
    await askHosts(loaded(project), reach.limit ?? "all", quietly(reach), readFacts, each),
  evaluate: async (project, host, what, reach) => await evaluateOn(loaded(project), host, what, quietly(reach)),
  command: async (project, command, become, reach, each) =>
    await askHosts(
      loaded(project),
      reach.limit ?? "all",
      quietly(reach),
      (machine) => runCommand(machine, command, become),
      each,
    ),
};

function quietly(reach: Reach): AskOptions {
  return {
    ...reach,
    emit: (event) =>
      event.event === "notice" ? void process.stderr.write(`${event.host ?? ""}: ${event.text}\n`) : undefined,
  };
}

/** The variables a host has from the inventory (and `-e`), evaluated. */
function ownValues(project: LoadedProject, host: string): Value {
  const values: { [name: string]: Value } = {};
  const scope = project.variables.scope({ host, play: undefined });
  for (const name of project.variables.fold(host, undefined).names())
    values[name] = forceValue(scope.get(name) ?? null);
  return values;
}

function startOf(sources: readonly string[]): string {
  const first = sources[0];
  return first === undefined ? process.cwd() : folderOf(resolve(first), process.cwd());
}

/** Projects as they were loaded, behind what commands see of them. */
const projects = new WeakMap<Project, LoadedProject>();

function loaded(project: Project): LoadedProject {
  const known = projects.get(project);
  if (known === undefined) throw new TypeError("a project that was not loaded here");
  return known;
}

async function openProject(request: Request): Promise<Project> {
  const extra = readExtraVars(request.extraVars);
  const start = startOf(request.sources);
  const own = "file" in request.playbook ? undefined : ownPlaybook(request.playbook.text);
  const playbook = "file" in request.playbook ? request.playbook.file : (own?.file ?? "");
  try {
    const project = await loadProject({ sources: request.sources, playbook, start, extra, modules });
    const checked = checkProject(project);
    const faults = [...project.faults, ...checked.faults];
    if (faults.length > 0) throw new Faults(faults);
    const seen: Project = {
      inventory: project.inventory,
      playbook: project.playbook,
      warnings: [...project.warnings, ...checked.warnings],
    };
    projects.set(seen, project);
    return seen;
  } finally {
    own?.remove();
  }
}

/** A playbook that a command wrote itself. */
function ownPlaybook(text: string): { file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "provision-"));
  const file = join(folder, "command-line.yml");
  writeFileSync(file, text, { mode: 0o600 });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function runAs(project: Project, options: RunOptions, emit: Parameters<Engine["run"]>[2]): Promise<RunResult> {
  const own = loaded(project);
  const selection: Selection = { tags: options.tags, skipTags: options.skipTags, role: options.role };
  for (const warning of checkSelection(own.playbook, selection)) {
    if (warning.code === "unknown-role") throw warning;
    emit({ event: "warning", text: warning.message });
  }
  const base: ProjectRunOptions = {
    mode: options.mode === "plan" ? "check" : options.mode,
    limit: { limit: options.limit, failedFile: options.failedFile },
    forks: options.forks,
    hostKeyChecking: options.hostKeyChecking,
    timeout: options.timeout,
    signal: options.signal,
    selected: (task) => isSelected(task, selection),
    emit,
  };
  if (options.plan !== undefined) return await runSaved(own, base, options);
  if (options.mode !== "plan") return shown(await runProject(own, base));
  const made = await statement(own, base);
  return { ...shown(made.result), plan: made.plan };
}

/** A saved plan, without what commands add. */
interface Statement extends Record<string, unknown> {
  version: string;
  /** SHA-256 of each file the plan rests on. */
  inputs: Record<string, string>;
  /** Fingerprints by host. */
  hostKeys: Record<string, string>;
  steps: StepStatement[];
}

/** Plans and states what was found. */
async function statement(
  project: LoadedProject,
  base: ProjectRunOptions,
): Promise<{ result: HostsResult; plan: Statement }> {
  const steps: StepStatement[] = [];
  const hostKeys: Record<string, string> = {};
  const result = await runProject(project, {
    ...base,
    mode: "check",
    keyOf: (host, fingerprint) => {
      hostKeys[host] = fingerprint;
    },
    record: (host, play, title, item, machine) => steps.push(stateStep(host, play.name, title, item, machine.world)),
  });
  return { result, plan: { version: packageJson.version, inputs: inputDigests(project), hostKeys, steps } };
}

/** Plans again, is refused on any difference, and applies. */
async function runSaved(project: LoadedProject, base: ProjectRunOptions, options: RunOptions): Promise<RunResult> {
  const saved = options.plan as unknown as Statement;
  const fresh = await statement(project, { ...base, emit: () => undefined });
  const refused = differences(saved, fresh.plan);
  if (refused.length > 0) {
    base.emit({ event: "summary", mode: "apply", hosts: fresh.result.hosts, seconds: fresh.result.seconds });
    return { ...shown(fresh.result), refused };
  }
  const open = new Set(
    saved.steps
      .filter((step) => step.status === "maybe" || step.status === "unknown")
      .map((step) => `${step.host}\0${step.place}`),
  );
  const refuse = (host: string, item: { place: string }): string | undefined =>
    open.has(`${host}\0${item.place}`)
      ? "the saved plan could not tell what this step does, and a saved plan does nothing it did not state (--accept-open runs it)"
      : undefined;
  return shown(await runProject(project, options.acceptOpen ? base : { ...base, refuse }));
}

function differences(saved: Statement, fresh: Statement): string[] {
  if (saved.version !== packageJson.version)
    return [`it was made by version ${saved.version}, and this is ${packageJson.version}`];
  const { inputs, hostKeys } = fresh;
  const files = [...new Set([...Object.keys(saved.inputs), ...Object.keys(inputs)])].filter(
    (file) => saved.inputs[file] !== inputs[file],
  );
  if (files.length > 0) return [`${files.join(", ")} ${files.length === 1 ? "has" : "have"} changed since`];
  const other = Object.keys(saved.hostKeys).find(
    (host) => hostKeys[host] !== undefined && hostKeys[host] !== saved.hostKeys[host],
  );
  if (other !== undefined) return [`${other}: it answers with another host key`];
  const difference = firstDifference(saved.steps, fresh.steps);
  return difference === undefined ? [] : [`${difference.host}: ${difference.text}`];
}

function shown(result: HostsResult): RunResult {
  return { hosts: result.hosts, refused: [] };
}
