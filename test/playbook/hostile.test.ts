import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkProject } from "../../src/playbook/check.ts";
import { Folder, load, loadIn, shown, withProject } from "./fixture.ts";

const codes = (files: Record<string, string>): string[] => load(files).faults.map((fault) => fault.code);

describe("hostile files", () => {
  it("answers a playbook of 100,000 lines with its mistakes", () => {
    const lines = Array.from({ length: 49_999 }, (_, index) => `    - name: step ${index}\n      debug: x`);
    const started = Date.now();
    const { playbook, faults } = load({ "play.yml": `- hosts: all\n  tasks:\n${lines.join("\n")}\n    - debgu: x\n` });
    assert.deepEqual(shown(faults), ["unknown-module play.yml:100001"]);
    assert.equal(playbook.plays[0]?.sections[1]?.tasks.length, 49_999);
    assert.ok(Date.now() - started < 30_000, `took ${Date.now() - started} ms`);
  }).timeout(60_000);

  it("refuses deep nesting, alias bombs and what is no YAML", () => {
    assert.deepEqual(codes({ "play.yml": `- hosts: all\n  tasks: ${"[{block: ".repeat(200)}[]${"}]".repeat(200)}` }), [
      "yaml-limit",
    ]);
    assert.deepEqual(
      codes({
        "play.yml": `- hosts: all\n  vars:\n    a: &a [x,x,x,x,x,x,x,x,x,x]\n${Array.from(
          { length: 8 },
          (_, i) =>
            `    b${i}: &b${i} [${Array(10)
              .fill(i === 0 ? "*a" : `*b${i - 1}`)
              .join(",")}]\n`,
        ).join("")}`,
      }),
      ["yaml-limit"],
    );
    assert.deepEqual(codes({ "play.yml": "a: b: c" }), ["yaml-syntax"]);
    assert.deepEqual(codes({ "play.yml": "" }), ["wrong-form"]);
  });

  it("reports what stands in the place of a role's tasks and is no file", () => {
    const role = { "play.yml": "- {hosts: all, roles: [r]}", "roles/r/meta/main.yml": "summary: R." };
    assert.deepEqual(codes({ ...role, "roles/r/tasks/main.yml/inner": "" }), ["unreadable-file"]);
  });

  it("takes keys such as __proto__ for keys", async () => {
    assert.deepEqual(codes({ "play.yml": "- {hosts: all, __proto__: {tasks: []}, constructor: 1}" }), [
      "unknown-key",
      "unknown-key",
    ]);
    await withProject(
      {
        "inventory.yml": "all: {vars: {a: {__proto__: {polluted: 1}, constructor: 2}}, hosts: {h1: {}}}",
        "play.yml": "- {hosts: all, tasks: [{debug: '{{json a}}'}]}",
      },
      (declared) => {
        assert.deepEqual(checkProject(declared).faults, []);
        assert.equal(({} as Record<string, unknown>).polluted, undefined);
      },
    );
  });

  it("reports bytes that are no text, and folders in the place of files", () => {
    const folder = new Folder({
      "provision.yml": "",
      "play.yml": "- {hosts: all, vars_files: [bad.yml, dir]}",
      "dir/x": "",
    });
    try {
      writeFileSync(join(folder.path, "bad.yml"), Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]));
      assert.deepEqual(
        loadIn(folder).faults.map((fault) => fault.code),
        ["unreadable-file", "unreadable-file"],
      );
    } finally {
      folder.remove();
    }
  });

  it("ends at roles that include themselves under a condition", async () => {
    await withProject(
      {
        "inventory.yml": "all: {hosts: {h1: {}}}",
        "roles/r/tasks/main.yml": "- {include_role: {name: r}, when: 'false'}",
        "play.yml": "- {hosts: all, tasks: [{include_role: {name: r}}]}",
      },
      (declared) => {
        assert.deepEqual(shown([...declared.faults, ...checkProject(declared).faults]), [
          "role-cycle roles/r/tasks/main.yml:1",
        ]);
      },
    );
  });

  it("follows a chain of 2,000 variables, or says that it is too long", async () => {
    const vars = Array.from({ length: 2000 }, (_, index) => `v${index}: "{{v${index + 1}}}"`).join(", ");
    await withProject(
      {
        "inventory.yml": `all: {vars: {${vars}, v2000: end}, hosts: {h1: {}}}`,
        "play.yml": "- {hosts: all, tasks: [{debug: '{{v0}}'}]}",
      },
      (declared) => {
        assert.deepEqual(checkProject(declared).faults, []);
        try {
          assert.equal(declared.variables.scope({ host: "h1", play: undefined }).get("v0"), "end");
        } catch (error) {
          assert.equal((error as { code?: string }).code, "variable-cycle");
        }
      },
    );
  });
});
