import assert from "node:assert/strict";
import type { BatchItem } from "../../src/agent/wire.ts";
import { sh } from "../../src/base/shell.ts";
import type { Change } from "../../src/modules/module.ts";
import { buildBatch } from "../../src/plan/batch.ts";
import type { Planned } from "../../src/plan/item.ts";
import { type Reader, World } from "../../src/plan/world.ts";
import { becomes, type Ref, type ResourceKind } from "../../src/resources/resource.ts";
import { fields } from "../../src/resources/line.ts";
import { Secret } from "../../src/base/secret.ts";

interface Thing {
  mode: string;
}

const kind = (name: string, more: Partial<ResourceKind<Thing>> = {}): ResourceKind<Thing> => ({
  kind: name,
  summary: "",
  reader: "",
  line: fields<Thing>({ mode: "word" }),
  isAbsent: () => false,
  ...more,
});
const file = kind("file");
const login: Reader = { channel: "login" };
const ref = (key: string, of = file): Ref<Thing> => ({ kind: of, key });

/** Plans a list of steps as the segment does: what each looks at, and what it changes. */
function plan(
  world: World,
  steps: {
    sees?: Ref<Thing>[];
    sets?: Ref<Thing>;
    opaque?: boolean;
    reader?: Reader;
    environment?: Record<string, Secret>;
  }[],
): Planned[] {
  return steps.map(({ sees = [], sets, opaque = false, reader = login, environment }, index) => {
    const id = index + 1;
    const seen = [...sees, ...(sets === undefined ? [] : [sets])];
    for (const one of seen) if (!world.knows(one, reader)) world.learn(one, reader, "old");
    const sights = seen.map((one) => world.see(one as unknown as Ref, reader, true).sight);
    const change: Change | undefined =
      sets === undefined && !opaque
        ? undefined
        : {
            differs: [],
            apply: sh`run ${id}`,
            becomes: sets === undefined ? [] : [becomes(sets, { mode: `new${id}` })],
            ...(opaque ? { opaque, touches: ["everything" as const], command: {} } : {}),
          };
    if (change !== undefined) world.change(id, "why", change.becomes, change.touches ?? [], opaque);
    return {
      id,
      step: {},
      verdict: change === undefined ? "ok" : "change",
      change,
      sights,
      prepared: { reader, environment },
      outcome: {},
    } as unknown as Planned;
  });
}

/** `guard file:/a=old`, `run 1`, `prove file:/a=new1`. */
function shown(items: readonly BatchItem[]): string[] {
  return items.map((item) => {
    if (item.do === "run") return `run ${/\d+/.exec(item.shell)?.[0] ?? ""}`;
    return `${item.why} ${item.groups.flatMap((group) => group.keys.map((key, at) => `${group.kind}:${key}=${(group.expected[at]?.pattern ?? "").replaceAll("'", "")}`)).join(" ")}`;
  });
}

describe("plan/batch", () => {
  const built = (world: World, planned: Planned[]): string[] => shown(buildBatch(planned, world, "me")?.items ?? []);
  const [a, b, c] = [ref("/a"), ref("/b"), ref("/c")];

  it("is nothing where nothing is to change", () => {
    const world = new World();
    assert.equal(buildBatch(plan(world, [{ sees: [a] }]), world, "me"), undefined);
  });

  it("guards a run of declared changes in one go, and proves them in one go", () => {
    const world = new World();
    assert.deepEqual(built(world, plan(world, [{ sets: a }, { sets: b, sees: [c] }])), [
      "guard file:/a=old file:/c=old file:/b=old",
      "run 1",
      "run 2",
      "prove file:/a=new1 file:/b=new2",
    ]);
  });

  it("does not ask again for what an earlier change of the same run brings about, and proves the last word", () => {
    const world = new World();
    assert.deepEqual(built(world, plan(world, [{ sets: a }, { sets: a }])), [
      "guard file:/a=old",
      "run 1",
      "run 2",
      "prove file:/a=new2",
    ]);
  });

  it("proves before a command, and guards again after it what a command may have touched", () => {
    const world = new World();
    assert.deepEqual(built(world, plan(world, [{ sets: a }, { opaque: true }, { sees: [b] }, { sets: c }])), [
      "guard file:/a=old",
      "run 1",
      "prove file:/a=new1",
      "run 2",
      "guard file:/b=old file:/c=old",
      "run 4",
      "prove file:/c=new4",
    ]);
  });

  it("asks again for a step that was right only where something may have changed it", () => {
    const world = new World();
    assert.deepEqual(built(world, plan(world, [{ sees: [b] }, { sets: a }, { sees: [c] }])), [
      "guard file:/a=old",
      "run 2",
      "prove file:/a=new2",
    ]);
  });

  it("asks the condition of a command only where something changed before it", () => {
    const condition = ref("q", kind("condition", { opaque: true }));
    const world = new World();
    assert.deepEqual(built(world, plan(world, [{ sees: [condition], opaque: true }])), ["run 1"]);
    const other = new World();
    assert.deepEqual(built(other, plan(other, [{ sets: a }, { sees: [condition], opaque: true }])), [
      "guard file:/a=old",
      "run 1",
      "prove file:/a=new1",
      "guard condition:q=old",
      "run 2",
    ]);
  });

  it("proves services once more at the end", () => {
    const service = ref("web", kind("service"));
    const world = new World();
    assert.deepEqual(built(world, plan(world, [{ sets: service }, { opaque: true }])).slice(-2), [
      "run 2",
      "prove service:web=new1",
    ]);
  });

  it("takes root's channel when anything in it needs root, a guard too", () => {
    const world = new World();
    const planned = plan(world, [{ opaque: true }, { sees: [b], reader: { channel: "root" } }]);
    const batch = buildBatch(planned, world, "me");
    assert.ok(batch !== undefined);
    assert.equal(batch.channel, "root");
    assert.equal(
      batch.items[0]?.do === "run" ? batch.items[0].user : "",
      "me",
      "what belongs to the login user is dropped to it",
    );
  });

  it("has secrets of the environment in the program only, quoted", () => {
    const world = new World();
    const item = buildBatch(
      plan(world, [{ sets: a, environment: { TOKEN: new Secret("it's") } }]),
      world,
      "me",
    )?.items.find((one) => one.do === "run");
    assert.match(item?.do === "run" ? item.shell : "", /export 'TOKEN=it'\\''s'/);
  });
});
