import assert from "node:assert/strict";
import { findHandlers } from "../../src/playbook/handlers.ts";
import type { Step, TaskNode } from "../../src/playbook/tree.ts";
import { Folder, load, loadIn, shown } from "./fixture.ts";

const titles = (tasks: readonly TaskNode[]): (string | undefined)[] => tasks.map((task) => task.name);
const task = (name: string, more = ""): string => `- {name: ${name}, debug: x${more}}\n`;

describe("roles", () => {
  it("run their dependencies before, once, and twice only with other parameters", () => {
    const files = {
      "roles/a/meta/main.yml": "dependencies: [base, {role: base, with: {x: 2}}]",
      "roles/a/tasks/main.yml": task("a"),
      "roles/b/meta/main.yml": "dependencies: [base]",
      "roles/b/tasks/main.yml": task("b"),
      "roles/base/tasks/main.yml": task("base"),
      "play.yml": "- hosts: all\n  roles: [a, {role: b, tags: [t]}, b, {role: b, with: {y: 1}}]\n",
    };
    const { playbook, faults } = load(files);
    assert.deepEqual(shown(faults), []);
    const tasks = playbook.plays[0]?.sections[1]?.tasks ?? [];
    assert.deepEqual(titles(tasks), ["base", "base", "a", "b", "b"]);
    assert.deepEqual(tasks[0]?.tags, ["t"]);
    assert.deepEqual(playbook.plays[0]?.roleNames, ["base", "a", "b"]);
  });

  it("run again under a condition that the first run did not have", () => {
    const { playbook } = load({
      "roles/r/tasks/main.yml": task("r"),
      "play.yml": "- hosts: all\n  roles: [{role: r, when: 'false'}, r, r]\n",
    });
    assert.deepEqual(
      playbook.plays[0]?.sections[1]?.tasks.map((one) => one.when.length),
      [1, 0],
    );
  });

  it("bring handlers, preflight and verify", () => {
    const { playbook, faults } = load({
      "roles/r/tasks/main.yml": task("r", ", notify: restart"),
      "roles/r/handlers/main.yml": task("restart"),
      "roles/r/preflight/main.yml": "- expect: {port: 1}",
      "roles/r/verify/main.yml":
        "- expect: {port: 1}\n- command: {cmd: x, read_only: true}\n- block: [{command: {cmd: y}}]",
      "play.yml":
        "- hosts: all\n  roles: [{role: r, with: {n: 1}}, {role: r, with: {n: 2}}]\n  handlers: [{name: restart, debug: own}]\n",
    });
    assert.deepEqual(shown(faults), [
      "not-read-only roles/r/verify/main.yml:3",
      "not-read-only roles/r/verify/main.yml:3",
    ]);
    const play = playbook.plays[0];
    assert.deepEqual([play?.preflight.length, play?.verify.length, play?.handlers.length], [2, 6, 3]);
    const [first, second] = (play?.sections[1]?.tasks ?? []) as Step[];
    assert.ok(play !== undefined && first !== undefined && second !== undefined);
    assert.deepEqual(findHandlers(play.handlers, first, "restart"), [play.handlers[0]]);
    assert.deepEqual(findHandlers(play.handlers, second, "restart"), [play.handlers[1]]);
    assert.deepEqual(findHandlers(play.handlers, { role: undefined, call: undefined }, "restart"), [play.handlers[2]]);
  });

  it("are found beside the playbook, in the project, in roles_path, then among the shipped ones", () => {
    const folder = new Folder({
      "provision.yml": "roles_path: more",
      "books/roles/a/tasks/main.yml": "",
      "roles/a/tasks/main.yml": "",
      "roles/b/tasks/main.yml": "",
      "more/b/tasks/main.yml": "",
      "more/c/tasks/main.yml": "",
      "installed/roles/c/tasks/main.yml": "",
      "installed/roles/d/tasks/main.yml": "",
      "books/play.yml": "[]",
    });
    try {
      const { library } = loadIn(folder, "books/play.yml");
      const winner = (name: string): string | undefined => library.foldersOf(name)[0]?.slice(folder.path.length);
      assert.deepEqual(library.names().map(winner), ["/books/roles/a", "/roles/b", "/more/c", "/installed/roles/d"]);
    } finally {
      folder.remove();
    }
  });

  const meta: [string, string, string][] = [
    ["an unknown key", "sumary: x", "unknown-key"],
    ["galaxy_info", "galaxy_info: {}", "old-spelling"],
    ["outputs", "outputs: {a: {type: string}}", "not-offered"],
    ["parameters that are no schema", "parameters: {port: 80}", "wrong-form"],
    ["a parameter that is no schema", "parameters: {properties: {port: 80}}", "wrong-form"],
    [
      "a parameter with a name that expressions cannot spell",
      "parameters: {properties: {a-b: {type: string}}}",
      "bad-name",
    ],
    [
      "a secret with a default",
      "parameters: {properties: {a: {type: string, secret: true, default: x}}}",
      "plain-secret",
    ],
    ["an invariant without expr", "invariants: [{name: x}]", "missing-key"],
    ["a dependency that is not there", "dependencies: [nope]", "unknown-role"],
    ["a used role that is not there", "uses: [nope]", "unknown-role"],
    ["a list", "- x", "wrong-form"],
    [
      "a pattern that is none",
      "parameters: {properties: {a: {type: object, patternProperties: {'(': {type: string}}}}}",
      "wrong-form",
    ],
  ];
  for (const [what, text, code] of meta) {
    it(`refuse ${what}`, () => {
      const { faults } = load({ "roles/r/meta/main.yml": text, "play.yml": "- {hosts: all, roles: [r]}" });
      assert.deepEqual([...new Set(faults.map((fault) => fault.code))], [code]);
    });
  }

  it("refuse parameters beside with, and a name that expressions cannot spell", () => {
    assert.deepEqual(
      shown(
        load({ "roles/r/tasks/main.yml": "[]", "play.yml": "- {hosts: all, roles: [{role: r, port: 80}]}" }).faults,
      ),
      ["old-spelling play.yml:1"],
    );
    assert.deepEqual(
      load({ "roles/my-role/tasks/main.yml": "[]", "play.yml": "- {hosts: all, roles: [my-role]}" }).faults.map(
        (fault) => fault.code,
      ),
      ["bad-name"],
    );
  });

  it("resolve includes when they are reached, dependencies once", () => {
    const folder = new Folder({
      "provision.yml": "",
      "roles/r/meta/main.yml": "dependencies: [base]",
      "roles/r/tasks/main.yml": task("r"),
      "roles/r/tasks/other.yml": task("other"),
      "roles/r/handlers/main.yml": task("h"),
      "roles/base/tasks/main.yml": task("base"),
      "play.yml":
        "- hosts: all\n  tasks:\n    - include_role: {name: '{{x}}', with: {a: 1}}\n    - include_role: {name: r, tasks_from: other}\n      tags: [t]\n",
    });
    try {
      const { playbook, faults } = loadIn(folder);
      assert.deepEqual(shown(faults), []);
      const [computed, literal] = playbook.plays[0]?.sections[1]?.tasks ?? [];
      assert.ok(computed?.kind === "include" && literal?.kind === "include");
      const brought = computed.resolve("r");
      assert.deepEqual(
        [titles(brought.tasks), brought.handlers.length, brought.roles.map((call) => call.role.name)],
        [["base", "r"], 1, ["base", "r"]],
      );
      assert.equal(computed.resolve("r"), brought);
      assert.throws(() => computed.resolve("nope"), /there is no role "nope"/);
      assert.deepEqual(
        literal.resolve("r", "other").tasks.map((one) => [one.name, one.tags]),
        [
          ["base", ["t"]],
          ["other", ["t"]],
        ],
      );
      assert.deepEqual(playbook.plays[0]?.roleNames, ["base", "r"]);
    } finally {
      folder.remove();
    }
  });
});
