import type { Value } from "../base/value.ts";
import { mergeNodes } from "../language/merge.ts";
import type { MapNode, Node } from "../language/node.ts";
import type { RoleLibrary } from "./roles.ts";
import { under } from "./roles.ts";
import { defaultsFor, type Schema } from "./schema-tree.ts";

/** What a host's variables come to for a name: a tree of nodes whose leaves are computed when they are read. */
export interface Folded {
  names(): Iterable<string>;
  node(name: string): Node | undefined;
  /** True for a name that the step's own layers change: its value is the step's, not the host's. */
  ofStep(name: string): boolean;
  /** True for a role that no layer says anything of: it has its defaults, which need not be read to know that. */
  isDefault(name: string): boolean;
}

/** The layers of a host in a play folded, name by name, when a name is asked for. Shared by all steps of the host in the play. */
export class Fold implements Folded {
  /** Values of leaves that depend on nothing that changes while the program runs, with the schema they were read by and the variables they were made from. */
  readonly memo = new WeakMap<Node, { schema: Schema | undefined; value: Value; names: readonly string[] }>();
  /** Values of names without any computed leaf. */
  readonly literals = new Map<string, Value>();
  readonly #nodes = new Map<string, Node | undefined>();
  readonly #layers: readonly MapNode[];
  readonly #extra: MapNode | undefined;
  readonly #library: RoleLibrary;
  #names: Set<string> | undefined;

  /** `layers`: lowest first, role defaults not among them; `extra`: the layer above everything (`-e`). */
  constructor(layers: readonly MapNode[], extra: MapNode | undefined, library: RoleLibrary) {
    this.#layers = layers;
    this.#extra = extra;
    this.#library = library;
  }

  names(): Set<string> {
    this.#names ??= new Set([
      ...this.#library.names(),
      ...this.#layers.flatMap((layer) => [...layer.entries.keys()]),
      ...(this.#extra?.entries.keys() ?? []),
    ]);
    return this.#names;
  }

  node(name: string): Node | undefined {
    if (!this.#nodes.has(name)) this.#nodes.set(name, this.foldWith(name, []));
    return this.#nodes.get(name);
  }

  ofStep(): boolean {
    return false;
  }

  /** True for a name that any layer sets: not only the defaults of a role. */
  isGiven(name: string): boolean {
    return this.isExtra(name) || this.#layers.some((layer) => layer.entries.has(name));
  }

  isDefault(name: string): boolean {
    return this.#library.has(name) && !this.isGiven(name);
  }

  /** True for a name that `-e` sets: nothing a step registers or sets changes it. */
  isExtra(name: string): boolean {
    return this.#extra?.entries.has(name) ?? false;
  }

  /** The value of a name with further layers between the host's and `-e`. */
  foldWith(name: string, over: readonly MapNode[]): Node | undefined {
    const layers = [...this.#layers, ...over, ...(this.#extra === undefined ? [] : [this.#extra])];
    const nodes = layers.flatMap((layer) => layer.entries.get(name)?.value ?? []);
    const role = this.#library.has(name) ? this.#library.get(name) : undefined;
    if (role === undefined) return foldNodes(nodes);
    const bottom: MapNode =
      role.schema === undefined
        ? emptied(role.defaults)
        : (defaultsFor(role.schema, foldNodes(nodes), role.defaults.origin) ?? emptied(role.defaults));
    return foldNodes([bottom, ...nodes]);
  }
}

/** The host's variables with the layers of one step over them. */
export class StepFold implements Folded {
  readonly #base: Fold;
  readonly #over: readonly MapNode[];
  readonly #own: Set<string>;
  readonly #nodes = new Map<string, Node | undefined>();

  constructor(base: Fold, over: readonly MapNode[]) {
    this.#base = base;
    this.#over = over;
    this.#own = new Set(over.flatMap((layer) => [...layer.entries.keys()]));
  }

  names(): Iterable<string> {
    return new Set([...this.#base.names(), ...this.#own]);
  }

  node(name: string): Node | undefined {
    if (!this.#own.has(name)) return this.#base.node(name);
    if (!this.#nodes.has(name)) this.#nodes.set(name, this.#base.foldWith(name, this.#over));
    return this.#nodes.get(name);
  }

  ofStep(name: string): boolean {
    return this.#own.has(name);
  }

  isDefault(name: string): boolean {
    return !this.#own.has(name) && this.#base.isDefault(name);
  }
}

/** Values of one name, lowest first, as one: a `null` on top leaves nothing. */
function foldNodes(nodes: readonly Node[]): Node | undefined {
  if (nodes.length === 0) return undefined;
  const merged = mergeNodes(nodes.map((node) => asLayer(node)));
  return merged.kind === "map" ? merged.entries.get("value")?.value : undefined;
}

function asLayer(node: Node): MapNode {
  if (node.kind === "map") return under("value", node);
  return {
    kind: "map",
    entries: new Map([["value", { key: "value", keyPlace: node.place, value: node }]]),
    origin: node.origin,
    place: node.place,
  };
}

function emptied(map: MapNode): MapNode {
  return { ...map, entries: new Map() };
}
