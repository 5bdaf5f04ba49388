import assert from "node:assert/strict";
import { failAt } from "../../src/plan/completion.ts";
import { type Cursor, enterBlock, layNames, leavePart, type Rest, startCursor, unwind } from "../../src/plan/cursor.ts";
import type { Block, Step, TaskNode } from "../../src/playbook/tree.ts";

const step = (name: string): Step => ({ kind: "step", name }) as unknown as Step;
const block = (name: string, parts: { block?: TaskNode[]; rescue?: TaskNode[]; always?: TaskNode[] }): Block =>
  ({ kind: "block", name, block: [], rescue: [], always: [], ...parts }) as unknown as Block;
const start = (...tasks: TaskNode[]): Cursor =>
  startCursor(tasks, { registered: {}, facts: {}, included: [], handlers: [] });

/** Walks a cursor: names of steps in order; a step whose name begins with `!` fails. */
function walk(from: Cursor): { names: string[]; failed: boolean; rescued: number } {
  const names: string[] = [];
  let cursor = from;
  while (cursor.rest !== null) {
    const { head, tail }: NonNullable<Rest> = cursor.rest;
    if (head.op === "block") cursor = { ...cursor, rest: enterBlock(head.block, tail) };
    else if (head.op === "end") {
      const next = leavePart(head, tail);
      cursor = next === "fail" ? failAt({ ...cursor, rest: tail }) : { ...cursor, rest: next };
    } else if (head.op === "step") {
      const name = head.step.name ?? "";
      names.push(name);
      cursor = name.startsWith("!") ? failAt({ ...cursor, rest: tail }) : { ...cursor, rest: tail };
    } else cursor = { ...cursor, rest: tail };
  }
  return { names, failed: cursor.failed, rescued: cursor.rescued };
}

describe("plan/cursor", () => {
  const cases: [string, TaskNode[], string, boolean, number][] = [
    ["plain steps", [step("a"), step("b")], "a b", false, 0],
    ["a failure ends the host", [step("!a"), step("b")], "!a", true, 0],
    [
      "always runs after success",
      [block("x", { block: [step("a")], always: [step("z")] }), step("b")],
      "a z b",
      false,
      0,
    ],
    [
      "always runs after failure, which goes on",
      [block("x", { block: [step("!a"), step("c")], always: [step("z")] }), step("b")],
      "!a z",
      true,
      0,
    ],
    [
      "rescue takes over",
      [block("x", { block: [step("!a"), step("c")], rescue: [step("r")], always: [step("z")] }), step("b")],
      "!a r z b",
      false,
      1,
    ],
    [
      "a failing rescue fails after always",
      [block("x", { block: [step("!a")], rescue: [step("!r"), step("s")], always: [step("z")] }), step("b")],
      "!a !r z",
      true,
      1,
    ],
    [
      "a failing always fails",
      [block("x", { block: [step("a")], rescue: [step("r")], always: [step("!z"), step("y")] }), step("b")],
      "a !z",
      true,
      0,
    ],
    [
      "the nearest rescue",
      [
        block("x", {
          block: [block("y", { block: [step("!a")], always: [step("z")] }), step("c")],
          rescue: [step("r")],
        }),
        step("b"),
      ],
      "!a z r b",
      false,
      1,
    ],
    [
      "an inner rescue keeps it from the outer",
      [
        block("x", {
          block: [block("y", { block: [step("!a")], rescue: [step("r")] }), step("c")],
          rescue: [step("s")],
        }),
      ],
      "!a r c",
      false,
      1,
    ],
    [
      "a rescue that fails goes to the outer rescue",
      [
        block("x", {
          block: [block("y", { block: [step("!a")], rescue: [step("!r")], always: [step("z")] })],
          rescue: [step("s")],
        }),
        step("b"),
      ],
      "!a !r z s b",
      false,
      2,
    ],
  ];
  for (const [what, tasks, expected, failed, rescued] of cases) {
    it(what, () => assert.deepEqual(walk(start(...tasks)), { names: expected.split(" "), failed, rescued }));
  }

  it("has nothing to unwind to outside of blocks", () => assert.equal(unwind(start(step("a")).rest), undefined));

  it("lays names over each other without looking at them", () => {
    const open = Object.defineProperty({}, "later", {
      enumerable: true,
      configurable: true,
      get() {
        throw new Error("looked at");
      },
    });
    const laid = layNames(open, { own: 1 });
    assert.deepEqual(Object.keys(laid), ["later", "own"]);
    assert.throws(() => laid.later, /looked at/);
    assert.equal(layNames(laid, { later: 2 }).later, 2);
  });
});
