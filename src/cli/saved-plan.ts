import { closeSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Fault } from "../errors/fault.ts";
import { isFile } from "../playbook/document.ts";
import type { Input } from "./command.ts";
import type { Asked, SavedPlan } from "./engine.ts";
import type { Io } from "./io.ts";
import { execute, exitCodeOf, load } from "./project-run.ts";

/** The saved plan among the arguments of apply: a JSON file with `provision_plan` at its top. Throws `Fault` for a broken one. */
export function findPlan(args: readonly string[], cwd: string): SavedPlan | undefined {
  const file = args.find((arg) => looksLikePlan(resolve(cwd, arg)));
  if (file === undefined) return undefined;
  if (args.length > 1)
    throw new Fault("bad-usage", `${file} is a saved plan: it names its own inventory, and is given alone`);
  const plan = parsePlan(readFileSync(resolve(cwd, file), "utf8"));
  if (plan === undefined) {
    throw new Fault("plan-invalid", `${file} is not a plan that this version can read`, {
      hint: "make it again with `provision plan -o`",
    });
  }
  return plan;
}

/** Writes a plan so that only its user can read it: options may hold what others should not see. */
export function savePlan(file: string, plan: Record<string, unknown>, asked: Asked, io: Io): void {
  const saved: SavedPlan = { provision_plan: 1, asked, ...plan };
  writeFileSync(resolve(io.cwd, file), `${JSON.stringify(saved, null, 2)}\n`, { mode: 0o600 });
  io.err(`saved: ${file}; apply it with: provision apply ${file}\n`);
}

/** Plans again from the same files and options, is refused on any difference, and applies. */
export async function applyPlan(plan: SavedPlan, input: Input): Promise<number> {
  enter(plan.asked.folder);
  const loaded = await load(plan.asked);
  const acceptOpen = input.settings.flag("accept-open") === true;
  const result = await execute({ ...loaded, asked: plan.asked, input }, "apply", { plan, acceptOpen });
  return exitCodeOf(result, "apply", input);
}

/** Names in the plan, and of files in messages and digests, start where it was made. */
function enter(folder: string): void {
  try {
    process.chdir(folder);
  } catch (error) {
    throw new Fault("plan-invalid", `the folder in which the plan was made is not there: ${folder}`, {
      cause: error,
      hint: "make the plan again",
    });
  }
}

/** The first bytes tell: inventories may be large, and may be programs. */
function looksLikePlan(path: string): boolean {
  if (!isFile(path)) return false;
  const start = Buffer.alloc(200);
  const file = openSync(path, "r");
  try {
    const size = readSync(file, start, 0, start.length, 0);
    return (
      /^\s*\{\s*"provision_plan"\s*:/.test(start.toString("utf8", 0, size)) ||
      hasPlanKey(path, start.toString("utf8", 0, size))
    );
  } finally {
    closeSync(file);
  }
}

/** A plan that another program wrote again, with its keys in another order. */
function hasPlanKey(path: string, start: string): boolean {
  if (!/^\s*\{/.test(start)) return false;
  const text = readFileSync(path, "utf8");
  if (!text.includes('"provision_plan"')) return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "provision_plan" in value;
  } catch {
    return false;
  }
}

function parsePlan(text: string): SavedPlan | undefined {
  try {
    const value = JSON.parse(text) as Partial<SavedPlan>;
    return value.provision_plan === 1 && isAsked(value.asked) ? (value as SavedPlan) : undefined;
  } catch {
    return undefined;
  }
}

function isAsked(value: Partial<Asked> | undefined): boolean {
  if (typeof value !== "object") return false;
  const lists = [value.sources, value.extraVars, value.tags, value.skipTags];
  const right = lists.every((list) => Array.isArray(list) && list.every((item) => typeof item === "string"));
  const texts = [value.limit, value.role].every((text) => text === null || typeof text === "string");
  return (
    right && texts && typeof value.folder === "string" && typeof value.playbook === "object" && "file" in value.playbook
  );
}
