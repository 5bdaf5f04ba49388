import assert from "node:assert/strict";
import type { Block, Include, Step, TaskNode } from "../../src/playbook/tree.ts";
import { load, shown } from "./fixture.ts";

const titles = (tasks: readonly TaskNode[]): string[] =>
  tasks.flatMap((task) =>
    task.kind === "block" ? titles([...task.block, ...task.rescue, ...task.always]) : [task.name ?? task.kind],
  );
const play = (text: string, files: Record<string, string> = {}) => load({ "play.yml": text, ...files });
const tasksOf = (text: string, files: Record<string, string> = {}) =>
  load({ "play.yml": `- hosts: all\n  tasks:\n${text.replace(/^/gm, "    ")}`, ...files });

describe("reading plays", () => {
  it("reads every key of a play", () => {
    const { playbook, faults } = play(
      `
- name: web servers
  hosts: [web, "!old"]
  order: sorted
  serial: [1, "30%"]
  become: true
  become_user: deploy
  tags: [p]
  any_errors_fatal: true
  max_fail_percentage: 20
  force_handlers: true
  gather_facts: false
  environment: {LANG: C}
  vars: {a: 1}
  vars_files: vars/more.yml
  pre_tasks: [{name: before, debug: x}]
  tasks: [{name: middle, debug: x, tags: t}]
  post_tasks: [{name: after, debug: x}]
  handlers: [{name: h, debug: x}]
`,
      { "vars/more.yml": "b: 2" },
    );
    assert.deepEqual(shown(faults), []);
    const [first] = playbook.plays;
    assert.equal(first?.hosts, "web:!old");
    assert.equal(first.order, "sorted");
    assert.equal(first.become.become, true);
    assert.deepEqual([first.anyErrorsFatal, first.maxFailPercentage, first.forceHandlers], [true, 20, true]);
    assert.deepEqual(
      first.vars.map((layer) => [...layer.entries.keys()]),
      [["a"], ["b"]],
    );
    assert.deepEqual(
      first.sections.map((section) => titles(section.tasks)),
      [["before"], ["middle"], ["after"]],
    );
    assert.deepEqual(first.sections[1]?.tasks[0]?.tags, ["p", "t"]);
    assert.equal(first.handlers[0]?.handler, true);
  });

  it("reports every mistake of a play at once", () => {
    const { faults } = play(`
- hosts: "{{x}}"
  strategy: free
  tsks: []
  order: srted
  serial: 0
  max_fail_percentage: 101
  become: maybe
  roles: web
- tasks: []
- copy: {dest: /x}
  hosts: all
- word
`);
    assert.deepEqual(
      shown(faults).sort(),
      [
        "old-spelling play.yml:3",
        "unknown-key play.yml:4",
        "wrong-form play.yml:2",
        "wrong-form play.yml:8",
        "wrong-form play.yml:9",
        "wrong-form play.yml:6",
        "wrong-form play.yml:5",
        "wrong-form play.yml:7",
        "missing-key play.yml:10",
        "old-spelling play.yml:11",
        "wrong-form play.yml:13",
      ].sort(),
    );
  });

  it("imports playbooks with their tags, variables and conditions, and refuses to come back", () => {
    const { playbook, faults } = play(
      "- import_playbook: sub/other.yml\n  tags: [a]\n  vars: {v: 1}\n  when: host.name == 'x'\n",
      {
        "sub/other.yml": "- hosts: all\n  roles: [r]\n",
        "sub/roles/r/tasks/main.yml": "- {name: one, debug: x}",
      },
    );
    assert.deepEqual(shown(faults), []);
    const task = playbook.plays[0]?.sections[1]?.tasks[0];
    assert.deepEqual([task?.tags, task?.when.length, playbook.plays[0]?.vars.length], [["a"], 1, 1]);
    assert.deepEqual(shown(play("- import_playbook: play.yml\n").faults), ["import-cycle play.yml:1"]);
    assert.deepEqual(shown(play("hosts: all").faults), ["wrong-form play.yml:1"]);
    assert.deepEqual(shown(load({}, "none.yml").faults), ["missing-file -"]);
  });
});

describe("reading tasks", () => {
  it("reads every key of a step", () => {
    const { playbook, faults } = tasksOf(
      `
- name: make it
  command: make
  loop: [a, b]
  loop_control: {loop_var: word, label: "{{word}}", index_var: i}
  register: out
  notify: [h, "{{x}}"]
  failed_when: out.rc > 1
  changed_when: [out.rc == 1, "true"]
  until: out.rc == 0
  retries: 5
  delay: 2
  timeout: 60
  when: [facts.init == 'systemd', true]
  become: true
  delegate_to: localhost
  run_once: true
  ignore_errors: true
  no_log: true
  environment: [{A: 1}, {B: 2}]
  vars: {x: 1}
  tags: a,b
- include_vars: {file: x.yml, name: extra}
- block: [{name: in, debug: x}]
  rescue: [{name: re, debug: x}]
  always: [{name: al, debug: x}]
  when: 'true'
- meta: flush_handlers
`.trim(),
    );
    assert.deepEqual(shown(faults), ["unknown-handler play.yml:8"]);
    const [step, include, block, meta] = (playbook.plays[0]?.sections[1]?.tasks ?? []) as [
      Step,
      Include,
      Block,
      TaskNode,
    ];
    assert.equal(step.args.entries.get("cmd")?.value.kind, "scalar");
    assert.deepEqual(
      [
        step.loopVar,
        step.indexVar,
        step.register,
        step.retries,
        step.delay,
        step.timeout,
        step.noLog,
        step.runOnce,
        step.ignoreErrors,
      ],
      ["word", "i", "out", 5, 2, 60, true, true, true],
    );
    assert.deepEqual(
      step.when.map((node) => node.kind),
      ["expr", "scalar"],
    );
    assert.deepEqual([step.environment.length, step.vars.length, step.tags], [2, 1, ["a", "b"]]);
    assert.deepEqual([include.what, include.literal, include.under], ["vars", "x.yml", "extra"]);
    assert.equal(block.block[0]?.when.length, 1);
    assert.equal(meta.kind, "meta");
  });

  const bad: [string, string, string][] = [
    ["two step types", "- {debug: x, command: y}", "several-modules play.yml:3"],
    ["no step type", "- name: x", "missing-key play.yml:3"],
    ["a misspelt key", "- {debug: x, wen: 'true'}", "unknown-key play.yml:3"],
    ["with_items", "- {debug: x, with_items: [1]}", "old-spelling play.yml:3"],
    ["local_action", "- local_action: copy", "old-spelling play.yml:3"],
    ["args", "- {command: x, args: {chdir: /}}", "old-spelling play.yml:3"],
    ["name=value", "- file: path=/x state=absent", "old-spelling play.yml:3"],
    ["creates= in a command", "- command: make creates=/x", "old-spelling play.yml:3"],
    ["a module of another tool", "- yum: {name: x}", "unknown-module play.yml:3"],
    ["a map as loop", "- {debug: x, loop: {a: 1}}", "wrong-form play.yml:3"],
    ["a word as loop", "- {debug: x, loop: a}", "wrong-form play.yml:3"],
    ["loop on a block", "- {block: [], loop: [1]}", "old-spelling play.yml:3"],
    ["register on an import", "- {import_tasks: x.yml, register: y}", "old-spelling play.yml:3"],
    ["listen outside handlers", "- {debug: x, listen: y}", "wrong-form play.yml:3"],
    ["an unknown meta action", "- meta: end_plays", "wrong-form play.yml:3"],
    ["a computed import", "- import_tasks: '{{x}}.yml'", "wrong-form play.yml:3"],
    ["a reserved word", "- {debug: x, register: in}", "bad-name play.yml:3"],
    ["a role's name", "- {debug: x, register: r}", "bad-name play.yml:3"],
    ["no map", "- word", "wrong-form play.yml:3"],
    ["an unknown role", "- include_role: {name: rr}", "unknown-role play.yml:3"],
    ["a role without a name", "- import_role: {}", "missing-key play.yml:3"],
  ];
  for (const [what, text, expected] of bad) {
    it(`refuses ${what}`, () => {
      const codes = shown(tasksOf(text, { "roles/r/tasks/main.yml": "[]" }).faults);
      assert.ok(codes.includes(expected), `${codes.join(", ")} has no ${expected}`);
    });
  }

  it("reads imports where they stand, with what is around them", () => {
    const { playbook, faults } = tasksOf(
      "- {import_tasks: tasks/a.yml, when: 'true', tags: x, become: true}\n- {name: last, debug: x}",
      {
        "tasks/a.yml": "- {name: a, debug: x}\n- import_tasks: b.yml\n",
        "tasks/b.yml": "- {name: b, debug: x, tags: y}\n",
      },
    );
    assert.deepEqual(shown(faults), []);
    const tasks = playbook.plays[0]?.sections[1]?.tasks ?? [];
    assert.deepEqual(titles(tasks), ["a", "b", "last"]);
    assert.deepEqual([tasks[1]?.tags, tasks[1]?.when.length, tasks[1]?.become.become], [["x", "y"], 1, true]);
  });

  it("refuses imports that come back, and follows includes only as far as they are read", () => {
    assert.deepEqual(shown(tasksOf("- import_tasks: a.yml", { "a.yml": "- import_tasks: a.yml" }).faults), [
      "import-cycle a.yml:1",
    ]);
    assert.deepEqual(
      shown(tasksOf("- include_tasks: a.yml", { "a.yml": "- {include_tasks: a.yml, when: 'false'}" }).faults),
      ["import-cycle a.yml:1"],
    );
  });
});
