import type { Place } from "../errors/place.ts";

/** Where a document came from; shared by all its nodes. */
export interface Origin {
  /** Path as shown to people. */
  file: string;
  /** Absolute path, for finding what a document names; absent for what has no file (`-e`, a host list, an executable). */
  path?: string;
  /** The layer of variables, for people: `group web`, `host pi-1`, `-e`. */
  layer?: string;
  /** True for data that is never a template: executable inventories, `-e @file`, facts. */
  data?: boolean;
}

interface Base {
  origin: Origin;
  place: Place;
}

/** A YAML scalar. `raw` is its source text, quotes and block header included (a number keeps how it was written); `quoted` is true for quoted and block styles. */
export interface ScalarNode extends Base {
  kind: "scalar";
  value: null | boolean | number | string;
  raw: string;
  quoted: boolean;
}
/** `!expr "…"`: computed when it is read. */
export interface ExprNode extends Base {
  kind: "expr";
  source: string;
  /** Place of the first character of the expression itself. */
  sourcePlace: Place;
  /** Source text of the scalar, for places inside it; absent when it did not come from a file. */
  raw?: string;
}
/** `!raw "…"`: text that is never a template. */
export interface RawNode extends Base {
  kind: "raw";
  value: string;
}
/** `!append [x]`: added to the list of the layer below. */
export interface AppendNode extends Base {
  kind: "append";
  items: Node[];
}
export interface ListNode extends Base {
  kind: "list";
  items: Node[];
}
export interface MapNode extends Base {
  kind: "map";
  entries: Map<string, MapEntry>;
}
export interface MapEntry {
  key: string;
  keyPlace: Place;
  value: Node;
}

/** A value as it stands in a document, with its place: what variables, arguments and conditions are before evaluation. */
export type Node = ScalarNode | ExprNode | RawNode | AppendNode | ListNode | MapNode;
