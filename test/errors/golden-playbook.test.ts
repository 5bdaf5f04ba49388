import { matchHosts } from "../../src/inventory/patterns.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { compileExpression } from "../../src/language/expression.ts";
import { checkProject } from "../../src/playbook/check.ts";
import { loadPlaybook } from "../../src/playbook/load.ts";
import { findPlaybook, findProject, findRoles } from "../../src/playbook/project.ts";
import { checkSelection } from "../../src/playbook/select.ts";
import { Variables } from "../../src/playbook/variables.ts";
import { Folder, modules } from "../playbook/fixture.ts";
import { type GoldenCase, goldenTests } from "./golden.ts";

const INVENTORY = "all:\n  children:\n    web:\n      hosts: {web-1: {}, web-2: {}}\n";

/** Loads and checks `play.yml` for `inventory.yml` in a folder of these files, which is the working directory meanwhile. */
function project(files: Record<string, string>, then?: (variables: Variables) => unknown): GoldenCase {
  const all = { "inventory.yml": INVENTORY, "play.yml": "- hosts: web\n  roles: [web]\n", ...files };
  return {
    files: all,
    run: async () => {
      const folder = new Folder({ "provision.yml": "", ...all });
      const before = process.cwd();
      process.chdir(folder.path);
      try {
        const library = findRoles(findProject(folder.path, "/nowhere"), "play.yml");
        const { playbook, faults } = loadPlaybook("play.yml", { modules, library });
        const inventory = await loadInventory(["inventory.yml"], { cwd: folder.path });
        const variables = new Variables({
          inventory,
          playbook,
          library,
          folder: folder.path,
          hostsOf: (pattern) => matchHosts(inventory, pattern),
          factsOf: () => ({ os: { distribution: "plan9", family: "plan9" } }),
        });
        if (then !== undefined) return await then(variables);
        if (faults.length > 0) return faults;
        const checked = checkProject({ variables });
        return [...checked.faults, ...checked.warnings];
      } finally {
        process.chdir(before);
        folder.remove();
      }
    },
  };
}

const tasks = (text: string): GoldenCase =>
  project({ "play.yml": `- hosts: web\n  tasks:\n${text.replace(/^/gm, "    ")}\n` });

describe("texts of faults in playbooks and roles", () => {
  goldenTests({
    "unknown-key": tasks("- name: keys\n  copy: {dest: /etc/app.key, content: x}\n  notfy: restart app"),
    "old-spelling": tasks("- package: {name: vim}\n  with_items: [vim, git]\n- file: path=/srv state=directory"),
    "not-offered": project({ "roles/web/meta/main.yml": "summary: A web server.\noutputs:\n  key: {type: string}\n" }),
    "wrong-form": project({ "play.yml": "- hosts: web\n  serial: many\n  tasks:\n    name: one task\n" }),
    "missing-key": tasks("- name: copy the key\n  become: true\n- debug: x\n  retries: 3"),
    "missing-file": tasks("- import_tasks: setup.yml"),
    "unreadable-file": project({ "play.yml": "- hosts: web\n  vars_files: [secret.yml]\n", "secret.yml": "x" }, () => {
      const folder = new Folder({ "play.yml/x": "" });
      const before = process.cwd();
      process.chdir(folder.path);
      try {
        return loadPlaybook("play.yml", {
          modules,
          library: findRoles(findProject(folder.path, "/nowhere"), "play.yml"),
        }).faults;
      } finally {
        process.chdir(before);
        folder.remove();
      }
    }),
    "several-modules": tasks(
      "- name: install and start\n  package: {name: nginx}\n  service: {name: nginx, state: started}",
    ),
    "unknown-module": tasks("- apt: {name: nginx}\n- ansible.builtin.copy: {dest: /x}\n- copi: {dest: /x}"),
    "unknown-role": project({ "play.yml": "- hosts: web\n  roles: [wbe]\n", "roles/web/tasks/main.yml": "[]" }),
    "role-cycle": project({
      "play.yml": "- hosts: web\n  roles: [a]\n",
      "roles/a/meta/main.yml": "dependencies: [b]",
      "roles/b/meta/main.yml": "dependencies: [{role: a}]",
    }),
    "import-cycle": project({
      "play.yml": "- hosts: web\n  tasks:\n    - import_tasks: a.yml\n",
      "a.yml": "- import_tasks: b.yml\n",
      "b.yml": "- import_tasks: a.yml\n",
    }),
    "role-layout": project({
      "roles/web/meta/main.yml": "summary: x\n",
      "roles/web/defaults/main.yml": "web_port: 80\n",
    }),
    "platform-keys": project({
      "roles/web/platforms/debian.yml": "package: nginx\nservice: nginx\n",
      "roles/web/platforms/alpine.yml": "package: nginx\n",
    }),
    "bad-name": tasks(
      "- command: {cmd: hostname, read_only: true}\n  register: host\n- debug: x\n  loop: [1]\n  loop_control: {loop_var: my-item}",
    ),
    "unknown-handler": project({
      "play.yml":
        "- hosts: web\n  tasks:\n    - copy: {dest: /etc/a, content: x}\n      notify: restart shd\n  handlers:\n    - name: restart sshd\n      service: {name: sshd}\n",
    }),
    "not-read-only": project({
      "roles/web/verify/main.yml": "- expect: {port: 80}\n- service: {name: nginx, state: started}\n",
    }),
    "variable-cycle": project(
      { "inventory.yml": `${INVENTORY}  vars:\n    domain: "{{fqdn}}.net"\n    fqdn: "{{host.name}}.{{domain}}"\n` },
      (variables) =>
        compileExpression("fqdn", { file: "-", line: 1, column: 1 }).evaluate(
          variables.scope({ host: "web-1", play: undefined }),
        ),
    ),
    "near-role-name": project({
      "inventory.yml": `${INVENTORY}  vars:\n    wep: {port: 80}\n`,
      "roles/web/tasks/main.yml": "[]",
    }),
    "unused-variable": project({
      "inventory.yml": `${INVENTORY}  vars: {colour: blue}\n`,
      "roles/web/tasks/main.yml": "[]",
    }),
    "plain-secret": project({
      "inventory.yml": `${INVENTORY}  vars:\n    web: {token: hush}\n`,
      "roles/web/meta/main.yml": "parameters: {properties: {token: {type: string, secret: true}}}",
    }),
    "invariant-failed": project({
      "inventory.yml": `${INVENTORY}  vars:\n    web: {port: 8080}\n`,
      "roles/web/meta/main.yml":
        'parameters: {properties: {port: {type: integer, default: 80}}}\ninvariants:\n  - name: "{{host.name}} listens below 1024, not on {{web.port}}"\n    expr: web.port < 1024\n',
    }),
    "not-registered-yet": tasks(
      '- debug: "{{answer.stdout}}"\n- command: {cmd: hostname -f, read_only: true}\n  register: answer',
    ),
    "unknown-host-name": tasks('- debug: "{{hosts.web-3.port}}"\n- debug: x\n  delegate_to: web-4'),
    "unknown-tag": project({ "play.yml": "- hosts: web\n  tags: [config]\n" }, ({ options }) =>
      checkSelection(options.playbook, { tags: ["conf"], skipTags: [], role: undefined }),
    ),
    "no-platform": project(
      { "roles/web/tasks/main.yml": "- debug: x\n", "roles/web/platforms/debian.yml": "package: nginx\n" },
      (variables) => {
        const play = variables.options.playbook.plays[0];
        return variables.scope({ host: "web-1", play, step: play?.sections[1]?.tasks[0] }).get("platform");
      },
    ),
    "no-playbook": project({}, () => findPlaybook(findProject(".", "/nowhere"), undefined)),
  });
});
