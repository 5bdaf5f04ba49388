import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { play, plays, scratchFolders, stepOf, told } from "./scratch.ts";

describe("run/apply", () => {
  const scratch = scratchFolders();

  it("reports what ran before a failure, and nothing after it", async () => {
    const folder = scratch();
    const outcome = await play(folder, [
      { name: "one", copy: { dest: "$ROOT/one", content: "1" } },
      { name: "two", command: { cmd: "false", always: true } },
      { name: "three", copy: { dest: "$ROOT/three", content: "3" } },
    ]);
    assert.deepEqual(told(outcome), ["one: changed", "two: failed"]);
    assert.equal(existsSync(join(folder, "three")), false);
    assert.equal(outcome.result.ends.get("h1"), "failed");
  });

  it("says what did not converge", async () => {
    const folder = scratch();
    const outcome = await play(folder, [
      { name: "before", copy: { dest: "$ROOT/a", content: "1" } },
      { name: "idle", command: { cmd: "true", creates: "$ROOT/never" } },
      { name: "after", copy: { dest: "$ROOT/b", content: "1" } },
    ]);
    assert.deepEqual(told(outcome), ["before: changed", "idle: failed"]);
    assert.match(stepOf(outcome, "idle").error?.message ?? "", /did not converge/);
    assert.equal(existsSync(join(folder, "b")), false);
  });

  it("goes on after an ignored failure, with its result", async () => {
    const folder = scratch();
    const outcome = await play(folder, [
      { name: "fails", command: { cmd: "sh -c 'echo out; exit 3'", always: true }, ignore_errors: true, register: "r" },
      { name: "uses", copy: { dest: "$ROOT/r", content: "{{r.rc}} {{r.stdout}}" }, when: "r.failed" },
    ]);
    assert.deepEqual(told(outcome), ["fails: ignored", "uses: changed"]);
    assert.equal(readFileSync(join(folder, "r"), "utf8"), "3 out");
  });

  it("rescues with what was registered, and always acts", async () => {
    const folder = scratch();
    const outcome = await play(folder, [
      {
        block: [
          { name: "first", copy: { dest: "$ROOT/first", content: "x" } },
          { name: "fails", command: { cmd: "sh -c 'echo why >&2; exit 4'", always: true }, register: "r" },
          { name: "never", copy: { dest: "$ROOT/never", content: "x" } },
        ],
        rescue: [{ name: "rescues", copy: { dest: "$ROOT/rescued", content: "{{r.rc}} {{r.stderr}}" } }],
        always: [{ name: "always", copy: { dest: "$ROOT/always", content: "x" } }],
      },
      { name: "after", copy: { dest: "$ROOT/after", content: "x" } },
    ]);
    assert.deepEqual(told(outcome), [
      "first: changed",
      "fails: failed",
      "rescues: changed",
      "always: changed",
      "after: changed",
    ]);
    assert.equal(readFileSync(join(folder, "rescued"), "utf8"), "4 why");
    assert.equal(outcome.result.ends.get("h1"), "done");
  });

  it("tries until it holds, and no more often than it was told", async () => {
    const folder = scratch();
    const outcome = await play(folder, [
      {
        name: "counts",
        shell: { cmd: "echo x >>$ROOT/tries; wc -l <$ROOT/tries", always: true },
        register: "r",
        until: 'r.stdout == "3"',
        retries: 5,
        delay: 0,
      },
      { name: "shows", copy: { dest: "$ROOT/attempts", content: "{{r.attempts}}" } },
      {
        name: "gives up",
        shell: { cmd: "echo x >>$ROOT/more; false", always: true },
        register: "g",
        until: "g.rc == 0",
        retries: 2,
        delay: 0,
        ignore_errors: true,
      },
    ]);
    assert.deepEqual(told(outcome), ["counts: changed", "shows: changed", "gives up: ignored"]);
    assert.equal(readFileSync(join(folder, "attempts"), "utf8"), "3");
    assert.equal(readFileSync(join(folder, "more"), "utf8"), "x\nx\nx\n");
  });

  it("tries every item of a loop until it holds", async () => {
    const folder = scratch();
    const outcome = await play(folder, [
      {
        name: "loops",
        shell: { cmd: "echo x >>$ROOT/{{item}}; wc -l <$ROOT/{{item}}", always: true },
        loop: ["a", "b"],
        register: "r",
        until: 'r.stdout == "2"',
        retries: 3,
        delay: 0,
      },
      { name: "uses", copy: { dest: "$ROOT/sum", content: "!" }, when: "r.results.all(x, x.attempts == 2)" },
    ]);
    assert.deepEqual(told(outcome), ["loops[a]: changed", "loops[b]: changed", "loops: changed", "uses: changed"]);
  });

  it("waits for what another process brings about", async () => {
    const folder = scratch();
    setTimeout(() => writeFileSync(join(folder, "appears"), "x"), 1500);
    const outcome = await play(folder, [
      { name: "waits", wait_for: { path: "$ROOT/appears", timeout: 20, sleep: 1 } },
      { name: "expects", expect: { file: "$ROOT/appears" } },
    ]);
    assert.deepEqual(told(outcome), ["waits: ok", "expects: ok"]);
  });

  it("judges commands by failed_when and changed_when, items too", async () => {
    const folder = scratch();
    const outcome = await play(
      folder,
      [
        {
          name: "plain",
          command: { cmd: "sh -c 'exit 2'", always: true },
          register: "r",
          failed_when: "r.rc > 2",
          changed_when: "r.rc == 0",
        },
        {
          name: "loop",
          command: { cmd: "sh -c 'exit {{item}}'", always: true },
          loop: [0, 1, 2],
          register: "l",
          failed_when: "l.rc > 2",
          changed_when: "l.rc == 1",
          notify: "told",
        },
        { name: "bad", command: { cmd: "true", always: true }, register: "b", failed_when: "b.rc == 0" },
      ],
      { play: { handlers: [{ name: "told", copy: { dest: "$ROOT/told", content: "x" } }], force_handlers: true } },
    );
    assert.deepEqual(told(outcome), [
      "plain: ok",
      "loop[0]: ok",
      "loop[1]: changed",
      "loop[2]: ok",
      "loop: changed",
      "bad: failed",
      "told: changed",
    ]);
  });

  it("does not notify for a change that turned out to be none", async () => {
    const folder = scratch();
    const outcome = await play(
      folder,
      [
        { name: "no change", command: { cmd: "true", always: true }, changed_when: false, notify: "told" },
        { name: "last", copy: { dest: "$ROOT/a", content: "x" } },
      ],
      { play: { handlers: [{ name: "told", copy: { dest: "$ROOT/told", content: "x" } }] } },
    );
    assert.deepEqual(told(outcome), ["no change: ok", "last: changed"]);
  });

  it("hides what no_log hides", async () => {
    const folder = scratch();
    const outcome = await play(folder, [
      { name: "hidden", shell: { cmd: "echo hush-hush; exit 1", always: true }, no_log: true, ignore_errors: true },
      { name: "loop", debug: { msg: "{{item}}" }, loop: ["hush-one", "hush-two"], no_log: true },
      { name: "file", copy: { dest: "$ROOT/s", content: "hush-content" }, no_log: true },
    ]);
    assert.deepEqual(
      told(outcome).map((line) => line.replace(/\[.*\]/, "[]")),
      ["hidden: ignored", "loop[]: ok", "loop[]: ok", "loop: ok", "file: changed"],
    );
    assert.equal(JSON.stringify(outcome.events).includes("hush"), false);
  });

  it("delegates to another host, and to localhost", async () => {
    const folder = scratch();
    const outcome = await play(
      folder,
      [
        {
          name: "elsewhere",
          copy: { dest: "$ROOT/from-{{host.name}}", content: "x" },
          delegate_to: "h2",
          when: "host.name == 'h1'",
          register: "r",
        },
        { name: "here", command: { cmd: "echo {{host.name}}", always: true }, delegate_to: "localhost", register: "c" },
        { name: "uses", copy: { dest: "$ROOT/out-{{host.name}}", content: "{{c.stdout}}" } },
      ],
      { hosts: ["h1", "h2"], files: {} },
    );
    assert.deepEqual(told(outcome, "h1"), ["elsewhere: changed", "here: changed", "uses: changed"]);
    assert.deepEqual(told(outcome, "h2"), ["elsewhere: skipped", "here: changed", "uses: changed"]);
    assert.equal(readFileSync(join(folder, "out-h2"), "utf8"), "h2");
    assert.equal(existsSync(join(folder, "from-h1")), true);
  });

  it("runs once on the first host for which the condition holds; all get the result", async () => {
    const folder = scratch();
    const outcome = await play(
      folder,
      [
        {
          name: "once",
          command: { cmd: "echo {{host.name}}", always: true },
          run_once: true,
          when: "host.name != 'h1'",
          register: "r",
        },
        { name: "all", copy: { dest: "$ROOT/{{host.name}}", content: "{{r.stdout}}" } },
        { name: "nowhere", command: { cmd: "false", always: true }, run_once: true, when: false },
      ],
      { hosts: ["h1", "h2", "h3"] },
    );
    assert.deepEqual(
      ["h1", "h2", "h3"].map((host) => readFileSync(join(folder, host), "utf8")),
      ["h2", "h2", "h2"],
    );
    assert.deepEqual(told(outcome, "h2"), ["once: changed", "all: changed"]);
    assert.deepEqual(told(outcome, "h3"), ["all: changed"]);
  });

  it("lets no host go on after a run_once step that failed where it ran", async () => {
    const folder = scratch();
    const outcome = await play(
      folder,
      [
        { name: "once", command: { cmd: "false", always: true }, run_once: true },
        { name: "all", copy: { dest: "$ROOT/{{host.name}}", content: "x" } },
      ],
      { hosts: ["h1", "h2"] },
    );
    assert.deepEqual([outcome.result.ends.get("h1"), outcome.result.ends.get("h2")], ["failed", "failed"]);
    assert.deepEqual(told(outcome, "h2"), []);
  });

  it("runs a run_once handler again when it is notified again", async () => {
    const folder = scratch();
    const outcome = await play(
      folder,
      [
        { name: "a", copy: { dest: "$ROOT/{{host.name}}-a", content: "x" }, notify: "told" },
        { meta: "flush_handlers" },
        { name: "b", copy: { dest: "$ROOT/{{host.name}}-b", content: "x" }, notify: "told" },
      ],
      {
        hosts: ["h1", "h2"],
        play: { handlers: [{ name: "told", shell: { cmd: "echo x >>$ROOT/told", always: true }, run_once: true }] },
      },
    );
    assert.equal(readFileSync(join(folder, "told"), "utf8"), "x\nx\n");
    assert.equal(outcome.result.ends.get("h2"), "done");
  });

  it("does not hang where hosts wait for each other and one has more to do", async () => {
    const folder = scratch();
    const outcome = await play(
      folder,
      [
        { include_tasks: "more.yml", when: "host.name == 'h1'" },
        { name: "once", command: { cmd: "echo {{host.name}}", always: true }, run_once: true, register: "r" },
        { name: "all", copy: { dest: "$ROOT/{{host.name}}", content: "{{r.stdout}}" } },
      ],
      {
        hosts: ["h1", "h2"],
        play: { any_errors_fatal: true },
        files: {
          "more.yml": JSON.stringify([
            { name: "m1", copy: { dest: "$ROOT/m1", content: "x" } },
            { name: "m2", copy: { dest: "$ROOT/m2", content: "x" } },
          ]),
        },
      },
    );
    assert.equal(readFileSync(join(folder, "h2"), "utf8"), "h1");
    assert.equal(outcome.result.ends.get("h1"), "done");
  });

  it("stops every host where errors are fatal", async () => {
    const folder = scratch();
    const outcome = await play(
      folder,
      [
        { name: "one", command: { cmd: "test {{host.name}} != h2", always: true } },
        { name: "two", copy: { dest: "$ROOT/{{host.name}}", content: "x" } },
      ],
      { hosts: ["h1", "h2", "h3"], play: { any_errors_fatal: true } },
    );
    assert.deepEqual(
      ["h1", "h2", "h3"].map((host) => existsSync(join(folder, host))),
      [false, false, false],
    );
    assert.equal(outcome.result.ends.get("h2"), "failed");
  });

  it("does a wave at a time, and stops when a whole wave has failed", async () => {
    const folder = scratch();
    const tasks = [
      { name: "one", shell: { cmd: "echo {{host.name}} >>$ROOT/order; test {{host.name}} != h3", always: true } },
    ];
    await play(folder, tasks, { hosts: ["h1", "h2", "h3", "h4"], play: { serial: 1 } });
    assert.equal(readFileSync(join(folder, "order"), "utf8"), "h1\nh2\nh3\n");
  });

  it("ends a host, and a play, where meta says so", async () => {
    const folder = scratch();
    const outcome = await plays(
      folder,
      [
        {
          hosts: "all",
          tasks: [
            { meta: "end_host", when: "host.name == 'h1'" },
            { name: "first", copy: { dest: "$ROOT/1-{{host.name}}", content: "x" } },
          ],
        },
        {
          hosts: "all",
          tasks: [
            { name: "second", copy: { dest: "$ROOT/2-{{host.name}}", content: "x" } },
            { meta: "end_play" },
            { name: "third", copy: { dest: "$ROOT/3-{{host.name}}", content: "x" } },
          ],
        },
      ],
      { hosts: ["h1", "h2"] },
    );
    assert.deepEqual(told(outcome, "h1"), ["second: changed"]);
    assert.equal(existsSync(join(folder, "3-h2")), false);
  });

  it("asks facts where a meta task needs them", async () => {
    const folder = scratch();
    const outcome = await play(folder, [
      { meta: "end_host", when: "facts.hostname == 'no-such-host'" },
      { name: "goes on", debug: { msg: "x" } },
    ]);
    assert.deepEqual(told(outcome), ["goes on: ok"]);
  });

  it("decides meta by what a step before it gave", async () => {
    const folder = scratch();
    const outcome = await play(folder, [
      { name: "asks", command: { cmd: "echo stop", always: true }, register: "r" },
      { meta: "end_host", when: "r.stdout == 'stop'" },
      { name: "never", debug: { msg: "x" } },
    ]);
    assert.deepEqual(told(outcome), ["asks: changed"]);
  });

  it("includes by what a step gave, in loops, with handlers and variables", async () => {
    const folder = scratch();
    const files = {
      "one.yml": JSON.stringify([
        { name: "in {{item}}", copy: { dest: "$ROOT/{{item}}", content: "{{item}} {{colour}}" }, notify: "from role" },
      ]),
      "colours.yml": "colour: blue\n",
      "roles/brings/meta/main.yml": "summary: A role.\n",
      "roles/brings/tasks/main.yml": JSON.stringify([
        { name: "role", copy: { dest: "$ROOT/role", content: "{{shade}}" }, notify: "from role" },
      ]),
      "roles/brings/handlers/main.yml": JSON.stringify([
        { name: "from role", shell: { cmd: "echo x >>$ROOT/told", always: true } },
      ]),
    };
    const outcome = await play(
      folder,
      [
        { name: "asks", command: { cmd: "echo one.yml", always: true }, register: "r" },
        { include_vars: "colours.yml" },
        { include_role: { name: "brings" }, vars: { shade: "dark" } },
        { include_tasks: "{{r.stdout}}", loop: ["x", "y"] },
      ],
      { files },
    );
    assert.deepEqual(told(outcome), [
      "asks: changed",
      "role: changed",
      "in x: changed",
      "in y: changed",
      "from role: changed",
    ]);
    assert.equal(readFileSync(join(folder, "y"), "utf8"), "y blue");
    assert.equal(readFileSync(join(folder, "told"), "utf8"), "x\n");
  });

  it("keeps what was set for later plays and other hosts", async () => {
    const folder = scratch();
    const outcome = await plays(
      folder,
      [
        {
          hosts: "h1",
          tasks: [
            { name: "asks", command: { cmd: "echo token", always: true }, register: "r" },
            { name: "sets", set_fact: { shared: "{{r.stdout}}-{{host.name}}" } },
          ],
        },
        {
          hosts: "all",
          tasks: [
            { name: "uses", copy: { dest: "$ROOT/{{host.name}}", content: "!" } },
            { name: "late", copy: { dest: "$ROOT/late-{{host.name}}", content: "{{hosts.h1.shared}}" } },
          ],
        },
      ],
      { hosts: ["h1", "h2"] },
    );
    assert.equal(outcome.result.ends.get("h2"), "done", JSON.stringify(outcome.steps.map((step) => step.error)));
    assert.equal(readFileSync(join(folder, "late-h2"), "utf8"), "token-h1");
  });

  it("gives the environment to commands and to what decides them", async () => {
    const folder = scratch();
    const value = 'it\'s "$(touch $ROOT/pwned)" `touch $ROOT/pwned` ; && ü *';
    await play(folder, [
      {
        name: "env",
        shell: { cmd: 'printf %s "$GREETING" >$ROOT/env', unless: 'test "$(cat $ROOT/env 2>/dev/null)" = "$GREETING"' },
        environment: { GREETING: value },
      },
    ]);
    assert.equal(readFileSync(join(folder, "env"), "utf8"), value.replaceAll("$ROOT", folder));
    assert.equal(existsSync(join(folder, "pwned")), false);
  });

  it("runs handlers in the middle where it is told to, each once", async () => {
    const folder = scratch();
    const outcome = await play(
      folder,
      [
        { name: "a", copy: { dest: "$ROOT/a", content: "x" }, notify: "told" },
        { name: "b", copy: { dest: "$ROOT/b", content: "x" }, notify: "told" },
        { meta: "flush_handlers" },
        { name: "c", copy: { dest: "$ROOT/c", content: "x" } },
      ],
      { play: { handlers: [{ name: "told", shell: { cmd: "echo x >>$ROOT/told", always: true } }] } },
    );
    assert.deepEqual(told(outcome), ["a: changed", "b: changed", "told: changed", "c: changed"]);
  });

  it("leaves hosts outside the limit and tasks without the tag alone; facts of all can be read", async () => {
    const folder = scratch();
    const outcome = await play(
      folder,
      [
        {
          name: "tagged",
          copy: { dest: "$ROOT/{{host.name}}", content: "{{hosts.h2.facts.os.family}}" },
          tags: ["yes"],
        },
        { name: "other", copy: { dest: "$ROOT/other", content: "x" } },
      ],
      { hosts: ["h1", "h2"], limit: "h1", tags: ["yes"] },
    );
    assert.deepEqual(told(outcome), ["tagged: changed"]);
    assert.match(readFileSync(join(folder, "h1"), "utf8"), /^\w+$/);
  });
});
