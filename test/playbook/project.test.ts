import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { installRoot } from "../../src/base/install-root.ts";
import { checkConfig, configEntry, findPlaybook, findProject } from "../../src/playbook/project.ts";
import { Folder, shown } from "./fixture.ts";

describe("the project", () => {
  let folder: Folder;
  afterEach(() => folder.remove());

  it("is the nearest folder at or above the inventory with provision.yml, playbooks or roles", () => {
    folder = new Folder({
      "a/playbooks/site.yml": "",
      "a/b/inventory.yml": "",
      "a/c/roles/x/y": "",
      "a/c/inventory/all.yml": "",
      "d/inventory.yml": "",
      "installed/playbooks/site.yml": "",
    });
    const root = join(folder.path, "installed");
    const found = (path: string): string => findProject(join(folder.path, path), root).folder.slice(folder.path.length);
    assert.deepEqual(["a/b/inventory.yml", "a/c/inventory", "a"].map(found), ["/a", "/a/c", "/a"]);
    assert.equal(
      findPlaybook(findProject(join(folder.path, "a/b/inventory.yml"), root), undefined),
      join(folder.path, "a/playbooks/site.yml"),
    );
    assert.equal(
      findPlaybook(findProject(join(folder.path, "d/inventory.yml"), root), undefined),
      join(root, "playbooks/site.yml"),
    );
    assert.equal(findPlaybook(findProject(folder.path, root), "x.yml"), join(process.cwd(), "x.yml"));
  });

  it("has its options in provision.yml", () => {
    folder = new Folder({ "provision.yml": "inventory: hosts.yml\nroles_path: [a]\nfroks: 3\n" });
    const project = findProject(folder.path, "/nowhere");
    const [fault] = checkConfig(project, ["inventory", "forks"]);
    assert.deepEqual(
      [shown([fault] as never), fault?.details.hint],
      [["unknown-key provision.yml:3"], 'did you mean "forks"?'],
    );
    assert.equal(configEntry(project, "roles-path")?.key, "roles_path");
    folder.write({ "provision.yml": "- a" });
    assert.throws(() => findProject(folder.path, "/nowhere"), /has to be a map/);
  });

  it("knows where the program is installed", () => {
    folder = new Folder({ "x/package.json": '{"name": "other"}' });
    assert.match(readFileSync(join(installRoot(), "package.json"), "utf8"), /"name": "provision"/);
    assert.throws(() => installRoot(join(folder.path, "x")), /incomplete/);
  });
});
