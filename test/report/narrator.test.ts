import assert from "node:assert/strict";
import { Secret } from "../../src/base/secret.ts";
import { contentDiff } from "../../src/report/content-diff.ts";
import { Narrator } from "../../src/report/narrator.ts";
import type { Verbosity } from "../../src/report/reporter.ts";
import type { Mode } from "../../src/report/words.ts";
import { counts, step } from "./events.ts";

function narrator(mode: Mode = "apply", verbosity: Verbosity = 0, diff = false): Narrator {
  const made = new Narrator({ verbosity, diff }, false, contentDiff);
  made.lines({ event: "start", mode, inventory: "inventory.yml", playbook: "site.yml", hosts: ["web-1", "db"] });
  return made;
}

const motd = [
  { what: "mode", of: "/etc/motd", before: "0644", after: "0600" },
  { what: "content", of: "/etc/motd", before: "old\nsame\n", after: "new\nsame\n", text: true },
];

describe("report: lines for people", () => {
  it("shows what changed and leaves out what is ok or skipped", () => {
    assert.deepEqual(narrator().lines(step()), []);
    assert.deepEqual(narrator().lines(step({ status: "skipped" })), []);
    assert.deepEqual(narrator().lines(step({ status: "changed", changes: motd })), [
      "web-1  changed   base: Message of the day  /etc/motd mode 0644 → 0600, content",
    ]);
  });

  it("shows every step with -v, and only failures with -q", () => {
    assert.deepEqual(narrator("apply", 1).lines(step({ host: "db" })), ["db     ok        base: Message of the day"]);
    assert.deepEqual(narrator("apply", -1).lines(step({ status: "changed" })), []);
    assert.match(
      narrator("apply", -1)
        .lines(step({ status: "failed" }))
        .join("\n"),
      /failed/,
    );
  });

  it("says in a check that nothing has happened yet", () => {
    const check = narrator("check");
    assert.match(check.lines(step({ status: "changed" })).join(), /would change/);
    assert.match(check.lines(step({ status: "failed" })).join(), /would fail/);
    assert.deepEqual(check.lines({ event: "play", play: "Web", hosts: ["web-1"] }), ["", "check: Web (1 host)"]);
    const summary = check.lines({
      event: "summary",
      mode: "check",
      hosts: { "web-1": counts({ changed: 1 }) },
      seconds: 1,
    });
    assert.equal(summary.at(-1), "check: 1 host, 0 ok, 1 would change, in 1s; nothing was changed");
  });

  it("names the step in the way of a maybe", () => {
    const lines = narrator("check").lines(step({ status: "maybe", why: "Refresh (site.yml:9:5) may change it" }));
    assert.deepEqual(lines, [
      "web-1  maybe         base: Message of the day",
      "       because  Refresh (site.yml:9:5) may change it",
    ]);
  });

  it("shows contents as differences where asked", () => {
    assert.deepEqual(
      narrator("check", 0, true)
        .lines(step({ status: "changed", changes: motd }))
        .slice(1),
      ["       @@ -1,2 +1,2 @@", "       -old", "       +new", "        same"],
    );
  });

  it("cuts long differences unless -v is given", () => {
    const after = Array.from({ length: 300 }, (_, line) => `line ${line}\n`).join("");
    const change = [{ what: "content", of: "/f", before: null, after, text: true }];
    assert.match(
      narrator("check", 0, true)
        .lines(step({ status: "changed", changes: change }))
        .at(-1) ?? "",
      /220 more lines, shown by -v/,
    );
    assert.equal(narrator("check", 1, true).lines(step({ status: "changed", changes: change })).length, 301);
  });

  it("shows a failure with its place, what was run, its output and a hint", () => {
    const error = {
      message: "the command failed",
      command: "rc-service ntpd restart\nmore",
      rc: 127,
      output: "sh: rc-service: not found\n",
    };
    assert.deepEqual(narrator().lines(step({ status: "failed", error })), [
      "web-1  failed    base: Message of the day",
      "       the command failed",
      "       at       site.yml:4:5",
      "       ran      rc-service ntpd restart (and 1 more line)  → exit status 127",
      "       output   | sh: rc-service: not found",
      "       hint     the host has no program rc-service: install its package in an earlier step, or give its full path",
    ]);
  });

  it("shows the last lines of a long output", () => {
    const output = Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n");
    const lines = narrator().lines(step({ status: "failed", error: { message: "no", output } }));
    assert.ok(lines.some((line) => line.includes("88 lines before, shown by -v")));
    assert.ok(lines.some((line) => line.includes("| line 99")));
    assert.ok(!lines.some((line) => line.includes("| line 50")));
  });

  it("masks secrets wherever they stand", () => {
    const secret = new Secret("hunter2");
    const changes = [
      { what: "password", of: "u", before: null, after: secret },
      { what: "content", of: "/f", before: secret, after: secret, text: true },
    ];
    const all = narrator("check", 2, true)
      .lines(step({ status: "changed", changes, item: { key: secret } }))
      .join("\n");
    assert.doesNotMatch(all, /hunter2/);
    assert.match(all, /\*{8}/);
  });

  it("never sends what a host says to the terminal as it is", () => {
    const evil = "a\u001b[2Jb\rc\u0007\u202e";
    const error = { message: evil, command: evil, output: evil, rc: 1 };
    const changes = [{ what: "content", of: evil, before: evil, after: `${evil}x`, text: true }];
    const texts = [
      ...narrator("check", 2, true).lines(
        step({
          host: evil,
          step: evil,
          role: evil,
          item: evil,
          status: "failed",
          error,
          changes,
          message: evil,
          why: evil,
          warnings: [evil],
        }),
      ),
      ...narrator().lines({ event: "unreachable", host: evil, reason: evil, hint: evil }),
      ...narrator().lines({ event: "notice", host: evil, text: evil }),
      ...narrator().lines({ event: "warning", text: evil }),
      ...narrator().lines({ event: "summary", mode: "apply", hosts: { [evil]: counts() }, seconds: 0 }),
    ];
    // biome-ignore format: one class of characters
    assert.doesNotMatch(texts.join("\n"), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it("tells a loop by its items, and not again by the step", () => {
    const made = narrator();
    assert.equal(made.lines(step({ item: "a", status: "changed" })).length, 1);
    assert.deepEqual(made.lines(step({ status: "changed" })), []);
    assert.equal(made.lines(step({ status: "changed" })).length, 1, "the next step of that name is one of its own");
  });

  it("aligns the recap and leaves out what is nowhere", () => {
    const lines = narrator().lines({
      event: "summary",
      mode: "apply",
      hosts: { "web-1": counts({ ok: 12, changed: 3 }), db: counts({ ok: 1, failed: 1 }) },
      seconds: 4.2,
      rescued: { db: 1 },
    });
    assert.deepEqual(lines, [
      "",
      "web-1  12 ok   3 changed",
      "db      1 ok   0 changed   1 failed  1 rescued",
      "apply: 2 hosts, 13 ok, 3 changed, 1 failed, in 4.2s",
    ]);
  });
});
