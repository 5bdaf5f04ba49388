import assert from "node:assert/strict";
import { askFirst, asksFirst } from "../../src/cli/ask-first.ts";
import type { Input } from "../../src/cli/command.ts";
import type { Engine, Project, RunResult } from "../../src/cli/engine.ts";
import type { Io } from "../../src/cli/io.ts";
import type { Prepared } from "../../src/cli/project-run.ts";
import { Settings } from "../../src/cli/settings.ts";
import { counts } from "../report/events.ts";

const OPTIONS = [
  { name: "yes", summary: "" },
  { name: "diff", summary: "" },
  { name: "output", value: "F", summary: "" },
  { name: "quiet", summary: "" },
  { name: "verbose", repeat: true, summary: "" },
  { name: "forks", value: "N", summary: "" },
  { name: "timeout", value: "N", summary: "" },
  { name: "host-key-checking", value: "H", summary: "" },
  { name: "limit", value: "P", repeat: true, summary: "" },
  { name: "exit-zero", summary: "" },
];

/** A terminal on which someone answers. */
function prepared(
  result: Partial<RunResult>,
  answer: boolean,
  line: Record<string, string | boolean> = {},
): Prepared & { asked: Prepared["asked"]; questions: string[]; modes: string[] } {
  const questions: string[] = [];
  const modes: string[] = [];
  const signal = new AbortController().signal;
  const io: Io = {
    out: () => undefined,
    err: () => undefined,
    terminal: true,
    canAsk: true,
    colorOut: false,
    colorErr: false,
    size: () => ({ columns: 80, rows: 24 }),
    cwd: "/",
    env: {},
    confirm: async (question) => {
      questions.push(question);
      return answer;
    },
    signal,
    interrupted: () => signal.aborted,
  };
  const engine = {
    run: async (_project: Project, options: { mode: string }) => {
      modes.push(options.mode);
      return { hosts: {}, refused: [], ...result };
    },
  } as unknown as Engine;
  const settings = new Settings(OPTIONS, line, {}, new Map());
  const project = { folder: "/nowhere", config: undefined, configFile: undefined, installRoot: "/" };
  const input: Input = { args: [], rest: [], settings, io, project };
  const asked = {
    folder: "/",
    sources: [],
    playbook: { file: "/p.yml" },
    extraVars: [],
    limit: null,
    tags: [],
    skipTags: [],
    role: null,
  };
  const declared = { inventory: { warnings: [] }, playbook: {}, warnings: [] } as unknown as Project;
  return { engine, project: declared, asked, input, questions, modes };
}

describe("command line: the question before apply", () => {
  it("is asked on a terminal unless -y or --output say otherwise", () => {
    assert.equal(asksFirst(prepared({}, true).input), true);
    assert.equal(asksFirst(prepared({}, true, { yes: true }).input), false);
    assert.equal(asksFirst(prepared({}, true, { output: "json" }).input), false);
  });

  it("shows the check, counts what is to be done, and goes on with yes", async () => {
    const one = prepared({ hosts: { a: counts({ changed: 2, maybe: 1 }), b: counts({ ok: 4 }) } }, true);
    assert.equal(await askFirst(one), undefined);
    assert.deepEqual(one.questions, ["apply 3 steps on 1 host?"]);
    assert.deepEqual(one.modes, ["check"]);
  });

  it("ends with 2 on no, and without a question where nothing is to be done", async () => {
    assert.equal(await askFirst(prepared({ hosts: { a: counts({ changed: 1 }) } }, false)), 2);
    const done = prepared({ hosts: { a: counts({ ok: 3 }) } }, true);
    assert.equal(await askFirst(done), 0);
    assert.deepEqual(done.questions, []);
  });

  it("ends with what the check found where no host can be worked on", async () => {
    assert.equal(await askFirst(prepared({ hosts: { a: counts({ unreachable: 1 }) } }, true)), 4);
    assert.equal(await askFirst(prepared({ hosts: { a: counts({ failed: 1 }) } }, true)), 3);
  });
});
