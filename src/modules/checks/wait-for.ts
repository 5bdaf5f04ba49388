import type { Value } from "../../base/value.ts";
import { textOf } from "../../resources/capture.ts";
import { commandOutput } from "../../resources/command.ts";
import { connection, isHostAddress } from "../../resources/connection.ts";
import { file } from "../../resources/file.ts";
import type { Ref } from "../../resources/resource.ts";
import { type ArgsOf, arg } from "../args.ts";
import { defineModule, type HostView, type Plan, type See } from "../module.ts";
import { compileRegex } from "../regex.ts";

/** How much of a file's end is searched. */
const SEARCHED = 256 * 1024;

const args = {
  host: arg.string("Name or address to connect to, from the host.", { default: "127.0.0.1" }),
  port: arg.int("Port to connect to."),
  path: arg.path("Path to wait for."),
  search_regex: arg.regex(
    "With `path`: until this matches in the file (in its last 256 KiB; `^` and `$` are the ends of a line).",
  ),
  state: arg.choice(
    ["started", "present", "stopped", "absent"],
    "`started` and `present`: open, there; `stopped` and `absent`: closed, gone.",
    { default: "started" },
  ),
  timeout: arg.duration("How long to wait in all.", { default: 300 }),
  delay: arg.duration("How long to wait before the first look.", { default: 0 }),
  sleep: arg.duration("Time between two looks.", { default: 1 }),
  connect_timeout: arg.duration("How long one connection may take.", { default: 5 }),
  msg: arg.string("Said when the time is over."),
};
type Args = ArgsOf<typeof args>;

export default defineModule({
  name: "wait_for",
  summary: "Wait until a port is open or closed, or a path is there or gone; never a change.",
  notes:
    "Looks from the host, not from here. For services, answers of web servers and much else see `expect` with `within`. With neither `port` nor `path` it waits for `timeout`.",
  args,
  examples: [
    {
      title: "A path",
      yaml: "- wait_for: {path: /tmp/example-ready, timeout: 5s}\n",
      before: "touch /tmp/example-ready",
    },
    {
      title: "A line in a log",
      yaml: "- wait_for:\n    path: /tmp/example-log\n    search_regex: '^ready on port (\\d+)'\n    timeout: 5s\n",
      before: "echo 'ready on port 80' >/tmp/example-log",
    },
    {
      title: "A port, of another machine",
      yaml: "- wait_for: {host: 192.0.2.10, port: 22, timeout: 2m}\n",
      only: "doc",
    },
  ],
  checkGiven(given) {
    if (given.has("port") && given.has("path")) return ["port and path exclude each other"];
    if (given.has("search_regex") && !given.has("path"))
      return ["search_regex needs path: what a port says is asked with expect: {command: …}"];
    if (!given.has("port") && !given.has("path") && !given.has("timeout"))
      return ["wait_for needs port or path, or a timeout to just wait"];
    return [];
  },
  validate: ({ port, host }) => [
    ...(port !== undefined && (port < 1 || port > 65535) ? [`port ${port} is none: 1 to 65535`] : []),
    ...(host !== undefined && !isHostAddress(String(host))
      ? [`"${String(host)}" is no name and no address of a host`]
      : []),
  ],
  needs: (given) => refsOf(given),
  plan(given, see, host) {
    if (given.port !== undefined) return planPort(given, given.port, see);
    return given.path === undefined ? {} : planPath(given, given.path, see, host);
  },
  wait({ timeout, sleep, delay, port, path }) {
    if (port === undefined && path === undefined) return { within: timeout, every: sleep, delay: timeout };
    return { within: timeout, every: sleep, delay };
  },
});

function refsOf(given: Args): Ref[] {
  if (given.port !== undefined) return [connection(String(given.host), given.port, given.connect_timeout)];
  if (given.path === undefined) return [];
  const refs = [file(given.path) as unknown as Ref];
  return given.search_regex === undefined ? refs : [...refs, tail(given.path)];
}

/** `tail` follows links and takes files of any size. */
function tail(path: string): ReturnType<typeof commandOutput> {
  return commandOutput({ argv: ["tail", "-c", String(SEARCHED), path] });
}

function gone({ state }: Args): boolean {
  return state === "stopped" || state === "absent";
}

function planPort(given: Args, port: number, see: See): Plan {
  const where = `port ${port} of ${String(given.host)}`;
  const { state } = see(connection(String(given.host), port, given.connect_timeout));
  if (state === "untried") return { fail: `${where} cannot be tried: the host has none of nc, bash, perl and python3` };
  const result = { state: given.state, port };
  if ((state === "open") !== gone(given)) return { result };
  return { fail: say(given, `${where} is ${state === "open" ? "still open" : "not open"}`), result };
}

function planPath(given: Args, path: string, see: See, host: HostView): Plan {
  const found = see(file(path));
  if (found.type === "denied") return { fail: `${path} cannot be looked at: permission denied to ${host.user}` };
  const there = found.type !== "absent";
  const result = { state: given.state, path };
  if (given.search_regex === undefined) {
    if (there !== gone(given)) return { result };
    return { fail: say(given, `${path} is ${there ? "still there" : "not there"}`), result };
  }
  const seen = there ? see(tail(path)) : undefined;
  if (seen !== undefined && seen.rc !== 0)
    return { fail: say(given, `${path} cannot be read: ${textOf(seen.stderr).trim()}`), result };
  const match = seen === undefined ? null : compileRegex(given.search_regex, "m").exec(textOf(seen.stdout));
  if ((match !== null) !== gone(given)) {
    return { result: { ...result, ...groupsOf(match) } };
  }
  return {
    fail: say(given, `/${given.search_regex}/ ${match === null ? "does not match" : "still matches"} in ${path}`),
    result,
  };
}

/** What the groups of the expression matched; null for one that took no part. */
function groupsOf(match: RegExpExecArray | null): { match_groups: Value[]; match_groupdict: { [key: string]: Value } } {
  const groups: (string | undefined)[] = match?.slice(1) ?? [];
  const named: Record<string, string | undefined> = match?.groups ?? {};
  return {
    match_groups: groups.map((group) => group ?? null),
    match_groupdict: Object.fromEntries(Object.entries(named).map(([name, group]) => [name, group ?? null])),
  };
}

function say(given: Args, why: string): string {
  return given.msg === undefined ? why : `${String(given.msg)} (${why})`;
}
