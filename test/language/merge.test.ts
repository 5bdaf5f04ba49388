import assert from "node:assert/strict";
import fc from "fast-check";
import { literalValue, toNode } from "../../src/language/convert.ts";
import { mergeNodes } from "../../src/language/merge.ts";
import { faultOf, PLACE, read, where } from "./helper.ts";

const merged = (...layers: string[]): unknown => JSON.parse(JSON.stringify(literalValue(mergeNodes(layers.map(read)))));

describe("merge", () => {
  it("merges maps by key and replaces lists", () => {
    assert.deepEqual(merged("a: {x: 1, y: [1]}\nb: 1", "a: {y: [2], z: 3}"), { a: { x: 1, y: [2], z: 3 }, b: 1 });
  });
  it("removes with null, at every depth, and settles nulls over nothing", () => {
    assert.deepEqual(merged("a: {x: 1, y: 2}\nb: 1", "a: {x: null}\nb:\nc: {d: null}"), { a: { y: 2 }, c: {} });
  });
  it("keeps a null in a list and a text that says null", () =>
    assert.deepEqual(merged("a: [1, null]\nb: 'null'"), { a: [1, null], b: "null" }));
  it("appends", () => {
    assert.deepEqual(merged("a: [1]", "a: !append [2]", "a: !append [3]"), { a: [1, 2, 3] });
    assert.deepEqual(merged("a: !append [2]"), { a: [2] });
    assert.deepEqual(merged("a: [1]", "a:", "a: !append [3]"), { a: [3] });
  });
  it("refuses to append to what is no list", () => {
    assert.equal(where(faultOf(() => merged("a: x", "a: !append [2]"))), "append-no-list 1:4+7");
    assert.match(faultOf(() => merged("a: !expr x", "a: !append [2]")).details.hint ?? "", /other_list/);
  });
  it("keeps the place and the layer of each leaf", () => {
    const low = toNode({ a: 1, b: 1 }, { file: "low.yml", layer: "group all" }, PLACE);
    const high = toNode({ b: 2 }, { file: "high.yml", layer: "host x" }, PLACE);
    const result = mergeNodes([low, high]);
    assert.ok(result.kind === "map");
    assert.equal(result.entries.get("a")?.value.origin.layer, "group all");
    assert.equal(result.entries.get("b")?.value.origin.layer, "host x");
  });
  it("does not touch its layers", () => {
    const low = read("a: {x: 1}");
    const before = JSON.stringify(literalValue(low));
    mergeNodes([low, read("a: {x: null, y: 1}")]);
    assert.equal(JSON.stringify(literalValue(low)), before);
  });
  it("keeps keys of the prototype apart", () => {
    assert.equal(
      JSON.stringify(literalValue(mergeNodes([read("__proto__: {a: 1}"), read("__proto__: {b: 2}")]))),
      '{"__proto__":{"a":1,"b":2}}',
    );
  });

  const { tree } = fc.letrec<{ tree: unknown; map: unknown }>((tie) => ({
    tree: fc.oneof({ depthSize: "small" }, fc.constantFrom(1, 2, "x", null, [1], [null]), tie("map")),
    map: fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__"), tie("tree"), {
      maxKeys: 3,
      noNullPrototype: false,
    }),
  }));
  const map = fc.dictionary(fc.constantFrom("a", "b", "c"), tree, { maxKeys: 3 });
  const node = (value: unknown): ReturnType<typeof toNode> => toNode(value, { file: "x" }, PLACE);

  it("is RFC 7396", () => {
    fc.assert(
      fc.property(map, map, (target, patch) => {
        const settled = patchJson(undefined, target);
        const expected = patchJson(settled, patch);
        assert.deepEqual(
          JSON.parse(JSON.stringify(literalValue(mergeNodes([node(target), node(patch)])))),
          JSON.parse(JSON.stringify(expected)),
        );
      }),
    );
  });
  it("can be folded in steps from below", () => {
    fc.assert(
      fc.property(map, map, map, (a, b, c) => {
        const once = mergeNodes([node(a), node(b), node(c)]);
        const twice = mergeNodes([mergeNodes([node(a), node(b)]), node(c)]);
        assert.equal(JSON.stringify(literalValue(once)), JSON.stringify(literalValue(twice)));
      }),
    );
  });
  it("of a layer with itself changes nothing", () => {
    fc.assert(
      fc.property(map, (a) =>
        assert.equal(
          JSON.stringify(literalValue(mergeNodes([node(a), node(a)]))),
          JSON.stringify(literalValue(mergeNodes([node(a)]))),
        ),
      ),
    );
  });
});

/** The algorithm as the RFC writes it. */
function patchJson(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === "object" && target !== null && !Array.isArray(target) ? target : {};
  const result = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, patchJson(result.get(key), value));
  }
  return Object.fromEntries(result);
}
