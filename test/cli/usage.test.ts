import assert from "node:assert/strict";
import { buildProgram, Workplace } from "./program.ts";

/** Everything that is loaded with a file, without what is imported later. `lazy.cjs` loads its libraries when asked. */
function loadedWith(meta: Awaited<ReturnType<typeof buildProgram>>, ...start: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    if (file.endsWith("/lazy.cjs")) continue;
    const now = (meta.inputs[file]?.imports ?? []).filter(
      (one) => one.kind !== "dynamic-import" && one.external !== true,
    );
    open.push(...now.map((one) => one.path));
  }
  return seen;
}

function libraries(files: Iterable<string>): string[] {
  const names = [...files].flatMap(
    (file) => /node_modules\/(?:.*node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  );
  return [...new Set(names)].sort();
}

describe("command line: usage", function () {
  this.timeout(60_000);
  let place: Workplace;
  before(async () => {
    place = new Workplace();
    await buildProgram();
  });
  after(() => place.remove());

  it("starts with commander and colours alone", async () => {
    assert.deepEqual(libraries(loadedWith(await buildProgram(), "src/cli/provision.ts")), ["commander", "picocolors"]);
  });

  it("documents without what connects, renders or validates", async () => {
    const pages = ["doc", "explain"].map((name) => `src/cli/commands/${name}.ts`);
    const later = ["module-page", "functions-page", "facts-page", "role-page"].map(
      (name) => `src/cli/reference/${name}.ts`,
    );
    const used = loadedWith(
      await buildProgram(),
      ...pages,
      ...later,
      "src/modules/registry.generated.ts",
      "src/playbook/project.ts",
      "src/errors/codes.ts",
      "src/language/functions.ts",
    );
    const heavy = ["ssh2", "listr2", "ajv", "execa", "diff", "p-queue"];
    assert.deepEqual(
      libraries(used).filter((name) => heavy.includes(name)),
      [],
    );
  });

  it("prints help and version on stdout and exits 0", async () => {
    const help = await place.run(["--help"]);
    assert.equal(help.code, 0);
    for (const command of [
      "apply",
      "check",
      "plan",
      "verify",
      "inventory",
      "list",
      "facts",
      "eval",
      "run",
      "do",
      "doc",
      "explain",
      "lint",
      "config",
    ]) {
      assert.match(help.out, new RegExp(`^  ${command} `, "m"));
    }
    const version = await place.run(["--version"]);
    assert.match(version.out, /^\d+\.\d+\.\d+\n$/);
    const apply = await place.run(["apply", "--help"]);
    assert.match(apply.out, /--limit PATTERN/);
    assert.doesNotMatch(apply.out, /start-at-task/);
  });

  it("names the nearest option and command, and exits 1", async () => {
    const option = await place.run(["apply", "--limt", "x"]);
    assert.equal(option.code, 1);
    assert.match(option.err, /unknown option '--limt'\n\(Did you mean --limit\?\)/);
    const command = await place.run(["aply"]);
    assert.equal(command.code, 1);
    assert.match(command.err, /Did you mean apply/);
    assert.equal((await place.run([])).code, 1);
    assert.equal((await place.run(["check", "--output", "xml"])).code, 1);
  });

  it("answers --start-at-task with a sentence", async () => {
    const { code, err } = await place.run(["apply", "h1,", "--start-at-task", "x"]);
    assert.equal(code, 1);
    assert.match(err, /a run does not start in the middle.*\[no-start-at-task\]/);
  });

  it("explains codes and names the nearest", async () => {
    assert.match((await place.run(["explain", "bad-option"])).out, /^# An option has a value/);
    assert.match((await place.run(["explain"])).out, /^bad-usage +The command line/m);
    const wrong = await place.run(["explain", "bad-opton"]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /did you mean bad-option\?/);
  });

  it("documents modules, facts and functions", async () => {
    assert.match((await place.run(["doc"])).out, /^copy +\S/m);
    assert.match((await place.run(["doc", "copy"])).out, /^# copy\n[\s\S]*\| `dest` +\|/);
    assert.match((await place.run(["doc", "facts"])).out, /`facts\.os\.family`/);
    assert.match((await place.run(["doc", "functions"])).out, /`string\.replace\(/);
    const wrong = await place.run(["doc", "copi"]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /did you mean copy\?/);
  });

  it("is silent when nobody reads on", async () => {
    const { err } = await place.run(["explain"], { closeOutput: true });
    assert.equal(err, "");
  });

  it("colours only where asked or on a terminal", async () => {
    assert.doesNotMatch((await place.run(["doc", "copy"])).out, /\u001b/);
    assert.match((await place.run(["doc", "copy", "--color", "always"])).out, /\u001b\[1m/);
    assert.match((await place.run(["doc", "copy", "--color", "always"], { env: { NO_COLOR: "1" } })).out, /\u001b\[1m/);
  });
});
