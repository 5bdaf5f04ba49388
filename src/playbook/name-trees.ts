import { type FactNames, factNames } from "../facts/schema.ts";
import { LEAF, type NameKey, type NameMap, type NameTree, OPEN } from "../language/check-names.ts";
import type { Node } from "../language/node.ts";
import { isTemplate } from "../language/text.ts";

const trees = new WeakMap<Node, NameTree>();

/** What can be read from a value as it stands in the files; what is computed may hold anything. */
export function treeOfNode(node: Node): NameTree {
  const tree = trees.get(node) ?? makeTree(node);
  trees.set(node, tree);
  return tree;
}

function makeTree(node: Node): NameTree {
  switch (node.kind) {
    case "map":
      return mapTree([...node.entries.values()].map(({ key, value }) => [key, { tree: treeOfNode(value) }]));
    case "list":
    case "append":
      return { kind: "list", items: anyOf(node.items.map(treeOfNode)) ?? OPEN };
    case "raw":
      return LEAF;
    case "scalar":
      return typeof node.value === "string" && node.origin.data !== true && isTemplate(node.value)
        ? OPEN
        : node.value === null
          ? OPEN
          : LEAF;
    case "expr":
      return OPEN;
  }
}

/** A map with exactly these keys. */
export function mapTree(keys: Iterable<readonly [string, NameKey]>): NameMap {
  return { kind: "map", keys: new Map(keys), closed: true };
}

/** What may be read where it is one of two: keys of either. */
export function eitherTree(a: NameTree | undefined, b: NameTree): NameTree {
  if (a === undefined || a === b) return b;
  if (a.kind === "list" && b.kind === "list") return { kind: "list", items: eitherTree(a.items, b.items) };
  if (a.kind === "leaf" && b.kind === "leaf") return LEAF;
  if (a.kind !== "map" || b.kind !== "map") return OPEN;
  const keys = new Map(a.keys);
  for (const [key, entry] of b.keys) {
    const known = keys.get(key);
    keys.set(
      key,
      known === undefined
        ? entry
        : {
            ...entry,
            tree: eitherTree(known.tree, entry.tree),
            optional: entry.optional === true && known.optional === true,
          },
    );
  }
  return { kind: "map", keys, closed: a.closed && b.closed, rest: a.rest ?? b.rest };
}

/** What may be read where it is one of several; `undefined` for none. */
export function anyOf(trees: readonly NameTree[]): NameTree | undefined {
  return trees.reduce<NameTree | undefined>((all, tree) => eitherTree(all, tree), undefined);
}

/** Below `facts`. */
export const factTree: NameTree = fromFacts(factNames);

function fromFacts(names: FactNames): NameTree {
  switch (names.kind) {
    case "closed":
      return mapTree(Object.entries(names.entries).map(([key, below]) => [key, { tree: fromFacts(below) }]));
    case "open":
      return { kind: "map", keys: new Map(), closed: false, rest: fromFacts(names.each) };
    case "list":
      return { kind: "list", items: fromFacts(names.each) };
    case "leaf":
      return LEAF;
  }
}
