import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { Faults } from "../src/errors/fault.ts";
import { showFaults } from "../src/errors/show.ts";
import { parseYaml } from "../src/language/yaml.ts";
import { modules } from "../src/modules/registry.generated.ts";
import { checkProject } from "../src/playbook/check.ts";
import { loadProject } from "../src/run/load-project.ts";

const root = join(import.meta.dirname, "..");

/** What the examples of a page run on where the page shows no inventory before them. */
const INVENTORY = `all:
  vars: {site: {domain: example.net}, app: {port: 8080, workers: 2}}
  children:
    web: {hosts: {web-1: {}, web-2: {}}}
    db: {hosts: {db-1: {}}}
`;

/**
 * A fenced block. The words behind the language say what it is: `inventory`, `playbook`, `tasks`, `file=PATH` (a file
 * of the page's project, there for all its blocks), `fragment` (a part of a file: only read).
 */
interface Block {
  language: string;
  what: string;
  text: string;
  line: number;
}

describe("examples in README and guides", () => {
  for (const page of ["README.md", ...markdown("docs/guides")]) {
    const blocks = blocksOf(readFileSync(join(root, page), "utf8"));
    describe(page, () => {
      let inventory = { name: "inventory.yml", text: INVENTORY };
      for (const block of blocks.filter(({ language, what }) => language === "yaml" || what === "inventory")) {
        const own = { name: `inventory.${block.language}`, text: block.text };
        // Examples of other forms are looked at for themselves; what follows runs on the YAML.
        const used = block.what === "inventory" ? own : inventory;
        if (block.what === "inventory" && block.language === "yaml") inventory = own;
        it(`line ${block.line}: ${block.what === "" ? "what is it?" : block.what}`, () => check(block, blocks, used));
      }
    });
  }
});

describe("links in README, CONTRIBUTING and docs", () => {
  for (const page of ["README.md", "CONTRIBUTING.md", ...markdown("docs")]) {
    it(page, () => {
      const wrong = linksOf(page).filter((link) => !leads(page, link));
      assert.deepEqual(wrong, []);
    });
  }
});

async function check(block: Block, page: readonly Block[], inventory: { name: string; text: string }): Promise<void> {
  if (block.what === "fragment" || block.what.startsWith("file=")) {
    parseYaml(block.text, { file: block.what });
    return;
  }
  const playbooks: Record<string, string> = {
    inventory: "[]",
    playbook: block.text,
    tasks: `- hosts: all\n  tasks:\n${block.text.replace(/^(?=.)/gm, "    ")}`,
  };
  const playbook = playbooks[block.what];
  assert.ok(playbook !== undefined, `"${block.what}" is none of inventory, playbook, tasks, file=PATH, fragment`);
  const files = page.filter(({ what }) => what.startsWith("file=")).map(({ what, text }) => [what.slice(5), text]);
  const folder = mkdtempSync(join(tmpdir(), "provision-docs-"));
  try {
    const all = [["provision.yml", ""], [inventory.name, inventory.text], ["play.yml", playbook], ...files];
    for (const [name = "", text = ""] of all) write(join(folder, name), text);
    const source = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, "utf8") : undefined);
    assert.equal(showFaults(await faultsIn(folder, inventory.name), { source }), "");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function faultsIn(folder: string, inventory: string): Promise<Faults["faults"]> {
  try {
    const request = { sources: [join(folder, inventory)], playbook: join(folder, "play.yml"), start: folder };
    const project = await loadProject({ ...request, extra: undefined, modules });
    return project.faults.length > 0 ? project.faults : checkProject(project).faults;
  } catch (error) {
    if (error instanceof Faults) return error.faults;
    throw error;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(\w+)(?: +(\S+))?\n(.*?)^```$/gms)].map((match) => ({
    language: match[1] ?? "",
    what: match[2] ?? "",
    text: match[3] ?? "",
    line: text.slice(0, match.index).split("\n").length,
  }));
}

/** Every Markdown file below a folder of the project, as a path of the project. */
function markdown(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`)
    .sort();
}

/** Targets of links that lie in the project; code is not looked at. */
function linksOf(page: string): string[] {
  const text = withoutCode(readFileSync(join(root, page), "utf8"));
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "").filter((to) => !/^[a-z]+:/.test(to));
}

function leads(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const file = path === "" ? join(root, page) : join(root, dirname(page), decodeURIComponent(path));
  if (!existsSync(file) || relative(root, file).startsWith("..")) return false;
  if (anchor === undefined || !file.endsWith(".md")) return true;
  const text = readFileSync(file, "utf8").replace(/^```.*?^```$/gms, "");
  return [...text.matchAll(/^#+ +(.+)$/gm)].some((match) => slug(match[1] ?? "") === anchor);
}

function withoutCode(text: string): string {
  return text
    .replace(/^```.*?^```$/gms, "")
    .replace(/^ {4}.*$/gm, "")
    .replace(/`[^`\n]*`/g, "");
}

/** The anchor that a heading gets. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
}
