import { type FactGroup, type FactRow, type FactType, factTable } from "./table.ts";

export { type FactGroup, factTable } from "./table.ts";

/**
 * What a host is, typed: the type `Facts` and the names that expressions may use, both made from the table. What a host
 * does not tell is null (or an empty list or map), never an error.
 */

/** A mounted file system. */
export interface MountFact {
  path: string;
  source: string;
  type: string;
  options: string[];
}

/** A network interface. Addresses with their prefix length: `192.168.1.5/24`. */
export interface InterfaceFact {
  ipv4: string[];
  ipv6: string[];
  mac: string | null;
  mtu: number | null;
  up: boolean;
}

/** A route of the main table. `destination` is `default` or a prefix. */
export interface RouteFact {
  family: "ipv4" | "ipv6";
  destination: string;
  gateway: string | null;
  interface: string | null;
}

/** What the types of the table are in TypeScript. */
interface FactTypes {
  string: string | null;
  number: number | null;
  boolean: boolean | null;
  "list of strings": string[];
  "list of mounts": MountFact[];
  "map of interfaces": { [name: string]: InterfaceFact };
  "list of routes": RouteFact[];
}

type Row = (typeof factTable)[number];
type Head<Name> = Name extends `${infer First}.${string}` ? First : Name;
type TypeOf<Name> =
  Extract<Row, { name: Name }> extends { type: infer Type extends FactType } ? FactTypes[Type] : never;
type Below<Name, First extends string> = Name extends `${First}.${infer Rest}` ? Rest : never;

/** The facts of a host: `facts` in expressions. */
export type Facts = {
  [First in Head<Row["name"]>]: First extends Row["name"]
    ? TypeOf<First>
    : { [Rest in Below<Row["name"], First>]: TypeOf<`${First}.${Rest}`> };
};

/** What may stand below a name. `closed`: these keys alone. `open`: any key, each like `each`. `list`: items like `each`. */
export type FactNames =
  | { kind: "closed"; entries: { readonly [key: string]: FactNames } }
  | { kind: "open"; each: FactNames }
  | { kind: "list"; each: FactNames }
  | { kind: "leaf"; type: "string" | "number" | "boolean" };

const text: FactNames = { kind: "leaf", type: "string" };
const texts: FactNames = { kind: "list", each: text };
const shapes: Record<FactType, FactNames> = {
  string: text,
  number: { kind: "leaf", type: "number" },
  boolean: { kind: "leaf", type: "boolean" },
  "list of strings": texts,
  "list of mounts": {
    kind: "list",
    each: { kind: "closed", entries: { path: text, source: text, type: text, options: texts } },
  },
  "map of interfaces": {
    kind: "open",
    each: {
      kind: "closed",
      entries: {
        ipv4: texts,
        ipv6: texts,
        mac: text,
        mtu: { kind: "leaf", type: "number" },
        up: { kind: "leaf", type: "boolean" },
      },
    },
  },
  "list of routes": {
    kind: "list",
    each: { kind: "closed", entries: { family: text, destination: text, gateway: text, interface: text } },
  },
};

/** The names below `facts`, for the check of expressions before any host is read. */
export const factNames: FactNames = nest(factTable);

function nest(rows: readonly FactRow[]): FactNames {
  const entries: Record<string, FactNames> = {};
  for (const row of rows) {
    const [first = "", rest] = row.name.split(".", 2);
    if (rest === undefined) entries[first] = shapes[row.type];
    else {
      const inner = entries[first];
      const known = inner?.kind === "closed" ? inner.entries : {};
      entries[first] = { kind: "closed", entries: { ...known, [rest]: shapes[row.type] } };
    }
  }
  return { kind: "closed", entries };
}

/**
 * The groups to read for the facts that are used. Names are paths below `facts` (`os.family`, `interfaces`, also deeper
 * ones and parts of names: `os`); the empty name is all of them.
 */
export function factKeys(names: Iterable<string>): FactGroup[] {
  const groups = new Set<FactGroup>();
  for (const name of names) {
    for (const row of factTable) {
      if (name === "" || row.name === name || row.name.startsWith(`${name}.`) || name.startsWith(`${row.name}.`))
        for (const group of row.groups) groups.add(group);
    }
  }
  return [...groups].sort();
}
