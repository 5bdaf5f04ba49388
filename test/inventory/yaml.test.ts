import assert from "node:assert/strict";
import { looksLikeYaml } from "../../src/inventory/source.ts";
import { faultsOf, line, load, plain, varsOf } from "./with-files.ts";

async function refused(text: string): Promise<string[]> {
  return (await faultsOf({ "hosts.yml": text })).map(line);
}

describe("the reader of an inventory", () => {
  const yaml = [
    "all:\n",
    "---\nall:",
    "# c\n\n; c\nweb:\n",
    '{"all": {}}',
    "  \n{}",
    "'a b': {}",
    '"x": 1',
    "all: {hosts: {h1: }}",
    "- hosts: all",
    "null",
    "2001:db8::1: {}",
    "? a\n: b",
    "%YAML 1.2\n---",
  ];
  const ini = [
    "",
    "h1",
    "h1 a=1",
    "[web]",
    "h1:2222",
    "2001:db8::1",
    "[2001:db8::1]:22",
    "h1 d=\"{'x': 1}\"",
    "h1 # note: x",
    "h1 a='b: c'",
    "; c",
    "web[1:3] x=y: z",
    "k=v",
    "[a]\nb: c",
  ];
  for (const text of yaml) it(`${JSON.stringify(text)} is YAML`, () => assert.equal(looksLikeYaml(text), true));
  for (const text of ini) it(`${JSON.stringify(text)} is not`, () => assert.equal(looksLikeYaml(text), false));

  it("does not look at the name of the file", async () => {
    assert.deepEqual([...(await load({ "hosts.yml": "[web]\nh1\n" })).groups.keys()], ["all", "ungrouped", "web"]);
    assert.deepEqual([...(await load({ "hosts.ini": "web:\n  hosts: {h1: }\n" })).hosts.keys()], ["h1"]);
    assert.deepEqual(
      plain(varsOf(await load({ "hosts.yml": '{\n\t"web": {"hosts": {"h1": {"a": [1, null]}}}\n}' }), "h1")),
      { a: [1, null] },
    );
  });
});

describe("YAML inventories", () => {
  it("read groups, hosts with ranges and ports, and variables with their places", async () => {
    const inventory = await load({
      "hosts.yml":
        "web:\n  vars: {a: {b: 1, c: 2}}\n  hosts:\n    h[1:2]:2222: {a: {b: 3}}\n  children:\n    db: {hosts: h3}\n",
    });
    assert.deepEqual([...inventory.hosts.keys()], ["h1", "h2", "h3"]);
    assert.deepEqual(plain(varsOf(inventory, "h2")), { a: { b: 3, c: 2 }, ansible_port: 2222 });
    const host = inventory.layers("h2").at(-1);
    assert.deepEqual(
      [host?.entries.get("a")?.keyPlace, host?.entries.get("a")?.value.origin.layer],
      [{ file: "hosts.yml", line: 4, column: 19, length: 1 }, "host h2"],
    );
  });

  it("merge a host that several groups name", async () => {
    const inventory = await load({ "hosts.yml": "a: {hosts: {h1: {x: {p: 1}}}}\nb: {hosts: {h1: {x: {q: 2}}}}\n" });
    assert.deepEqual(plain(varsOf(inventory, "h1")), { x: { p: 1, q: 2 } });
  });

  it("remove with null and add with !append", async () => {
    const inventory = await load({
      "hosts.yml": "a:\n  vars: {x: 1, l: [1]}\n  hosts: {h1: {x: null, l: !append [2]}}\n",
    });
    assert.deepEqual(plain(varsOf(inventory, "h1")), { l: [1, 2] });
  });

  it("order siblings by priority, then by name", async () => {
    const text = (priority: string) =>
      `b: {vars: {k: b}, hosts: {h1: }}\na: {vars: {k: a${priority}}, hosts: {h1: }}\n`;
    assert.deepEqual(plain(varsOf(await load({ h: text("") }), "h1")), { k: "b" });
    assert.deepEqual(plain(varsOf(await load({ h: text(", ansible_group_priority: 2") }), "h1")), { k: "a" });
    assert.deepEqual(plain(varsOf(await load({ h: text(', ansible_group_priority: "2"') }), "h1")), { k: "a" });
  });

  it("refuse what would be ignored, with the nearest name", async () => {
    assert.deepEqual(await refused("web:\n  host: {h1: }\n  port: 80\n  hosts: [h1]\n  vars: x\ndb: 5\n"), [
      'inventory-group-key hosts.yml:2:3 unknown key "host" of group web | did you mean hosts?',
      'inventory-group-key hosts.yml:3:3 unknown key "port" of group web | a group has hosts, children and vars; variables stand below vars',
      "inventory-shape hosts.yml:4:10 hosts of group web has to be a map, this is a list | write each name on a line of its own with a colon behind it, without the dash",
      "inventory-shape hosts.yml:5:9 vars of group web has to be a map, this is a text | write `name: value` pairs below vars",
      "inventory-shape hosts.yml:6:5 group db has to be a map, this is a number | a group has hosts, children and vars, each below a key of its own",
    ]);
    assert.deepEqual(await refused("hosts:\n  h1: {}\n"), [
      'inventory-group-key hosts.yml:2:3 unknown key "h1" of group hosts | "hosts" is read as the name of a group here; put it below all:',
    ]);
    assert.deepEqual(await refused("web: {hosts: {h1: 5}}\n"), [
      "inventory-shape hosts.yml:1:19 host h1 has to be a map of its variables, this is a number | write `name: value` pairs below the host, or nothing",
    ]);
    assert.deepEqual(await refused("- hosts: all\n"), [
      "inventory-shape hosts.yml:1:1 an inventory is a map of groups, this is a playbook | give a playbook with -p, and the inventory as the first argument",
    ]);
    assert.deepEqual(await refused("plugin: amazon.aws.aws_ec2\n"), [
      "inventory-shape hosts.yml:1:1 this file configures an inventory plugin; there are none here | give an executable that prints the inventory as JSON for --list",
    ]);
    assert.deepEqual(await refused("{}\n"), [
      "inventory-no-hosts hosts.yml:1:1 the file names no host and no group | write `all:` with `hosts:` below it, or leave the file empty",
    ]);
    assert.deepEqual(await refused("a: {vars: {ansible_group_priority: high}}\n"), [
      "inventory-priority hosts.yml:1:36 ansible_group_priority of group a has to be a whole number | write a number, for example 10; the default is 1",
    ]);
    assert.deepEqual(await refused("all: {children: {_meta: {}}}\n"), [
      "inventory-name hosts.yml:1:18 a group cannot be called _meta: that name belongs to printed inventories | choose another name",
    ]);
  });

  it("take an empty file, with a warning", async () => {
    for (const text of ["", "\n", "# nothing yet\n", "---\n", "null\n"]) {
      const inventory = await load({ "hosts.yml": text });
      assert.equal(inventory.hosts.size, 0);
      assert.deepEqual(
        inventory.warnings.map((fault) => fault.code),
        ["inventory-empty"],
      );
    }
  });

  it("warn when a group and a host share a name", async () => {
    const inventory = await load({ "hosts.yml": "nas: {hosts: {nas: {}}}\n" });
    assert.deepEqual(inventory.warnings.map(line), [
      "inventory-name-clash hosts.yml:1:1 nas is the name of a group and of a host | patterns then mean the host; rename one of them",
    ]);
  });

  it("know localhost without it being in all", async () => {
    const inventory = await load({ "hosts.yml": "all: {vars: {x: 1}}\nweb: {hosts: {h1: }}\n" });
    assert.deepEqual(plain(varsOf(inventory, "localhost")), { x: 1, ansible_connection: "local" });
    assert.deepEqual(
      [inventory.hostsOf("all"), inventory.groupsOf("localhost"), inventory.host("nope")],
      [["h1"], [], undefined],
    );
  });
});
