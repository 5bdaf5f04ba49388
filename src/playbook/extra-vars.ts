import { resolve } from "node:path";
import { Fault } from "../errors/fault.ts";
import { mergeNodes } from "../language/merge.ts";
import type { MapNode, Node } from "../language/node.ts";
import { literalValue, parseYaml, toNode } from "../language/yaml.ts";
import { readText } from "./document.ts";
import { describe } from "./form.ts";
import { under } from "./roles.ts";

const LAYER = "-e";

/**
 * The layer of `-e`, from its values as they were typed: `name=VALUE`, `a.b=VALUE` (VALUE a YAML scalar), `@FILE` (a YAML or
 * JSON map, taken as data: nothing in it is a template). Later ones win. `undefined` without any. Throws a Fault or `Faults`.
 */
export function readExtraVars(given: readonly string[], cwd: string = process.cwd()): MapNode | undefined {
  if (given.length === 0) return undefined;
  const merged = mergeNodes(
    given.map((text) => (text.startsWith("@") ? readFile(text.slice(1), cwd) : readSetting(text))),
  );
  return merged.kind === "map" ? merged : undefined;
}

function readFile(name: string, cwd: string): Node {
  const path = resolve(cwd, name);
  const node = parseYaml(readText(path, { what: "variables of -e" }), {
    file: name,
    path,
    layer: `${LAYER} @${name}`,
    data: true,
  });
  if (node.kind === "map") return node;
  throw new Fault("wrong-form", `a file of variables has to be a map, and is ${describe(node)}`, { place: node.place });
}

function readSetting(text: string): MapNode {
  const equals = text.indexOf("=");
  const place = { file: LAYER, line: 1, column: 1, length: Math.max(1, text.length) };
  const path = text.slice(0, Math.max(0, equals)).trim().split(".");
  if (equals < 1 || path.some((key) => key === "")) {
    throw new Fault("wrong-form", `-e "${text}" is not of the form NAME=VALUE`, {
      hint: "write `-e name=value`, `-e a.b=value` or `-e @FILE`",
    });
  }
  const origin = { file: LAYER, layer: LAYER };
  const value = readScalar(text.slice(equals + 1), origin, { ...place, column: equals + 2 });
  return path.reduceRight<Node>(
    (inner, key) =>
      inner.kind === "map"
        ? under(key, inner)
        : { kind: "map", entries: new Map([[key, { key, keyPlace: place, value: inner }]]), origin, place },
    value,
  ) as MapNode;
}

/** A YAML scalar; what is not right YAML is text as it stands (`@home`, `a: b`, `[1`). */
function readScalar(text: string, origin: Node["origin"], place: Node["place"]): Node {
  const asText: Node = { kind: "scalar", value: text, raw: text, quoted: true, origin, place };
  try {
    const node = parseYaml(text, origin);
    if (node.kind === "expr" || node.kind === "raw") return { ...node, place };
    return node.kind === "scalar" ? toNode(literalValue(node), origin, place) : asText;
  } catch {
    return asText;
  }
}
