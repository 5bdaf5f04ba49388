import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Fault, Faults } from "../errors/fault.ts";
import type { Project } from "../playbook/project.ts";
import packageJson from "../../package.json" with { type: "json" };
import { EXIT, type Input } from "./command.ts";
import { type Parsed, parseCommandLine } from "./commander.ts";
import { commands } from "./commands.ts";
import { type Io, processIo } from "./io.ts";
import { SHARED } from "./options.ts";
import { type FileSetting, Settings } from "./settings.ts";
import { folderOf } from "./sources.ts";

/** Understands the command line, runs its command, answers the exit code. */
export async function main(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const plain = processIo(undefined, signal);
  const parsed = parseCommandLine(
    { commands, shared: SHARED, version: packageJson.version, out: plain.out, err: plain.err },
    argv,
  );
  if ("exitCode" in parsed) return parsed.exitCode;
  const asked = parsed.options.color;
  const io = processIo(typeof asked === "string" ? asked : undefined, signal);
  try {
    const input = await inputOf(parsed, io);
    return await parsed.command.run(input);
  } catch (error) {
    return await report(error, parsed, io);
  }
}

async function inputOf(parsed: Parsed, io: Io): Promise<Input> {
  const options = [...parsed.command.options, ...SHARED];
  const project = parsed.command.inventory === undefined ? undefined : await findProjectOf(parsed, io);
  const file = project === undefined ? new Map<string, FileSetting>() : await settingsOf(project);
  const settings = new Settings(options, parsed.options, io.env, file);
  const color = settings.text("color");
  return {
    args: parsed.args,
    rest: parsed.rest,
    settings,
    project,
    io: color === undefined ? io : processIo(color, io.signal),
  };
}

/** The project of the inventory that is named, else of the folder one is in. */
async function findProjectOf(parsed: Parsed, io: Io): Promise<Project> {
  const { findProject } = await import("../playbook/project.ts");
  const option = parsed.options.inventory;
  const named = [
    ...(parsed.command.inventory === "arguments" ? parsed.rest : []),
    ...(typeof option === "object" ? option : []),
    io.env.PROVISION_INVENTORY ?? "",
  ].find((one) => one !== "");
  return findProject(named === undefined ? io.cwd : folderOf(resolve(io.cwd, named), io.cwd));
}

async function settingsOf(project: Project): Promise<ReadonlyMap<string, FileSetting>> {
  const [{ checkConfig }, { fileSettings }] = await Promise.all([
    import("../playbook/project.ts"),
    import("./config-file.ts"),
  ]);
  const known = [...commands.flatMap((command) => command.options), ...SHARED].filter(
    (option) => option.standing !== false,
  );
  const faults = checkConfig(
    project,
    known.map((option) => option.name),
  );
  if (faults.length > 0) throw new Faults(faults);
  return fileSettings(project);
}

async function report(error: unknown, parsed: Parsed, io: Io): Promise<number> {
  if (error instanceof Fault || error instanceof Faults) {
    const { showFaults } = await import("../errors/show.ts");
    const faults = error instanceof Fault ? [error] : error.faults;
    io.err(`${showFaults(faults, { source: (file) => readSource(file, io.cwd), color: io.colorErr })}\n`);
    return EXIT.badInput;
  }
  if (isSystemError(error)) {
    io.err(`error: ${error.message}\n`);
    return EXIT.failed;
  }
  const { verbose } = parsed.options;
  io.err(programmingError(error, typeof verbose === "object" && verbose.length > 1));
  return EXIT.failed;
}

/** One line that asks for a report; with -vv where it happened. */
export function programmingError(error: unknown, deep: boolean): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = deep && error instanceof Error ? `${error.stack ?? ""}\n` : "";
  return `error: this is a mistake in provision itself, please report it: ${message.split("\n")[0] ?? ""}${deep ? "" : " (-vv shows where)"}\n${stack}`;
}

/** `ENOSPC` and its like: the world's fault, not the program's. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && "syscall" in error;
}

function readSource(file: string, cwd: string): string | undefined {
  try {
    return readFileSync(resolve(cwd, file), "utf8");
  } catch {
    return undefined;
  }
}
