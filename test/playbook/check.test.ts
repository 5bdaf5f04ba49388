import assert from "node:assert/strict";
import { checkProject } from "../../src/playbook/check.ts";
import { withProject } from "./fixture.ts";

const META = `
parameters:
  required: [name]
  properties:
    port: {type: integer, default: 80}
    name: {type: string}
    token: {type: string, secret: true}
    peer: {type: string, format: host}
`;

/** `code file:line hosts` of every fault and warning. */
async function found(files: Record<string, string>): Promise<string[]> {
  return withProject(
    { "inventory.yml": "all:\n  children:\n    web: {hosts: {h1: {}, h2: {}}}\n", ...files },
    (declared) => {
      assert.deepEqual(declared.faults, []);
      const { faults, warnings } = checkProject(declared);
      return [...faults, ...warnings].map(
        ({ code, details: { place, hosts } }) =>
          `${code} ${place === undefined ? "-" : `${place.file.replace(/^.*playbook-\w+\//, "")}:${place.line}`}${hosts === undefined ? "" : ` ${hosts.join(",")}`}`,
      );
    },
  );
}

const tasks = (text: string, files: Record<string, string> = {}) =>
  found({ "play.yml": `- hosts: web\n  tasks:\n${text.replace(/^/gm, "    ")}`, ...files });

describe("the check before any host", () => {
  const cases: [string, string, string[]][] = [
    ["an unknown name in text", '- debug: "{{typo}}"', ["undefined-name play.yml:3 h1,h2"]],
    ["an unknown name in a condition", "- {debug: x, when: typo == 1}", ["undefined-name play.yml:3 h1,h2"]],
    ["an unknown name in a loop", "- {debug: x, loop: !expr typo}", ["undefined-name play.yml:3 h1,h2"]],
    ["an unknown fact", "- {debug: x, when: facts.os.famly == 'a'}", ["undefined-key play.yml:3"]],
    ["an unknown group", "- debug: !expr groups.wbe", ["undefined-key play.yml:3"]],
    ["an unknown host", "- debug: !expr 'hosts[\"h3\"].x'", ["unknown-host-name play.yml:3"]],
    ["an unknown variable of another host", "- debug: !expr 'hosts[\"h2\"].x'", ["undefined-key play.yml:3"]],
    ["an unknown variable of any host", "- debug: !expr 'groups.web.map(h, hosts[h].x)'", ["undefined-key play.yml:3"]],
    ["platform outside a role", "- debug: !expr platform.x", ["undefined-name play.yml:3"]],
    ["item outside a loop", '- debug: "{{item}}"', ["undefined-name play.yml:3"]],
    ["item in a loop", '- {debug: "{{item}}", loop: [1]}', []],
    [
      "another loop variable",
      '- {debug: "{{word}}{{i}}", loop: [1], loop_control: {loop_var: word, index_var: i}}',
      [],
    ],
    [
      "a result before its step",
      '- debug: "{{r.rc}}"\n- {command: {cmd: x, read_only: true}, register: r}\n- debug: "{{r.rc}}"',
      ["not-registered-yet play.yml:3 h1,h2"],
    ],
    ["a result in its own until", "- {command: {cmd: x, read_only: true}, register: r, until: r.rc == 0}", []],
    ["a set fact", '- set_fact: {a: 1}\n- debug: "{{a}}"', []],
    ["a set fact with a taken name", "- set_fact: {facts: 1}", ["bad-name play.yml:3"]],
    [
      "task variables with a taken name",
      "- {debug: x, vars: {hosts: 1, a-b: 2}}",
      ["bad-name play.yml:3", "bad-name play.yml:3"],
    ],
    ["variables of blocks and tasks", '- block:\n    - {debug: "{{a}}{{b}}", vars: {b: "{{a}}"}}\n  vars: {a: 1}', []],
    [
      "block variables made from a later result",
      '- block:\n    - {command: {cmd: x, read_only: true}, register: r}\n    - debug: "{{a}}"\n  vars: {a: "{{r.rc}}"}',
      [],
    ],
    ["conditions of assert", "- assert: {that: [typo]}", ["undefined-name play.yml:3 h1,h2"]],
    ["text that does not compile", '- debug: "{{ x | default(1) }}"', ["text-jinja play.yml:3"]],
    ["an expression that does not compile", "- {debug: x, when: 'a ='}", ["expression-syntax play.yml:3"]],
    ["an unknown argument", "- file: {path: /x, pth: 1}", ["unknown-argument play.yml:3"]],
    ["a file that is not there", "- copy: {dest: /x, src: nope}", ["missing-file play.yml:3"]],
    ["a delegation to nobody", "- {debug: x, delegate_to: h9}", ["unknown-host-name play.yml:3"]],
    [
      "environment and identity",
      '- {debug: x, environment: {A: "{{typo}}"}, become_user: "{{typo}}"}',
      ["undefined-name play.yml:3 h1,h2", "undefined-name play.yml:3 h1,h2"],
    ],
  ];
  for (const [what, text, expected] of cases) {
    it(`sees ${what}`, async () => assert.deepEqual(await tasks(text), expected));
  }

  it("translates the names that other tools give to what every host has", async () => {
    const files = {
      "inventory.yml": "web: {hosts: {h1: {}}}",
      "play.yml": "- {hosts: web, tasks: [{debug: '{{inventory_hostname}}'}]}",
    };
    await withProject(files, (declared) => {
      assert.equal(checkProject(declared).faults[0]?.details.hint, "write host.name");
    });
  });

  it("reads templates", async () => {
    const files = { "templates/a.conf": "{{#each groups.web as |h|}}{{h}}\n{{typo}}{{/each}}" };
    assert.deepEqual(await tasks("- template: {src: a.conf, dest: /a}", files), [
      "undefined-name templates/a.conf:2 h1,h2",
    ]);
  });

  it("follows includes with literal names, and knows nothing behind computed ones", async () => {
    assert.deepEqual(
      await tasks('- include_tasks: a.yml\n- include_vars: v.yml\n- debug: "{{v}}{{r}}"', {
        "a.yml": '- {command: {cmd: "{{typo}}", read_only: true}, register: r}',
        "v.yml": "v: 1",
      }),
      ["undefined-name a.yml:1 h1,h2"],
    );
    assert.deepEqual(await tasks('- include_vars: "{{host.name}}.yml"\n- debug: "{{anything}}"'), []);
  });

  it("holds optional parameters to be guarded, by the task's condition too", async () => {
    const role = (text: string) =>
      found({
        "roles/r/meta/main.yml": META,
        "roles/r/tasks/main.yml": text,
        "play.yml": "- {hosts: web, roles: [{role: r, with: {name: x}}]}",
      });
    assert.deepEqual(await role('- debug: "{{r.token}}{{r.prot}}"'), [
      "optional-unguarded roles/r/tasks/main.yml:1",
      "undefined-key roles/r/tasks/main.yml:1",
    ]);
    assert.deepEqual(
      await role(
        "- {debug: '{{r.token}}', when: has(r.token)}\n- debug: '{{default r.peer \"-\"}}'\n- {debug: x, when: ['has(r.peer)', \"r.peer == 'x'\"]}",
      ),
      [],
    );
  });

  it("validates parameters for each host, what is required only where the role runs", async () => {
    const files = {
      "roles/r/meta/main.yml": META,
      "inventory.yml":
        "all:\n  hosts: {other: {r: {port: x}}}\n  children:\n    web:\n      hosts:\n        h1: {r: {name: a}}\n        h2: {r: {peer: h9}}\n        h3: {r: {name: a, prot: 1}}\n        h4: {r: {name: a, token: hush}}\n        h5: {r: {name: !expr 'facts.hostname', token: !expr 'env(\"PATH\")'}}\n",
      "play.yml": "- {hosts: web, roles: [r]}",
    };
    assert.deepEqual(await found(files), [
      "schema-missing-key inventory.yml:7 h2",
      "schema-format inventory.yml:7 h2",
      "schema-unknown-key inventory.yml:8 h3",
      "plain-secret - h4",
      "schema-type inventory.yml:2 other",
    ]);
    assert.deepEqual(await found({ ...files, "inventory.yml": "web: {hosts: {h1: {}, h2: {}}}" }), [
      "schema-missing-key play.yml:1 h1,h2",
    ]);
  });

  it("finds variables that nothing reads, and those that are nearly a role", async () => {
    const files = {
      "roles/nfs_server/tasks/main.yml": "[]",
      "inventory.yml":
        "web:\n  vars: {nfs_servr: {}, used: 1, elsewhere: 2, lost: 3, ssh: {user: x}, ansible_port: 22, HTTP: 1}\n  hosts: {h1: {}}\n",
      "play.yml": "- hosts: web\n  tasks: [{debug: '{{used}}'}]\n",
      "playbooks/other.yml": "- {hosts: web, tasks: [{debug: '{{elsewhere}}'}]}",
    };
    assert.deepEqual(await found(files), [
      "near-role-name inventory.yml:2",
      "bad-name inventory.yml:2",
      "unused-variable inventory.yml:2",
    ]);
  });

  it("holds invariants for every host of the role, over what is declared", async () => {
    const files = {
      "roles/r/meta/main.yml": `${META}invariants:\n  - name: "{{host.name}} knows {{item}}"\n    loop: !expr 'roles.r.filter(h, h != host.name)'\n    expr: r.port == hosts[item].r.port\n`,
      "inventory.yml": "web: {hosts: {h1: {r: {port: 1}}, h2: {r: {port: 1}}, h3: {r: {port: 2}}}}",
      "play.yml": "- {hosts: web, roles: [{role: r, with: {name: x}}]}",
    };
    const lines = await found(files);
    assert.deepEqual(
      [...new Set(lines.map((line) => line.replace(/ h\d.*/, "")))],
      ["invariant-failed roles/r/meta/main.yml:12"],
    );
    assert.deepEqual([...new Set(lines.flatMap((line) => line.match(/h\d/g) ?? []))].sort(), ["h1", "h2", "h3"]);
    const facts = { ...files, "roles/r/meta/main.yml": `${META}invariants: [{name: x, expr: facts.cpus > 1}]\n` };
    assert.deepEqual(
      (await found(facts)).map((line) => line.split(" ")[0]),
      ["invariant-failed"],
    );
  });

  it("is quick for many hosts and steps", async () => {
    const hosts = Array.from(
      { length: 300 },
      (_, index) => `h${index}: {n: ${index}, url: "http://{{host.name}}:{{port}}"}`,
    ).join(", ");
    const steps = Array.from(
      { length: 100 },
      (_, index) => `    - debug: "${index} {{url}} {{n}} {{site.domain}}"`,
    ).join("\n");
    const started = Date.now();
    assert.deepEqual(
      await found({
        "inventory.yml": `web: {vars: {port: 1, site: {domain: x}}, hosts: {${hosts}}}`,
        "play.yml": `- hosts: web\n  tasks:\n${steps}\n`,
      }),
      [],
    );
    assert.ok(Date.now() - started < 10_000, `took ${Date.now() - started} ms`);
  });
});
