/** Why a run is aborted when nobody reads its output any more: then there is nobody to tell. */
export const UNREAD = "unread";

/** The streams of a command, and what is around it. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** stdout is a terminal that can be painted on. */
  terminal: boolean;
  /** A person can be asked. */
  canAsk: boolean;
  colorOut: boolean;
  colorErr: boolean;
  size(): { columns: number; rows: number };
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Asks one question with the answers yes and no; false when the input ends. */
  confirm(question: string): Promise<boolean>;
  /** Set on the first interrupt (Ctrl-C, SIGTERM). */
  signal: AbortSignal;
  interrupted(): boolean;
}

/** What colour was asked for: `--color` wins over NO_COLOR, which wins over what the stream is. */
export function wantsColor(asked: string | undefined, stream: { isTTY?: boolean }, env: Io["env"]): boolean {
  if (asked === "always") return true;
  if (asked === "never") return false;
  return (env.NO_COLOR ?? "") === "" && stream.isTTY === true && env.TERM !== "dumb";
}

/** The streams of this process. */
export function processIo(color: string | undefined, signal: AbortSignal): Io {
  const { stdout, stderr, stdin, env } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    terminal: stdout.isTTY && env.TERM !== "dumb",
    canAsk: stdin.isTTY && stdout.isTTY,
    colorOut: wantsColor(color, stdout, env),
    colorErr: wantsColor(color, stderr, env),
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    cwd: process.cwd(),
    env,
    confirm: (question) => ask(question, signal),
    signal,
    interrupted: () => signal.aborted,
  };
}

async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // readline takes Ctrl-C for itself; the process has to hear it.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
