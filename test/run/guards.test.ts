import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { play, scratchFolders, stepOf, told } from "./scratch.ts";
import { localHosts } from "../support/run-playbook.ts";

const cli = resolve(import.meta.dirname, "../../src/cli/provision.ts");

/** What the host is found to be other than the plan saw it. A command in the batch stands for whoever else changes the host. */
describe("run/guards", function () {
  this.timeout(60_000);
  const scratch = scratchFolders();

  it("a step that was right is done when a command before it undid it", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "a"), "right");
    const outcome = await play(folder, [
      { name: "undoes", shell: { cmd: "echo wrong >$ROOT/a", always: true } },
      { name: "declared", copy: { dest: "$ROOT/a", content: "right" } },
      { name: "next", copy: { dest: "$ROOT/b", content: "b" } },
    ]);
    assert.deepEqual(told(outcome), ["undoes: changed", "declared: changed", "next: changed"]);
    assert.equal(readFileSync(join(folder, "a"), "utf8"), "right");
  });

  it("a step that was to change is not done when a command before it did it", async () => {
    const folder = scratch();
    const outcome = await play(
      folder,
      [
        { name: "does", shell: { cmd: "printf right >$ROOT/a; chmod 644 $ROOT/a; echo x >>$ROOT/runs", always: true } },
        { name: "declared", copy: { dest: "$ROOT/a", content: "right", mode: "0644" }, notify: "told" },
        { name: "made", command: { cmd: "touch $ROOT/made", creates: "$ROOT/a" } },
      ],
      { play: { handlers: [{ name: "told", copy: { dest: "$ROOT/told", content: "x" } }] } },
    );
    assert.deepEqual(told(outcome), ["does: changed", "declared: ok", "made: ok"]);
    assert.equal(readFileSync(join(folder, "runs"), "utf8"), "x\n", "a change runs once");
    assert.equal(existsSync(join(folder, "told")), false, "a change that is struck notifies nobody");
  });

  it("gives up after three plans on a host that does not keep still, and shows what it saw", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "a"), "0\n");
    const busy = spawn(
      "sh",
      ["-c", `i=0; while :; do i=$((i+1)); echo $i >'${folder}/.n' && mv '${folder}/.n' '${folder}/a'; done`],
      { stdio: "ignore" },
    );
    try {
      const outcome = await play(folder, [
        { name: "before", copy: { dest: "$ROOT/b", content: "b" } },
        { name: "restless", lineinfile: { path: "$ROOT/a", line: "mine" } },
        { name: "after", copy: { dest: "$ROOT/c", content: "c" } },
      ]);
      assert.equal(outcome.result.ends.get("h1"), "failed");
      assert.match(stepOf(outcome, "restless").error?.message ?? "", /kept changing/);
      assert.equal(existsSync(join(folder, "c")), false);
    } finally {
      busy.kill("SIGKILL");
    }
  });

  it("a saved plan applies what it says, and is refused after any edit, naming host and step", () => {
    const folder = scratch();
    const run = (...args: string[]): { code: number; out: string } => {
      try {
        return {
          code: 0,
          out: execFileSync(process.execPath, ["--import", "tsx", cli, ...args], {
            encoding: "utf8",
            stdio: "pipe",
            env: { PATH: process.env.PATH, HOME: folder },
            cwd: resolve(import.meta.dirname, "../.."),
          }),
        };
      } catch (error) {
        const failed = error as { status: number; stdout: string; stderr: string };
        return { code: failed.status, out: failed.stdout + failed.stderr };
      }
    };
    const at = (name: string): string => join(folder, name);
    const prepare = (): void => {
      for (const name of ["a", "b"]) rmSync(at(name), { force: true });
      writeFileSync(at("inventory.yml"), localHosts(["h1"]));
      writeFileSync(at("src.txt"), "source\n");
      writeFileSync(
        at("play.yml"),
        JSON.stringify([
          {
            hosts: "all",
            tasks: [
              { name: "first", copy: { dest: at("a"), src: at("src.txt") } },
              { name: "second", lineinfile: { path: at("b"), line: "x", create: true } },
            ],
          },
        ]),
      );
    };
    const plan = (): void => {
      prepare();
      assert.equal(run("plan", at("inventory.yml"), "-p", at("play.yml"), "-o", at("plan.json")).code, 2);
    };
    plan();
    const applied = run("apply", at("plan.json"));
    assert.equal(applied.code, 0, applied.out);
    assert.equal(readFileSync(at("a"), "utf8"), "source\n");
    const edits: [string, () => void, RegExp][] = [
      [
        "the playbook",
        () => writeFileSync(at("play.yml"), readFileSync(at("play.yml"), "utf8").replace('"x"', '"y"')),
        /play\.yml/,
      ],
      ["a file it copies", () => writeFileSync(at("src.txt"), "other\n"), /src\.txt|first/],
      ["the inventory", () => writeFileSync(at("inventory.yml"), localHosts(["h1", "h2"])), /inventory\.yml/],
      ["the host", () => writeFileSync(at("b"), "more\n"), /h1.*second/s],
    ];
    for (const [what, edit, names] of edits) {
      plan();
      edit();
      const refused = run("apply", at("plan.json"));
      assert.equal(refused.code, 3, `${what}: ${refused.out}`);
      assert.match(refused.out, names, what);
      assert.equal(existsSync(at("a")), false, `${what}: nothing is touched`);
    }
  });
});
