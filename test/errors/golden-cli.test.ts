import type { Command, Input } from "../../src/cli/command.ts";
import { apply } from "../../src/cli/commands/apply.ts";
import { doc } from "../../src/cli/commands/doc.ts";
import { explain } from "../../src/cli/commands/explain.ts";
import { processIo } from "../../src/cli/io.ts";
import { findPlan } from "../../src/cli/saved-plan.ts";
import { type Given, Settings } from "../../src/cli/settings.ts";
import { SHARED } from "../../src/cli/options.ts";
import { inventorySources } from "../../src/cli/sources.ts";
import { localHosts, runPlaybook } from "../support/run-playbook.ts";
import { Folder } from "../playbook/fixture.ts";
import { goldenTests } from "./golden.ts";

/** What a command gets for these words and options, in a folder. */
function input(command: Command, args: string[], options: Record<string, Given>, cwd = "/"): Input {
  const settings = new Settings([...command.options, ...SHARED], options, {}, new Map());
  const io = { ...processIo("never", new AbortController().signal), cwd, env: {} };
  return { args, rest: args, settings, project: undefined, io };
}

describe("errors of the command line", () => {
  goldenTests({
    "bad-option": { run: () => input(apply, [], { forks: "many" }).settings.number("forks", 50) },
    "bad-usage": {
      run: () => {
        const folder = new Folder({ "plan.json": '{"provision_plan": 1}' });
        return findPlan(["plan.json", "inventory.yml"], folder.path);
      },
    },
    "no-inventory": {
      run: () => {
        const { settings, io } = input(apply, [], {}, "/proc");
        return inventorySources([], settings, io);
      },
    },
    "no-hosts": {
      run: async () =>
        await runPlaybook({
          limit: "nope",
          files: { "inventory.yml": localHosts(["h1"]), "playbook.yml": "- hosts: all\n  tasks: [{debug: {}}]\n" },
        }),
    },
    "unknown-page": { run: async () => await doc.run(input(doc, ["tempalte"], {})) },
    "unknown-code": { run: async () => await explain.run(input(explain, ["yaml-sintax"], {})) },
    "no-start-at-task": { run: async () => await apply.run(input(apply, ["inventory.yml"], { "start-at-task": "x" })) },
  });
});
