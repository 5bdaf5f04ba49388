import { Fault } from "../errors/fault.ts";
import { nearest } from "../base/nearest.ts";
import type { NameTree } from "../language/check-names.ts";
import type { MapNode, Node } from "../language/node.ts";
import { checkArgs } from "../modules/check-args.ts";
import { checkLocalFiles } from "./check-files.ts";
import type { Findings } from "./findings.ts";
import { literalText } from "./form.ts";
import { attempt } from "./loading.ts";
import type { KnownNames, UseSite } from "./known-names.ts";
import { eitherTree, treeOfNode } from "./name-trees.ts";
import { guardsOf, type Uses, usesOf, usesOfCondition } from "./name-uses.ts";
import { nameFault } from "./names.ts";
import type { Include, Inherited, Play, RoleCall, Step, TaskNode } from "./tree.ts";
import type { Variables } from "./variables.ts";

/** How deep includes that include each other are followed. */
const MAX_INCLUDES = 8;

/** Where the walk through a play is. */
interface Position {
  play: Play;
  hosts: readonly string[];
  /** Names that exist by now; grows on the way. */
  results: Set<string>;
  /** Names that some step of the play brings. */
  all: ReadonlySet<string>;
  locals: ReadonlySet<string>;
  open: { yes: boolean };
  depth: number;
}

/** Walks the tasks of plays in the order in which they run, and holds every name, argument and file in them. */
export class TaskCheck {
  /** Roles that literal includes run, by play. */
  readonly included = new Map<Play, RoleCall[]>();
  readonly #variables: Variables;
  readonly #known: KnownNames;
  readonly #findings: Findings;
  /** Every loop variable of the playbook: a variable may use one, if it is read in that loop. */
  readonly #loopVars: ReadonlySet<string>;
  /** Layers of variables whose names have been held, by play. */
  #layers = new Set<MapNode>();
  readonly #own = new WeakMap<readonly MapNode[], ReadonlyMap<string, NameTree>>();

  constructor(variables: Variables, known: KnownNames, findings: Findings, loopVars: ReadonlySet<string>) {
    this.#variables = variables;
    this.#known = known;
    this.#findings = findings;
    this.#loopVars = loopVars;
  }

  play(play: Play, before: ReadonlySet<string>, all: ReadonlySet<string>): void {
    this.#layers = new Set();
    const hosts = this.#findings.attempt(() => this.#variables.options.hostsOf(play.hosts)) ?? [];
    const at: Position = {
      play,
      hosts,
      results: new Set(before),
      all,
      locals: new Set(),
      open: { yes: false },
      depth: 0,
    };
    this.#tasks(play.preflight, { ...at, results: new Set([...before, ...all]) });
    for (const section of play.sections) this.#tasks(section.tasks, at);
    const end: Position = { ...at, results: new Set([...before, ...all]) };
    this.#tasks(play.handlers, end);
    this.#tasks(play.verify, end);
    const site = this.#site(undefined, end, []);
    for (const node of [play.serial, play.become.user, play.become.method, ...play.environment])
      this.#uses(usesOf(node), site, hosts);
    for (const call of play.roles) this.#invariants(call, end);
  }

  /** What the inventory, the plays and the roles' defaults declare, for every host that it is declared for. */
  declarations(open: boolean): void {
    const { inventory, playbook, hostsOf, library } = this.#variables.options;
    const members = playbook.plays.map((play) => ({
      play,
      hosts: new Set(this.#findings.attempt(() => hostsOf(play.hosts)) ?? []),
    }));
    for (const host of new Set([...inventory.hosts.keys(), ...members.flatMap((member) => [...member.hosts])])) {
      const plays = members.filter((member) => member.hosts.has(host)).map((member) => member.play);
      for (const play of plays.length === 0 ? [undefined] : plays) {
        const fold = this.#variables.fold(host, play);
        const inPlay = new Set(play?.roleNames.flatMap((name) => [name, ...(library.get(name)?.uses ?? [])]));
        for (const name of fold.names()) {
          // The defaults of a role that is not used here are nobody's mistake here: `lint` checks the role itself.
          if (library.has(name) && !inPlay.has(name) && !fold.isGiven(name)) continue;
          const node = fold.node(name);
          const uses = usesOf(node);
          if (uses.paths.length === 0 && uses.faults.length === 0) continue;
          const role = library.has(name) ? library.get(name) : undefined;
          this.#uses(
            uses,
            {
              play,
              role,
              own: new Map(),
              locals: this.#loopVars,
              results: this.#known.results,
              later: new Set(),
              open,
              guards: [],
            },
            [host],
          );
        }
      }
    }
  }

  #tasks(tasks: readonly TaskNode[], at: Position): void {
    for (const task of tasks) {
      if (task.kind === "step") this.#step(task, at);
      else if (task.kind === "include") this.#include(task, at);
      else if (task.kind === "block") for (const part of [task.block, task.rescue, task.always]) this.#tasks(part, at);
      else this.#conditions(task, this.#site(task, at, []), at);
    }
  }

  #step(step: Step, at: Position): void {
    for (const fault of checkArgs(step.module, step.args)) this.#findings.add(fault);
    const outside = this.#site(step, at, []);
    this.#value(step.loop, outside, at);
    if (typeof step.title !== "string") this.#value(step.title, outside, at);
    const locals =
      step.loop === undefined
        ? at.locals
        : new Set([...at.locals, step.loopVar, ...(step.indexVar === undefined ? [] : [step.indexVar])]);
    const inner: Position = { ...at, locals };
    this.#conditions(step, this.#site(step, inner, []), at);
    const site = this.#site(step, inner, guardsOf(step.when));
    for (const { key, value } of step.args.entries.values()) {
      this.#uses(step.module.args[key]?.kind === "condition" ? usesOfCondition(value) : usesOf(value), site, at.hosts);
    }
    this.#uses(checkLocalFiles(step), site, at.hosts);
    for (const node of [step.loopLabel, ...step.notify]) this.#value(node, site, at);
    this.#surroundings(step, site, at);
    const after = step.register === undefined ? site : { ...site, results: new Set([...site.results, step.register]) };
    for (const node of [...(step.failedWhen ?? []), ...(step.changedWhen ?? []), ...(step.until ?? [])])
      this.#uses(usesOfCondition(node), after, at.hosts);
    if (step.register !== undefined) at.results.add(step.register);
    if (step.module.name !== "set_fact") return;
    for (const { key, keyPlace } of step.args.entries.values()) {
      const bad =
        nameFault("variable", key, keyPlace) ??
        (this.#variables.options.library.has(key)
          ? new Fault("bad-name", `"${key}" cannot be set: it holds the parameters of role ${key}`, {
              place: keyPlace,
              hint: "choose another name",
            })
          : undefined);
      if (bad !== undefined) this.#findings.add(bad);
      at.results.add(key);
    }
  }

  #include(include: Include, at: Position): void {
    const outside = this.#site(include, at, []);
    this.#value(include.loop, outside, at);
    const locals =
      include.loop === undefined
        ? at.locals
        : new Set([...at.locals, include.loopVar, ...(include.indexVar === undefined ? [] : [include.indexVar])]);
    const inner: Position = { ...at, locals };
    this.#conditions(include, this.#site(include, inner, []), at);
    const site = this.#site(include, inner, guardsOf(include.when));
    for (const node of [include.target, include.from, include.with, include.loopLabel]) this.#value(node, site, at);
    this.#surroundings(include, site, at);
    const from = literalText(include.from);
    if (include.literal === undefined || (include.from !== undefined && from === undefined)) {
      at.open.yes = true;
      return;
    }
    if (at.depth >= MAX_INCLUDES) return;
    const { literal } = include;
    // What is wrong with the included files has been reported when the playbook was loaded.
    const brought = attempt([], () => include.resolve(literal, from));
    if (brought === undefined) return;
    this.included.set(at.play, [...(this.included.get(at.play) ?? []), ...brought.roles]);
    for (const { key, value } of brought.vars?.entries.values() ?? []) {
      at.results.add(key);
      this.#uses(
        usesOf(value),
        this.#site(include, { ...inner, results: new Set([...at.results, ...at.all]) }, []),
        at.hosts,
      );
    }
    const deeper: Position = { ...inner, depth: at.depth + 1 };
    this.#tasks(brought.tasks, deeper);
    this.#tasks(brought.handlers, { ...deeper, results: new Set([...at.results, ...at.all]) });
    for (const call of brought.roles) this.#invariants(call, deeper);
  }

  /** Conditions in their order: what one asks for with has(), the next may use. */
  #conditions(task: Inherited, site: UseSite, at: Position): void {
    task.when.forEach((node, index) =>
      this.#uses(usesOfCondition(node), { ...site, guards: guardsOf(task.when.slice(0, index)) }, at.hosts),
    );
  }

  /** What stands around a task: identity, environment, delegation, and the layers of its variables. */
  #surroundings(task: Inherited, site: UseSite, at: Position): void {
    const { become, user, method } = task.become;
    for (const node of [
      typeof become === "object" ? become : undefined,
      user,
      method,
      task.delegateTo,
      ...task.environment,
    ])
      this.#value(node, site, at);
    if (typeof task.ignoreErrors === "object") this.#uses(usesOfCondition(task.ignoreErrors), site, at.hosts);
    // A variable of a block may use what a task in it registers: it is computed when it is read.
    const layers = task.vars.filter((layer) => !this.#layers.has(layer));
    if (layers.length > 0) {
      const whole: UseSite = {
        ...site,
        locals: new Set([...at.locals, ...this.#loopVars]),
        results: new Set([...at.results, ...at.all]),
      };
      for (const layer of layers) this.#uses(usesOf(layer), whole, at.hosts);
      for (const layer of layers) this.#layers.add(layer);
      for (const { key, keyPlace } of layers.flatMap((layer) => [...layer.entries.values()])) {
        const bad = this.#variables.options.library.has(key) ? undefined : nameFault("variable", key, keyPlace);
        if (bad !== undefined) this.#findings.add(bad);
      }
    }
    this.#delegation(task.delegateTo);
  }

  #delegation(node: Node | undefined): void {
    const name = literalText(node);
    const { inventory } = this.#variables.options;
    if (node === undefined || name === undefined || inventory.host(name) !== undefined) return;
    const near = nearest(name, inventory.hosts.keys());
    this.#findings.add(
      new Fault("unknown-host-name", `there is no host "${name}"`, {
        place: node.place,
        hint: near === undefined ? "`provision list hosts` shows all" : `did you mean "${near}"?`,
      }),
    );
  }

  #invariants(call: RoleCall, at: Position): void {
    for (const invariant of call.role.invariants) {
      const site: UseSite = { ...this.#site(undefined, at, []), role: call.role, results: new Set(), later: new Set() };
      this.#value(invariant.loop, site, at);
      const inner = invariant.loop === undefined ? site : { ...site, locals: new Set(["item"]) };
      this.#value(invariant.name, inner, at);
      for (const node of invariant.expr) this.#uses(usesOfCondition(node), inner, at.hosts);
    }
  }

  #value(node: Node | undefined, site: UseSite, at: Position): void {
    this.#uses(usesOf(node), site, at.hosts);
  }

  #uses(uses: Uses, site: UseSite, hosts: readonly string[]): void {
    for (const fault of uses.faults) this.#findings.add(fault);
    for (const use of uses.paths) {
      const wrong = this.#known.check(use, site, hosts);
      if (wrong === undefined) continue;
      if (wrong.hosts.length === 0) this.#findings.add(wrong.fault);
      for (const host of wrong.hosts) this.#findings.add(wrong.fault, host);
    }
  }

  #site(task: Inherited | undefined, at: Position, guards: readonly string[]): UseSite {
    return {
      play: at.play,
      role: task?.role,
      own: this.#ownTrees(task?.vars ?? []),
      locals: at.locals,
      results: at.results,
      later: at.all,
      open: at.open.yes,
      guards,
    };
  }

  #ownTrees(layers: readonly MapNode[]): ReadonlyMap<string, NameTree> {
    let trees = this.#own.get(layers);
    if (trees === undefined) {
      const made = new Map<string, NameTree>();
      for (const { key, value } of layers.flatMap((layer) => [...layer.entries.values()]))
        made.set(key, eitherTree(made.get(key), treeOfNode(value)));
      trees = made;
      this.#own.set(layers, trees);
    }
    return trees;
  }
}
