import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modules } from "../../src/modules/registry.generated.ts";
import { needs } from "../support/need.ts";
import { runPlaybook } from "../support/run-playbook.ts";
import { type Lab, startHosts } from "./hosts.ts";

/** Every example in the documentation of a module that needs nothing but a Debian host really runs on one. */
describe("examples of modules on a real host", () => {
  needs("root", "systemd-nspawn", "mmdebstrap");
  const cleanup: (() => unknown)[] = [];
  let lab: Lab;
  let home = "";
  const userHome = process.env.HOME;
  const folder = process.cwd();

  before(async function () {
    this.timeout(400_000);
    lab = await startHosts([{ name: "debian", suite: "trixie" }], 81);
    cleanup.push(async () => await lab.stop());
    home = mkdtempSync(join(tmpdir(), "provision-home-"));
    cleanup.push(() => rmSync(home, { recursive: true, force: true }));
    process.env.HOME = home;
    // What examples fetch comes into the working directory.
    process.chdir(home);
  });
  after(async () => {
    process.chdir(folder);
    process.env.HOME = userHome;
    for (const undo of cleanup.reverse()) await undo();
  });

  for (const module of modules.values()) {
    for (const example of module.examples) {
      if (example.only === "doc") continue;
      it(`${module.name}: ${example.title}`, async function () {
        this.timeout(60_000);
        const host = lab.hosts[0];
        assert.ok(host !== undefined);
        if (example.before !== undefined) lab.exec("debian", example.before);
        const vars = { ansible_host: host.address, ansible_user: "root", ansible_ssh_private_key_file: lab.keyFile };
        const { steps } = await runPlaybook({
          hostKeyChecking: "accept-new",
          files: {
            "inventory.yml": JSON.stringify({ all: { hosts: { debian: vars } } }),
            "playbook.yml": `- hosts: all\n  tasks:\n${example.yaml.trimEnd().replace(/^/gm, "    ")}\n`,
          },
        });
        assert.ok(steps.length > 0);
        for (const step of steps) assert.notEqual(step.status, "failed", step.error?.message);
      });
    }
  }
});
