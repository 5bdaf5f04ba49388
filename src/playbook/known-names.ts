import {
  checkNames,
  LEAF,
  type NameKey,
  type NameMap,
  type NameTree,
  OPEN,
  schemaNames,
} from "../language/check-names.ts";
import type { NamePath } from "../language/names.ts";
import { nearest } from "../base/nearest.ts";
import { Fault } from "../errors/fault.ts";
import { OLD_NAMES } from "./habits.ts";
import { anyOf, eitherTree, factTree, mapTree, treeOfNode } from "./name-trees.ts";
import type { Play, Role } from "./tree.ts";
import type { Variables } from "./variables.ts";

/** Where a name is used, as far as it matters for which names there are. */
export interface UseSite {
  play: Play | undefined;
  role: Role | undefined;
  /** Variables of the layers around the step. */
  own: ReadonlyMap<string, NameTree>;
  /** Loop variables. */
  locals: ReadonlySet<string>;
  /** Results and set facts that exist by then. */
  results: ReadonlySet<string>;
  /** Those that the play brings at any time. */
  later: ReadonlySet<string>;
  /** True when something that is only known per host may have brought further names. */
  open: boolean;
  guards: readonly string[];
}

/** What every host of an inventory can read, held against the names that the files use. */
export class KnownNames {
  /** Every name that any step registers or sets, for what is read from other hosts. To be filled before the first use is held. */
  readonly results = new Set<string>();
  /** Roots that anything reads, for finding variables that nothing reads. */
  readonly read = new Set<string>();
  readonly #variables: Variables;
  readonly #roles = new Map<string, NameTree>();
  readonly #views = new Map<string, NameTree>();
  #anyHost: NameTree | undefined;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  /** Holds one use against what the hosts see. `undefined`: right for all of them; else for which hosts it is wrong, and how. */
  check(use: NamePath, site: UseSite, hosts: readonly string[]): { fault: Fault; hosts: string[] } | undefined {
    this.read.add(use.root);
    if (use.root === "hosts" && typeof use.path[1] === "string") this.read.add(use.path[1]);
    const shared = this.#sharedTree(use, site);
    if (shared instanceof Fault) return { fault: shared, hosts: [] };
    if (shared !== undefined) return this.#hold(use, shared, site, []);
    const wrong = new Map<string, { fault: Fault; hosts: string[] }>();
    for (const host of hosts) {
      const fault = this.#checkVariable(use, site, host);
      if (fault === undefined) continue;
      const known = wrong.get(fault.message) ?? { fault, hosts: [] };
      known.hosts.push(host);
      wrong.set(fault.message, known);
    }
    const [first] = wrong.values();
    return first;
  }

  /** What can be read below a role's name. */
  roleTree(name: string): NameTree {
    let tree = this.#roles.get(name);
    if (tree === undefined) {
      const schema = this.#variables.options.library.get(name)?.parameters;
      tree = schema === undefined ? mapTree([]) : schemaNames(schema);
      this.#roles.set(name, tree);
    }
    return tree;
  }

  #hold(
    use: NamePath,
    tree: NameTree | NameKey,
    site: UseSite,
    hosts: string[],
  ): { fault: Fault; hosts: string[] } | undefined {
    const key: NameKey = "kind" in tree ? { tree } : tree;
    const known: NameMap = { kind: "map", closed: true, keys: new Map([[use.root, key]]) };
    const [fault] = checkNames([use], known, { guards: site.guards });
    return fault === undefined ? undefined : { fault, hosts };
  }

  /** The tree of a name that is the same for every host; `undefined` for a variable. */
  #sharedTree(use: NamePath, site: UseSite): NameTree | NameKey | Fault | undefined {
    const { inventory, library } = this.#variables.options;
    const { root } = use;
    if (site.locals.has(root)) return OPEN;
    switch (root) {
      case "host":
        return mapTree([
          ["name", { tree: LEAF }],
          ["groups", { tree: { kind: "list", items: LEAF } }],
          ["addresses", { tree: this.#addresses() }],
        ]);
      case "hosts":
        return this.#hostsTree(use);
      case "groups":
        return mapTree([...inventory.groups.keys()].map((name) => [name, { tree: { kind: "list", items: LEAF } }]));
      case "roles":
        return mapTree(library.names().map((name) => [name, { tree: { kind: "list", items: LEAF } }]));
      case "facts":
        return factTree;
      case "item":
        return { tree: OPEN, refused: "it is there only in a task with `loop`; an invariant has it with `loop` too" };
      case "platform":
        return this.#platformTree(site.role);
    }
    if (library.has(root)) return this.roleTree(root);
    if (site.results.has(root)) return OPEN;
    return undefined;
  }

  /** Variables: whether this host has it, and what is below. */
  #checkVariable(use: NamePath, site: UseSite, host: string): Fault | undefined {
    const own = site.own.get(use.root);
    const below = this.#variableTree(use.root, host, site.play);
    const tree = below === undefined ? own : eitherTree(own, below);
    if (tree !== undefined) return this.#hold(use, tree, site, [])?.fault;
    if (site.open) return undefined;
    if (site.later.has(use.root)) {
      return new Fault("not-registered-yet", `${use.root} is registered only further down`, {
        place: use.place,
        hint: "move the step that registers it before this one",
      });
    }
    const hint = OLD_NAMES.get(use.root) ?? this.#hint(use.root, site, host);
    return new Fault("undefined-name", `there is no name ${use.root}`, { place: use.place, hint });
  }

  #hint(name: string, site: UseSite, host: string): string {
    const near = nearest(name, this.#names(site, host));
    if (near !== undefined) return `did you mean ${near}?`;
    return this.#isSomewhere(name)
      ? "other hosts have it: set it for a group that holds all hosts that need it"
      : "set it in the inventory or the play, or declare it as a parameter of the role";
  }

  #variableTree(name: string, host: string, play: Play | undefined): NameTree | undefined {
    const node = this.#variables.fold(host, play).node(name);
    return node === undefined ? undefined : treeOfNode(node);
  }

  #names(site: UseSite, host: string): string[] {
    return [
      ...this.#variables.fold(host, site.play).names(),
      ...site.own.keys(),
      ...site.results,
      ...site.locals,
      "host",
      "hosts",
      "groups",
      "roles",
      "facts",
      "platform",
    ];
  }

  #isSomewhere(name: string): boolean {
    return [...this.#variables.options.inventory.hosts.keys()].some(
      (host) => this.#variables.fold(host, undefined).node(name) !== undefined,
    );
  }

  #platformTree(role: Role | undefined): NameTree | NameKey {
    const [table] = role?.platformTables.values() ?? [];
    if (table !== undefined) return treeOfNode(table);
    return {
      tree: OPEN,
      refused:
        role === undefined
          ? "only steps of a role have it: names of a role's platforms/"
          : `role ${role.name} has no platforms/`,
    };
  }

  #addresses(): NameTree {
    const trees = [...this.#variables.options.inventory.hosts.keys()].flatMap(
      (host) => this.#variableTree("addresses", host, undefined) ?? [],
    );
    return anyOf(trees) ?? mapTree([]);
  }

  #hostsTree(use: NamePath): NameTree | Fault {
    const { inventory } = this.#variables.options;
    const [name] = use.path;
    if (name === undefined) return OPEN;
    if (name === null) return { kind: "map", keys: new Map(), closed: false, rest: this.#anyHostTree() };
    if (inventory.host(name) !== undefined) return mapTree([[name, { tree: this.#viewTree(name) }]]);
    const near = nearest(name, inventory.hosts.keys());
    return new Fault("unknown-host-name", `there is no host "${name}"`, {
      place: use.place,
      hint: near === undefined ? "`provision list hosts` shows all" : `did you mean "${near}"?`,
    });
  }

  #viewTree(host: string): NameTree {
    let tree = this.#views.get(host);
    if (tree === undefined) {
      const fold = this.#variables.fold(host, undefined);
      const { library, playbook } = this.#variables.options;
      const variables = [...fold.names()]
        .filter((name) => !library.has(name))
        .flatMap((name): [string, NameKey][] => {
          const node = fold.node(name);
          return node === undefined ? [] : [[name, { tree: treeOfNode(node) }]];
        });
      const plays = playbook.plays
        .flatMap((play) => play.vars.flatMap((layer) => [...layer.entries.keys()]))
        .map((name): [string, NameKey] => [name, { tree: OPEN }]);
      const roles = library.names().map((name): [string, NameKey] => [name, { tree: this.roleTree(name) }]);
      const results = [...this.results].map((name): [string, NameKey] => [name, { tree: OPEN }]);
      tree = mapTree([
        ["addresses", { tree: this.#addresses() }],
        ...results,
        ...plays,
        ...variables,
        ...roles,
        ["facts", { tree: factTree }],
        ["host", { tree: OPEN }],
      ]);
      this.#views.set(host, tree);
    }
    return tree;
  }

  #anyHostTree(): NameTree {
    const trees = (): NameTree[] =>
      [...this.#variables.options.inventory.hosts.keys()].map((host) => this.#viewTree(host));
    this.#anyHost ??= anyOf(trees()) ?? OPEN;
    return this.#anyHost;
  }
}
