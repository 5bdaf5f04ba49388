import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Fault, Faults } from "../../src/errors/fault.ts";
import { localHosts, type PlaybookOutcome, runPlaybook } from "../support/run-playbook.ts";

interface FlowTask {
  name?: string;
  do?: string;
  block?: FlowTask[];
  rescue?: FlowTask[];
  always?: FlowTask[];
  [key: string]: unknown;
}

interface FlowCase {
  id: string;
  reference_quirk?: boolean;
  hosts: string[];
  plays: Record<string, unknown>[];
  options: { limit?: string; tags?: string; skip_tags?: string; roles?: Record<string, Record<string, FlowTask[]>> };
  expect: {
    rc: number;
    refused?: boolean;
    sequence?: [string, string, string, { items?: string[] }?][];
    recap?: Record<string, Record<string, number>>;
  };
  host_order_within_task_significant: boolean;
}

const cases = JSON.parse(readFileSync(new URL("../cases/flow.json", import.meta.url), "utf8")) as FlowCase[];

/** The reference finds these out half-way; here they are refused before any host is touched. */
const REFUSED_HERE = new Set(["flow-handler-unknown", "flow-handler-unknown-not-changed"]);

describe("run/flow", () => {
  for (const one of cases) {
    it(one.id, async () => {
      if (one.expect.refused === true || REFUSED_HERE.has(one.id)) {
        await assert.rejects(play(one), (error) => error instanceof Fault || error instanceof Faults);
        return;
      }
      const outcome = await play(one);
      const failed = [...outcome.result.ends.values()].some((end) => end === "failed" || end === "unreachable");
      assert.equal(failed, one.expect.rc !== 0);
      assert.deepEqual(sequenceOf(outcome, one), expectedSequence(one));
      for (const [host, recap] of Object.entries(one.expect.recap ?? {}))
        assert.deepEqual(recapOf(outcome, host), { ok: 0, changed: 0, failures: 0, skipped: 0, rescued: 0, ...recap });
    });
  }
});

async function play(one: FlowCase): Promise<PlaybookOutcome> {
  const files: Record<string, string> = {
    "inventory.yml": localHosts(one.hosts),
    "playbook.yml": JSON.stringify(one.plays.map(playOf)),
  };
  for (const [role, parts] of Object.entries(one.options.roles ?? {})) {
    files[`roles/${role}/meta/main.yml`] = "summary: A role of a flow case.\n";
    for (const [part, tasks] of Object.entries(parts))
      files[`roles/${role}/${part}/main.yml`] = JSON.stringify(tasks.map(taskOf));
  }
  return await runPlaybook({
    files,
    ...(one.options.limit === undefined ? {} : { limit: one.options.limit }),
    tags: one.options.tags?.split(",") ?? [],
    skipTags: one.options.skip_tags?.split(",") ?? [],
  });
}

function playOf(given: Record<string, unknown>): Record<string, unknown> {
  const made: Record<string, unknown> = { hosts: "all", ...given };
  for (const part of ["tasks", "pre_tasks", "post_tasks", "handlers"]) {
    if (Array.isArray(given[part])) made[part] = (given[part] as FlowTask[]).map(taskOf);
  }
  return made;
}

function taskOf(task: FlowTask): Record<string, unknown> {
  const {
    do: what,
    fail_on,
    change_on,
    only_on,
    fail_items,
    change_items,
    skip_items,
    block,
    rescue,
    always,
    ...rest
  } = task;
  const made: Record<string, unknown> = { ...rest };
  if (block !== undefined)
    return {
      ...made,
      block: block.map(taskOf),
      ...(rescue && { rescue: rescue.map(taskOf) }),
      ...(always && { always: always.map(taskOf) }),
    };
  const conditions: unknown[] = made.when === undefined ? [] : [made.when];
  if (Array.isArray(only_on)) conditions.push(`host.name in ${JSON.stringify(only_on)}`);
  if (Array.isArray(skip_items)) conditions.push(`!(item in ${JSON.stringify(skip_items)})`);
  if (conditions.length > 0) made.when = conditions;
  if (what === "flush_handlers" || what === "end_play" || what === "end_host") return { ...made, meta: what };
  if (what === "fail") return { ...made, fail: { msg: "as asked" } };
  if (what === "change") made.command = { cmd: "true", always: true };
  else if (fail_on !== undefined || fail_items !== undefined) made.command = { cmd: "true", read_only: true };
  else if (change_on !== undefined || change_items !== undefined) made.command = { cmd: "true", always: true };
  else made.debug = { msg: "ok" };
  if (Array.isArray(fail_on)) made.failed_when = `host.name in ${JSON.stringify(fail_on)}`;
  if (Array.isArray(fail_items)) made.failed_when = `item in ${JSON.stringify(fail_items)}`;
  if (Array.isArray(change_on)) made.changed_when = `host.name in ${JSON.stringify(change_on)}`;
  if (Array.isArray(change_items)) made.changed_when = `item in ${JSON.stringify(change_items)}`;
  return made;
}

type Line = [string, string, string, string[]?];

function sequenceOf(outcome: PlaybookOutcome, one: FlowCase): Line[] {
  const lines: Line[] = [];
  const items = new Map<string, string[]>();
  for (const step of outcome.steps) {
    const key = `${step.host}\0${step.step}`;
    if (step.item !== undefined) items.set(key, [...(items.get(key) ?? []), step.status]);
    else {
      const own = items.get(key);
      items.delete(key);
      lines.push(own === undefined ? [step.step, step.host, step.status] : [step.step, step.host, step.status, own]);
    }
  }
  return arranged(lines, one);
}

function expectedSequence(one: FlowCase): Line[] {
  const lines = (one.expect.sequence ?? []).map(
    ([step, host, status, more]): Line =>
      more?.items === undefined ? [step, host, status] : [step, host, status, more.items],
  );
  return arranged(lines, one);
}

/** Hosts do not wait for each other: only the order of each host's own steps is compared, unless the case says otherwise. */
function arranged(lines: Line[], one: FlowCase): Line[] {
  return one.host_order_within_task_significant
    ? lines
    : one.hosts.flatMap((host) => lines.filter((line) => line[1] === host));
}

function recapOf(outcome: PlaybookOutcome, host: string): Record<string, number> {
  const counts = outcome.result.hosts[host];
  const summary = outcome.events.find((event) => event.event === "summary");
  assert.ok(counts !== undefined);
  return {
    ok: counts.ok + counts.changed + counts.ignored,
    changed: counts.changed,
    failures: counts.failed,
    skipped: counts.skipped,
    rescued: summary?.rescued?.[host] ?? 0,
  };
}
