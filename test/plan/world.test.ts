import assert from "node:assert/strict";
import { Unknown } from "../../src/base/value.ts";
import { factKeys } from "../../src/facts/schema.ts";
import { fields } from "../../src/resources/line.ts";
import { becomes, type Ref, type ResourceKind } from "../../src/resources/resource.ts";
import { NotRead, type Reader, Touched, touches, World } from "../../src/plan/world.ts";

interface Thing {
  type: string;
  mode: string | null;
}

const kind = (name: string, more: Partial<ResourceKind<Thing>> = {}): ResourceKind<Thing> => ({
  kind: name,
  summary: "",
  reader: "",
  line: fields<Thing>({ type: "word", mode: "word" }),
  isAbsent: (value) => value.type === "absent",
  ...more,
});

const thing = kind("file");
const hash = kind("file.hash");
const glob = kind("glob", { opaque: true });
const output = kind("command", { opaque: true, unpredictable: true });
const named = kind("hostname", { facts: ["hostname"] });
const login: Reader = { channel: "login" };
const ref = (of: ResourceKind<Thing>, key: string): Ref<Thing> => ({ kind: of, key });

function worldOf(...lines: [Ref<Thing>, string][]): World {
  const world = new World();
  for (const [one, line] of lines) world.learn(one, login, line);
  return world;
}

const see = (world: World, one: Ref<Thing>, optimistic = false): Thing =>
  world.see(one, login, optimistic).value as Thing;
const sight = (world: World, one: Ref<Thing>) => world.see(one, login, true).sight;

describe("plan/world", () => {
  const a = ref(thing, "/a");
  const below = ref(thing, "/a/b");

  it("asks for what has not been read, and shows what was", () => {
    assert.throws(() => see(new World(), a), NotRead);
    assert.equal(see(worldOf([a, "file 644"]), a).mode, "644");
  });

  it("lays predictions over reads; a field left open is not known", () => {
    const world = worldOf([a, "file 644"]);
    world.change(1, "“one” changes it", [becomes(a, { type: "file" })], [], false);
    assert.equal(see(world, a).type, "file");
    assert.throws(() => see(world, a).mode, Unknown);
    assert.equal(sight(world, a).predictedBy, 1);
    assert.equal(sight(world, a).stale, false);
  });

  it("a fork leaves no trace until it is adopted", () => {
    const world = worldOf([a, "absent -"]);
    const fork = world.fork();
    fork.change(1, "why", [becomes(a, { type: "file", mode: "600" })], [], false);
    assert.equal(see(world, a).type, "absent");
    world.adopt(fork);
    assert.equal(see(world, a).type, "file");
  });

  it("after an opaque change what is present stays and is stale, what is absent is touched", () => {
    const world = worldOf([a, "file 644"], [below, "absent -"]);
    world.change(1, "“cmd” runs before it", [], ["everything"], true);
    assert.equal(see(world, a).mode, "644");
    assert.equal(sight(world, a).stale, true);
    assert.throws(
      () => see(world, below),
      (error) => error instanceof Touched && error.why === "“cmd” runs before it",
    );
    assert.equal(see(world, below, true).type, "absent");
  });

  it("what alters what a path is makes everything below it unknown, other aspects too", () => {
    const world = worldOf(
      [a, "link -"],
      [below, "file 644"],
      [ref(hash, "/a"), "x -"],
      [ref(thing, "/ab"), "file 644"],
    );
    world.change(1, "why", [becomes(a, { type: "directory" })], [{ kind: "file", below: "/a" }], false);
    assert.throws(() => see(world, below, true), Unknown);
    assert.throws(() => see(world, ref(hash, "/a"), true), Unknown);
    assert.equal(see(world, a).type, "directory");
    assert.equal(see(world, ref(thing, "/ab")).mode, "644");
  });

  it("a later weaker touch does not hide an earlier stronger one", () => {
    const world = worldOf([a, "link -"], [below, "file 644"]);
    world.change(1, "first", [becomes(a, { type: "directory" })], [{ kind: "file", below: "/a" }], false);
    world.change(2, "second", [], ["everything"], true);
    world.doubt(3, "third");
    assert.throws(
      () => see(world, below, true),
      (error) => error instanceof Unknown && error.why === "first",
    );
  });

  it("a prediction laid after a touch is certain", () => {
    const world = worldOf([a, "absent -"]);
    world.change(1, "cmd", [], ["everything"], true);
    world.change(2, "file", [becomes(a, { type: "file", mode: "600" })], [], false);
    assert.equal(see(world, a).mode, "600");
    assert.equal(sight(world, a).stale, false);
  });

  it("opaque reads are stale after any change; an output cannot be told at all", () => {
    const world = worldOf([ref(glob, "g"), "there -"], [ref(output, "c"), "x -"], [a, "file 644"]);
    world.change(1, "why", [becomes(a, { mode: "600" })], [], false);
    assert.equal(sight(world, ref(glob, "g")).stale, true);
    assert.throws(() => see(world, ref(output, "c")), Unknown);
    assert.equal(see(world, ref(output, "c"), true).type, "x");
  });

  it("doubt proves nothing and hides nothing: absent stays absent, and is stale", () => {
    const world = worldOf([a, "absent -"]);
    world.doubt(1, "“perhaps” may change it");
    assert.equal(see(world, a).type, "absent");
    assert.equal(sight(world, a).stale, true);
  });

  it("a change of what facts tell makes these facts unknown, and no others", () => {
    const [group] = factKeys(["hostname"]);
    assert.ok(group !== undefined);
    const told = ref(kind("facts"), group);
    const world = worldOf([ref(named, "hostname"), "a a"], [told, "x -"], [ref(kind("facts"), "memory"), "x -"]);
    world.change(1, "why", [becomes(ref(named, "hostname"), { type: "b" })], [], false);
    assert.throws(() => see(world, told, true), Unknown);
    assert.equal(see(world, ref(kind("facts"), "memory"), true).type, "x");
  });

  it("lays paths over by their physical name", () => {
    const real = kind("file", {
      line: fields<Thing & { real: string | null }>({ type: "word", mode: "word", real: "word" }),
    });
    const world = worldOf([ref(real, "/link/x"), "absent - /dir/x"], [ref(real, "/dir/x"), "absent - -"]);
    world.change(1, "a step", [becomes(ref(real, "/link/x"), { type: "file", mode: "0600" })], [], false);
    assert.equal(see(world, ref(real, "/dir/x")).mode, "0600");
    assert.equal(world.predictedBy(ref(real, "/dir/x")), 1);
    world.change(
      2,
      "another",
      [becomes(ref(real, "/dir"), { type: "absent" })],
      [{ kind: "file", below: "/dir" }],
      false,
    );
    assert.throws(() => see(world, ref(real, "/link/x")), Unknown);
  });

  it("forgets on demand", () => {
    const world = worldOf([a, "file 644"]);
    world.change(1, "why", [becomes(a, { mode: "600" })], ["everything"], true);
    world.forget();
    assert.throws(() => see(world, a), NotRead);
    world.learn(a, login, "absent -");
    assert.equal(see(world, a).type, "absent");
    assert.equal(sight(world, a).stale, false);
  });

  it("knows what a touch covers", () => {
    const cases: [Parameters<typeof touches>[0], Ref<Thing>, boolean][] = [
      ["everything", a, true],
      [{ kind: "file" }, ref(hash, "/x"), true],
      [{ kind: "file", below: "/" }, a, true],
      [{ kind: "file", below: "/a" }, ref(thing, "/ab"), false],
      [{ kind: "file", below: "/a/" }, below, true],
      [{ kind: "fil" }, a, false],
      ["opaque reads", a, false],
      ["opaque reads", ref(glob, "g"), true],
    ];
    for (const [touch, one, covered] of cases)
      assert.equal(touches(touch, one as unknown as Ref), covered, JSON.stringify(touch));
  });
});
