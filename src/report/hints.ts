import type { StepError } from "../run/events.ts";

/** What is known of a failure when a hint is looked for. */
export interface Failure extends StepError {
  module?: string;
}

interface Rule {
  /** Looked for in the message and the output. */
  seen?: RegExp;
  rc?: number;
  hint: string | ((match: RegExpExecArray) => string);
}

/** One sentence on what to do about a failure of a step on a host, where one is known; the first rule that fits. */
export function hintFor(failure: Failure): string | undefined {
  if (failure.hint !== undefined) return failure.hint;
  const text = [failure.message, failure.output ?? ""].join("\n");
  for (const rule of RULES) {
    if (rule.rc !== undefined && rule.rc !== failure.rc) continue;
    const match = rule.seen?.exec(text);
    if (rule.seen !== undefined && !match) continue;
    return typeof rule.hint === "string" ? rule.hint : rule.hint(match ?? emptyMatch());
  }
  return undefined;
}

function emptyMatch(): RegExpExecArray {
  return /(?:)/.exec("") as RegExpExecArray;
}

/** Most telling first: a full disk makes many other messages. */
const RULES: readonly Rule[] = [
  {
    seen: /no space left on device|disk quota exceeded/i,
    hint: "the disk of the host is full (or has no inodes left): look with `df -h` and `df -i`, make room, apply again",
  },
  {
    seen: /read-only file system/i,
    hint: "the file system is mounted read-only: an error may have caused it, see `dmesg` on the host; some paths are read-only by design",
  },
  {
    seen: /could not get lock (\S+?)[.,:]?(?:\s|$)|unable to acquire the dpkg frontend lock|unable to lock (?:database|directory)|another app is currently holding the yum lock|waiting for cache lock/i,
    hint: "another package manager is at work on the host (often automatic updates just after boot): wait until it is done, apply again",
  },
  {
    seen: /dpkg was interrupted/i,
    hint: "an earlier installation was cut off: run `dpkg --configure -a` on the host, apply again",
  },
  {
    seen: /unable to locate package (\S+)|no (?:match|package) (?:for argument|matching)[: ]+(\S+)|unsatisfiable constraints|(\S+) \(no such package\)/i,
    hint: "no source of packages of the host has it: check the name for this platform, and refresh the lists (`update_cache: true`)",
  },
  {
    seen: /temporary failure (?:in name resolution|resolving)|could not resolve host:? ?(\S*)|name or service not known|bad address|name does not resolve|nodename nor servname/i,
    hint: "the host cannot resolve names: look at its /etc/resolv.conf and its route to the name server",
  },
  {
    seen: /certificate (?:is not yet valid|has expired)|certificate verify failed/i,
    hint: "certificates were refused: check the clock of the host first, then its ca-certificates",
  },
  {
    seen: /network is unreachable|no route to host/i,
    hint: "the host has no route to that address: look at `ip route` there",
  },
  {
    seen: /connection refused/i,
    hint: "nothing listens at that address and port: is the service started, and on that address?",
  },
  {
    seen: /connection timed out|operation timed out/i,
    hint: "no answer from that address: a firewall in between, or a wrong address",
  },
  {
    seen: /sudo: a (?:terminal|password) is required|sudo: no tty present|doas: a tty is required|doas: authentication (?:failed|required)/i,
    hint: "this user needs a password to become root: allow it without one (`NOPASSWD:` in sudoers, `nopass` in doas.conf), or log in as root",
  },
  {
    seen: /is not in the sudoers file|user \S+ is not allowed to execute|doas: operation not permitted/i,
    hint: "this user may not become another: add it to sudoers or doas.conf on the host, or log in as root",
  },
  {
    seen: /(?:sudo|doas): (?:command )?not found|(?:sudo|doas): No such file/i,
    hint: "the host has no such program: set `become: {method: …}` to one it has (sudo, doas, su), or log in as root",
  },
  {
    seen: /permission denied|operation not permitted|must be (?:run as )?root|are you root|access denied/i,
    hint: "the step's user may not do this: set `become: true` on the task or the play",
  },
  {
    seen: /unit (\S+?) (?:could not be found|not found)|(\S+): unrecognized service|service [`'"]?(\S+?)['"`]? does not exist/i,
    hint: "the host has no such service: is its package installed, and is that its name on this platform?",
  },
  { seen: /is masked/i, hint: "the service is masked: unmask it (`systemctl unmask NAME`) or leave it out" },
  { seen: /text file busy/i, hint: "the program is running: stop it before its file is replaced" },
  { seen: /too many open files/i, hint: "a limit on open files was reached on the host: see `ulimit -n`" },
  { seen: /cannot allocate memory|out of memory|oom-kill/i, hint: "the host ran out of memory" },
  {
    rc: 127,
    seen: /([^\s:'"`]+): (?:command )?not found|not found: (\S+)/i,
    hint: (match) =>
      `the host has no program ${match[1] ?? match[2] ?? ""}: install its package in an earlier step, or give its full path`,
  },
  {
    rc: 127,
    hint: "a program was not found on the host: install its package in an earlier step, or give its full path",
  },
  {
    rc: 126,
    hint: "the program was found but could not be run: it has no execute bit, or its first line names an interpreter the host has not",
  },
  { rc: 137, hint: "the program was killed (SIGKILL): often the host ran out of memory" },
  { rc: 143, hint: "the program was ended by another (SIGTERM)" },
  {
    seen: /no such file or directory/i,
    hint: "a path is missing on the host: make it in an earlier step, or check how it is spelt",
  },
];
