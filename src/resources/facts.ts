import { factReader } from "../facts/reader.ts";
import type { FactGroup } from "../facts/schema.ts";
import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** One group of facts as the host printed it; `parseFacts` makes typed facts of such lines. */
export interface FactLine {
  line: string | null;
}

/** Facts are read like any other state: the key is the name of a group. */
export const factsKind: ResourceKind<FactLine> = {
  kind: "facts",
  summary: "What is known of a host: system, network, memory.",
  reader: factReader.reader,
  functions: factReader.functions,
  line: fields<FactLine>({ line: "rest" }),
  isAbsent: () => false,
};

export function factGroup(group: FactGroup): Ref<FactLine> {
  return { kind: factsKind, key: group };
}
