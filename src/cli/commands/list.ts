import { nearest } from "../../base/nearest.ts";
import { Fault } from "../../errors/fault.ts";
import { type Command, EXIT, type Input } from "../command.ts";
import { INVENTORY, PLAYBOOK } from "../options.ts";
import { prepare, projectFolder } from "../project-run.ts";

const WHAT = ["hosts", "tasks", "tags", "roles", "vars"] as const;

export const list: Command = {
  name: "list",
  summary: "List hosts, tasks, tags, roles or vars of a project.",
  inventory: "arguments",
  arguments: [
    { name: "WHAT", summary: "hosts, tasks, tags, roles or vars.", required: true },
    { name: "INVENTORY", summary: "Where the hosts are declared.", many: true },
  ],
  options: [...INVENTORY, ...PLAYBOOK],
  notes: "`list roles` shows which role wins where several folders have one of the same name.",
  async run(input) {
    const [asked = ""] = input.args;
    const what = WHAT.find((one) => one === asked);
    if (what === undefined) {
      const near = nearest(asked, WHAT);
      throw new Fault(
        "bad-usage",
        `there is no list of "${asked}": it is one of ${WHAT.join(", ")}`,
        near === undefined ? {} : { hint: `did you mean ${near}?` },
      );
    }
    const lines =
      what === "roles" ? await roleLines(input) : (await import("../lists.ts")).listOf(what, await prepare(input));
    if (lines.length > 0) input.io.out(`${lines.join("\n")}\n`);
    return EXIT.asDeclared;
  },
};

/** Every role that can be found, with its folder; those it hides below. */
async function roleLines(input: Input): Promise<string[]> {
  const { findPlaybook, findRoles } = await import("../../playbook/project.ts");
  const { shownPath } = await import("../../playbook/document.ts");
  const folder = projectFolder(input);
  const library = findRoles(folder, findPlaybook(folder, input.settings.text("playbook")));
  const width = Math.max(0, ...library.names().map((name) => name.length));
  return library.names().flatMap((name) => {
    const [first = "", ...hidden] = library.foldersOf(name);
    const summary = library.get(name)?.summary ?? "";
    return [
      `${name.padEnd(width)}  ${shownPath(first)}${summary === "" ? "" : `  ${summary}`}`,
      ...hidden.map((path) => `${" ".repeat(width)}  hides ${shownPath(path)}`),
    ];
  });
}
