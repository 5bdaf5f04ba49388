import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Counts, StepEvent } from "../../src/run/events.ts";

const root = join(import.meta.dirname, "../..");

/** What one run of the program left behind. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Events of steps; those of loop items are among them, before their step's. */
  steps: StepEvent[];
  hosts: Record<string, Counts>;
}

/** The built program with a home of its own, and a folder for inventories that are laid over others. */
export class Provision {
  readonly folder = mkdtempSync(join(tmpdir(), "provision-roles-"));

  /** Builds the program from the sources as they are. */
  constructor() {
    execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  }

  /** An example inventory that ships. */
  example(name: string): string {
    return join(root, "inventory", name);
  }

  /** An inventory to lay over another: YAML, or data, since JSON is YAML. */
  layer(name: string, content: object | string): string {
    const path = join(this.folder, `${name}.yml`);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }

  run(...args: string[]): Outcome {
    const result = spawnSync(process.execPath, [join(root, "dist/provision.cjs"), ...args, "--output", "json"], {
      cwd: this.folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: this.folder, BGP_PASSWORD: "one for both" },
      timeout: 120_000,
    });
    const lines = result.stdout.split("\n").filter((line) => line !== "");
    const events = lines.map((line) => JSON.parse(line) as { event: string; hosts?: Record<string, Counts> });
    const summary = events.find((event) => event.event === "summary");
    return {
      code: result.status,
      stdout: result.stdout,
      stderr: result.stderr,
      steps: events.filter((event) => event.event === "step") as unknown as StepEvent[],
      hosts: summary?.hosts ?? {},
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A step, or an item of its loop, on one host of one play. */
export function nameOf(step: StepEvent): string {
  return [step.host, step.play, step.role, step.step, JSON.stringify(step.item ?? null), step.handler === true].join(
    " | ",
  );
}

/** Names of the steps, not of items, with one of these statuses. */
export function withStatus(steps: readonly StepEvent[], ...statuses: StepEvent["status"][]): string[] {
  return steps.filter((step) => step.item === undefined && statuses.includes(step.status)).map(nameOf);
}

/**
 * What a check promised against what apply then did: nothing that changed had been said to be right, everything that was
 * said to change has changed, and at most one step in ten (of those that are not skipped) was left open.
 */
export function brokenPromises(check: readonly StepEvent[], apply: readonly StepEvent[]): string[] {
  const said = new Map(check.map((step) => [nameOf(step), step.status]));
  const did = new Map(apply.map((step) => [nameOf(step), step.status]));
  const silent = [...did].filter(
    ([name, status]) => status === "changed" && !["changed", "maybe", "unknown"].includes(said.get(name) ?? "nothing"),
  );
  const undone = [...said].filter(([name, status]) => status === "changed" && did.get(name) !== "changed");
  const open = withStatus(check, "maybe", "unknown");
  const counted = check.filter((step) => step.item === undefined && step.status !== "skipped").length;
  return [
    ...silent.map(([name]) => `changed, and check said ${said.get(name) ?? "nothing"}: ${name}`),
    ...undone.map(([name]) => `check said changed, and it was ${did.get(name) ?? "not run"}: ${name}`),
    ...(open.length * 10 > counted ? [`${open.length} of ${counted} steps were left open: ${open.join("; ")}`] : []),
  ];
}
