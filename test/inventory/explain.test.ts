import assert from "node:assert/strict";
import { siblingConflicts } from "../../src/inventory/conflicts.ts";
import { explainHost } from "../../src/inventory/explain.ts";
import { placeOfVariable } from "../../src/inventory/leaves.ts";
import { line, load } from "./with-files.ts";

const YAML = `all:
  vars: {site: {domain: a.example, dns: [10.0.0.1]}, gone: 1}
web:
  vars:
    site: {domain: "{{x}}", dns: !append [10.0.0.2]}
  hosts:
    h1: {port: !expr 1 + 1, gone: null, ssh: {host: 192.0.2.1}}
`;

describe("explaining a host", () => {
  it("names file, line and layer of each value, and what it hides", async () => {
    const inventory = await load({ "hosts.yml": YAML, "host_vars/h1.yml": "port: 8080\n" });
    assert.equal(
      explainHost(inventory, "h1"),
      `h1
  groups: web (lowest first)
  site.domain = "{{x}}"
      hosts.yml:5 (group web)
      hides "a.example" of hosts.yml:2 (group all)
  site.dns = ["10.0.0.1", "10.0.0.2"]
      hosts.yml:5 (group web)
      adds to ["10.0.0.1"] of hosts.yml:2 (group all)
  port = 8080
      host_vars/h1.yml:1 (host h1)
      hides !expr 1 + 1 of hosts.yml:7 (host h1)
  ssh.host = "192.0.2.1"
      hosts.yml:7 (host h1)
  gone is removed
      hosts.yml:7 (host h1)
      hides 1 of hosts.yml:2 (group all)`,
    );
    assert.deepEqual(placeOfVariable(inventory, "h1", ["port"]), {
      file: "host_vars/h1.yml",
      line: 1,
      column: 7,
      length: 4,
    });
    assert.equal(placeOfVariable(inventory, "h1", ["nope"]), undefined);
  });

  it("works for hosts without variables, and for localhost", async () => {
    const inventory = await load({ hosts: "h1\n" });
    assert.equal(explainHost(inventory, "h1"), "h1\n  groups: ungrouped (lowest first)\n  no variables");
    assert.equal(
      explainHost(inventory, "localhost"),
      'localhost\n  groups: none (lowest first)\n  ansible_connection = "local"\n      built in:1 (host localhost)',
    );
    assert.throws(() => explainHost(inventory, "h2"), { code: "unknown-host" });
  });
});

describe("conflicts of siblings", () => {
  it("are leaves that two groups of one host set differently", async () => {
    const inventory = await load({
      "hosts.yml":
        "a: {vars: {d: {x: 1, y: 1}, z: 1}, hosts: {h1: }}\nb: {vars: {d: {x: 2, y: 1}}, hosts: {h1: }}\nc: {vars: {z: 2}, hosts: {h2: }}\n",
    });
    assert.deepEqual(siblingConflicts(inventory).map(line), [
      "sibling-conflict hosts.yml:2:19 groups a and b both set d.x: 2 of b counts, by its name alone | set ansible_group_priority in one of them, make one the child of the other, or set the value on the host",
    ]);
  });

  it("are none where a priority or the depth decides, or lists are added to", async () => {
    for (const text of [
      "a: {vars: {x: 1, ansible_group_priority: 2}, hosts: {h1: }}\nb: {vars: {x: 2}, hosts: {h1: }}\n",
      "a: {vars: {x: 1}, hosts: {h1: }, children: {b: {vars: {x: 2}, hosts: {h1: }}}}\n",
      "a: {vars: {x: !append [1]}, hosts: {h1: }}\nb: {vars: {x: !append [2]}, hosts: {h1: }}\n",
    ]) {
      assert.deepEqual(siblingConflicts(await load({ hosts: text })), []);
    }
  });
});
