import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Faults } from "../../src/errors/fault.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { faultsOf, line, load, plain, varsOf, writeFiles } from "./with-files.ts";

const SCRIPT = `#!/bin/sh
case "$1" in
  --list) printf '%s' '{"web": {"hosts": ["h1", "h2"], "vars": {"g": "{{x}}"}, "children": ["db"]}, "old": ["h3"], "h4": {"v": 1}, "_meta": {"hostvars": {"h2": {"a": {"b": null}}, "h1": {}, "stray": {"x": 1}}}}' ;;
esac
`;

describe("sources", () => {
  it("are read from folders in the order of their names, passing over what is none", async () => {
    const inventory = await load(
      {
        "inv/20-b": "[web]\nh2 x=2\nh1 x=2\n",
        "inv/10-a.yml": "web: {hosts: {h1: {x: 1}}}\n",
        "inv/sub/c": "h3\n",
        "inv/a.cfg": "[",
        "inv/README.md": "[",
        "inv/old~": "[",
        "inv/.hidden": "[",
        "inv/x.bak": "[",
        "inv/group_vars/web.yml": "y: 3\n",
      },
      ["inv"],
    );
    assert.deepEqual([...inventory.hosts.keys()], ["h1", "h2", "h3"]);
    assert.deepEqual(plain(varsOf(inventory, "h1")), { x: 2, y: 3 });
  });

  it("stand one above the other on a command line", async () => {
    const inventory = await load({ a: "[web]\nh1 x=1 y=1\n", b: "[web]\nh1 x=2\n" }, ["a", "b", "h9:2222,h1,"]);
    assert.deepEqual(plain(varsOf(inventory, "h1")), { x: 2, y: 1 });
    assert.deepEqual(
      [plain(varsOf(inventory, "h9")), inventory.groupsOf("h9"), inventory.groupsOf("h1")],
      [{ ansible_port: 2222 }, ["ungrouped"], ["web"]],
    );
  });

  it("run programs, whose values are data", async () => {
    const inventory = await load({ "hosts.py": SCRIPT });
    assert.deepEqual([...inventory.hosts.keys()], ["h2", "h1", "h3", "h4"]);
    assert.deepEqual(plain(varsOf(inventory, "h2")), { g: "{{x}}", a: { b: null } });
    assert.deepEqual(plain(varsOf(inventory, "h4")), { v: 1 });
    assert.equal(inventory.layers("h2")[0]?.entries.get("g")?.value.origin.data, true);
    assert.deepEqual([...(inventory.groups.get("web")?.children ?? [])], ["db"]);
    assert.deepEqual(inventory.warnings.map((fault) => fault.code).sort(), [
      "inventory-name-clash",
      "inventory-stray-host",
    ]);
  });

  it("ask programs for each host when they print no _meta", async () => {
    const inventory = await load({
      inv: '#!/bin/sh\nif [ "$1" = --list ]; then echo \'{"web": {"hosts": ["h1", "h2"]}}\'; elif [ "$2" = h1 ]; then echo \'{"n": "for h1"}\'; fi\n',
    });
    assert.deepEqual(plain([varsOf(inventory, "h1"), varsOf(inventory, "h2")]), [{ n: "for h1" }, {}]);
  });

  it("report programs that fail, print something else or may not run", async () => {
    const faults = async (text: string) => (await faultsOf({ inv: text })).map((fault) => fault.message);
    assert.deepEqual(await faults("#!/bin/sh\necho 1 >&2; printf 'no \\033[31mtoken\\n' >&2; exit 3\n"), [
      "inv --list failed with exit code 3; it said: 1 / no token",
    ]);
    assert.deepEqual(await faults("#!/bin/sh\necho Loading; echo '{}'\n"), [
      'inv --list printed something that is not JSON: "Loading"',
    ]);
    assert.deepEqual(await faults("#!/bin/sh\n"), ["inv --list printed something that is not JSON: nothing"]);
    assert.deepEqual(await faults("#!/bin/sh\necho '[]'\n"), ["inv --list printed a list, not an object"]);
    assert.deepEqual(await faults('#!/bin/sh\necho \'{"web": 5, "a": {"hosts": "h1"}, "b": {"host": ["h1"]}}\'\n'), [
      "group web has to be a map or a list of hosts, this is a number",
      "hosts of group a has to be a list of names, this is a text",
      'unknown key "host" of group b',
    ]);
    assert.deepEqual(await faults("#!/no/such/interpreter\n"), [
      "inv --list cannot be started: the interpreter in its first line does not exist",
    ]);
    assert.deepEqual(await faults("#!/bin/sh\nkill -9 $$\n"), ["inv --list was ended by SIGKILL"]);
    const folder = writeFiles({ inv: "#!/bin/sh\necho '{}'\n" });
    chmodSync(join(folder, "inv"), 0o644);
    await assert.rejects(
      loadInventory(["inv"], { cwd: folder }),
      (error: unknown) => error instanceof Faults && error.message === "inv is a program that may not be run",
    );
  });

  it("are told when they do not exist or hold nothing", async () => {
    const all = async (files: Record<string, string>, sources: string[]) => (await faultsOf(files, sources)).map(line);
    assert.deepEqual(await all({ "inventory.yml": "" }, ["inventroy.yml", "x/y"]), [
      "inventory-missing - there is no inventory inventroy.yml | did you mean inventory.yml?",
      "inventory-missing - there is no inventory x/y | give a file, a folder, or a list of hosts that ends in a comma: h1,",
    ]);
    assert.deepEqual(await all({ "inv/group_vars/all.yml": "a: 1\n" }, ["inv"]), [
      "inventory-no-source - the folder inv holds no inventory | put an inventory into it; names that are hidden, backups, .cfg, .md or .txt are passed over, group_vars and host_vars are no sources",
    ]);
    assert.deepEqual(await all({}, [","]), [
      "inventory-no-hosts - the list of hosts is empty | write the names with commas between and after them: h1,h2,",
    ]);
    assert.match((await all({}, ["/dev/zero"]))[0] ?? "", /^inventory-unreadable - .* is not a file/);
    assert.match((await all({}, ["h[5:1],"]))[0] ?? "", /^inventory-host-name/);
  });

  it("survive links that run in a circle", async () => {
    const folder = writeFiles({ "inv/hosts": "h1\n", "group_vars/all/a.yml": "x: 1\n" });
    symlinkSync(".", join(folder, "inv/again"));
    symlinkSync(".", join(folder, "group_vars/all/again"));
    symlinkSync("loop", join(folder, "inv/loop"));
    await assert.rejects(loadInventory(["inv"], { cwd: folder }), Faults);
    const inventory = await loadInventory(["inv/hosts"], { cwd: folder, playbookFolder: folder });
    assert.deepEqual(plain(varsOf(inventory, "h1")), { x: 1 });
  });
});

describe("group_vars and host_vars", () => {
  it("are files with one of the usual endings, or folders of such", async () => {
    const inventory = await load({
      hosts: "[a]\nh.x\n[b]\nh.x\n[c]\nh.x\n[d]\nh.x\n",
      "group_vars/a.yaml": "a: 1\n",
      "group_vars/b": "b: 1\n",
      "group_vars/c.json": '{"c": 1}',
      "group_vars/d/10.yml": "d: 1\ne: 1\n",
      "group_vars/d/20.yml": "e: 2\n",
      "group_vars/d/more/x": "f: 3\n",
      "group_vars/d/30.txt": "- no\n",
      "group_vars/d/40.yml~": "- no\n",
      "host_vars/h.x": "h: 1\n",
      "group_vars/other.yml": "- not read\n",
    });
    assert.deepEqual(plain(varsOf(inventory, "h.x")), { a: 1, b: 1, c: 1, d: 1, e: 2, f: 3, h: 1 });
    assert.deepEqual(inventory.warnings, []);
  });

  it("count once when the playbook stands beside the inventory", async () => {
    const inventory = await load(
      { hosts: "[a]\nh1\n[all:vars]\nl=[1]\n", "group_vars/all.yml": "l: !append [2]\n" },
      ["hosts"],
      ".",
    );
    assert.deepEqual(plain(varsOf(inventory, "h1")), { l: [1, 2] });
  });

  it("never reach outside of their folder, whatever a host is called", async () => {
    const inventory = await load(
      { "inv/hosts": "../../secret\n..\n", "secret.yml": "x: 1\n", "inv/host_vars/a.yml": "x: 1\n" },
      ["inv/hosts"],
    );
    assert.deepEqual(plain(varsOf(inventory, "../../secret")), {});
    assert.deepEqual(plain(varsOf(inventory, "..")), {});
  });

  it("warn about files that reach nobody", async () => {
    const inventory = await load({
      hosts: "[web]\nh1\n",
      "group_vars/wbe.yml": "a: 1\n",
      "group_vars/web.yml": "a: 1\nansible_group_priority: 3\n",
      "group_vars/web/x.yml": "a: 2\n",
    });
    assert.deepEqual(plain(varsOf(inventory, "h1")), { a: 2 });
    assert.deepEqual(inventory.warnings.map(line), [
      "inventory-vars-stray - there is no group wbe: group_vars/wbe.yml is not read | did you mean web?",
      "inventory-vars-twice - group_vars/web.yml is not read, because web stands beside it | keep one of them, or make a folder web/ with both in it",
    ]);
  });

  it("are refused when they are no map, with the place", async () => {
    const faults = await faultsOf({
      hosts: "[web]\nh1\n",
      "group_vars/web.yml": "- a\n",
      "host_vars/h1.yml": "a: [\n",
      "group_vars/all.yml": "$ANSIBLE_VAULT;1.1;AES256\n00\n",
    });
    assert.deepEqual(
      faults.map((fault) => [fault.code, fault.details.place?.file]),
      [
        ["inventory-vault", "group_vars/all.yml"],
        ["inventory-vars-file", "group_vars/web.yml"],
        ["yaml-syntax", "host_vars/h1.yml"],
      ],
    );
  });

  it("say which file cannot be read", async () => {
    const folder = writeFiles({ hosts: "h1\n" });
    mkdirSync(join(folder, "host_vars"));
    symlinkSync("nowhere", join(folder, "host_vars/h1.yml"));
    await assert.rejects(
      loadInventory(["hosts"], { cwd: folder }),
      (error: unknown) =>
        error instanceof Faults &&
        error.faults[0]?.message === "host_vars/h1.yml cannot be read: there is no such file",
    );
  });
});
