import assert from "node:assert/strict";
import { graphInventory, listInventory } from "../../src/inventory/list.ts";
import { matchHosts } from "../../src/inventory/patterns.ts";
import { faultsOf, load, varsOf } from "./with-files.ts";

const LINES = 100_000;

/** What loading an inventory leads to: how many hosts, or the codes of the faults. Anything else that is thrown fails the test. */
async function outcome(content: string | Buffer): Promise<number | string[]> {
  const faults = await faultsOf({ inventory: content });
  if (faults.length > 0) return faults.map((fault) => fault.code);
  return (await load({ inventory: content })).hosts.size;
}

describe("large inventories", function () {
  this.timeout(60_000);
  // The goal is two seconds; tests share the machine, so the limit here only catches what grows faster than the file.
  const limit = 15_000;

  it("in INI are read and printed", async () => {
    const text = `[web]\n${Array.from({ length: LINES }, (_, index) => `h${index} ansible_host=10.0.${index % 256}.1 n=${index} name='a b'`).join("\n")}\n`;
    const start = performance.now();
    const inventory = await load({ hosts: text });
    assert.equal(inventory.hosts.size, LINES);
    assert.equal(matchHosts(inventory, "web:!h1*:&~h[0-9]+").length, LINES - 11_111);
    assert.ok(listInventory(inventory, (host) => varsOf(inventory, host)).length > LINES);
    assert.ok(performance.now() - start < limit);
  });

  it("in YAML are read", async () => {
    const text = `web:\n  hosts:\n${Array.from({ length: LINES / 2 }, (_, index) => `    h${index}:\n      n: ${index}`).join("\n")}\n`;
    const start = performance.now();
    assert.equal((await load({ hosts: text })).hosts.size, LINES / 2);
    assert.ok(performance.now() - start < limit);
  });

  it("with as many groups, one below the other, are read and drawn", async () => {
    const depth = LINES / 2;
    const text = `${Array.from({ length: depth }, (_, index) => `[g${index}:children]\ng${index + 1}`).join("\n")}\n[g${depth}]\nh1\n`;
    const inventory = await load({ hosts: text });
    assert.equal(inventory.groupsOf("h1").length, depth + 1);
    assert.deepEqual(inventory.hostsOf("g0"), ["h1"]);
    assert.ok(graphInventory(inventory, `g${depth - 3}`).endsWith("--h1"));
  });

  it("with a slip on each line report the first ones", async () => {
    assert.equal((await faultsOf({ hosts: "h1 oops\n".repeat(LINES) })).length, 50);
  });

  it("with a cycle of many groups say so", async () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `[g${index}:children]\ng${(index + 1) % 20_000}`).join(
      "\n",
    );
    const [fault] = await faultsOf({ hosts: `${text}\n` });
    assert.equal(fault?.code, "inventory-cycle");
    assert.ok(fault.message.length < 300);
  });
});

describe("hostile inventories", function () {
  this.timeout(30_000);
  const bomb = `a: &a {hosts: {h: }}\n${"bcdefghijklmnop"
    .split("")
    .map(
      (name, index) =>
        `${name}: &${name}\n  children:\n${Array.from({ length: 9 }, (_, child) => `    x${index}_${child}: *${"abcdefghijklmnop"[index] ?? "a"}`).join("\n")}`,
    )
    .join("\n")}\n`;
  const cases: [string, string | Buffer, number | string[]][] = [
    ["aliases that expand without end", bomb, ["yaml-limit"]],
    ["nesting without end in flow", `a: ${"[".repeat(50_000)}`, ["yaml-limit"]],
    [
      "names of prototypes",
      '{"all": {"hosts": {"__proto__": {"__proto__": 1, "constructor": 2}}, "children": {"__proto__": {"hosts": {"toString": null}}}}}',
      2,
    ],
    ["a megabyte in one value", `all:\n  hosts:\n    h1: {x: "${"x".repeat(1_000_000)}"}\n`, 1],
    ["a megabyte in one INI value", `h1 x='${"x y".repeat(350_000)}'\n`, 1],
    ["a megabyte of quotes", `h1 ${"'".repeat(1_000_001)}\n`, ["inventory-ini-line"]],
    ["a megabyte of brackets", `${"[".repeat(1_000_000)}\n`, ["inventory-ini-section"]],
    ["a megabyte of brackets that close", `${"[".repeat(500_000)}:${"]".repeat(500_000)}:1\n`, ["inventory-host-name"]],
    ["a megabyte of colons in brackets", `[${":".repeat(1_000_000)}]x\n`, ["inventory-host-name"]],
    ["a megabyte of spaces", `[a${" ".repeat(1_000_000)}b\n`, ["inventory-ini-section"]],
    ["a megabyte of ports", `h${":1".repeat(500_000)}\n`, 1],
    ["a megabyte in one host name", `${"h".repeat(1_000_000)}\n`, 1],
    ["bytes that are no UTF-8", Buffer.from([0x68, 0x31, 0x0a, 0xff, 0xfe, 0x0a]), ["yaml-encoding"]],
    ["NUL in INI", "h1\nh\0\n", ["inventory-ini-line"]],
    ["NUL in YAML", "all:\n  hosts: {h\0: }\n", ["yaml-syntax"]],
    ["duplicate keys", "all: {hosts: {h1: , h1: }}\n", ["yaml-duplicate-key"]],
    ["an unknown tag", "all: !wat {}\n", ["yaml-unknown-tag"]],
    ["several documents", "all: {hosts: {h1: }}\n---\nall: {}\n", ["yaml-documents"]],
    ["an encrypted file", "$ANSIBLE_VAULT;1.1;AES256\n3030\n", ["inventory-vault"]],
    [
      "random bytes",
      Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919 + 13) % 256)),
      ["yaml-encoding"],
    ],
  ];
  for (const [title, content, expected] of cases) {
    it(`${title} end in ${typeof expected === "number" ? "hosts" : "a fault"}`, async () =>
      assert.deepEqual(await outcome(content), expected));
  }

  it("name the line of what is no UTF-8", async () => {
    const [fault] = await faultsOf({ hosts: Buffer.from("h1\nh2 x=\xfc\n", "latin1") });
    assert.deepEqual(fault?.details.place, { file: "hosts", line: 2, column: 6 });
  });

  it("never reach a prototype", async () => {
    await load({ hosts: "[__proto__]\n__proto__ polluted=1\n[__proto__:vars]\n__proto__={'polluted': 1}\n" });
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });
});
