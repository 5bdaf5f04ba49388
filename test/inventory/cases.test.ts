import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Inventory } from "../../src/inventory/inventory.ts";
import { matchHosts } from "../../src/inventory/patterns.ts";
import { faultsOf, load, plain, varsOf } from "./with-files.ts";

interface ParseCase {
  id: string;
  files: Record<string, string>;
  sources: string[];
  expect: {
    refused?: boolean;
    hosts: Record<string, unknown>;
    groups: Record<string, unknown>;
    top_level_groups: string[];
  };
}
interface PatternCase {
  id: string;
  inventory: string;
  pattern: string;
  limit: string | null;
  expect: { hosts: string[] };
}
interface PrecedenceCase {
  id: string;
  variable_set_at: string[];
  expect_winner: string;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../cases/${name}.json`, import.meta.url), "utf8"));
}

/** Cases that are decided otherwise here, and why. */
const DECIDED: Readonly<Record<string, string>> = {
  "inventory-footgun-extensionless-ini-read-as-yaml":
    "the content decides the reader: the line is INI, and its host is there",
};

describe("inventories as observed", () => {
  for (const one of read("inventory-parse") as ParseCase[]) {
    const decided = DECIDED[one.id];
    it(decided === undefined ? one.id : `${one.id}, decided otherwise: ${decided}`, async () => {
      if (one.expect.refused === true) {
        assert.notDeepEqual(await faultsOf(one.files, one.sources), []);
        return;
      }
      const inventory = await load(one.files, one.sources);
      if (decided !== undefined) assert.deepEqual([...inventory.hosts.keys()], ["h1"]);
      else assert.deepEqual(shapeOf(inventory), one.expect);
    });
  }
});

function shapeOf(inventory: Inventory): unknown {
  const groups: Record<string, unknown> = {};
  for (const group of inventory.groups.values()) {
    if (group.name === "all" || group.hosts.size + group.children.size === 0) continue;
    groups[group.name] = {
      ...(group.hosts.size > 0 && { hosts: [...group.hosts] }),
      ...(group.children.size > 0 && { children: [...group.children] }),
    };
  }
  const hosts = Object.fromEntries([...inventory.hosts.keys()].map((host) => [host, plain(varsOf(inventory, host))]));
  return { hosts, groups, top_level_groups: [...(inventory.groups.get("all")?.children ?? [])] };
}

describe("host patterns as observed", () => {
  for (const one of read("host-patterns") as PatternCase[]) {
    it(`${one.id}: ${one.pattern}${one.limit === null ? "" : ` limited to ${one.limit}`}`, async () => {
      const inventory = await load({ hosts: one.inventory });
      assert.deepEqual(
        matchHosts(inventory, one.pattern, { ...(one.limit !== null && { limit: one.limit }) }),
        one.expect.hosts,
      );
    });
  }
});

/** The levels that an inventory decides; the others belong to plays, roles and the command line. */
const LEVELS: Readonly<Record<string, [file: string, text: string]>> = {
  inv_file_group_all: ["inv/hosts", "[all:vars]\nv=inv_file_group_all\n"],
  inv_group_vars_all: ["inv/group_vars/all.yml", "v: inv_group_vars_all\n"],
  pb_group_vars_all: ["play/group_vars/all.yml", "v: pb_group_vars_all\n"],
  inv_file_group_parent: ["inv/hosts", "[parent:vars]\nv=inv_file_group_parent\n"],
  inv_file_group_child: ["inv/hosts", "[child:vars]\nv=inv_file_group_child\n"],
  inv_group_vars_parent: ["inv/group_vars/parent.yml", "v: inv_group_vars_parent\n"],
  inv_group_vars_child: ["inv/group_vars/child.yml", "v: inv_group_vars_child\n"],
  pb_group_vars_parent: ["play/group_vars/parent.yml", "v: pb_group_vars_parent\n"],
  pb_group_vars_child: ["play/group_vars/child.yml", "v: pb_group_vars_child\n"],
  inv_file_host: ["inv/hosts", "[child]\nh1 v=inv_file_host\n"],
  inv_host_vars: ["inv/host_vars/h1.yml", "v: inv_host_vars\n"],
  pb_host_vars: ["play/host_vars/h1.yml", "v: pb_host_vars\n"],
};

async function winner(levels: readonly string[]): Promise<unknown> {
  const files: Record<string, string> = { "inv/hosts": "[child]\nh1\n[parent:children]\nchild\n" };
  for (const level of levels) {
    const [file, text] = LEVELS[level] ?? ["", ""];
    files[file] = (files[file] ?? "") + text;
  }
  const inventory = await load(files, ["inv/hosts"], "play");
  return (plain(varsOf(inventory, "h1")) as { v: unknown }).v;
}

describe("precedence of variables as observed", () => {
  const order = Object.keys(LEVELS);
  for (const one of (read("variable-precedence") as { cases: PrecedenceCase[] }).cases) {
    const ours = one.variable_set_at.filter((level) => LEVELS[level] !== undefined);
    if (ours.length < 2) continue;
    const all = ours.length === one.variable_set_at.filter((level) => level !== "role_defaults").length;
    it(all ? one.id : `${one.id}: those of the inventory`, async () => {
      // Where plays and roles take part they win; the highest of the inventory must then win among its own.
      assert.equal(await winner(ours), all ? one.expect_winner : ours.at(-1));
    });
  }
  it("each level hides all lower ones", async () => {
    for (let count = 1; count <= order.length; count += 1)
      assert.equal(await winner(order.slice(0, count)), order[count - 1]);
  });
});
