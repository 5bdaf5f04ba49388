import assert from "node:assert/strict";
import { faultsOf, line, load, plain, varsOf } from "./with-files.ts";

async function refused(text: string): Promise<string[]> {
  return (await faultsOf({ hosts: text })).map(line);
}

describe("INI inventories", () => {
  it("read sections, children and variables in any order", async () => {
    const inventory = await load({
      hosts: "# top\n; too\nlone\n[site:children]\nweb\n\n[web:vars]\nport=80\n[web]\n  h1   # comment\nh2 a=1\n",
    });
    assert.deepEqual([...inventory.hosts.keys()], ["lone", "h1", "h2"]);
    assert.deepEqual([...(inventory.groups.get("site")?.children ?? [])], ["web"]);
    assert.deepEqual(plain(varsOf(inventory, "h2")), { port: 80, a: 1 });
    assert.deepEqual(inventory.groupsOf("h1"), ["site", "web"]);
    assert.deepEqual(inventory.groupsOf("lone"), ["ungrouped"]);
  });

  it("let a group be declared in another source", async () => {
    const inventory = await load({ "a.ini": "[site:children]\nweb\n[web:vars]\nx=1\n", "b.ini": "[web]\nh1\n" }, [
      "a.ini",
      "b.ini",
    ]);
    assert.deepEqual(plain(varsOf(inventory, "h1")), { x: 1 });
  });

  it("expand ranges", async () => {
    const inventory = await load({ hosts: "n[0:10:5] x=1\nw[08:10]\nc[x:z]\n[1:2]start\ne[:2]\n" });
    assert.deepEqual(
      [...inventory.hosts.keys()],
      ["n0", "n5", "n10", "w08", "w09", "w10", "cx", "cy", "cz", "1start", "2start", "e0", "e1", "e2"],
    );
  });

  it("read addresses with and without ports", async () => {
    const inventory = await load({ hosts: "h1:2222\n[2001:db8::1]:2222 a=b\n2001:db8::2\nh[1:2]x:22\n[fe80::1]:22\n" });
    assert.deepEqual([...inventory.hosts.keys()], ["h1", "2001:db8::1", "2001:db8::2", "h1x", "h2x", "fe80::1"]);
    assert.deepEqual(plain(varsOf(inventory, "2001:db8::1")), { ansible_port: 2222, a: "b" });
    assert.deepEqual(plain(varsOf(inventory, "h2x")), { ansible_port: 22 });
  });

  it("keep how a number was written", async () => {
    const inventory = await load({ hosts: "h1 version=1.30\n" });
    const node = inventory.layers("h1")[0]?.entries.get("version")?.value;
    assert.equal(node?.kind === "scalar" ? node.raw : undefined, "1.30");
  });

  it("give each value its place and layer", async () => {
    const inventory = await load({ hosts: "[web]\nh1 a='x y' b=2\n[web:vars]\n  c = 3\n" });
    const [group, host] = inventory.layers("h1");
    const b = host?.entries.get("b");
    const c = group?.entries.get("c");
    assert.deepEqual(
      [b?.keyPlace, b?.value.origin.layer],
      [{ file: "hosts", line: 2, column: 12, length: 1 }, "host h1"],
    );
    assert.deepEqual(
      [c?.value.place, c?.value.origin.layer],
      [{ file: "hosts", line: 4, column: 7, length: 1 }, "group web"],
    );
  });

  it("warn where # cuts a value", async () => {
    const inventory = await load({ hosts: "h1 url=http://x/#top\n" });
    assert.deepEqual(plain(varsOf(inventory, "h1")), { url: "http://x/" });
    assert.deepEqual(
      inventory.warnings.map((fault) => [fault.code, fault.details.place?.column]),
      [["inventory-ini-comment", 17]],
    );
  });

  it("take names that JavaScript objects treat specially", async () => {
    const inventory = await load({
      hosts: "[__proto__]\nconstructor __proto__=1 toString=2\n[__proto__:vars]\nhasOwnProperty=3\n",
    });
    assert.deepEqual(inventory.groupsOf("constructor"), ["__proto__"]);
    const vars = varsOf(inventory, "constructor") as Record<string, unknown>;
    assert.deepEqual(Object.entries(vars), [
      ["hasOwnProperty", 3],
      ["__proto__", 1],
      ["toString", 2],
    ]);
  });

  it("read Windows line endings and a byte order mark", async () => {
    const inventory = await load({ hosts: "\uFEFF[web]\r\nh1 a=1\r\n" });
    assert.deepEqual(plain(varsOf(inventory, "h1")), { a: 1 });
  });

  it("refuse what they cannot read, with the place", async () => {
    assert.deepEqual(await refused("h1 novalue\n[web\nh2\n[a b]\n[web:childen]\n[web:vars]\nnovalue\n=3\nok=\n"), [
      "inventory-ini-line hosts:1:4 \"novalue\" is not key=value | behind a host stand its variables; quote a value with spaces: key='a b'",
      "inventory-ini-section hosts:2:1 the section header is never closed | write [web]",
      "inventory-ini-section hosts:4:1 this is not a section header | the name of a group has no spaces",
      'inventory-ini-section hosts:5:6 a section cannot be of the type "childen" | did you mean [web:children]?',
      "inventory-ini-line hosts:7:1 a line of a :vars section is key=value | write novalue=VALUE; an empty value is novalue=",
      "inventory-ini-line hosts:8:1 a line of a :vars section is key=value | write the name before the =",
      "inventory-undefined-group hosts:6:2 variables are given to group web, which is declared nowhere | declare it: a section [web] in INI, or `web:` below children in YAML",
    ]);
    assert.deepEqual(await refused("h1 a='x\n"), [
      "inventory-ini-line hosts:1:6 the quote ' is never closed | close it on the same line",
    ]);
    assert.deepEqual(await refused("[web]\nh1\n[site:children]\nwbe\n"), [
      "inventory-undefined-group hosts:4:1 group site has the child wbe, which is declared nowhere | did you mean web?",
    ]);
    assert.deepEqual(await refused("[2001:db8::1]\n"), [
      "inventory-ini-section hosts:1:1 this is not a section header | a section is [group], [group:children] or [group:vars]; an IPv6 address stands without brackets, or with a port behind them",
    ]);
    assert.deepEqual(await refused("k=v\n"), [
      'inventory-host-name hosts:1:1 "k=v" is not a host name | a line begins with a host; variables of a group belong to a section [group:vars]',
    ]);
  });

  it("refuse ranges that are wrong or too large", async () => {
    for (const [text, message] of [
      ["h[2:1]", "the range [2:1] runs backwards"],
      ["h[01:100]", "the ends of [01:100] have different lengths"],
      ["h[1]", "[1] is not a range"],
      ["h[a:5]", "[a:5] is not a range"],
      ["h[1:9:0]", "[1:9:0] is not a range"],
      ["h[1:2", '"[" is never closed in "h[1:2"'],
      ["h[1:200000]", "the range [1:200000] stands for too many hosts"],
      ["h[1:1000][1:1000]", "the range [1:1000] stands for too many hosts"],
      ["h:99999", "99999 is not a port"],
    ] as const) {
      assert.deepEqual(
        (await faultsOf({ hosts: `${text}\n` })).map((fault) => [fault.code, fault.message]),
        [["inventory-host-name", message]],
      );
    }
  });

  it("report the way around a cycle of groups", async () => {
    const [fault] = await refused("[a:children]\nb\n[b:children]\nc\n[c:children]\na\n");
    assert.match(
      fault ?? "",
      /^inventory-cycle hosts:\d:2 groups are children of each other: (a → b → c → a|b → c → a → b|c → a → b → c) /,
    );
    assert.match((await refused("[a:children]\nall\n"))[0] ?? "", /^inventory-cycle/);
  });
});
