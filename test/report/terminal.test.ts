import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Board } from "../../src/report/board.ts";
import { createReporter } from "../../src/report/create.ts";
import { palette } from "../../src/report/palette.ts";
import { Screen } from "../../src/report/screen.ts";
import { counts, step } from "./events.ts";

function board(hosts: readonly string[], now: () => number = () => 0): Board {
  const made = new Board(palette(false), now);
  made.event({ event: "start", mode: "apply", inventory: "i", playbook: "p", hosts: [...hosts] });
  return made;
}

describe("report: the live view", () => {
  it("has one row a host with counts and what it does, and for how long once that is long", () => {
    let now = 0;
    const made = board(["web-1", "db"], () => now);
    made.event({ event: "progress", host: "db", doing: "Install packages" });
    made.event(step({ host: "db" }));
    made.event(step({ host: "db", status: "changed" }));
    made.event(step({ host: "db", status: "changed", item: "x" }));
    assert.deepEqual(made.lines(80, 10), [
      "· web-1    0 ok   0 changed",
      "▸ db       1 ok   1 changed  Install packages",
    ]);
    now = 5000;
    assert.match(made.lines(80, 10)[1] ?? "", /Install packages \(5 s\)$/);
    assert.equal(made.lines(30, 10)[1], "▸ db       1 ok   1 changed  …");
  });

  it("shows those at work where not all fit, and counts the others", () => {
    const made = board(Array.from({ length: 300 }, (_, index) => `h${index}`));
    for (const host of ["h7", "h200", "h201"]) made.event({ event: "progress", host, doing: "x" });
    const lines = made.lines(80, 3);
    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? "", /^▸ h7 /);
    assert.equal(lines[2], "… 298 more hosts, 1 of them at work");
  });

  it("paints only what differs", () => {
    let sent = "";
    const screen = new Screen((text) => {
      sent += text;
    });
    screen.paint([], ["a", "b"]);
    assert.equal(sent, "a\u001b[K\nb\u001b[K\n");
    sent = "";
    screen.paint([], ["a", "b"]);
    assert.equal(sent, "");
    screen.paint([], ["a", "c"]);
    assert.equal(sent, "\r\u001b[2A\nc\u001b[K\n");
    sent = "";
    screen.paint(["stays"], []);
    assert.equal(sent, "\r\u001b[2A\u001b[Jstays\n");
  });

  it("takes 50 hosts with 200 updates each without holding anything up", async function () {
    this.timeout(20_000);
    let bytes = 0;
    const output = {
      write: (text: string) => {
        bytes += text.length;
      },
      warn: () => undefined,
      color: true,
      size: () => ({ columns: 100, rows: 60 }),
    };
    const reporter = await createReporter("terminal", { verbosity: 0, diff: false }, output);
    const hosts = Array.from({ length: 50 }, (_, index) => `host-${index}`);
    const started = Date.now();
    const cpu = process.cpuUsage();
    reporter.event({ event: "start", mode: "apply", inventory: "i", playbook: "p", hosts });
    for (let update = 0; update < 200; update++) {
      for (const host of hosts) reporter.event({ event: "progress", host, doing: `step ${update}` });
      await sleep(9);
    }
    const summary = Object.fromEntries(hosts.map((host) => [host, counts()]));
    reporter.event({ event: "summary", mode: "apply", hosts: summary, seconds: 2 });
    await reporter.end();
    const used = process.cpuUsage(cpu);
    assert.ok(Date.now() - started < 6000, "wall time (2 s where nothing else runs)");
    assert.ok((used.user + used.system) / 1e6 < 1, "CPU time (0.2 s where nothing else runs)");
    assert.ok(bytes < 1_000_000, "ten paintings a second at most");
  });

  it("leaves the terminal with the recap and no live row", async () => {
    let sent = "";
    const output = {
      write: (text: string) => {
        sent += text;
      },
      warn: () => undefined,
      color: false,
      size: () => ({ columns: 80, rows: 24 }),
    };
    const reporter = await createReporter("terminal", { verbosity: 0, diff: false }, output);
    reporter.event({ event: "start", mode: "apply", inventory: "i", playbook: "p", hosts: ["web-1"] });
    reporter.event(step({ status: "changed" }));
    reporter.event({ event: "summary", mode: "apply", hosts: { "web-1": counts({ changed: 1 }) }, seconds: 1 });
    await reporter.end();
    assert.match(sent, /apply: 1 host, 0 ok, 1 changed, in 1s\n$/);
  });
});
