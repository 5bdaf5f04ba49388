/**
 * The contract of a resource kind: a piece of host state that can be read.
 *
 * A kind is one file. Its `reader` is the body of a POSIX shell function that is given keys as "$@" and prints, for each
 * key, `INDEX LINE` (INDEX counts from 0, in any order; LINE is the canonical line). Everything of a platform is inside
 * the reader, and the shell library of changes; they find out on the host which tool is there. The same reader is used to
 * read, to guard (on the host, text against text) and to prove.
 */
export interface ResourceKind<V extends object> {
  /** Name of the kind, also of its aspect: `file`, `file.hash`, `package`. */
  kind: string;
  /** One sentence for the documentation. */
  summary: string;
  /** Body of the shell function `read_<kind>` (dots become underscores), see above. */
  reader: string;
  /** Shell functions that the reader calls, sent once. The library for changes is not there: a reader that needs a part of it brings it along. */
  functions?: string;
  /** The canonical line, typed and back: `show(parse(line)) === line`. */
  line: LineFormat<V>;
  /** True for a value that says that the thing is not there: after an opaque change such a value is not known. */
  isAbsent(value: V): boolean;
  /** An opaque read (glob, condition, find): stale after any change, not only after one that touches its key. */
  opaque?: boolean;
  /** After any change nothing can be said of it: the output of a command. */
  unpredictable?: boolean;
  /** Reads that also must run as the step's user, not as the channel's (conditions, commands). */
  asUser?: boolean;
  /** The kind whose line guards this one where the own line is bulky or secret (content → hash), with the same key. */
  guard?: ResourceKind<object>;
  /** Facts that change with this kind: names below `facts`. */
  facts?: readonly string[];
}

/** A resource: a kind and a key. Make them by the kind's own function: `file("/etc/hosts")`. */
export interface Ref<V extends object = object> {
  kind: ResourceKind<V>;
  key: string;
}

export interface LineFormat<V extends object> {
  parse(line: string): V;
  show(value: V): string;
  /** A `case` pattern for the shell: literal parts quoted, a field left out is `*`. */
  pattern(fields: Partial<V>): string;
}

/** What a resource will show after a change: the fields given, the others open. `not`: a line that must not match (a restart: another start time). */
export interface Prediction<V extends object = object> {
  ref: Ref<V>;
  fields: Partial<V>;
  not?: Partial<V>;
}

/** Typed helper, so that fields are checked against the kind. */
export function becomes<V extends object>(ref: Ref<V>, fields: Partial<V>, not?: Partial<V>): Prediction {
  return not === undefined ? { ref, fields } : { ref, fields, not };
}

/** What else may differ after a change. `below`: keys with this prefix path of that kind (all aspects of it: `file` means `file`, `file.hash`…). */
export type Touch = "everything" | { kind: string; below?: string };
