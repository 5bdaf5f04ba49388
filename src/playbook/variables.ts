import type { Value } from "../base/value.ts";
import { Fault } from "../errors/fault.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { newMap } from "../language/convert.ts";
import type { MapNode } from "../language/node.ts";
import { Fold, type Folded, StepFold } from "./fold.ts";
import type { RoleLibrary } from "./roles.ts";
import { HostScope } from "./scope.ts";
import type { Play, Playbook, Role } from "./tree.ts";

/** What a host has got while the program runs. `Names` of plan/ is one. The records are replaced, never changed in place. */
export interface Runtime {
  readonly registered: Readonly<Record<string, Value>>;
  /** By `set_fact`. */
  readonly facts: Readonly<Record<string, Value>>;
  /** By `include_vars`: joins the play's layer. */
  readonly included: readonly MapNode[];
}

/** Where the names of a step come from. */
export interface ScopeRequest {
  host: string;
  play: Play | undefined;
  /** The step (or block, include…): its role gives `platform`, its `vars` are the layers around it. */
  step?: { role: Role | undefined; vars: MapNode[] } | undefined;
  runtime?: Runtime | undefined;
  /** Loop variables. */
  locals?: Readonly<Record<string, Value>> | undefined;
}

/** What the variables of all hosts are made from. */
export interface VariablesOptions {
  inventory: Inventory;
  playbook: Playbook;
  library: RoleLibrary;
  /** Absolute folder of the project: `file(path)` starts from it. */
  folder: string;
  /** `-e`, one layer. */
  extra?: MapNode | undefined;
  /** Hosts of a pattern, in order (without `--limit`). */
  hostsOf(pattern: string): readonly string[];
  /** Facts of a host. May throw `Unknown` (or what the engine throws to have them read). */
  factsOf(host: string): Value;
  /** What other hosts have got in plays that are over. */
  runtimeOf?(host: string): Runtime | undefined;
}

const NOTHING: Runtime = { registered: {}, facts: {}, included: [] };
const NO_VARS: MapNode[] = [];

interface HostCache {
  fold: Fold;
  /** Folds of steps by their layers, which tasks of one role call or block share. */
  steps: WeakMap<MapNode[], { included: readonly MapNode[]; fold: StepFold }>;
  scopes: WeakMap<MapNode[], HostScope>;
  view?: { runtime: Runtime; value: { [key: string]: Value } };
}

/**
 * The variables of every host: layers folded once a host and play, leaves computed when they are read. `scope` gives the
 * names that a step sees; the same scope is given again while nothing has changed, so that a step costs no folding.
 */
export class Variables {
  readonly options: VariablesOptions;
  /** Values being computed, outermost first, for the way round that a cycle takes. */
  readonly stack: { host: string; path: string }[] = [];
  /** Counts reads of what can change while the program runs: a value computed without any is kept. */
  reads = 0;
  /** Variables that the value being computed was made from. */
  names: Set<string> | undefined;
  /** Counts evaluations from outside: what was computed in one may be used again within it. */
  epoch = 0;
  readonly #caches = new Map<Play | undefined, Map<string, HostCache>>();
  readonly #hosts = new Map<Play | undefined, { [key: string]: Value }>();
  #groups: Value | undefined;
  #roles: Value | undefined;

  constructor(options: VariablesOptions) {
    this.options = options;
  }

  /** The names that a step of a host sees. */
  scope(request: ScopeRequest): HostScope {
    const cache = this.#cache(request.host, request.play);
    const runtime = request.runtime ?? NOTHING;
    const vars = request.step?.vars ?? NO_VARS;
    const role = request.step?.role;
    const known = request.locals === undefined ? cache.scopes.get(vars) : undefined;
    if (known?.isFor(role, runtime) === true) return known;
    const fold = stepFold(cache, vars, runtime.included);
    const scope = new HostScope(this, {
      host: request.host,
      play: request.play,
      role,
      runtime,
      locals: request.locals,
      base: cache.fold,
      fold,
    });
    if (request.locals === undefined) cache.scopes.set(vars, scope);
    return scope;
  }

  /** The folded layers of a host in a play, without those of a step. */
  fold(host: string, play: Play | undefined): Fold {
    return this.#cache(host, play).fold;
  }

  /** `hosts["x"]`: what x itself sees in this play, without the layers of any step. Throws a Fault for an unknown host. */
  view(host: string, play: Play | undefined): { [key: string]: Value } {
    if (this.options.inventory.host(host) === undefined)
      throw new Fault("unknown-host-name", `there is no host "${host}"`);
    const cache = this.#cache(host, play);
    const runtime = this.options.runtimeOf?.(host) ?? NOTHING;
    if (cache.view?.runtime === runtime) return cache.view.value;
    const scope = this.scope({ host, play, runtime });
    const value = newMap();
    for (const name of scope.names()) {
      if (name === "hosts" || name === "groups" || name === "roles" || name === "platform") continue;
      Object.defineProperty(value, name, { enumerable: true, configurable: true, get: () => scope.get(name) });
    }
    cache.view = { runtime, value };
    return value;
  }

  /** The root name `hosts`. */
  hosts(play: Play | undefined): Value {
    let value = this.#hosts.get(play);
    if (value === undefined) {
      value = newMap();
      for (const name of this.options.inventory.hosts.keys()) {
        Object.defineProperty(value, name, { enumerable: true, configurable: true, get: () => this.view(name, play) });
      }
      if (!Object.hasOwn(value, "localhost"))
        Object.defineProperty(value, "localhost", {
          enumerable: false,
          configurable: true,
          get: () => this.view("localhost", play),
        });
      this.#hosts.set(play, value);
    }
    return value;
  }

  /** The root name `groups`: lists of host names. */
  groups(): Value {
    if (this.#groups === undefined) {
      const groups = newMap();
      for (const name of this.options.inventory.groups.keys()) groups[name] = this.options.inventory.hostsOf(name);
      this.#groups = groups;
    }
    return this.#groups;
  }

  /** The root name `roles`: for each role the hosts that a play of this playbook gives it to. */
  roles(): Value {
    if (this.#roles === undefined) {
      const roles = newMap();
      for (const name of this.options.library.names())
        Object.defineProperty(roles, name, { enumerable: true, configurable: true, get: () => this.hostsOfRole(name) });
      this.#roles = roles;
    }
    return this.#roles;
  }

  /** Hosts that a role runs on, in the order of the inventory. */
  hostsOfRole(role: string): string[] {
    const found = new Set(
      this.options.playbook.plays
        .filter((play) => play.roleNames.includes(role))
        .flatMap((play) => this.options.hostsOf(play.hosts)),
    );
    const known = [...this.options.inventory.hosts.keys()].filter((name) => found.has(name));
    return [...known, ...[...found].filter((name) => !known.includes(name))];
  }

  #cache(host: string, play: Play | undefined): HostCache {
    const caches = this.#caches.get(play) ?? new Map<string, HostCache>();
    this.#caches.set(play, caches);
    const known = caches.get(host);
    if (known !== undefined) return known;
    const { inventory, extra, library } = this.options;
    const layers = [...inventory.layers(host), ...(play?.vars ?? [])];
    const cache: HostCache = { fold: new Fold(layers, extra, library), steps: new WeakMap(), scopes: new WeakMap() };
    caches.set(host, cache);
    return cache;
  }
}

/** The layers of a step over those of its host; the same fold while neither changes. */
function stepFold(cache: HostCache, vars: MapNode[], included: readonly MapNode[]): Folded {
  if (vars.length === 0 && included.length === 0) return cache.fold;
  const known = cache.steps.get(vars);
  if (known?.included === included) return known.fold;
  const fold = new StepFold(cache.fold, [...included, ...vars]);
  cache.steps.set(vars, { included, fold });
  return fold;
}
