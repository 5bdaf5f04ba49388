import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import { nearest } from "../base/nearest.ts";
import { nameGlob } from "./glob.ts";
import type { Inventory } from "./inventory.ts";
import { nameRegex } from "./name-regex.ts";
import { readTerms, type Term } from "./pattern-terms.ts";
import { reasonOf } from "./text-file.ts";

/** Beyond this many names a term that matches nothing is not compared with all of them. */
const MAX_COMPARED = 5000;

export interface MatchOptions {
  /** A second pattern: only hosts that it matches too are left. Here `@FILE` and `@failed` are terms as well. */
  limit?: string;
  /** Gets a warning for each term that matches nothing. */
  warn?: (warning: Fault) => void;
  /** Where the pattern stands in a file. */
  place?: Place;
  /** The folder that `@FILE` starts from; the working directory otherwise. */
  cwd?: string;
  /** The file that `@failed` stands for. */
  failedFile?: string;
}

/**
 * The hosts that a pattern means, in the order of the groups that it names; `all` follows the groups of the inventory.
 * Terms that add hosts count first, then `&`, then `!`, wherever they stand. `localhost` is found even when no source
 * names it, but is not part of `all`. Throws a Fault for a regular expression that is not valid, and for a file of
 * names that cannot be read.
 */
export function matchHosts(inventory: Inventory, pattern: string, options: MatchOptions = {}): string[] {
  const isName = (text: string) => inventory.hosts.has(text) || inventory.groups.has(text);
  const hosts = select(inventory, readTerms(pattern, isName), options);
  if (options.limit === undefined) return hosts;
  const { place: _place, ...limitOptions } = options;
  const terms = readTerms(options.limit, isName).flatMap((term) => fileTerms(term, options));
  const limited = new Set(select(inventory, terms, limitOptions));
  return hosts.filter((host) => limited.has(host));
}

function select(inventory: Inventory, terms: readonly Term[], options: MatchOptions): string[] {
  let hosts = new Set<string>();
  for (const { kind, text } of terms) {
    const matched = matchTerm(inventory, text, options);
    if (kind === "add") for (const host of matched) hosts.add(host);
    else {
      const these = new Set(matched);
      hosts = new Set([...hosts].filter((host) => these.has(host) === (kind === "keep")));
    }
  }
  return [...hosts];
}

/** A term `@FILE` of a limit: each line of the file is a term. */
function fileTerms(term: Term, options: MatchOptions): Term[] {
  if (!term.text.startsWith("@")) return [term];
  const failed = term.text === "@failed" && options.failedFile !== undefined;
  const file = failed ? options.failedFile : term.text.slice(1);
  try {
    const path = resolve(options.cwd ?? ".", file ?? "");
    if (statSync(path).isCharacterDevice()) throw new Error("it is a device, not a file");
    const lines = readFileSync(path, "utf8")
      .split(/\r?\n/)
      .map((line) => line.trim());
    return lines.filter((line) => line !== "" && !line.startsWith("#")).map((text) => ({ kind: term.kind, text }));
  } catch (error) {
    const hint =
      term.text === "@failed"
        ? "no run has left failed hosts behind; give names instead"
        : "give a file with one host name a line";
    throw new Fault("pattern-file", `${term.text}: ${file} cannot be read: ${reasonOf(error)}`, { hint, cause: error });
  }
}

function matchTerm(inventory: Inventory, text: string, options: MatchOptions): string[] {
  if (inventory.hosts.has(text)) return [text];
  const slice = text.startsWith("~") ? null : /^(.+)\[(?:(-?\d+)|(\d+):(\d*))\]$/.exec(text);
  if (slice === null || inventory.groups.has(text)) {
    const found = matchNames(inventory, text, options);
    if (found === undefined) warnUnmatched(inventory, text, options);
    return found ?? [];
  }
  const [, names = "", index, from, to] = slice;
  const hosts = matchNames(inventory, names, options);
  if (hosts === undefined) {
    warnUnmatched(inventory, names, options);
    return [];
  }
  const picked =
    index === undefined
      ? hosts.slice(Number(from), to === "" ? undefined : Number(to) + 1)
      : hosts.slice(Number(index)).slice(0, 1);
  const beyond = index !== undefined && Number(index) < -hosts.length;
  if (picked.length > 0 && !beyond) return picked;
  options.warn?.(
    new Fault("pattern-no-match", `"${cut(text)}" matches no host: ${cut(names)} has ${hosts.length}`, {
      ...(options.place && { place: options.place }),
      hint: hosts.length === 0 ? "add hosts to it" : `the first is [0], the last is [${hosts.length - 1}] or [-1]`,
    }),
  );
  return [];
}

/** Hosts of the groups and hosts whose names match; undefined when no name does. */
function matchNames(inventory: Inventory, text: string, options: MatchOptions): string[] | undefined {
  if (inventory.hosts.has(text)) return [text];
  if (inventory.groups.has(text)) return inventory.hostsOf(text);
  const regex = text.startsWith("~") ? nameRegex(text.slice(1)) : undefined;
  if (typeof regex === "string") {
    throw new Fault("pattern-syntax", `"${cut(text)}" is not a regular expression: ${regex}`, {
      ...(options.place && { place: options.place }),
      hint: "there are no backreferences and no lookaround; leave hosts out with :!",
    });
  }
  if (regex === undefined && !/[*?[]/.test(text)) return text === "localhost" ? ["localhost"] : undefined;
  const test = regex ?? nameGlob(text);
  const groups = [...inventory.groups.keys()].filter(test);
  const hosts = [...inventory.hosts.keys()].filter(test);
  if (groups.length + hosts.length === 0) return undefined;
  return [...new Set([...groups.flatMap((group) => inventory.hostsOf(group)), ...hosts])];
}

function warnUnmatched(inventory: Inventory, text: string, options: MatchOptions): void {
  if (options.warn === undefined) return;
  const small = inventory.hosts.size + inventory.groups.size <= MAX_COMPARED;
  const near =
    small && !/^~|[*?[]/.test(text)
      ? nearest(text, [...inventory.groups.keys(), ...inventory.hosts.keys()])
      : undefined;
  const hint = near === undefined ? "provision inventory --graph shows the groups and hosts" : `did you mean ${near}?`;
  options.warn(
    new Fault("pattern-no-match", `"${cut(text)}" matches no host and no group`, {
      ...(options.place && { place: options.place }),
      hint,
    }),
  );
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
