import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { needs } from "../support/need.ts";
import { play, scratchFolders, told } from "./scratch.ts";

/** Steps that run as another user of the host. */
describe("run/identities", function () {
  this.timeout(30_000);
  needs("root", "setpriv");
  const scratch = scratchFolders();

  it("runs commands, conditions and files as the user that a step asks for", async () => {
    const folder = scratch();
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, "open"));
    chmodSync(join(folder, "open"), 0o777);
    const nobody = { become: true, become_user: "nobody" };
    const tasks = [
      { name: "who", command: { cmd: "id -un", always: true }, register: "who", ...nobody },
      { name: "reads", command: { cmd: "id -un", read_only: true }, register: "reads", ...nobody },
      { name: "root", command: { cmd: "id -un", read_only: true }, register: "root" },
      { name: "tell", copy: { dest: "$ROOT/told", content: "{{who.stdout}} {{reads.stdout}} {{root.stdout}}" } },
      { name: "own", copy: { dest: "$ROOT/open/own", content: "x" }, ...nobody },
      { name: "condition", command: { cmd: "touch $ROOT/open/made", unless: "test -O $ROOT/open/made" }, ...nobody },
      { name: "refused", copy: { dest: "$ROOT/no", content: "x" }, ignore_errors: true, ...nobody },
    ];
    const outcome = await play(folder, tasks);
    assert.deepEqual(
      told(outcome),
      [
        "who: changed",
        "reads: ok",
        "root: ok",
        "tell: changed",
        "own: changed",
        "condition: changed",
        "refused: ignored",
      ],
      JSON.stringify(outcome.steps.map((step) => step.error)),
    );
    assert.equal(readFileSync(join(folder, "told"), "utf8"), "nobody nobody root");
    assert.notEqual(statSync(join(folder, "open/own")).uid, 0);
    const second = await play(folder, tasks);
    assert.deepEqual(told(second).slice(4, 6), ["own: ok", "condition: ok"]);
  });

  it("a user that is not there fails the step, not the run", async () => {
    const outcome = await play(scratch(), [
      {
        name: "gone",
        command: { cmd: "true", always: true },
        become: true,
        become_user: "nobody-of-that-name",
        ignore_errors: true,
      },
      { name: "next", debug: { msg: "x" } },
    ]);
    assert.equal(told(outcome).at(-1), "next: ok", told(outcome).join());
  });
});
