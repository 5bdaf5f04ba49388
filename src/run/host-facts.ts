import type { Value } from "../base/value.ts";
import { parseFacts } from "../facts/parse.ts";
import { factKeys, type FactGroup } from "../facts/schema.ts";
import { factGroup } from "../resources/facts.ts";
import type { Machine } from "./machine.ts";

/** All facts of a host. One round trip. */
export async function readFacts(machine: Machine): Promise<Value> {
  const reader = { channel: machine.channel(false) };
  const groups = factKeys([""]);
  const refs = groups.map((group) => ({ group, ref: factGroup(group) }));
  await machine.read(refs.map(({ ref }) => ({ ref, reader })));
  const lines: { -readonly [Group in FactGroup]?: string } = {};
  for (const { group, ref } of refs) lines[group] = machine.world.reading(ref, reader)?.line ?? "";
  return parseFacts(lines) as unknown as Value;
}
