import assert from "node:assert/strict";
import { Fault } from "../../src/errors/fault.ts";
import type { Option } from "../../src/cli/command.ts";
import { type FileSetting, Settings } from "../../src/cli/settings.ts";
import { Workplace, buildProgram } from "./program.ts";

const OPTIONS: readonly Option[] = [
  { name: "forks", value: "N", summary: "" },
  { name: "diff", negatable: true, summary: "" },
  { name: "tags", value: "T", repeat: true, summary: "" },
  { name: "host-key-checking", value: "HOW", choices: ["strict", "off"], summary: "" },
  { name: "limit", value: "P", standing: false, summary: "" },
];
const place = { file: "provision.yml", line: 3, column: 8 };
const file = (value: FileSetting["value"]): FileSetting => ({ value, place });

describe("command line: settings", () => {
  it("takes the option over the environment over the file", () => {
    const written = new Map([["forks", file("3")]]);
    const env = { PROVISION_FORKS: "2" };
    assert.deepEqual(new Settings(OPTIONS, { forks: "1" }, env, written).setting("forks"), {
      value: "1",
      from: "--forks",
    });
    assert.deepEqual(new Settings(OPTIONS, {}, env, written).setting("forks"), { value: "2", from: "PROVISION_FORKS" });
    assert.deepEqual(new Settings(OPTIONS, {}, {}, written).setting("forks"), {
      value: "3",
      from: "provision.yml:3:8",
    });
    assert.equal(new Settings(OPTIONS, {}, {}, new Map()).number("forks", 50), 50);
  });

  it("reads switches, lists and names with dashes", () => {
    const settings = new Settings(
      OPTIONS,
      { tags: ["a,b", "c"] },
      { PROVISION_DIFF: "no", PROVISION_HOST_KEY_CHECKING: "off" },
      new Map(),
    );
    assert.equal(settings.flag("diff"), false);
    assert.deepEqual(settings.words("tags"), ["a", "b", "c"]);
    assert.equal(settings.text("host-key-checking"), "off");
  });

  it("has no standing limit", () => {
    const settings = new Settings(OPTIONS, {}, { PROVISION_LIMIT: "x" }, new Map([["limit", file("y")]]));
    assert.equal(settings.text("limit"), undefined);
  });

  it("refuses what does not fit, with its source", () => {
    const refuse = (env: Record<string, string>, written: [string, FileSetting][], pattern: RegExp): void => {
      assert.throws(
        () => new Settings(OPTIONS, {}, env, new Map(written)).number("forks", 1),
        (error: unknown) => error instanceof Fault && pattern.test(error.message),
      );
    };
    refuse({ PROVISION_DIFF: "perhaps" }, [], /PROVISION_DIFF has to be true or false/);
    refuse({ PROVISION_FORKS: "many" }, [], /PROVISION_FORKS has to be a whole number/);
    refuse({}, [["host-key-checking", file("strickt")]], /one of strict, off/);
    refuse({}, [["diff", file("x")]], /diff has to be true or false/);
    refuse({}, [["forks", file(["1"])]], /one text/);
  });
});

describe("command line: provision.yml", function () {
  this.timeout(60_000);
  before(() => buildProgram());

  it("is found from the folder one is in, and shown with its origin", async () => {
    const place = new Workplace({
      "provision.yml": "inventory: hosts.yml\nforks: 7\nroles_path: [more]\n",
      "hosts.yml": "all: {hosts: {h1: {}}}\n",
      "deep/er/x": "",
    });
    const { out, code } = await place.run(["config"], { cwd: place.path("deep/er"), env: { PROVISION_TIMEOUT: "3" } });
    assert.equal(code, 0);
    assert.match(out, /^forks +7 +\S*provision\.yml:2:8$/m);
    assert.match(out, /^timeout +3 +PROVISION_TIMEOUT$/m);
    assert.match(out, /^inventory +\/.*hosts\.yml +/m);
    const hosts = await place.run(["inventory", "--hosts", "all"], { cwd: place.path("deep/er") });
    assert.equal(hosts.out, "h1\n");
    place.remove();
  });

  it("is refused with a misspelt key", async () => {
    const place = new Workplace({ "provision.yml": "fork: 7\n", "inventory.yml": "all: {hosts: {h1: {}}}\n" });
    const { err, code } = await place.run(["check"]);
    assert.equal(code, 1);
    assert.match(err, /unknown key "fork"[\s\S]*provision\.yml:1:1[\s\S]*did you mean "forks"/);
    place.remove();
  });
});
