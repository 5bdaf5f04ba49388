import { quote } from "../base/shell.ts";

/** A program as a step names it, and what it runs in; everything here ends in shell text that is read with the others. */
export interface Invocation {
  /** Words of a program, run without a shell. */
  argv?: readonly string[];
  /** Text for /bin/sh, or for `executable`. */
  shell?: string;
  executable?: string;
  /** Without it: the home of the user, where the agent starts people's programs. */
  chdir?: string;
  environment?: Readonly<Record<string, string>>;
  stdin?: string;
}

/**
 * Shell for readers that run people's programs: what the user has after login (locale, PATH, umask, home), where the
 * agent is there to give it.
 */
export const asAfterLogin = "if command -v p_login >/dev/null 2>&1; then p_login; fi";

/** Shell text that becomes the program (`exec`): to be run in a subshell of its own. */
export function invocationText(run: Invocation): string {
  const program = run.argv === undefined ? [run.executable ?? "/bin/sh", "-c", run.shell ?? ""] : run.argv;
  const lines = Object.entries(run.environment ?? {})
    .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    .map(([name, value]) => `export ${name}=${quote(value)}`);
  if (run.chdir !== undefined) lines.push(`cd ${quote(run.chdir)} || exit 1`);
  const exec = `exec ${program.map(quote).join(" ")}`;
  lines.push(run.stdin === undefined ? exec : `printf %s ${quote(run.stdin)} | (${exec})`);
  return lines.join("\n");
}

/** The program alone, as it is shown to people. */
export function showInvocation(run: Invocation): string {
  return run.argv === undefined ? (run.shell ?? "") : run.argv.map(quote).join(" ");
}
