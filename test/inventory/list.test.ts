import assert from "node:assert/strict";
import fc from "fast-check";
import { Secret } from "../../src/base/secret.ts";
import { Unknown, type Value } from "../../src/base/value.ts";
import type { Fault } from "../../src/errors/fault.ts";
import type { Inventory } from "../../src/inventory/inventory.ts";
import { graphInventory, listHost, listInventory } from "../../src/inventory/list.ts";
import { line, load, varsOf } from "./with-files.ts";

const TEXT = "lone\n[web]\nh1:2222\nh2 x=1\n[site:children]\nweb\nempty\n[empty]\n[site:vars]\ny=2\n";

function list(inventory: Inventory): string {
  return listInventory(inventory, (host) => varsOf(inventory, host));
}

describe("the printed inventory", () => {
  it("has the shape that tools read", async () => {
    assert.deepEqual(JSON.parse(list(await load({ hosts: TEXT }))), {
      _meta: { hostvars: { lone: {}, h1: { y: 2, ansible_port: 2222 }, h2: { y: 2, x: 1 } } },
      all: { children: ["ungrouped", "site"] },
      ungrouped: { hosts: ["lone"] },
      site: { children: ["web", "empty"] },
      web: { hosts: ["h1", "h2"] },
    });
  });

  it("has connection settings under their usual names", async () => {
    const inventory = await load({
      "hosts.yml":
        "all: {hosts: {h1: {ssh: {host: 192.0.2.1, port: 22, user: pi, key: ~/k, via: gate}, become: {method: doas, user: root}}, h2: {ssh: {transport: local}}}}\n",
    });
    const printed = JSON.parse(list(inventory)) as { _meta: { hostvars: unknown } };
    assert.deepEqual(printed._meta.hostvars, {
      h1: {
        ansible_host: "192.0.2.1",
        ansible_port: 22,
        ansible_user: "pi",
        ansible_ssh_private_key_file: "~/k",
        ssh: { via: "gate" },
        ansible_become_method: "doas",
        ansible_become_user: "root",
      },
      h2: { ansible_connection: "local" },
    });
  });

  it("leaves out what is only known on the host, and masks secrets", async () => {
    const inventory = await load({ hosts: "h1\n" });
    const values: Value = { a: 1, s: new Secret("x"), deep: {} };
    Object.defineProperty(values.deep, "cpus", {
      enumerable: true,
      get: () => {
        throw new Unknown("the facts of h1 are not known");
      },
    });
    const warnings: Fault[] = [];
    const text = listHost(inventory, "h1", () => values, { warn: (fault) => warnings.push(fault) });
    assert.deepEqual(JSON.parse(text), { a: 1, s: "********", deep: {} });
    assert.deepEqual(warnings.map(line), [
      "inventory-unknown-value - deep.cpus of host h1 is left out: the facts of h1 are not known | its value is only known while the host is connected",
    ]);
    assert.throws(() => listHost(inventory, "h", () => ({})), { code: "unknown-host" });
  });

  it("is a tree of groups", async () => {
    const inventory = await load({ hosts: TEXT });
    assert.equal(
      graphInventory(inventory),
      "@all:\n  |--@ungrouped:\n  |  |--lone\n  |--@site:\n  |  |--@web:\n  |  |  |--h1\n  |  |  |--h2\n  |  |--@empty:",
    );
    assert.equal(graphInventory(inventory, "web"), "@web:\n  |--h1\n  |--h2");
    assert.throws(() => graphInventory(inventory, "wbe"), /there is no group wbe/);
  });

  it("parses to itself, as a file and from a program", async function () {
    this.timeout(20_000);
    const name = fc.oneof(
      fc.constantFrom("a", "b", "c", "web", "__proto__", "hosts", "vars", "constructor", "1", "ungrouped"),
      fc.string({ minLength: 1, maxLength: 6 }),
    );
    const value = fc.jsonValue({ maxDepth: 2 }).filter(isExact);
    const shape = fc.record({
      hosts: fc.dictionary(
        name,
        fc.dictionary(fc.oneof(name, fc.constantFrom("x", "{{y}}")), value, { maxKeys: 3, noNullPrototype: true }),
        { maxKeys: 5 },
      ),
      groups: fc.dictionary(
        name.filter((text) => text !== "_meta" && text !== "all"),
        fc.record({ hosts: fc.array(fc.nat(4)), children: fc.array(fc.nat(4)) }),
        { maxKeys: 5 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ hosts, groups }) => {
        const names = Object.keys(hosts);
        const groupNames = Object.keys(groups);
        const entries: [string, unknown][] = groupNames.map((group, index) => [
          group,
          {
            hosts: (groups[group]?.hosts ?? []).map((at) => names[at]).filter((each) => each !== undefined),
            // Only later groups are children, so that there are no cycles.
            children:
              group === "ungrouped"
                ? []
                : (groups[group]?.children ?? [])
                    .map((at) => groupNames[index + 1 + at])
                    .filter((each) => each !== undefined && each !== "ungrouped"),
          },
        ]);
        const text = JSON.stringify(
          Object.fromEntries([["_meta", { hostvars: hosts }], ["all", { hosts: names }], ...entries]),
        );
        const first = list(await load({ "inventory.json": text }));
        assert.equal(list(await load({ "inventory.yml": first })), first);
        assert.equal(
          list(await load({ inventory: `#!/bin/sh\nd="$(dirname "$0")"\ncat "$d/printed"\n`, printed: first })),
          first,
        );
      }),
      { numRuns: 60 },
    );
  });

  it("parses to itself when it was INI or YAML", async () => {
    for (const text of [
      TEXT,
      "h1 n=None d=\"{'x': None}\" s='{{ x }}'\n",
      "all: {vars: {l: [1, {a: b}]}, children: {a: {hosts: {'h[1:3]': {x: !raw '{{y}}'}}}, b: {children: {a: }}}}\n",
    ]) {
      const first = list(await load({ inventory: text }));
      assert.equal(list(await load({ inventory: first })), first);
    }
  });
});

/** JSON that survives any reader: -0 and numbers beyond the safe integers are written in more than one way. */
function isExact(value: unknown): boolean {
  return (
    !/-0(?![.\d])|\d{16}|e[+-]?\d/.test(JSON.stringify(value)) &&
    !JSON.stringify(value).includes("-0") &&
    !containsMinusZero(value)
  );
}

function containsMinusZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsMinusZero);
  if (typeof value === "object" && value !== null) return Object.values(value).some(containsMinusZero);
  return Object.is(value, -0);
}
