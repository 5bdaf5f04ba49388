import type { Code } from "../../src/errors/codes.ts";
import { Fault } from "../../src/errors/fault.ts";
import { findPlan } from "../../src/cli/saved-plan.ts";
import { wayTo } from "../../src/run/ways.ts";
import { AgentError } from "../../src/agent/agent-error.ts";
import { Folder } from "../playbook/fixture.ts";
import { localHosts, runPlaybook } from "../support/run-playbook.ts";
import { type GoldenCase, goldenTests } from "./golden.ts";

/** Runs a playbook on this machine and answers the mistakes its steps failed with, their places as written. */
function played(playbook: string, more: Record<string, string> = {}): GoldenCase {
  return {
    files: { "playbook.yml": playbook },
    run: async () => {
      const folder = new Folder({});
      const before = process.cwd();
      process.chdir(folder.path);
      try {
        const { steps } = await runPlaybook({
          folder: folder.path,
          files: { "inventory.yml": localHosts(["h1"]), "playbook.yml": playbook, ...more },
        });
        return steps.flatMap(({ error }) => (error?.code === undefined ? [] : [faultOf(error.code, error)]));
      } finally {
        process.chdir(before);
      }
    },
  };
}

function faultOf(
  code: Code,
  { message, hint, place }: { message: string; hint?: string; place?: Fault["details"]["place"] },
): Fault {
  return new Fault(code, message.replaceAll(process.cwd(), "."), {
    ...(hint === undefined ? {} : { hint: hint.replaceAll(process.cwd(), ".") }),
    ...(place === undefined ? {} : { place }),
  });
}

describe("errors of runs", () => {
  goldenTests({
    "handler-loop": played(`- hosts: all
  tasks:
    - {name: start, set_fact: {a: 1}, changed_when: true, notify: one}
  handlers:
    - {name: one, set_fact: {a: 1}, changed_when: true, notify: two}
    - {name: two, set_fact: {a: 1}, changed_when: true, notify: one}
`),
    "loop-no-list": played(`- hosts: all
  vars: {accounts: {ann: 1}}
  tasks:
    - debug: {msg: "{{item}}"}
      loop: !expr accounts
`),
    "condition-no-boolean": played(`- hosts: all
  vars: {domain: example.net}
  tasks:
    - debug: {msg: x}
      when: domain
`),
    "local-file-missing": played(`- hosts: all
  tasks:
    - set_fact: {which: nothing}
    - copy: {src: "{{which}}.conf", dest: /nowhere/x}
`),
    "bad-serial": {
      run: async () =>
        await runPlaybook({
          files: {
            "inventory.yml": localHosts(["h1"]),
            "playbook.yml": "- hosts: all\n  serial: !expr '\"some\"'\n  tasks: [{debug: {}}]\n",
          },
        }),
    },
    "become-refused": {
      run: () => {
        const way = wayTo(
          { name: "web", transport: "ssh", host: "web", user: "kim", become: {}, warnings: [] },
          { hostKeyChecking: "strict", timeout: 1, notice: () => undefined },
        );
        return way.explain(new AgentError("hello", "no shell answered", "sudo: a password is required"));
      },
    },
    "host-refuses": {
      run: () => new Fault("host-refuses", "cannot write in /run/provision/1-1: No space left on device"),
    },
    "other-host-out-of-reach": {
      run: () =>
        new Fault("other-host-out-of-reach", "the facts of nas cannot be read: nothing answers on 192.168.1.5:22", {
          hint: "bring nas up, or guard what needs its facts with a condition",
        }),
    },
    "plan-invalid": {
      run: () => {
        const folder = new Folder({ "plan.json": '{"provision_plan": 99}' });
        return findPlan(["plan.json"], folder.path);
      },
    },
  });
});
