import { Secret } from "../base/secret.ts";
import { joinShell, quote, sh } from "../base/shell.ts";
import type { BatchItem, CommandForm, CompareGroup } from "../agent/wire.ts";
import type { Prediction, Ref } from "../resources/resource.ts";
import type { Planned } from "./item.ts";
import { type Reader, readKey, refKey, touches, type World } from "./world.ts";

/** What the answer to one item of a batch means for the plan. */
export type Meaning =
  | { is: "run"; planned: Planned }
  | { is: "guard"; members: readonly Planned[]; asked: readonly Asked[] }
  | {
      is: "prove";
      members: readonly Planned[];
      asked: readonly (Asked & { planned: Planned; prediction: Prediction })[];
    };

/** One resource of a comparison; answers come in this order. */
export interface Asked {
  ref: Ref;
  reader: Reader;
}

export interface Batch {
  channel: "login" | "root";
  items: BatchItem[];
  meanings: Map<number, Meaning>;
}

/**
 * Turns the changes of a segment into one program: before a run of declared changes what they rest on is compared with
 * what the plan saw, after it with what was predicted; an opaque change stands by itself. `undefined` when there is
 * nothing to do on the host.
 */
export function buildBatch(planned: readonly Planned[], world: World, loginUser: string): Batch | undefined {
  const acting = planned.filter((item) => item.verdict === "change");
  if (acting.length === 0) return undefined;
  const channel = planned.some((item) => hasPart(item) && channelOf(item) === "root") ? "root" : "login";
  const items: BatchItem[] = [];
  const meanings = new Map<number, Meaning>();
  const add = (make: (id: number) => BatchItem, meaning: Meaning): void => {
    const id = items.length + 1;
    items.push(make(id));
    meanings.set(id, meaning);
  };
  const userOf = (reader: Reader): string | undefined => {
    if (channel === "login") return undefined;
    return reader.user ?? (reader.channel === "login" ? loginUser : undefined);
  };
  let services: (Asked & { planned: Planned; prediction: Prediction })[] = [];

  const guard = (members: readonly Planned[]): void => {
    const own = new Set(members.map((member) => member.id));
    const asked = new Map<string, Asked & { expected: { pattern: string; not?: string } }>();
    for (const member of members) {
      for (const sight of member.sights) {
        if (sight.predictedBy !== undefined && own.has(sight.predictedBy)) continue;
        const key = readKey(sight.ref, sight.reader);
        if (asked.has(key)) continue;
        const expected = expectation(sight.ref, sight.reader, sight.predictedBy, world, planned);
        if (expected !== undefined) asked.set(key, { ref: sight.ref, reader: sight.reader, expected });
      }
    }
    if (asked.size === 0) return;
    const list = [...asked.values()];
    const grouped = group(list, userOf);
    add((id) => ({ do: "compare", id, why: "guard", groups: grouped.groups }), {
      is: "guard",
      members,
      asked: grouped.order,
    });
  };
  const prove = (members: readonly Planned[]): void => {
    const proofs = proofsOf(members);
    if (proofs.length === 0) return;
    services = [...services, ...proofs.filter((proof) => proof.ref.kind.kind === "service")];
    const grouped = group(proofs, userOf);
    add((id) => ({ do: "compare", id, why: "prove", groups: grouped.groups }), {
      is: "prove",
      members,
      asked: grouped.order,
    });
  };
  const run = (item: Planned): void => {
    add((id) => runItem(id, item, channel === "root" ? userOf(item.prepared?.reader ?? { channel }) : undefined), {
      is: "run",
      planned: item,
    });
  };

  let members: Planned[] = [];
  let acted = false;
  const close = (): void => {
    if (members.length === 0) return;
    const changes = members.filter((member) => member.verdict === "change");
    guard(members);
    changes.forEach(run);
    prove(changes);
    acted = acted || changes.length > 0;
    members = [];
  };
  const last = acting.at(-1);
  for (const item of planned) {
    const stale = item.sights.some((sight) => sight.stale);
    if (item.verdict !== "change") {
      if (item.verdict === "ok" && stale) {
        if (members.some((member) => member.verdict === "change")) close();
        members.push(item);
      }
      continue;
    }
    if (stale && members.some((member) => member.verdict === "change")) close();
    if (item.change?.opaque !== true) {
      members.push(item);
      continue;
    }
    close();
    if (acted && item.sights.length > 0) guard([item]);
    run(item);
    prove([item]);
    acted = true;
  }
  close();
  if (services.length > 0 && services.some((service) => service.planned !== last)) {
    const grouped = group(latest(services), userOf);
    add((id) => ({ do: "compare", id, why: "prove", groups: grouped.groups }), {
      is: "prove",
      members: [],
      asked: grouped.order,
    });
  }
  return { channel, items, meanings };
}

/** It acts, or what it saw is asked again on the host. */
function hasPart(item: Planned): boolean {
  return item.verdict === "change" || (item.verdict === "ok" && item.sights.some((sight) => sight.stale));
}

function channelOf(item: Planned): "login" | "root" {
  return item.prepared?.reader.channel ?? "login";
}

/** What a resource shows at this point of the batch: what was read, or what an earlier change was to bring about. */
function expectation(
  ref: Ref,
  reader: Reader,
  predictedBy: number | undefined,
  world: World,
  planned: readonly Planned[],
): { pattern: string; not?: string } | undefined {
  if (predictedBy === undefined) {
    const reading = world.reading(ref, reader);
    return reading === undefined ? undefined : { pattern: quote(reading.line) };
  }
  const by = planned.find((item) => item.id === predictedBy);
  const prediction = by?.change?.becomes.find((one) => refKey(one.ref) === refKey(ref));
  return prediction === undefined ? undefined : patternOf(prediction);
}

function patternOf(prediction: Prediction): { pattern: string; not?: string } {
  const line = prediction.ref.kind.line;
  const pattern = line.pattern(prediction.fields);
  return prediction.not === undefined ? { pattern } : { pattern, not: line.pattern(prediction.not) };
}

/** What has to show after these changes: the last prediction for each resource, less what a later change of them touches. */
function proofsOf(
  members: readonly Planned[],
): (Asked & { planned: Planned; prediction: Prediction; expected: { pattern: string; not?: string } })[] {
  const proofs = new Map<
    string,
    Asked & { planned: Planned; prediction: Prediction; expected: { pattern: string; not?: string } }
  >();
  for (const planned of members) {
    for (const touch of planned.change?.touches ?? []) {
      for (const [key, proof] of proofs) if (touches(touch, proof.ref)) proofs.delete(key);
    }
    for (const prediction of planned.change?.becomes ?? []) {
      if (prediction.ref.kind.guard !== undefined) continue;
      const identity = planned.prepared?.reader ?? { channel: "login" };
      const reader: Reader = prediction.ref.kind.asUser === true ? identity : { channel: identity.channel };
      proofs.set(refKey(prediction.ref), {
        ref: prediction.ref,
        reader,
        planned,
        prediction,
        expected: patternOf(prediction),
      });
    }
  }
  return [...proofs.values()];
}

function latest<P extends Asked & { planned: Planned; prediction: Prediction }>(
  proofs: readonly P[],
): (P & { expected: { pattern: string; not?: string } })[] {
  const last = new Map(proofs.map((proof) => [refKey(proof.ref), proof]));
  return [...last.values()].map((proof) => ({ ...proof, expected: patternOf(proof.prediction) }));
}

/** One read for all keys of a kind (and user); `order` is the order in which the answers come. */
function group<A extends Asked & { expected: { pattern: string; not?: string } }>(
  asked: readonly A[],
  userOf: (reader: Reader) => string | undefined,
): { groups: CompareGroup[]; order: A[] } {
  const byKind = new Map<string, A[]>();
  for (const one of asked) {
    const key = `${one.ref.kind.kind}\0${userOf(one.reader) ?? ""}`;
    byKind.set(key, [...(byKind.get(key) ?? []), one]);
  }
  const groups: CompareGroup[] = [];
  const order: A[] = [];
  for (const members of byKind.values()) {
    const first = members[0];
    if (first === undefined) continue;
    const { kind, reader, functions } = first.ref.kind;
    const user = userOf(first.reader);
    groups.push({
      kind,
      reader,
      ...(functions === undefined ? {} : { functions }),
      ...(user === undefined ? {} : { user }),
      keys: members.map((member) => member.ref.key),
      expected: members.map((member) => member.expected),
    });
    order.push(...members);
  }
  return { groups, order };
}

function runItem(id: number, planned: Planned, user: string | undefined): BatchItem {
  const { change, prepared, step } = planned;
  if (change === undefined) throw new Error("a change without its shell");
  const environment = revealed({ ...prepared?.environment, ...change.command?.environment });
  const command: CommandForm | undefined =
    change.command === undefined
      ? undefined
      : {
          ...(change.command.chdir === undefined ? {} : { chdir: change.command.chdir }),
          ...(change.command.stdin === undefined ? {} : { stdin: change.command.stdin }),
          environment,
        };
  const exports = Object.entries(environment).map(([name, value]) => sh`export ${`${name}=${value}`}`);
  const shell = command === undefined ? joinShell([...exports, change.apply]) : change.apply;
  return {
    do: "run",
    id,
    shell: shell.text,
    blobs: [...shell.blobs, ...(command?.stdin === undefined ? [] : [command.stdin])],
    ...(user === undefined ? {} : { user }),
    ...(command === undefined ? {} : { command }),
    ...(step.timeout === undefined ? {} : { seconds: step.timeout }),
  };
}

/** The batch's program is the one place where secrets of the environment are in clear: it is readable by its user only. */
function revealed(environment: Record<string, string | Secret>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
}
