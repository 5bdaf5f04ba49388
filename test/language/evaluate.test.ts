import assert from "node:assert/strict";
import { Unknown, type Value } from "../../src/base/value.ts";
import { forceValue } from "../../src/language/convert.ts";
import { conditionOf, evaluate, lazyValue, namesOf } from "../../src/language/evaluate.ts";
import { childScope, objectScope } from "../../src/language/scope.ts";
import { parseYaml } from "../../src/language/yaml.ts";
import { below, condition, faultOf, read, evaluated, where } from "./helper.ts";

describe("evaluate", () => {
  it("goes deep", () => {
    const value = evaluated("a: '{{n}}'\nb: [!expr n + 1, {c: 'x{{n}}'}]\nd: !raw '{{n}}'\n", { n: 1 });
    assert.equal(JSON.stringify(value), '{"a":1,"b":[2,{"c":"x1"}],"d":"{{n}}"}');
  });
  it("leaves data alone", () => {
    const node = parseYaml("a: '{{n}} {% x %}'", { file: "x", data: true });
    assert.equal(JSON.stringify(evaluate(node, objectScope({}))), '{"a":"{{n}} {% x %}"}');
    assert.deepEqual(namesOf(node), []);
  });
  it("says which layer a wrong value came from", () => {
    const node = parseYaml("a: '{{nn}}'", { file: "group_vars/web.yml", layer: "group web" });
    assert.equal(faultOf(() => evaluate(node, objectScope({ n: 1 }))).details.layer, "group web");
  });
  it("keeps keys of the prototype as keys", () => {
    const value = evaluated("__proto__: {x: 1}") as { [key: string]: Value };
    assert.deepEqual(Object.keys(value), ["__proto__"]);
    assert.equal(({} as { x?: number }).x, undefined);
  });
});

describe("lazyValue", () => {
  it("computes each key when it is read, once", () => {
    let reads = 0;
    const scope = {
      get: (name: string) => {
        reads++;
        return name === "n" ? 1 : undefined;
      },
      has: () => true,
      names: () => ["n"],
    };
    const value = lazyValue(read("a: '{{n}}'\nb: '{{missing}}'\nc: 5\n"), scope) as { [key: string]: Value };
    assert.equal(reads, 0);
    assert.equal(value.c, 5);
    assert.equal(value.a, 1);
    assert.equal(value.a, 1);
    assert.equal(reads, 1);
    assert.equal(where(faultOf(() => value.b)), "undefined-name 2:7+7");
    assert.deepEqual(Object.keys(value), ["a", "b", "c"]);
  });
  it("tries again after an unknown", () => {
    let known = false;
    const scope = {
      get: () => {
        if (!known) throw new Unknown("later");
        return 2;
      },
      has: () => true,
      names: () => [],
    };
    const value = lazyValue(read("a: '{{n}}'"), scope) as { [key: string]: Value };
    assert.throws(() => value.a, Unknown);
    known = true;
    assert.equal(value.a, 2);
  });
  it("is forced into plain values", () => {
    const value = forceValue(lazyValue(read("a: {b: '{{n}}'}\nc: ['{{n}}']"), objectScope({ n: 1 })));
    assert.deepEqual(JSON.stringify(value), '{"a":{"b":1},"c":[1]}');
  });
});

describe("conditions", () => {
  it("are expressions in text, booleans and !expr", () => {
    assert.equal(condition("when: n == 1", { n: 1 }), true);
    assert.equal(condition("when: '!flag'", { flag: true }), false);
    assert.equal(condition("when: true"), true);
    assert.equal(condition("when: !expr n == 2", { n: 1 }), false);
    assert.equal(condition("when: >-\n  n == 1 &&\n  n != 2\n", { n: 1 }), true);
  });
  it("are nothing else", () => {
    assert.equal(where(faultOf(() => conditionOf(below("when: 5", "when")))), "expression-syntax 1:7+1");
    assert.equal(where(faultOf(() => conditionOf(below("when:", "when")))), "expression-syntax 1:6+1");
    assert.equal(where(faultOf(() => conditionOf(below("when: [a]", "when")))), "expression-syntax 1:7+1");
  });
  it("with braces say so", () =>
    assert.equal(where(faultOf(() => condition('when: "{{ n }}"'))), "expression-syntax 1:8+2"));
});

describe("scopes", () => {
  it("lay names over others and keep the folder", () => {
    const parent = { ...objectScope({ a: 1, b: 2 }), folder: "/x", environment: { E: "1" } };
    const scope = childScope(parent, { b: 3, item: 4 });
    assert.deepEqual(
      [scope.get("a"), scope.get("b"), scope.get("item"), scope.get("c"), scope.has("c")],
      [1, 3, 4, undefined, false],
    );
    assert.deepEqual([...scope.names()].sort(), ["a", "b", "item"]);
    assert.equal(scope.folder, "/x");
    assert.equal(scope.environment?.E, "1");
  });
  it("do not see the prototype", () => assert.equal(objectScope({}).get("toString"), undefined));
});
