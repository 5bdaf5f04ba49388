import { quote } from "../base/shell.ts";
import { loader } from "../agent/loader.ts";

export type BecomeMethod = "sudo" | "doas" | "su";

/**
 * The command that opens a channel for the agent as another user, without a password. It passes through the login
 * shell, like every command.
 */
export function becomeCommand(method: BecomeMethod, user = "root", shell = "/bin/sh"): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/.test(user))
    throw new TypeError(`${JSON.stringify(user)} is no user name that can be become`);
  if (method === "sudo") return `exec sudo -n -H -u ${quote(user)} -- ${loader(shell)}`;
  if (method === "doas") return `exec doas -n -u ${quote(user)} ${loader(shell)}`;
  return `exec su ${quote(user)} -c ${quote(`exec ${loader(shell)}`)}`;
}

/** What the error output of a refused change of user means: message and hint, or nothing when it is none of these. */
export function explainBecome(
  method: BecomeMethod,
  user: string,
  login: string,
  output: string,
): { message: string; hint: string } | undefined {
  const known = REFUSALS.find(({ pattern }) => pattern.test(output));
  if (known === undefined) return undefined;
  return { message: `${login} cannot become ${user} by ${method}: ${known.message}`, hint: known.hint(method, login) };
}

interface Refusal {
  pattern: RegExp;
  message: string;
  hint(method: BecomeMethod, login: string): string;
}

const withoutPassword = (method: BecomeMethod, login: string): string => {
  if (method === "doas") return `let it without one: permit nopass ${login} in /etc/doas.conf, or log in as root`;
  if (method === "su") return "su always asks for a password: use sudo or doas (become.method), or log in as root";
  return `let it without one: ${login} ALL=(ALL) NOPASSWD: ALL in /etc/sudoers.d/${login}, or log in as root`;
};

const REFUSALS: readonly Refusal[] = [
  {
    pattern:
      /a (password|terminal) is required|no askpass program|Authentication required|Authentication (failure|token)|must be run from a terminal|incorrect password|Sorry$/im,
    message: "a password is asked for",
    hint: withoutPassword,
  },
  {
    pattern:
      /not in the sudoers file|not allowed to (run|execute)|may not run sudo|Operation not permitted|is not permitted/i,
    message: "it is not allowed to",
    hint: withoutPassword,
  },
  { pattern: /must have a tty/i, message: "sudo wants a terminal", hint: () => "remove requiretty from sudoers" },
  { pattern: /doas is not enabled|doas\.conf/i, message: "doas is not set up", hint: withoutPassword },
  {
    pattern: /unknown user|does not exist|no passwd entry|user .* not found/i,
    message: "there is no such user",
    hint: () => "correct become.user",
  },
  {
    pattern: /not found|No such file|unknown command/i,
    message: "the program is not there",
    hint: (method) => `install ${method} on the host, set become.method to what it has, or log in as root`,
  },
];
