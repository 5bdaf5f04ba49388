import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { creator } from "../../src/resources/creator.ts";
import { type FileState, file, fileKind } from "../../src/resources/file.ts";
import { fileChecksum } from "../../src/resources/file-checksum.ts";
import { bytesOf, fileContent, fileContentKind } from "../../src/resources/file-content.ts";
import { fileHash } from "../../src/resources/file-hash.ts";
import { fileTimes } from "../../src/resources/file-times.ts";
import { fileTree } from "../../src/resources/file-tree.ts";
import { fileTreeContent } from "../../src/resources/file-tree-content.ts";
import { decodeWord, encodeWord, normalizePath } from "../../src/resources/file-words.ts";
import type { ResourceKind } from "../../src/resources/resource.ts";
import { parseLine, readLines, readRef } from "../modules/shell-host.ts";

const shells = [["dash"], ["busybox", "ash"], ["bash", "--posix"], ["mksh"]];
const odd = [
  "plain",
  "with space",
  "-dash",
  'it\'s "q" $HOME `x`',
  "st*r?[a]",
  "back\\slash",
  "ünïcode",
  "trailing ",
  "a|b",
  "tab\there",
  "cr\rhere",
];

describe("files read from a host", () => {
  let root = "";
  before(() => {
    root = mkdtempSync(join(tmpdir(), "provision-files-"));
    for (const name of odd) writeFileSync(join(root, name), name);
    mkdirSync(join(root, "folder"), { mode: 0o755 });
    symlinkSync("folder", join(root, "to folder"));
    symlinkSync("nowhere ü", join(root, "dangling"));
    writeFileSync(join(root, "folder", "inner"), "x");
    writeFileSync(join(root, "set"), "");
    chmodSync(join(root, "set"), 0o4751);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it("reads small and large contents in one go, each as it is", () => {
    const sizes = [0, 1, 16384, 16385, 33, 70000, 16, 15];
    const wanted = sizes.map((size) => Buffer.from(Array.from({ length: size }, (_, at) => (at * 7 + size) % 256)));
    const folder = mkdtempSync(join(tmpdir(), "provision-sizes-"));
    const paths = wanted.map((bytes, at) => {
      const path = join(folder, at % 4 === 3 ? `size\n${at}` : `size ${at}`);
      writeFileSync(path, bytes);
      return path;
    });
    for (const shell of shells) {
      const lines = readLines(fileContentKind, paths, { shell });
      lines.forEach((line, at) => {
        const content = parseLine(fileContentKind, line);
        assert.ok(bytesOf(content).equals(wanted[at] ?? Buffer.alloc(0)), `${shell.join(" ")}: ${paths[at] ?? ""}`);
      });
    }
    rmSync(folder, { recursive: true });
  });

  const states = (keys: string[], options: { shell?: string[] } = {}): FileState[] =>
    readLines(
      fileKind as unknown as ResourceKind<object>,
      keys.map((key) => file(key).key),
      options,
    ).map((line) => parseLine(fileKind, line));

  for (const shell of shells) {
    it(`says what paths are under ${shell.join(" ")}`, () => {
      const paths = [...odd, "folder", "to folder", "dangling", "set", "missing", "to folder/inner"].map((name) =>
        join(root, name),
      );
      const found = states(paths, { shell });
      for (const index of odd.keys()) assert.equal(found[index]?.type, "file", odd[index]);
      const [folder, link, dangling, set, missing, inner] = found.slice(odd.length);
      assert.deepEqual([folder?.type, folder?.mode, folder?.size], ["directory", "0755", null]);
      assert.deepEqual([link?.type, link?.leads, link?.target], ["link", "directory", "folder"]);
      assert.deepEqual([dangling?.leads, dangling?.target], ["absent", "nowhere ü"]);
      assert.equal(set?.mode, "4751");
      assert.equal(missing?.type, "absent");
      assert.deepEqual([inner?.type, inner?.real], ["file", join(root, "folder/inner")]);
    });

    it(`hashes and reads odd names under ${shell.join(" ")}`, () => {
      for (const name of odd) {
        const path = join(root, name);
        assert.equal(bytesOf(readRef(fileContent(path), { shell })).toString(), name);
      }
      const paths = [...odd, "set", "missing", "folder"].map((name) => join(root, name));
      const contents = readLines(
        fileContentKind as unknown as ResourceKind<object>,
        paths.map((path) => fileContent(path).key),
        { shell },
      ).map((line) => parseLine(fileContentKind, line));
      assert.deepEqual(
        contents.map((content) => (content.state === "regular" ? bytesOf(content).toString() : content.state)),
        [...odd, "", "none", "none"],
      );
      const lines = readLines(
        fileHash("/").kind,
        [...odd.map((name) => join(root, name)), root, join(root, "missing")],
        { shell },
      );
      assert.equal(new Set(lines.slice(0, odd.length)).size, odd.length);
      assert.ok(lines.slice(0, odd.length).every((line) => /^regular [0-9a-f]{64}$/.test(line)));
      assert.deepEqual(lines.slice(odd.length), ["none -", "none -"]);
    });

    it(`lists a tree under ${shell.join(" ")}`, () => {
      const tree = readRef(fileTree(root), { shell })
        .entries?.map((entry) => entry.path)
        .sort();
      assert.deepEqual(tree, [...odd, "dangling", "folder", "folder/inner", "set", "to folder"].sort());
      const content = readRef(fileTreeContent(root), { shell }).entries ?? [];
      assert.equal(content.find((entry) => entry.path === "dangling")?.target, "nowhere ü");
      assert.equal(content.filter((entry) => entry.type === "file").length, odd.length + 2);
    });
  }

  it("says the same with ls, where there is no stat", () => {
    const paths = ["plain", "with space", "folder", "dangling", "set", "missing"].map((name) => join(root, name));
    const withoutStat = { ...fileKind, reader: `file_stat=ls\n${fileKind.reader}` } as unknown as ResourceKind<object>;
    assert.deepEqual(readLines(withoutStat, paths), readLines(fileKind as unknown as ResourceKind<object>, paths));
  });

  it("understands what BSD's stat prints", () => {
    const fake =
      'stat() { shift 2; [ "$1" != -- ] || shift; for p do case $p in */f) echo "100644|Regular File|0|7|root|7|3|1|$p" ;; */d) echo "41777|Directory|0|0|root|wheel|512|2|$p" ;; esac; done; }\nfile_stat=bsd\n';
    const bsd = { ...fileKind, reader: `${fake}${fileKind.reader}` } as unknown as ResourceKind<object>;
    assert.deepEqual(readLines(bsd, ["/nope/f", "/nope/d", "/nope/x"]), [
      "file 0644 0 7 root - 3 1 - - -",
      "directory 1777 0 0 root wheel - - - - -",
      "absent - - - - - - - - - -",
    ]);
  });

  it("tells denied from absent", function () {
    if (process.getuid?.() !== 0) return this.skip();
    const closed = join(root, "closed");
    mkdirSync(closed, { mode: 0o700 });
    writeFileSync(join(closed, "x"), "");
    chmodSync(root, 0o755);
    const options = { prefix: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] };
    chmodSync(tmpdir(), 0o1777);
    const seen = readAs(options, [join(closed, "x"), join(closed, "y"), join(root, "missing")]);
    assert.deepEqual(seen, ["denied", "denied", "absent"]);
  });

  it("reads many paths in one process", () => {
    const keys = Array.from({ length: 450 }, (_, index) => join(root, index % 2 === 0 ? "plain" : `missing${index}`));
    const types = states(keys).map((state) => state.type);
    assert.ok(types.every((type, index) => type === (index % 2 === 0 ? "file" : "absent")));
  });

  it("reads times, checksums and the creator", () => {
    const times = readRef(fileTimes(join(root, "plain")));
    assert.match(times.modifiedAt ?? "", /^\d{12}\.\d\d$/);
    assert.equal(Math.abs((times.modified ?? 0) - Date.now() / 1000) < 3600, true);
    assert.equal(readRef(fileTimes(join(root, "missing"))).inode, null);
    assert.equal(readRef(fileChecksum(join(root, "plain"), "md5")).value, "ac7938d40cfc2307e2bf325d28e7884e");
    assert.equal(readRef(fileChecksum(join(root, "missing"), "sha1")).value, null);
    assert.equal(readRef(creator).uid, process.getuid?.());
  });

  function readAs(options: { prefix: string[] }, paths: string[]): string[] {
    return readLines(fileKind as unknown as ResourceKind<object>, paths, options).map(
      (line) => parseLine(fileKind, line).type,
    );
  }
});

describe("words of canonical lines", () => {
  it("come back as they went", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => decodeWord(encodeWord(text)) === text));
  });

  it("show a state as it was parsed", () => {
    const text = fc.option(
      fc.string({ minLength: 1 }).filter((word) => !word.includes("\0")),
      { nil: null },
    );
    const number = fc.option(fc.nat(), { nil: null });
    fc.assert(
      fc.property(text, text, number, number, (target, real, uid, size) => {
        const value: FileState = {
          type: "link",
          mode: "0777",
          uid,
          gid: uid,
          user: null,
          group: null,
          size,
          links: 1,
          leads: "file",
          target,
          real,
        };
        const line = fileKind.line.show(value);
        assert.deepEqual(fileKind.line.parse(line), value);
        assert.equal(fileKind.line.show(fileKind.line.parse(line)), line);
      }),
    );
  });

  it("make one key of one path", () => {
    assert.equal(normalizePath("/a//b/./c/"), "/a/b/c");
    assert.equal(normalizePath("/"), "/");
    assert.equal(file("/x/").key, "/x");
  });
});
