import assert from "node:assert/strict";
import { Secret } from "../../src/base/secret.ts";
import type { Value } from "../../src/base/value.ts";
import { parseYaml } from "../../src/language/yaml.ts";
import { arg } from "../../src/modules/args.ts";
import { argsJsonSchema, checkArgs, resolveArgs } from "../../src/modules/check-args.ts";
import command from "../../src/modules/commands/command.ts";
import setFact from "../../src/modules/flow/set-fact.ts";
import { defineModule } from "../../src/modules/module.ts";

const sample = defineModule({
  name: "sample",
  summary: "A module with an argument of each kind.",
  args: {
    path: arg.path("A path.", { required: true, aliases: ["dest"] }),
    state: arg.choice(["present", "absent"], "What is to be.", { default: "present" }),
    mode: arg.mode("Permissions."),
    force: arg.bool("Force it.", { default: false }),
    count: arg.int("How many."),
    ratio: arg.number("How much."),
    wait: arg.duration("How long."),
    line: arg.string("A text."),
    regexp: arg.regex("A pattern."),
    names: arg.list(arg.string("A name."), "Names."),
    labels: arg.map(arg.string("A label."), "Labels."),
    value: arg.any("Anything."),
    src: arg.source("A file."),
    that: arg.condition("Conditions."),
    port: arg.object(
      { port: arg.int("Number.", { required: true }), open: arg.bool("Open.", { default: true }) },
      "A port.",
      { bare: "port" },
    ),
  },
  examples: [],
  validate: ({ line, regexp }) =>
    line !== undefined && regexp !== undefined ? ["line and regexp exclude each other"] : [],
  checkGiven: (given) => (given.has("count") && given.has("ratio") ? ["sample takes count or ratio"] : []),
  plan: () => ({}),
});

/** `code: message [line:column] hint` of each fault. */
function faultsOf(yaml: string, module = sample): string[] {
  return checkArgs(module, parseYaml(yaml, { file: "task.yml" })).map(({ code, message, details }) => {
    const at = `${details.place?.line ?? 0}:${details.place?.column ?? 0}`;
    return `${code}: ${message} [${at}]${details.hint === undefined ? "" : ` ${details.hint}`}`;
  });
}

describe("checking arguments in the files", () => {
  const cases: [string, string, RegExp][] = [
    [
      "a misspelt name",
      "path: /x\nmodee: '0644'",
      /^unknown-argument: unknown argument "modee" of sample \[2:1\] did you mean "mode"\?$/,
    ],
    ["a name of the task", "path: /x\nregister: y", /unknown argument "register".*belongs to the task/],
    ["an unlike name lists them all", "path: /x\nzzzzzzz: 1", /its arguments are path, state, mode/],
    ["a missing one", "state: absent", /^missing-argument: sample needs the argument "path" \[1:1\]/],
    [
      "both spellings",
      "path: /x\ndest: /x",
      /^argument-twice: "dest" and "path" are two names .* \[2:1\] keep "path"$/,
    ],
    [
      "a relative path",
      "path: etc/x",
      /^wrong-argument: "path" of sample is "etc\/x"; an absolute path is expected \[1:7\]/,
    ],
    ["another's home", "path: ~bob/x", /only ~\/ is known/],
    ["a newline in a path", 'path: "/x\\ny"', /newline/],
    [
      "a choice",
      "path: /x\nstate: presnt",
      /is "presnt"; one of present, absent is expected \[2:8\] did you mean "present"\?$/,
    ],
    [
      "mode as a number",
      "path: /x\nmode: 0644",
      /is the number 0644; YAML does not read it as octal \[2:7\] quote it: "0644"$/,
    ],
    ["mode as a word", "path: /x\nmode: rw", /is not a mode/],
    [
      "yes for a boolean",
      "path: /x\nforce: 'yes'",
      /is the text "yes"; true or false is expected .* write true, without quotes/,
    ],
    ["a number for text", "path: /x\nline: 1.30", /is the number 1\.30; text is expected \[2:7\] quote it: "1\.30"$/],
    ["true for text", "path: /x\nline: true", /is true; text is expected/],
    ["a fraction", "path: /x\ncount: 1.5", /whole number/],
    ["text for a number", "path: /x\nratio: much", /"much"; a number is expected/],
    ["a duration", "path: /x\nwait: soon", /is "soon"; a duration is expected/],
    ["a list for text", "path: /x\nline: [a]", /"line" of sample is a list; text is expected/],
    ["a map for a list", "path: /x\nnames: {a: b}", /is a map; text is expected/],
    ["an item of a list", "path: /x\nnames: [a, 1]", /item 2 of "names" of sample is the number 1.*\[2:12\]/],
    ["an entry of a map", "path: /x\nlabels: {a: [b]}", /"a" in "labels" of sample is a list/],
    ["text for a map", "path: /x\nlabels: a", /is not a map/],
    [
      "a regular expression",
      "path: /x\nregexp: 'a(b'",
      /is not a regular expression: \( is never closed \(character 2\)/,
    ],
    [
      "a name in a fixed map",
      "path: /x\nport: {port: 1, opn: true}",
      /unknown argument "opn" of "port" of sample \[2:17\] did you mean "open"/,
    ],
    ["a missing name in a fixed map", "path: /x\nport: {open: true}", /"port" of sample needs the argument "port"/],
    ["a condition that is none", "path: /x\nthat: 3", /is not a condition/],
    ["a combination", "path: /x\nline: a\nregexp: b", /^argument-conflict: sample: line and regexp exclude each other/],
    [
      "a combination of computed values",
      "path: /x\ncount: !expr n\nratio: !expr m",
      /^argument-conflict: sample takes count or ratio/,
    ],
    ["!append", "path: /x\nnames: !append [a]", /cannot use !append/],
    ["pairs in one line", "path=/x state=absent", /map of names and values .* write \{ path: \/x, state: absent \}/],
  ];
  for (const [title, yaml, expected] of cases) {
    it(title, () => {
      const faults = faultsOf(yaml);
      assert.equal(faults.length, 1, faults.join("\n"));
      assert.match(faults[0] ?? "", expected);
    });
  }

  for (const yaml of [
    "path: /x",
    "dest: ~/x\nmode: u=rw,go=r\nforce: true\ncount: 3\nwait: 1h30m",
    "path: '{{folder}}/x'\nmode: '{{mode}}'\nforce: !expr big\ncount: '{{n}}'\nnames: !expr list",
    "path: /x\nnames: a\nlabels: {a: b}\nport: 22\nthat: [a == b, true]",
    "path: /x\nline: a\nregexp: '{{r}}'",
    "path: /x\nmode: null\nregexp: '(?P<a>x)(?P=a)'",
    "path: !raw '/x{{y}}'",
  ]) {
    it(`takes ${JSON.stringify(yaml)}`, () => assert.deepEqual(faultsOf(yaml), []));
  }

  it("translates the names of other tools", () => {
    assert.match(faultsOf("_raw_params: x\nalways: true", command).join(), /value of the module, or as "cmd"/);
  });
  it("takes a bare text or list where the module says so", () => {
    assert.match(faultsOf("uptime", command).join(), /argument-conflict: command does not say when it is needed/);
  });
  it("sees a command without a reason, its text computed or not", () => {
    assert.match(faultsOf("cmd: 'touch {{x}}'", command).join(), /does not say when it is needed/);
    assert.deepEqual(faultsOf("cmd: 'touch {{x}}'\ncreates: '{{x}}'", command), []);
  });
  it("free names are names", () => {
    assert.deepEqual(faultsOf("a_1: [1]\nb: {c: d}", setFact), []);
    assert.match(faultsOf("A-b: 1", setFact).join(), /cannot be a name/);
  });
});

describe("arguments after evaluation", () => {
  const locals = {
    source: (name: string) => ({ kind: "folder" as const, name, entries: [] }),
    template: (name: string) => ({ name, text: "", mode: 0o644 }),
  };
  const resolve = (values: { [name: string]: Value }) => resolveArgs(sample, values, locals, "/home/u");
  const args = (values: { [name: string]: Value }): Record<string, unknown> => {
    const resolved = resolve(values);
    return "args" in resolved ? resolved.args : assert.fail(resolved.problems.join());
  };
  const problems = (values: { [name: string]: Value }): string => {
    const resolved = resolve(values);
    return "problems" in resolved ? resolved.problems.join() : assert.fail("was taken");
  };

  it("second names, defaults, conversions", () => {
    assert.deepEqual(
      args({
        dest: "~/x",
        count: "3",
        wait: "1h30m",
        names: "a",
        mode: "0644",
        line: 8080,
        src: "f",
        state: null,
        port: 22,
      }),
      {
        path: "/home/u/x",
        state: "present",
        mode: "0644",
        force: false,
        count: 3,
        wait: 5400,
        line: "8080",
        names: ["a"],
        src: { kind: "folder", name: "f", entries: [] },
        port: { port: 22, open: true },
      },
    );
  });
  it("keeps secrets secret", () => {
    const secret = new Secret("s");
    assert.equal(args({ path: "/x", line: secret })["line"], secret);
    assert.match(problems({ path: secret }), /"path" is a secret/);
  });
  it("says what is wrong", () => {
    assert.match(problems({}), /the argument "path" is missing/);
    assert.match(problems({ path: "/x", extra: 1 }), /unknown argument "extra"/);
    assert.match(problems({ path: "/x", dest: "/y" }), /two names of one argument/);
    assert.match(problems({ path: "x" }), /absolute path/);
    assert.match(problems({ path: "/x\0y" }), /NUL/);
    assert.match(problems({ path: "/x", mode: 420 }), /is the number 420/);
    assert.match(problems({ path: "/x", line: 1.3 }), /is the number 1\.3; .*quote it where it is defined/);
    assert.match(problems({ path: "/x", names: ["a", { b: 1 }] }), /\(item 2\) is a map/);
    assert.match(problems({ path: "/x", port: { open: true } }), /the argument "port" is missing/);
    assert.match(problems({ path: "/x", line: "a", regexp: "b" }), /exclude each other/);
  });
});

describe("the JSON Schema of arguments", () => {
  it("has each spelling, and computed values", () => {
    const schema = argsJsonSchema(sample);
    assert.deepEqual(Object.keys(schema["properties"] as object).slice(0, 3), ["path", "dest", "state"]);
    assert.deepEqual(schema["allOf"], [{ anyOf: [{ required: ["path"] }, { required: ["dest"] }] }]);
    assert.equal(schema["additionalProperties"], false);
  });
});
