import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../../src/base/secret.ts";
import command from "../../../src/modules/commands/command.ts";
import shell from "../../../src/modules/commands/shell.ts";
import { hostView, planStep, runStep } from "../step.ts";

describe("command and shell", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "provision-command-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("must say when they are needed", () => {
    for (const module of [command, shell]) {
      const { failed } = runStep(module, { cmd: "true" });
      assert.match(failed ?? "", /creates, removes, unless or only_if; read_only: true .* always: true/);
    }
    assert.match(runStep(command, { cmd: "true", read_only: true, always: true }).failed ?? "", /exclude each other/);
    assert.match(runStep(command, { cmd: "true", argv: ["true"], always: true }).failed ?? "", /exclude each other/);
    assert.match(runStep(command, { cmd: "true", read_only: true, unless: "true" }).failed ?? "", /exclude each other/);
    assert.match(runStep(command, { cmd: "  ", always: true }).failed ?? "", /empty/);
    assert.match(runStep(command, { cmd: "touch a creates=b", always: true }).failed ?? "", /creates: b/);
  });

  it("creates: a relative path counts from chdir", () => {
    const args = { cmd: "touch made", chdir: root, creates: "made" };
    assert.equal(runStep(command, args).changed, true);
    const second = runStep(command, args);
    assert.equal(second.changed, false);
    assert.equal(second.result["msg"], "not run: made exists");
    assert.equal(second.result["rc"], 0);
  });

  it("creates: brackets in chdir mean themselves", () => {
    const odd = join(root, "a [b] *");
    mkdirSync(odd);
    const args = { cmd: "touch x.log", chdir: odd, creates: "*.log" };
    assert.equal(runStep(command, args).changed, true);
    assert.equal(runStep(command, args).changed, false);
  });

  it("removes: only while something is there", () => {
    writeFileSync(join(root, "n"), "");
    const args = { argv: ["rm", join(root, "n")], removes: join(root, "*") };
    assert.equal(runStep(command, args).changed, true);
    assert.equal(runStep(command, args).changed, false);
  });

  it("a command that leaves its condition as it was has not converged", () => {
    assert.match(runStep(command, { cmd: "true", unless: "false" }).failed ?? "", /did not converge/);
    assert.match(runStep(command, { cmd: "true", creates: join(root, "x") }).failed ?? "", /did not converge/);
    assert.match(runStep(command, { cmd: "true", only_if: "true" }).failed ?? "", /did not converge/);
  });

  it("beside unless, only_if says when to try", () => {
    const made = join(root, "made");
    const args = { cmd: `touch ${made}`, only_if: `test -d ${root}`, unless: `test -e ${made}` };
    assert.equal(runStep(command, { ...args, only_if: "false" }).changed, false);
    assert.equal(runStep(command, args).changed, true);
    assert.equal(runStep(command, args).changed, false);
  });

  it("with always, a condition only says when to try", () => {
    writeFileSync(join(root, "n"), "");
    const args = { cmd: "true", removes: join(root, "n"), always: true };
    assert.equal(runStep(command, args).changed, true);
    assert.equal(runStep(command, args).changed, true);
    assert.equal(planStep(command, args).change?.always, true);
  });

  it("conditions see folder and environment", () => {
    const options = { environment: { NAME: "it's $HOME" } };
    const args = { cmd: 'printf %s "$NAME" >out', chdir: root, unless: 'test "$(cat out 2>/dev/null)" = "$NAME"' };
    assert.equal(runStep(shell, args, options).changed, true);
    assert.equal(readFileSync(join(root, "out"), "utf8"), "it's $HOME");
    assert.equal(runStep(shell, args, options).changed, false);
  });

  it("registers what came out, without the newlines at the end", () => {
    const { result } = runStep(shell, { cmd: "printf 'a\\nb\\r\\n\\n'; printf 'e\\n' >&2", always: true });
    assert.deepEqual(result, {
      rc: 0,
      stdout: "a\nb",
      stderr: "e",
      stdout_lines: ["a", "b"],
      stderr_lines: ["e"],
      cmd: "printf 'a\\nb\\r\\n\\n'; printf 'e\\n' >&2",
    });
    assert.deepEqual(runStep(command, { cmd: "echo 'a  b'", always: true }).result["cmd"], ["echo", "a  b"]);
    assert.deepEqual(runStep(command, { cmd: "true", always: true }).result["stdout_lines"], []);
  });

  it("stdin gets a newline unless told otherwise", () => {
    const wc = (more: object): unknown => runStep(command, { cmd: "wc -c", always: true, ...more }).result["stdout"];
    assert.equal(wc({ stdin: "abc" }), "4");
    assert.equal(wc({ stdin: "abc\n" }), "5");
    assert.equal(wc({ stdin: "abc", stdin_add_newline: false }), "3");
    assert.equal(wc({}), "0");
    assert.equal(runStep(command, { cmd: "cat", stdin: "it's", read_only: true }).result["stdout"], "it's");
  });

  it("words are words, whatever is in them", () => {
    const odd = ["$(touch evil)", "a b", "'", "*", "", "-n", ";"];
    assert.equal(
      runStep(command, { argv: ["printf", "%s|", ...odd], read_only: true }).result["stdout"],
      `${odd.join("|")}|`,
    );
    assert.equal(
      runStep(command, { argv: ["printf", "%s|", ...odd], always: true }).result["stdout"],
      `${odd.join("|")}|`,
    );
  });

  it("read_only: a result and never a change; a failing one fails with its result", () => {
    const seen = runStep(shell, { cmd: "echo out; echo err >&2; exit 3", read_only: true, chdir: root });
    assert.equal(seen.changed, false);
    assert.equal(seen.failed, "the command ended with rc 3");
    assert.equal(seen.result["stdout"], "out");
    assert.equal(seen.result["stderr"], "err");
    assert.equal(runStep(shell, { cmd: "pwd", read_only: true, chdir: root }).result["stdout"], root);
  });

  it("a folder that is missing, or none, fails in check too", () => {
    const missing = join(root, "nope");
    assert.match(
      runStep(command, { cmd: "true", chdir: missing, always: true }, { check: true }).failed ?? "",
      /does not exist/,
    );
    writeFileSync(missing, "");
    assert.match(
      runStep(command, { cmd: "true", chdir: missing, always: true }, { check: true }).failed ?? "",
      /is not a folder/,
    );
  });

  it("says what a missing program means", () => {
    for (const kind of [{ always: true }, { read_only: true }]) {
      const { failed, result } = runStep(command, { cmd: "no-such-program", ...kind });
      assert.match(failed ?? "", /"no-such-program" was not found on the host/);
      assert.equal(result["rc"], 127);
    }
  });

  it("another shell, and text too long for one argument", () => {
    assert.equal(
      runStep(shell, { cmd: "echo $0", executable: "/bin/bash", always: true }).result["stdout"],
      "/bin/bash",
    );
    const long = `: '${"x".repeat(200_000)}'\necho done`;
    assert.equal(runStep(shell, { cmd: long, always: true }).result["stdout"], "done");
  });

  it("secrets never reach a command line", () => {
    const secret = new Secret("hunter2");
    const plans = [
      planStep(command, { argv: ["echo", secret], always: true }),
      planStep(command, { cmd: secret, always: true }),
      planStep(shell, { cmd: secret, always: true }),
      planStep(shell, { cmd: "true", unless: secret }),
      planStep(command, { cmd: "cat", stdin: secret, read_only: true }),
      command.plan(
        { cmd: "env", read_only: true, always: false, stdin_add_newline: true },
        () => assert.fail("nothing is read"),
        { ...hostView(), environment: { TOKEN: secret } },
      ),
    ];
    for (const plan of plans) assert.match(plan.fail ?? "", /secret/);
    const given = planStep(command, { cmd: "cat", stdin: secret, always: true }).change;
    assert.equal(given?.command?.stdin?.secret, true);
    assert.equal(given.apply.text.includes("hunter2"), false);
  });

  it("check runs conditions and nothing else", () => {
    const made = join(root, "made");
    assert.equal(runStep(command, { cmd: `touch ${made}`, creates: made }, { check: true }).changed, true);
    assert.equal(existsSync(made), false);
  });
});
