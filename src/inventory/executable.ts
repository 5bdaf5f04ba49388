import { stripVTControlCharacters } from "node:util";
import { Fault } from "../errors/fault.ts";

const TIME_LIMIT_MS = 300_000;
const MAX_OUTPUT = 128 * 1024 * 1024;

/**
 * Runs an executable inventory (`--list`, or `--host NAME`) and reads the JSON that it prints. The program gets no
 * input and the environment of this process. Throws a Fault when it cannot be started, fails, takes longer than five
 * minutes or prints anything else.
 */
export async function runExecutable(path: string, args: string[], shown: string, cwd: string): Promise<unknown> {
  const { execa } = await import("execa");
  const call = [shown, ...args].join(" ");
  const result = await execa(path, args, {
    cwd,
    stdin: "ignore",
    reject: false,
    timeout: TIME_LIMIT_MS,
    maxBuffer: MAX_OUTPUT,
    stripFinalNewline: false,
  });
  const said = lastLines(result.stderr);
  if (result.failed) {
    throw new Fault("inventory-executable", `${call} ${whyFailed(result)}${said}`, {
      hint: `run it by hand: ${args[0] === "--host" ? "it prints the variables of one host" : "it prints the inventory"} as JSON`,
    });
  }
  if (result.stdout.trim() === "" && args[0] === "--host") return {};
  try {
    return JSON.parse(result.stdout.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Fault(
      "inventory-executable",
      `${call} printed something that is not JSON: ${firstLine(result.stdout)}${said}`,
      { cause: error, hint: "messages belong to stderr, stdout holds one JSON object" },
    );
  }
}

interface Outcome {
  exitCode?: number | undefined;
  signal?: string | undefined;
  timedOut: boolean;
  isMaxBuffer: boolean;
  code?: string | undefined;
}

function whyFailed(result: Outcome): string {
  if (result.timedOut) return `has not finished after ${TIME_LIMIT_MS / 60_000} minutes`;
  if (result.isMaxBuffer) return `printed more than ${MAX_OUTPUT / 1024 / 1024} MiB`;
  if (result.exitCode !== undefined) return `failed with exit code ${result.exitCode}`;
  if (result.signal !== undefined) return `was ended by ${result.signal}`;
  if (result.code === "ENOENT") return "cannot be started: the interpreter in its first line does not exist";
  return `cannot be started${result.code === undefined ? "" : ` (${result.code})`}`;
}

function lastLines(stderr: string): string {
  const lines = printable(stderr)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-5);
  return lines.length === 0 ? "" : `; it said: ${lines.map((line) => line.trim().slice(0, 200)).join(" / ")}`;
}

function firstLine(stdout: string): string {
  const line =
    printable(stdout)
      .split("\n")
      .find((text) => text.trim() !== "") ?? "";
  return line === "" ? "nothing" : `"${line.trim().slice(0, 60)}"`;
}

function printable(text: string): string {
  return stripVTControlCharacters(text.slice(-20_000)).replace(/[^\P{Cc}\n\t]/gu, "");
}
