import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import type { Fault } from "../../src/errors/fault.ts";
import { nameGlob } from "../../src/inventory/glob.ts";
import type { Inventory } from "../../src/inventory/inventory.ts";
import { type MatchOptions, matchHosts } from "../../src/inventory/patterns.ts";
import { line, load, writeFiles } from "./with-files.ts";

const TEXT = `[web]
web1
web2
web3
[db]
db1
[fra]
web1
db1
2001:db8::1
2001:db8::2
[old]
web3
[site:children]
web
db
`;

describe("host patterns", () => {
  let inventory: Inventory;
  before(async () => {
    inventory = await load({ hosts: TEXT });
  });
  const match = (pattern: string, options: MatchOptions = {}) => matchHosts(inventory, pattern, options);

  const cases: [string, string][] = [
    ["all", "web1 db1 2001:db8::1 2001:db8::2 web3 web2"],
    ["*", "web1 db1 2001:db8::1 2001:db8::2 web3 web2"],
    ["site", "web1 web2 web3 db1"],
    ["web:!old:&fra", "web1"],
    ["!old:&fra:web", "web1"],
    ["&fra:web:db", "web1 db1"],
    ["!web", "db1 2001:db8::1 2001:db8::2"],
    ["db,web", "db1 web1 web2 web3"],
    ["db1:web", "db1 web1 web2 web3"],
    [" db1 , web1 ", "db1 web1"],
    ["web:db,!web2", "web1 web2 web3 db1".replace(" web2", "")],
    ["web?", "web1 web2 web3"],
    ["web[12]*", "web1 web2"],
    ["web[!1]*", "web2 web3"],
    ["~web(1|2)", "web1 web2"],
    ["~(web|db)\\d$:!~.*3", "web1 web2 db1"],
    ["~^web[0-9]{1,2}$", "web1 web2 web3"],
    ["~eb1", ""],
    ["web[0]", "web1"],
    ["web[-1]", "web3"],
    ["web[0:1]", "web1 web2"],
    ["web[1:]", "web2 web3"],
    ["web[-9]", ""],
    ["site[3]", "db1"],
    ["web*[1]", "web2"],
    ["all:!web[0]", "db1 2001:db8::1 2001:db8::2 web3 web2"],
    ["2001:db8::1", "2001:db8::1"],
    ["web1:2001:db8::2", "web1 2001:db8::2"],
    ["fra:!2001:db8::1", "web1 db1 2001:db8::2"],
    ["localhost", "localhost"],
    ["", ""],
    [":,:", ""],
  ];
  for (const [pattern, hosts] of cases)
    it(`${pattern} is ${hosts === "" ? "nobody" : hosts}`, () =>
      assert.deepEqual(match(pattern), hosts === "" ? [] : hosts.split(" ")));

  it("are narrowed by a limit, keeping their order", () => {
    assert.deepEqual(match("db:web", { limit: "web1,db1" }), ["db1", "web1"]);
    assert.deepEqual(match("web", { limit: "!old" }), ["web1", "web2"]);
    assert.deepEqual(match("web", { limit: "" }), []);
  });

  it("take files of names in a limit", () => {
    const cwd = writeFiles({ names: "# those\nweb2\n\nfra\n", failed: "db1\n" });
    const failedFile = join(cwd, "failed");
    assert.deepEqual(match("all", { limit: "@names", cwd }), ["web1", "db1", "2001:db8::1", "2001:db8::2", "web2"]);
    assert.deepEqual(match("all", { limit: "web:!@names", cwd }), ["web3"]);
    assert.deepEqual(match("all", { limit: "@failed", failedFile }), ["db1"]);
    assert.throws(() => match("all", { limit: "@nope", cwd }), /nope cannot be read: there is no such file/);
    assert.throws(() => match("all", { limit: "@failed", cwd: join(cwd, "x") }), { code: "pattern-file" });
  });

  it("warn about what matches nothing, with the nearest name", () => {
    const warnings: Fault[] = [];
    const warn = (fault: Fault) => void warnings.push(fault);
    const place = { file: "play.yml", line: 1, column: 10 };
    match("web:!olld:&web9[0]:x*", { warn, place });
    match("web[7]", { warn, limit: "wbe1" });
    assert.deepEqual(warnings.map(line), [
      'pattern-no-match play.yml:1:10 "x*" matches no host and no group | provision inventory --graph shows the groups and hosts',
      'pattern-no-match play.yml:1:10 "web9" matches no host and no group | did you mean web?',
      'pattern-no-match play.yml:1:10 "olld" matches no host and no group | did you mean old?',
      'pattern-no-match - "web[7]" matches no host: web has 3 | the first is [0], the last is [2] or [-1]',
      'pattern-no-match - "wbe1" matches no host and no group | did you mean web1?',
    ]);
  });

  it("refuse regular expressions that are wrong or could hang", () => {
    assert.throws(() => match("~web("), { code: "pattern-syntax" });
    assert.throws(() => match("~(?!old)"), { code: "pattern-syntax" });
    assert.throws(() => match("~(a)\\1"), { code: "pattern-syntax" });
  });

  it("take little time for hostile patterns", async () => {
    const long = await load({ hosts: `${"a".repeat(200_000)}\n` });
    assert.deepEqual(matchHosts(long, `~${"(a+)+".repeat(3)}b$`), []);
    assert.deepEqual(matchHosts(long, `${"*a".repeat(20)}b`), []);
    assert.deepEqual(matchHosts(long, "a:".repeat(20_000)), []);
    assert.deepEqual(matchHosts(long, "[".repeat(20_000)), []);
  });
});

describe("globs", () => {
  it("match what their parts say", () => {
    const yes: [string, string][] = [
      ["", ""],
      ["*", ""],
      ["a*", "a"],
      ["*a*b", "xaxxab"],
      ["[]]", "]"],
      ["[!]]", "a"],
      ["[a-c]x", "bx"],
      ["[a-]", "-"],
      ["[", "["],
      ["?", "ü"],
      ["?", "😀"],
      ["a.c", "a.c"],
    ];
    const no: [string, string][] = [
      ["", "a"],
      ["?", ""],
      ["a*", "b"],
      ["[a-c]", "d"],
      ["[!a-c]", "b"],
      ["a.c", "abc"],
      ["A", "a"],
    ];
    for (const [glob, name] of yes) assert.equal(nameGlob(glob)(name), true, `${glob} ${name}`);
    for (const [glob, name] of no) assert.equal(nameGlob(glob)(name), false, `${glob} ${name}`);
  });

  it("agree with a regular expression", () => {
    const parts = fc.array(fc.constantFrom("a", "b", "*", "?", "[ab]", "[!a]"), { maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.stringMatching(/^[abc]{0,8}$/), (glob, name) => {
        const regex = new RegExp(
          `^${glob.join("").replaceAll("[!", "[^").replaceAll("?", ".").replaceAll("*", ".*")}$`,
        );
        assert.equal(nameGlob(glob.join(""))(name), regex.test(name));
      }),
    );
  });
});
