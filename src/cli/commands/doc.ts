import { nearest } from "../../base/nearest.ts";
import { Fault } from "../../errors/fault.ts";
import { type Command, EXIT, type Input } from "../command.ts";
import { showPage } from "../show-page.ts";

const PAGES = ["role", "roles", "facts", "functions"];

export const doc: Command = {
  name: "doc",
  summary: "Explain a module, a role, the facts or the functions; alone: list the modules.",
  inventory: "option",
  arguments: [
    { name: "WHAT", summary: "A module, `role`, `roles`, `facts` or `functions`." },
    { name: "NAME", summary: "After `role`: which one." },
  ],
  options: [],
  notes: `Examples
  provision doc copy
  provision doc role base`,
  async run(input) {
    const page = await pageOf(input);
    input.io.out(showPage(page, input.io.colorOut));
    return EXIT.asDeclared;
  },
};

async function pageOf(input: Input): Promise<string> {
  const [what, name] = input.args;
  if (what === "role" && name !== undefined) return await rolePageOf(input, name);
  if (name !== undefined)
    throw new Fault("bad-usage", `doc ${what ?? ""} takes no further name`, { hint: "a role is `doc role NAME`" });
  if (what === "role" || what === "roles") return await roleList(input);
  if (what === "functions") {
    const [{ functionsPage }, { functions }] = await Promise.all([
      import("../reference/functions-page.ts"),
      import("../../language/functions.ts"),
    ]);
    return functionsPage(functions);
  }
  if (what === "facts") {
    const { factsPage } = await import("../reference/facts-page.ts");
    return factsPage();
  }
  return await modulePageOf(what);
}

async function modulePageOf(name: string | undefined): Promise<string> {
  const { modules } = await import("../../modules/registry.generated.ts");
  if (name === undefined) {
    const width = Math.max(0, ...[...modules.keys()].map((one) => one.length));
    const lines = [...modules.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((module) => `${module.name.padEnd(width)}  ${module.summary}`);
    return `${lines.join("\n")}\n`;
  }
  const module = modules.get(name);
  if (module !== undefined) return (await import("../reference/module-page.ts")).modulePage(module);
  const near = nearest(name, [...modules.keys(), ...PAGES]);
  throw new Fault("unknown-page", `there is no page on "${name}"`, {
    hint:
      near === undefined
        ? "`provision doc` lists the modules, `provision doc roles` the roles"
        : `did you mean ${near}?`,
  });
}

async function rolePageOf(input: Input, name: string): Promise<string> {
  const library = await rolesOf(input);
  const role = library.get(name);
  if (role === undefined) {
    const near = nearest(name, library.names());
    throw new Fault("unknown-page", `there is no role "${name}"`, {
      hint: near === undefined ? `there are: ${library.names().join(", ")}` : `did you mean ${near}?`,
    });
  }
  return (await import("../reference/role-page.ts")).rolePage(role);
}

async function roleList(input: Input): Promise<string> {
  const library = await rolesOf(input);
  const width = Math.max(0, ...library.names().map((one) => one.length));
  return library
    .names()
    .map((one) => `${one.padEnd(width)}  ${library.get(one)?.summary ?? ""}\n`)
    .join("");
}

async function rolesOf({ project }: Input) {
  const { findPlaybook, findRoles } = await import("../../playbook/project.ts");
  if (project === undefined) throw new TypeError("doc reads the project");
  return findRoles(project, findPlaybook(project, undefined));
}
