import { skipLoudly } from "../../support/need.ts";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../../src/base/secret.ts";
import { type Blob, sh } from "../../../src/base/shell.ts";
import { blobOf } from "../../../src/modules/files/blob.ts";
import copy from "../../../src/modules/files/copy.ts";
import fetch from "../../../src/modules/files/fetch.ts";
import lineinfile from "../../../src/modules/files/lineinfile.ts";
import stat from "../../../src/modules/files/stat.ts";
import { apply, check } from "../harness.ts";
import { applyShell } from "../shell-host.ts";

describe("files put in place", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "provision-put-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const commit = (path: string, text: string, more = sh``): ReturnType<typeof applyShell> => {
    const blob: Blob = blobOf(Buffer.from(text));
    return applyShell(sh`file_stage ${{ blob }} ${path}
${more}
file_commit ${path} 0644 - -`);
  };

  it("leaves the old file and nothing else when the check of the new content fails", () => {
    const path = join(root, "f");
    writeFileSync(path, "old");
    const done = commit(path, "new", sh`false`);
    assert.notEqual(done.rc, 0);
    assert.equal(readFileSync(path, "utf8"), "old");
    assert.deepEqual(readdirSync(root), ["f"]);
  });

  it("runs no shell from a validate command", () => {
    const path = join(root, "f");
    const values = { dest: path, content: "x", validate: `test -s %s ; touch ${root}/gotcha $(touch ${root}/gotcha2)` };
    assert.equal(apply(copy, values).failed, true);
    assert.deepEqual(readdirSync(root), []);
  });

  it("puts the file's name into every place of validate that asks for it", () => {
    const path = join(root, "it's a file");
    const done = apply(copy, {
      dest: path,
      content: "x",
      validate: 'sh -c \'test "$1" = "$2" && test -s "$1"\' - %s "%s"',
    });
    assert.equal(done.failed, false, done.message ?? "");
    assert.equal(readFileSync(path, "utf8"), "x");
  });

  it("writes a file with other names in place, and says so", () => {
    const path = join(root, "f");
    writeFileSync(path, "old");
    linkSync(path, join(root, "g"));
    const done = apply(copy, { dest: path, content: "new" });
    assert.equal(done.failed, false, done.message ?? "");
    assert.equal(readFileSync(join(root, "g"), "utf8"), "new");
    assert.match(done.outcome?.stderr ?? "", /written in place: it has other hard links/);
    assert.deepEqual(readdirSync(root).sort(), ["f", "g"]);
  });

  it("replaces a file that is being read, and gives it a new inode", () => {
    const path = join(root, "f");
    writeFileSync(path, "old");
    const before = statSync(path).ino;
    apply(copy, { dest: path, content: "new" });
    assert.notEqual(statSync(path).ino, before);
  });

  it("keeps the old file where there is no room for the new one", function () {
    const disk = join(root, "disk");
    mkdirSync(disk);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", disk]).status !== 0) {
      skipLoudly(this, "the right to mount");
      return;
    }
    try {
      writeFileSync(join(disk, "f"), "old");
      const done = commit(join(disk, "f"), "x".repeat(200_000));
      assert.notEqual(done.rc, 0);
      assert.match(done.stderr, /[Nn]o space/);
      assert.deepEqual(readdirSync(disk), ["f"]);
      assert.equal(readFileSync(join(disk, "f"), "utf8"), "old");
      spawnSync("mount", ["-o", "remount,ro", disk]);
      const readOnly = commit(join(disk, "f"), "new");
      assert.notEqual(readOnly.rc, 0);
      assert.equal(readFileSync(join(disk, "f"), "utf8"), "old");
    } finally {
      spawnSync("umount", [disk]);
    }
  });

  it("writes to a mount point in place", function () {
    const path = join(root, "hosts");
    writeFileSync(path, "old\n");
    writeFileSync(join(root, "other"), "bound\n");
    if (spawnSync("mount", ["--bind", join(root, "other"), path]).status !== 0) {
      skipLoudly(this, "the right to mount");
      return;
    }
    try {
      const done = apply(lineinfile, { path, line: "new" });
      assert.equal(done.failed, false, done.message ?? "");
      assert.equal(readFileSync(path, "utf8"), "bound\nnew\n");
      assert.match(done.outcome?.stderr ?? "", /written in place/);
      assert.deepEqual(readdirSync(root).sort(), ["hosts", "other"]);
    } finally {
      spawnSync("umount", [path]);
    }
  });

  it("never shows a secret", () => {
    const path = join(root, "f");
    const secret = new Secret("hunter2");
    const done = apply(copy, { dest: path, content: secret, mode: "0600" });
    assert.equal(readFileSync(path, "utf8"), "hunter2");
    const change = done.plan?.change;
    assert.ok(change);
    assert.equal(
      JSON.stringify({ differs: change.differs, text: change.apply.text, result: done.result }).includes("hunter2"),
      false,
    );
    assert.equal(
      change.apply.blobs.every((blob) => blob.secret),
      true,
    );
    assert.equal(apply(copy, { dest: path, content: secret, mode: "0600" }).changed, false);
  });

  it("names what stands in the way", () => {
    assert.match(
      check(copy, { dest: join(root, "no/f"), content: "x" }).message ?? "",
      /the folder .*no does not exist/,
    );
    assert.match(
      check(copy, { dest: join(root, "f"), content: "x", owner: "nobody-of-this-name" }).message ?? "",
      /no user "nobody-of-this-name"/,
    );
    assert.match(check(lineinfile, { path: join(root, "f"), line: "x" }).message ?? "", /does not exist/);
  });

  it("fetches, and tells what is there", () => {
    const path = join(root, "f");
    writeFileSync(path, "text");
    chmodSync(path, 0o640);
    const dest = join(root, "here/f");
    assert.equal(apply(fetch, { src: path, dest, flat: true }).failed, false);
    assert.equal(readFileSync(dest, "utf8"), "text");
    assert.equal(check(fetch, { src: join(root, "gone"), dest, flat: true }).failed, true);
    assert.equal(check(fetch, { src: join(root, "gone"), dest, flat: true, fail_on_missing: false }).changed, false);
    const told = check(stat, { path }).result?.["stat"] as { [key: string]: unknown };
    assert.deepEqual([told["exists"], told["isreg"], told["mode"], told["size"]], [true, true, "0640", 4]);
    assert.equal(told["checksum"], "372ea08cab33e71c02c651dbc83a474d32c676ea");
    assert.deepEqual(check(stat, { path: join(root, "gone") }).result, { stat: { exists: false } });
    assert.equal(existsSync(join(root, "gone")), false);
  });
});
