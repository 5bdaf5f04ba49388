import type { Secret } from "../base/secret.ts";
import type { Value } from "../base/value.ts";

/**
 * Arguments of modules. One spec gives the TypeScript type, the validation, the documentation and the JSON Schema.
 * What kinds accept, after evaluation:
 *  string   text (a Secret counts); a number is refused with its source text as the thing to quote
 *  bool     true, false
 *  int      a safe integer        number  any finite number
 *  list     of `items`; a single value is taken as a list of one
 *  map      string keys → `items`; with `properties` these keys and no others, each with a spec of its own
 *  any      anything
 *  mode     quoted octal "0644", "644" or symbolic "u+x,g-r"; a bare number is refused; `choices` are words taken besides (`preserve`)
 *  path     absolute path on the host (`~/` is the home of the step's user); newline and NUL refused
 *  duration "1h30m", "45s", a number of seconds → seconds
 *  regex    a JavaScript regular expression, also with `(?P<name>…)`; compiled once for the check, given on as text
 *  source   a file or folder of the controller (`files/` of the role, beside the playbook): → LocalSource
 *  template a template of the controller (`templates/`): rendered → LocalText
 *  condition one CEL expression or a list of them (never text): the engine evaluates each → Condition[]
 */
export type ArgKind =
  | "string"
  | "bool"
  | "int"
  | "number"
  | "list"
  | "map"
  | "any"
  | "mode"
  | "path"
  | "duration"
  | "regex"
  | "source"
  | "template"
  | "condition";

export interface ArgSpec<T = unknown> {
  kind: ArgKind;
  doc: string;
  required?: boolean;
  default?: Value;
  choices?: readonly string[];
  items?: ArgSpec;
  /** The keys of a map that has a fixed form. */
  properties?: Readonly<Record<string, ArgSpec>>;
  /** The key that a value which is no map stands for (`port: 22`). */
  bare?: string;
  aliases?: readonly string[];
  secret?: boolean;
  /** Of a `source`: name of a bool argument; where that is true, this is a path on the host, given on as `HostPath`. */
  hostWhen?: string;
  /** Only for inference. */
  readonly type?: T;
}

type Options = Partial<Pick<ArgSpec, "required" | "default" | "aliases" | "secret" | "hostWhen">>;
type Given<T, O> = O extends { required: true } | { default: string | number | boolean | object } ? T : T | undefined;

export interface LocalFile {
  kind: "file";
  /** As written in the argument. */
  name: string;
  size: number;
  /** Permission bits on the controller. */
  mode: number;
  /** Lower-case hex. */
  sha256: string;
  bytes: () => Buffer;
}
export interface LocalFolder {
  kind: "folder";
  name: string;
  /** Everything below, parents first; `path` is relative with `/`. */
  entries: readonly {
    path: string;
    type: "file" | "folder" | "link";
    target?: string;
    /** Of a file; of a link that leads to a file. */
    file?: LocalFile;
    /** Of a link that leads to a folder (not to one it is in). */
    folder?: LocalFolder;
    /** Of a link: of what it leads to. */
    mode: number;
  }[];
}
export type LocalSource = LocalFile | LocalFolder;
/** What a `source` is that lies on the host (see `hostWhen`): its path as written. */
export interface HostPath {
  kind: "host";
  path: string;
}
/** A rendered template. */
export interface LocalText {
  name: string;
  text: string | Secret;
  mode: number;
}

/** A condition as it was written, and what it came to. */
export interface Condition {
  text: string;
  value: Value;
}

const spec =
  <T>(kind: ArgKind) =>
  <const O extends Options>(doc: string, options?: O): ArgSpec<Given<T, O>> => ({ kind, doc, ...options });

export const arg = {
  string: spec<string | Secret>("string"),
  bool: spec<boolean>("bool"),
  int: spec<number>("int"),
  number: spec<number>("number"),
  any: spec<Value>("any"),
  mode: spec<string>("mode"),
  path: spec<string>("path"),
  duration: spec<number>("duration"),
  regex: spec<string>("regex"),
  source: spec<LocalSource>("source"),
  sourceOrHost: spec<LocalSource | HostPath>("source"),
  template: spec<LocalText>("template"),
  condition: spec<Condition[]>("condition"),
  choice: <const C extends readonly string[], const O extends Options>(choices: C, doc: string, options?: O) =>
    ({ kind: "string", doc, choices, ...options }) as ArgSpec<Given<C[number], O>>,
  list: <T, const O extends Options>(items: ArgSpec<T>, doc: string, options?: O) =>
    ({ kind: "list", doc, items, ...options }) as ArgSpec<Given<NonNullable<T>[], O>>,
  /** A map of a fixed form; `bare` names the key that a single value stands for. */
  object: <const P extends Record<string, ArgSpec>, const O extends Options & { bare?: keyof P & string }>(
    properties: P,
    doc: string,
    options?: O,
  ) => ({ kind: "map", doc, properties, ...options }) as ArgSpec<Given<ArgsOf<P>, O>>,
  map: <T, const O extends Options>(items: ArgSpec<T>, doc: string, options?: O) =>
    ({ kind: "map", doc, items, ...options }) as ArgSpec<Given<{ [key: string]: NonNullable<T> }, O>>,
};

/** The evaluated arguments of a module. Optional ones are `undefined` when not given. */
export type ArgsOf<A extends Record<string, ArgSpec>> = { [K in keyof A]: A[K] extends ArgSpec<infer T> ? T : never };
