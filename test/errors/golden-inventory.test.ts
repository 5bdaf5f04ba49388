import type { Fault } from "../../src/errors/fault.ts";
import { siblingConflicts } from "../../src/inventory/conflicts.ts";
import { connectionOf } from "../../src/inventory/connection.ts";
import type { Inventory } from "../../src/inventory/inventory.ts";
import { placeOfVariable } from "../../src/inventory/leaves.ts";
import { listInventory, requireHost } from "../../src/inventory/list.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { matchHosts } from "../../src/inventory/patterns.ts";
import { Unknown } from "../../src/base/value.ts";
import { varsOf, writeFiles } from "../inventory/with-files.ts";
import { type GoldenCase, goldenTests } from "./golden.ts";

/** Loads the first of some files; gives what it warns about, or what is done with the inventory. */
function inventory(
  files: Record<string, string>,
  then: (loaded: Inventory) => unknown = (loaded) => loaded.warnings,
  sources = Object.keys(files).slice(0, 1),
): GoldenCase {
  return { files, run: async () => then(await loadInventory(sources, { cwd: writeFiles(files) })) };
}

function connection(text: string): GoldenCase {
  return inventory({ "hosts.yml": text }, (loaded) => {
    const host = [...loaded.hosts.keys()][0] ?? "";
    return connectionOf(host, varsOf(loaded, host), (path) => placeOfVariable(loaded, host, path)).warnings;
  });
}

function matching(
  pattern: string,
  place = { file: "play.yml", line: 1, column: 10, length: pattern.length },
): GoldenCase {
  const files = { hosts: "[web]\nweb1\nweb2\n[old]\nweb2\n", "play.yml": `- hosts: ${pattern}\n` };
  return inventory(files, (loaded) => {
    const warnings: Fault[] = [];
    matchHosts(loaded, pattern, { warn: (fault) => warnings.push(fault), place });
    return warnings;
  });
}

describe("texts of faults in inventories", () => {
  goldenTests({
    "inventory-missing": inventory({ "inventory.yml": "" }, undefined, ["inventroy.yml"]),
    "inventory-unreadable": inventory({}, undefined, ["/dev/null"]),
    "inventory-vault": inventory({ hosts: "h1\n", "group_vars/all.yml": "$ANSIBLE_VAULT;1.1;AES256\n3631\n" }),
    "inventory-no-source": inventory({ "inv/group_vars/all.yml": "a: 1\n" }, undefined, ["inv"]),
    "inventory-no-hosts": inventory({ "hosts.yml": "# later\n{}\n" }),
    "inventory-empty": inventory({ "hosts.yml": "# later\n" }),
    "inventory-shape": inventory({ "hosts.yml": "web:\n  hosts:\n    - h1\n    - h2\n" }),
    "inventory-group-key": inventory({ "hosts.yml": "web:\n  host:\n    h1: {}\n  port: 80\n" }),
    "inventory-host-name": inventory({ hosts: "[web]\nweb[01:100] ansible_user=pi\n" }),
    "inventory-ini-section": inventory({ hosts: "[web:childen]\ndb\n" }),
    "inventory-ini-line": inventory({ hosts: "[web]\nh1 motd=hello you\n[web:vars]\nport\n" }),
    "inventory-ini-comment": inventory({ hosts: "h1 url=http://x/#top\n" }),
    "inventory-undefined-group": inventory({ hosts: "[web]\nh1\n[site:children]\nwbe\n" }),
    "inventory-cycle": inventory({ "hosts.yml": "a:\n  children:\n    b:\n      children:\n        a:\n" }),
    "inventory-name": inventory({ "hosts.yml": "all:\n  children:\n    _meta: {hosts: {h1: }}\n" }),
    "inventory-name-clash": inventory({ "hosts.yml": "nas:\n  hosts:\n    nas: {}\n" }),
    "inventory-priority": inventory({ hosts: "[web]\nh1\n", "group_vars/web.yml": "ansible_group_priority: 10\n" }),
    "inventory-executable": inventory({ "hosts.sh": "#!/bin/sh\necho 'no token: set API_TOKEN' >&2\nexit 3\n" }),
    "inventory-stray-host": inventory({
      "hosts.json": '{"web": {"hosts": ["h1"]},\n "_meta": {"hostvars": {"h2": {"x": 1}}}}\n',
    }),
    "inventory-vars-file": inventory({ hosts: "h1\n", "host_vars/h1.yml": "- port: 80\n" }),
    "inventory-vars-twice": inventory({
      hosts: "[web]\nh1\n",
      "group_vars/web.yml": "a: 1\n",
      "group_vars/web/app.yml": "a: 2\n",
    }),
    "inventory-vars-stray": inventory({ hosts: "[web]\nh1\n", "group_vars/wbe.yml": "a: 1\n" }),
    "inventory-unknown-value": inventory({ hosts: "h1\n" }, (loaded) => {
      const warnings: Fault[] = [];
      const values = Object.defineProperty({}, "workers", {
        enumerable: true,
        get: () => {
          throw new Unknown("the facts of h1 are not read");
        },
      });
      listInventory(loaded, () => values, { warn: (fault) => warnings.push(fault) });
      return warnings;
    }),
    "sibling-conflict": inventory(
      { "hosts.yml": "fra: {hosts: {h1: }, vars: {dns: 10.0.0.1}}\nweb: {hosts: {h1: }, vars: {dns: 10.0.0.2}}\n" },
      siblingConflicts,
    ),
    "pattern-no-match": matching("web:!olld"),
    "pattern-syntax": matching("~(?!old).*"),
    "pattern-file": inventory({ hosts: "h1\n" }, (loaded) => matchHosts(loaded, "all", { limit: "@todo.txt" })),
    "unknown-host": inventory({ hosts: "pi-1\npi-2\n" }, (loaded) => requireHost(loaded, "pi1")),
    "connection-both": connection(
      "all:\n  vars: {ansible_host: 192.0.2.2}\n  hosts:\n    pi-1: {ssh: {host: 192.0.2.1}}\n",
    ),
    "connection-value": connection("all:\n  hosts:\n    pi-1: {ssh: {port: 70000}, ansible_become: maybe}\n"),
    "connection-key": connection("all:\n  hosts:\n    pi-1: {ssh: {hots: 192.0.2.1}}\n"),
    "connection-unsupported": connection("all:\n  hosts:\n    web1: {ansible_connection: docker}\n"),
    "connection-ignored": connection("all:\n  hosts:\n    web1: {ansible_ssh_common_args: -o ControlMaster=auto}\n"),
  });
});
