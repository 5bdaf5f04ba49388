import type { Value } from "../base/value.ts";
import { Fault } from "../errors/fault.ts";
import type { Node, Origin } from "./node.ts";
import { emptyNode, readWithLibrary, writeWithLibrary } from "./yaml-library.ts";
import { readPlainYaml } from "./yaml-plain.ts";

export { literalValue, toNode } from "./convert.ts";

/**
 * Reads one YAML document (JSON is YAML) as nodes with places. An empty text is a null scalar. Throws a Fault for
 * everything that is not valid or that is a trap: unknown tags, `{{ x }}` without quotes, duplicate keys, `<<`, several
 * documents, nesting deeper than 100 levels, aliases that expand to more than 200,000 nodes.
 */
export function parseYaml(text: string, origin: Origin): Node {
  const plain = readPlainYaml(text, origin);
  if (plain !== undefined) return plain;
  const nodes = readWithLibrary(text, origin);
  const second = nodes[1];
  if (second !== undefined) {
    throw new Fault("yaml-documents", "the file holds more than one YAML document", {
      place: second.place,
      hint: "keep one document, without `---` after the first line",
    });
  }
  return nodes[0] ?? emptyNode(origin);
}

/** Reads all documents of a stream; `parseYaml` says what faults are thrown. */
export function parseYamlDocuments(text: string, origin: Origin): Node[] {
  return readWithLibrary(text, origin);
}

/**
 * A value as YAML in block style, ending with a newline. Texts that any YAML version would read as something else are
 * quoted. The value must hold no secrets and nothing lazy that cannot be computed.
 */
export function writeYaml(value: Value): string {
  return writeWithLibrary(value);
}
