import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Fault, Faults } from "../errors/fault.ts";
import { nearest } from "../base/nearest.ts";
import { toNode } from "../language/convert.ts";
import type { MapNode, Node, Origin } from "../language/node.ts";
import { parseYaml } from "../language/yaml.ts";
import type { Draft } from "./draft.ts";
import { runExecutable } from "./executable.ts";
import { hostNamesOf, hostVarsOf, readJsonGroups } from "./groups-json.ts";
import { readYamlGroups } from "./groups-yaml.ts";
import { HostNameMistake, readHostNames } from "./host-range.ts";
import { readIni } from "./ini.ts";
import { isNull, kindOf } from "./nodes.ts";
import { decode, isProgram, mayExecute, readBytes, reasonOf, shownPath } from "./text-file.ts";

/** Names in a folder of sources that are never sources: hidden files, backups, documents, settings of programs. */
const IGNORED = /^\.|~$|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|cfg|retry)$|^(?:group_vars|host_vars|vars_plugins)$/;
const MAX_FOLDER_DEPTH = 10;
const HOSTS_AT_ONCE = 8;

/**
 * Reads one source as people give it (a file, a folder of sources, a program, or `h1,h2,`) into the draft. Gives the
 * folder that `group_vars/` and `host_vars/` may stand in; undefined for a list of hosts.
 */
export async function readSource(draft: Draft, source: string, cwd: string): Promise<string | undefined> {
  const path = resolve(cwd, source);
  const info = await stat(path).catch((error: unknown) => {
    if (
      error instanceof Error &&
      "code" in error &&
      error.code !== "ENOENT" &&
      error.code !== "ENOTDIR" &&
      error.code !== "ENAMETOOLONG"
    )
      return error;
    return undefined;
  });
  if (info === undefined && source.includes(",")) {
    readHostList(draft, source);
    return undefined;
  }
  if (info === undefined) {
    draft.fault(await missing(path, source));
    return undefined;
  }
  if (info instanceof Error) {
    draft.fault(
      new Fault("inventory-unreadable", `${source} cannot be read: ${reasonOf(info)}`, {
        hint: "check the path and its permissions",
      }),
    );
    return undefined;
  }
  if (!info.isDirectory()) {
    await collect(draft, () => readFileSource(draft, path, cwd));
    return dirname(path);
  }
  const read = await readFolder(draft, path, cwd, 0);
  if (read === 0) {
    draft.fault(
      new Fault("inventory-no-source", `the folder ${shownPath(path, cwd)} holds no inventory`, {
        hint: "put an inventory into it; names that are hidden, backups, .cfg, .md or .txt are passed over, group_vars and host_vars are no sources",
      }),
    );
  }
  return path;
}

async function readFolder(draft: Draft, folder: string, cwd: string, depth: number): Promise<number> {
  if (depth > MAX_FOLDER_DEPTH) {
    draft.fault(
      new Fault("inventory-unreadable", `${shownPath(folder, cwd)} is nested too deep`, {
        hint: "check for links that run in a circle",
      }),
    );
    return 1;
  }
  let names: string[] = [];
  await collect(draft, async () => {
    names = await readdir(folder).catch((error: unknown) => {
      throw new Fault("inventory-unreadable", `${shownPath(folder, cwd)} cannot be read: ${reasonOf(error)}`, {
        hint: "check its permissions",
      });
    });
  });
  let read = 0;
  for (const name of names.filter((each) => !IGNORED.test(each)).sort()) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => undefined);
    if (info?.isDirectory() === true) {
      read += await readFolder(draft, path, cwd, depth + 1);
      continue;
    }
    await collect(draft, () => readFileSource(draft, path, cwd));
    read += 1;
  }
  return read;
}

/** Runs a reader; what it throws as faults is collected, so that all sources are looked at. */
async function collect(draft: Draft, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (error instanceof Fault) draft.fault(error);
    else if (error instanceof Faults) for (const fault of error.faults) draft.fault(fault);
    else throw error;
  }
}

async function readFileSource(draft: Draft, path: string, cwd: string): Promise<void> {
  const shown = shownPath(path, cwd);
  const bytes = await readBytes(path, shown);
  if (isProgram(bytes)) {
    if (!(await mayExecute(path)))
      throw new Fault("inventory-executable", `${shown} is a program that may not be run`, {
        hint: `allow it: chmod +x ${shown}`,
      });
    await readProgram(draft, path, shown, cwd);
    return;
  }
  const text = decode(bytes, shown);
  const origin = { file: shown, path };
  if (!looksLikeYaml(text)) {
    if (isBlank(text)) empty(draft, shown);
    readIni(draft, text, origin);
    return;
  }
  const root = parseYaml(text, origin);
  if (isNull(root)) empty(draft, shown);
  else readDocument(draft, root, origin);
}

function readDocument(draft: Draft, root: Node, origin: Origin): void {
  if (root.kind !== "map") {
    const playbook =
      root.kind === "list" && root.items.some((item) => item.kind === "map" && item.entries.has("hosts"));
    throw new Fault(
      "inventory-shape",
      `an inventory is a map of groups, this is ${playbook ? "a playbook" : kindOf(root)}`,
      {
        place: root.place,
        hint: playbook
          ? "give a playbook with -p, and the inventory as the first argument"
          : "write `all:` with `hosts:` below it",
      },
    );
  }
  if (root.entries.size === 0) {
    throw new Fault("inventory-no-hosts", "the file names no host and no group", {
      place: root.place,
      hint: "write `all:` with `hosts:` below it, or leave the file empty",
    });
  }
  if (root.entries.has("_meta")) readJsonGroups(draft, root, hostVarsOf(root), origin);
  else readYamlGroups(draft, root, origin);
}

async function readProgram(draft: Draft, path: string, shown: string, cwd: string): Promise<void> {
  const place = { file: shown, line: 1, column: 1 };
  const origin = { file: shown, data: true };
  const root = toNode(await runExecutable(path, ["--list"], shown, cwd), origin, place);
  if (root.kind !== "map")
    throw new Fault("inventory-executable", `${shown} --list printed ${kindOf(root)}, not an object`, {
      hint: 'print {"group": {"hosts": []}, "_meta": {"hostvars": {}}}',
    });
  if (root.entries.size === 0) empty(draft, shown);
  readJsonGroups(draft, root, hostVarsOf(root) ?? (await askEachHost(root, path, origin, cwd)), origin);
}

/** The variables of all hosts, for a program that does not print them with its list. */
async function askEachHost(root: MapNode, path: string, origin: Origin, cwd: string): Promise<MapNode> {
  const names = hostNamesOf(root);
  const hostVars: MapNode = { kind: "map", entries: new Map(), origin, place: root.place };
  for (let start = 0; start < names.length; start += HOSTS_AT_ONCE) {
    const some = names.slice(start, start + HOSTS_AT_ONCE);
    const values = await Promise.all(some.map((name) => runExecutable(path, ["--host", name], origin.file, cwd)));
    for (const [index, name] of some.entries()) {
      hostVars.entries.set(name, { key: name, keyPlace: root.place, value: toNode(values[index], origin, root.place) });
    }
  }
  return hostVars;
}

/** Decides by its first line of content whether a text is YAML or JSON; everything else is INI. */
export function looksLikeYaml(text: string): boolean {
  const first = firstContent(text);
  if (/^(?:\{|---|%YAML|- |-$|\? |"[^"]*"\s*:|'[^']*'\s*:|(?:null|~)$)/.test(first)) return true;
  const colon = first.search(/:(?:\s|$)/);
  if (colon < 0) return false;
  const key = first.slice(0, colon);
  return !key.includes("=") && !/\s#/.test(key) && !key.startsWith("[");
}

function firstContent(text: string): string {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? text.length : end);
    if (line.trim() !== "" && !/^\s*[#;]/.test(line))
      return line.length > 2000 ? `${line.slice(0, 2000).trimStart()}…` : line.trim();
    if (end < 0) break;
    from = end + 1;
  }
  return "";
}

function isBlank(text: string): boolean {
  return firstContent(text) === "";
}

function empty(draft: Draft, shown: string): void {
  draft.warn(
    new Fault("inventory-empty", `${shown} names no host`, {
      hint: "add hosts, or check that this is the file you meant",
    }),
  );
}

function readHostList(draft: Draft, source: string): void {
  const file = source.length > 40 ? `${source.slice(0, 37)}…` : source;
  let column = 1;
  for (const part of source.split(",")) {
    const name = part.trim();
    const place = { file, line: 1, column, length: part.length };
    column += part.length + 1;
    if (name === "") continue;
    try {
      const { names, port } = readHostNames(name);
      for (const each of names) {
        const host = draft.host(each, "ungrouped", place);
        const origin = { file, layer: `host ${each}` };
        if (port !== undefined)
          host.vars.push({
            kind: "map",
            origin,
            place,
            entries: new Map([
              ["ansible_port", { key: "ansible_port", keyPlace: place, value: toNode(port, origin, place) }],
            ]),
          });
      }
    } catch (error) {
      if (!(error instanceof HostNameMistake)) throw error;
      draft.fault(new Fault("inventory-host-name", error.message, { hint: error.hint }));
    }
  }
  if (source.replaceAll(/[,\s]/g, "") === "")
    draft.fault(
      new Fault("inventory-no-hosts", "the list of hosts is empty", {
        hint: "write the names with commas between and after them: h1,h2,",
      }),
    );
}

async function missing(path: string, source: string): Promise<Fault> {
  const siblings = await readdir(dirname(path)).catch(() => [] as string[]);
  const near = nearest(basename(path), siblings);
  return new Fault("inventory-missing", `there is no inventory ${source}`, {
    hint:
      near === undefined
        ? "give a file, a folder, or a list of hosts that ends in a comma: h1,"
        : `did you mean ${join(dirname(source), near)}?`,
  });
}
