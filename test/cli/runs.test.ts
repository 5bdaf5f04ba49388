import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { buildProgram, type Ran, Workplace } from "./program.ts";

const INVENTORY = `all:
  vars: {ansible_connection: local, word: hello}
  children:
    web: {hosts: {h1: {}}}
`;

/** A project of one host that is this machine; OUT is its scratch folder. */
function project(tasks: string): Workplace {
  const place = new Workplace({ "inventory.yml": INVENTORY });
  place.write(
    "playbooks/site.yml",
    `- name: Site\n  hosts: all\n  tasks:\n${tasks.replaceAll("OUT", place.path("out"))}`,
  );
  return place;
}

const FILES = `    - name: Folder
      file: {path: OUT, state: directory}
      tags: [base]
    - name: Text
      copy: {dest: OUT/text, content: "{{word}}\\n"}
`;

function json(ran: Ran): Record<string, unknown>[] {
  return ran.out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("command line: runs", function () {
  this.timeout(120_000);
  let place: Workplace;
  before(() => buildProgram());
  afterEach(() => place.remove());

  it("checks (2), applies without a terminal and without a question (0), and then has nothing to do (0)", async () => {
    place = project(FILES);
    const check = await place.run(["check", "inventory.yml"]);
    assert.equal(check.code, 2, check.err + check.out);
    assert.match(check.out, /^check inventory\.yml with playbooks\/site\.yml, 1 host; nothing is changed$/m);
    assert.match(check.out, /would change/);
    assert.ok(!existsSync(place.path("out")), "check touches nothing");
    assert.equal((await place.run(["check", "--exit-zero"])).code, 0);
    assert.equal((await place.run(["apply", "-C"])).code, 2);
    const apply = await place.run(["apply"]);
    assert.equal(apply.code, 0, apply.err + apply.out);
    assert.equal(readFileSync(place.path("out/text"), "utf8"), "hello\n");
    const again = await place.run(["apply"]);
    assert.equal(again.code, 0);
    assert.match(again.out, /apply: 1 host, 2 ok, 0 changed, in \S+\n$/);
    assert.equal((await place.run(["check"])).code, 0);
  });

  it("writes only JSON lines with --output json, the summary last", async () => {
    place = project(FILES);
    const ran = await place.run(["apply", "--output", "json", "-e", "word=bye"]);
    const events = json(ran);
    const steps = events.filter((event) => event.event === "step");
    assert.deepEqual(
      steps.map(({ step, status }) => [step, status]),
      [
        ["Folder", "changed"],
        ["Text", "changed"],
      ],
    );
    const summary = events.at(-1) as { event: string; hosts: Record<string, { changed: number }> };
    assert.equal(summary.event, "summary");
    assert.equal(summary.hosts.h1?.changed, 2);
    assert.equal(readFileSync(place.path("out/text"), "utf8"), "bye\n");
  });

  it("exits 3 where a host fails, with the step's place and what was run", async () => {
    place = project("    - name: No such program\n      command: {cmd: no-such-program-here x, always: true}\n");
    const { code, out } = await place.run(["apply"]);
    assert.equal(code, 3, out);
    assert.match(out, /failed +No such program/);
    assert.match(out, /at +playbooks\/site\.yml:4:7/);
    assert.match(out, /hint +/);
    assert.equal((await place.run(["check", "--limit", "@failed"])).code, 2, "the failed host is remembered");
  });

  it("exits 4 where a host is unreachable", async () => {
    place = project(FILES);
    place.write("inventory.yml", "all: {hosts: {h1: {ansible_host: 127.0.0.1, ansible_port: 1}}}\n");
    const { code, out } = await place.run(["check", "-e", "word=x"]);
    assert.equal(code, 4, out);
    assert.match(out, /unreachable/);
  });

  it("exits 1 for a mistake in the files, with place and remedy, and nothing on stdout", async () => {
    place = project("    - name: Slip\n      copi: {dest: /x}\n");
    const { code, out, err } = await place.run(["apply", "--output", "json"]);
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /site\.yml:5:7/);
    assert.match(err, /did you mean/);
  });

  it("exits 1 without inventory, with a missing one, and where a limit leaves no host", async () => {
    place = new Workplace();
    assert.match((await place.run(["check"])).err, /\[no-inventory\]/);
    assert.equal((await place.run(["check", "nosuch.yml"])).code, 1);
    place.write("inventory.yml", INVENTORY);
    place.write("playbooks/site.yml", "- hosts: all\n  tasks: []\n");
    assert.equal((await place.run(["check", "--limit", "db"])).code, 1);
    assert.equal((await place.run(["check", "--limit", "@failed"])).code, 1);
  });

  it("saves a plan, applies it, and refuses it after a change", async () => {
    place = project(FILES);
    const plan = await place.run(["plan", "inventory.yml", "-o", "plan.json"]);
    assert.equal(plan.code, 2, plan.err + plan.out);
    const saved = JSON.parse(readFileSync(place.path("plan.json"), "utf8")) as Record<string, unknown>;
    assert.equal(saved.provision_plan, 1);
    assert.doesNotMatch(JSON.stringify(saved), /"hello/, "no content of files");
    const elsewhere = await place.run(["apply", place.path("plan.json")], { cwd: place.path("home") });
    assert.equal(elsewhere.code, 0, elsewhere.err + elsewhere.out);
    assert.ok(existsSync(place.path("out/text")));
    const again = await place.run(["apply", "plan.json"]);
    assert.equal(again.code, 3, "the host is no longer as the plan saw it");
    assert.match(again.err, /the saved plan is refused: /);
    writeFileSync(
      place.path("playbooks/site.yml"),
      `${readFileSync(place.path("playbooks/site.yml"), "utf8")}# more\n`,
    );
    assert.match((await place.run(["apply", "plan.json"])).err, /refused/);
    place.write("broken.json", '{"provision_plan": 99}\n');
    const broken = await place.run(["apply", "broken.json"]);
    assert.equal(broken.code, 1);
    assert.match(broken.err, /\[plan-invalid\]/);
  });

  it("ends with 130 after an interrupt: what runs is left to end, and is waited for", async () => {
    place = project(
      "    - name: First\n      file: {path: OUT, state: directory}\n    - name: Long\n      command: {cmd: sleep 2, always: true}\n      register: long\n    - name: Never\n      file: {path: 'OUT/never{{long.rc}}', state: directory}\n",
    );
    const { code, err } = await place.run(["apply", "--output", "json"], { interruptOn: '"First"' });
    assert.equal(code, 130, err);
    assert.match(err, /interrupted/);
    assert.ok(!existsSync(place.path("out/never0")), "nothing new is started");
  });

  it("lists hosts, tasks, tags, roles and variables without reaching a host", async () => {
    place = project(FILES);
    assert.equal((await place.run(["list", "hosts"])).out, "Site (all), 1 host\n  h1\n");
    assert.match((await place.run(["apply", "--list-tasks"])).out, /^ {2}Folder +playbooks\/site\.yml:4 +\[base\]$/m);
    assert.match((await place.run(["check", "--list-tags"])).out, /^base +1 task$/m);
    assert.match((await place.run(["list", "vars"])).out, /^word\n {2}group all, inventory\.yml:2$/m);
    assert.equal((await place.run(["list", "roles"])).code, 0);
    assert.match((await place.run(["list", "taks"])).err, /did you mean tasks/);
  });

  it("shows inventories", async () => {
    place = project(FILES);
    const list = JSON.parse((await place.run(["inventory", "inventory.yml", "--list"])).out) as {
      _meta: { hostvars: Record<string, object> };
    };
    assert.deepEqual(list._meta.hostvars, { h1: { ansible_connection: "local", word: "hello" } });
    assert.equal((await place.run(["inventory", "--hosts", "nosuch"])).out, "");
    assert.equal((await place.run(["inventory", "--hosts", "nosuch"])).code, 0);
    assert.match((await place.run(["inventory", "--graph"])).out, /@web:/);
    assert.match((await place.run(["inventory", "--host", "h1", "--explain"])).out, /word.*hello/);
    assert.equal((await place.run(["inventory", "a,b,", "--hosts", "b"])).out, "b\n");
    assert.equal((await place.run(["inventory", "--list", "--graph"])).code, 1);
  });

  it("asks hosts: facts, eval, run, do", async () => {
    place = project(FILES);
    assert.match((await place.run(["facts", "h1"])).out, /^h1\n {2}os:\n {4}family: /);
    assert.equal((await place.run(["eval", "h1", 'word + "!"'])).out, "hello!\n");
    place.write("t.conf", "{{word}} {{host.name}}\n");
    assert.equal((await place.run(["eval", "h1", "--template", "t.conf"])).out, "hello h1\n");
    const ran = await place.run(["run", "web", "--", "echo", "a b", "$HOME"]);
    assert.equal(ran.out, "h1\na b $HOME\n");
    assert.equal((await place.run(["run", "web", "--", "exit 4"])).code, 3);
    const path = `path=${place.path("made")}`;
    assert.equal((await place.run(["do", "web", "file", path, "state=directory", "-C"])).code, 2);
    assert.equal((await place.run(["do", "web", "file", path, "state=directory", "mode=0750"])).code, 0);
    assert.ok(existsSync(place.path("made")));
    const slip = await place.run(["do", "web", "file", path, "stat=absent"]);
    assert.equal(slip.code, 1);
    assert.match(slip.err, /did you mean "?state/);
    assert.match((await place.run(["do", "web", "fil"])).err, /did you mean file/);
  });

  it("lints playbooks that lie beside the inventory", async () => {
    place = new Workplace({
      "inventory.yml": INVENTORY,
      "site.yml": "- name: Site\n  hosts: all\n  tasks: [{debug: {mgs: x}}]\n",
      "vars.yml": "hosts: no playbook\n",
    });
    const ran = await place.run(["lint"]);
    assert.match(ran.err, /^error: unknown argument "mgs"/);
    assert.equal(ran.code, 1);
  });

  it("lints every playbook of a project", async () => {
    place = project(FILES);
    const good = await place.run(["lint"]);
    assert.equal(good.code, 0, good.err);
    assert.match(good.out, /^1 playbook: no mistakes/);
    place.write("playbooks/other.yml", "- hosts: all\n  task: []\n");
    const bad = await place.run(["lint"]);
    assert.equal(bad.code, 1);
    assert.match(bad.err, /other\.yml:2:3/);
  });
});
