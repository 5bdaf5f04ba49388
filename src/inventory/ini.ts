import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import { nearest } from "../base/nearest.ts";
import type { MapEntry, Node, Origin } from "../language/node.ts";
import type { Draft } from "./draft.ts";
import { HostNameMistake, readHostNames } from "./host-range.ts";
import { splitWords, type Word, WordsMistake } from "./ini-words.ts";
import { dataNode, mapOf } from "./nodes.ts";
import { readPythonLiteral } from "./python-literal.ts";

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;
const TYPES = ["hosts", "children", "vars"];

type Section = { kind: "hosts" | "children" | "vars"; group: string } | { kind: "skip" };

/**
 * Reads an INI inventory into the draft: hosts before the first section are ungrouped, then `[group]`,
 * `[group:children]` and `[group:vars]`. Mistakes are collected in the draft, each with its place.
 */
export function readIni(draft: Draft, text: string, origin: Origin): void {
  new IniReader(draft, origin).read(text);
}

class IniReader {
  readonly #draft: Draft;
  readonly #origin: Origin;
  #section: Section = { kind: "hosts", group: "ungrouped" };
  /** The variables of the `vars` section at hand. */
  #vars: MapEntry[] = [];
  #line = 0;

  constructor(draft: Draft, origin: Origin) {
    this.#draft = draft;
    this.#origin = origin;
  }

  read(text: string): void {
    for (const line of text.split(/\r\n|\n|\r/)) {
      this.#line += 1;
      const trimmed = line.trim();
      const nul = line.indexOf("\0");
      if (nul >= 0) {
        this.#fault(
          "inventory-ini-line",
          "the line holds a NUL character",
          this.#place(nul + 1, 1),
          "an inventory is text: YAML, INI or JSON",
        );
        return;
      }
      if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
      if (trimmed.startsWith("[") && this.#header(trimmed, line.indexOf("[") + 1)) continue;
      this.#content(line, trimmed);
    }
    this.#endVars();
  }

  /** Reads a section header; false when the line is a host in brackets: `[2001:db8::1]:22`. */
  #header(line: string, column: number): boolean {
    const found = SECTION.exec(line);
    // More of the same word behind the bracket: a range at the beginning of a name, or an address with a port.
    if (found === null && /^\[[^\]]+\]\S/.test(line)) return false;
    this.#endVars();
    this.#section = { kind: "skip" };
    if (found === null) {
      this.#fault(
        "inventory-ini-section",
        line.includes("]") ? "this is not a section header" : "the section header is never closed",
        this.#place(column, line.length),
        sectionHint(line),
      );
      return true;
    }
    const [, group = "", kind = "hosts"] = found;
    if (kind !== "hosts" && kind !== "children" && kind !== "vars") {
      const near = nearest(kind, TYPES);
      this.#fault(
        "inventory-ini-section",
        `a section cannot be of the type "${kind}"`,
        this.#place(column + group.length + 2, kind.length),
        near === undefined
          ? "a section is [group], [group:children] or [group:vars]"
          : `did you mean [${group}:${near}]?`,
      );
      return true;
    }
    const place = this.#place(column + 1, group.length);
    if (kind === "vars") this.#draft.varsOf(group, place);
    else this.#draft.group(group, place);
    this.#section = { kind, group };
    return true;
  }

  #content(line: string, trimmed: string): void {
    const section = this.#section;
    if (section.kind === "skip") return;
    if (section.kind === "vars") this.#variable(line, trimmed, section.group);
    else if (section.kind === "hosts") this.#hosts(line, section.group);
    else this.#child(line, trimmed, section.group);
  }

  #child(line: string, trimmed: string, parent: string): void {
    const column = line.indexOf(trimmed) + 1;
    const name = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(trimmed)?.[1];
    if (name !== undefined) this.#draft.child(parent, name, this.#place(column, name.length));
    else
      this.#fault(
        "inventory-ini-line",
        "a line of a :children section is the name of one group",
        this.#place(column, trimmed.length),
        "hosts belong to a section without :children",
      );
  }

  #variable(line: string, trimmed: string, group: string): void {
    const column = line.indexOf(trimmed) + 1;
    const equals = line.indexOf("=");
    const key = line.slice(0, equals).trim();
    if (equals < 0 || key === "") {
      this.#fault(
        "inventory-ini-line",
        "a line of a :vars section is key=value",
        this.#place(column, trimmed.length),
        equals < 0 ? `write ${cut(trimmed)}=VALUE; an empty value is ${cut(trimmed)}=` : "write the name before the =",
      );
      return;
    }
    const text = line.slice(equals + 1).trim();
    const valueColumn = text === "" ? equals + 2 : line.indexOf(text, equals + 1) + 1;
    const origin = this.#layer(`group ${group}`);
    this.#vars.push({
      key,
      keyPlace: this.#place(column, key.length),
      value: this.#value(text, origin, this.#place(valueColumn, text.length)),
    });
  }

  #endVars(): void {
    const [first] = this.#vars;
    if (this.#section.kind === "vars" && first !== undefined) {
      const { group } = this.#section;
      this.#draft.groupVars(group, mapOf(this.#vars, this.#layer(`group ${group}`), first.keyPlace));
    }
    this.#vars = [];
  }

  #hosts(line: string, group: string): void {
    const words = this.#words(line);
    const [pattern, ...assignments] = words;
    if (pattern === undefined) return;
    if (pattern.text.endsWith(":") && assignments.length === 0 && group === "ungrouped") {
      this.#fault(
        "inventory-ini-line",
        `"${cut(pattern.text)}" looks like YAML, but the file begins as INI`,
        this.#place(pattern.column, pattern.length),
        "write the whole file as YAML (the first line is then a group and a colon), or as INI",
      );
      return;
    }
    const hosts = this.#names(pattern);
    if (hosts === undefined) return;
    const pairs = assignments.map((word) => this.#assignment(word)).filter((pair) => pair !== undefined);
    const place = this.#place(pattern.column, pattern.length);
    for (const name of hosts.names) {
      const host = this.#draft.host(name, group, place);
      if (pairs.length === 0 && hosts.port === undefined) continue;
      const origin = this.#layer(`host ${name}`);
      const entries = pairs.map(
        ({ key, keyPlace, text, place: at }): MapEntry => ({ key, keyPlace, value: this.#value(text, origin, at) }),
      );
      if (hosts.port !== undefined)
        entries.unshift({ key: "ansible_port", keyPlace: place, value: dataNode(hosts.port, origin, place) });
      host.vars.push(mapOf(entries, origin, place));
    }
  }

  #words(line: string): Word[] {
    try {
      const { words, cutAt } = splitWords(line);
      if (cutAt !== undefined) {
        this.#draft.warn(
          new Fault("inventory-ini-comment", "what follows this # is a comment and not part of the value", {
            place: this.#place(cutAt, 1),
            hint: "quote the whole value, or write a space before the comment",
          }),
        );
      }
      return words;
    } catch (error) {
      if (!(error instanceof WordsMistake)) throw error;
      this.#fault("inventory-ini-line", error.message, this.#place(error.column, 1), "close it on the same line");
      return [];
    }
  }

  #names(pattern: Word): { names: string[]; port?: number } | undefined {
    try {
      if (pattern.text === "" || pattern.text.includes("=")) {
        throw new HostNameMistake(
          `"${cut(pattern.text)}" is not a host name`,
          "a line begins with a host; variables of a group belong to a section [group:vars]",
        );
      }
      return readHostNames(pattern.text);
    } catch (error) {
      if (!(error instanceof HostNameMistake)) throw error;
      this.#fault("inventory-host-name", error.message, this.#place(pattern.column, pattern.length), error.hint);
      return undefined;
    }
  }

  #assignment(word: Word): { key: string; keyPlace: Place; text: string; place: Place } | undefined {
    const equals = word.text.indexOf("=");
    if (equals < 1) {
      this.#fault(
        "inventory-ini-line",
        `"${cut(word.text)}" is not key=value`,
        this.#place(word.column, word.length),
        "behind a host stand its variables; quote a value with spaces: key='a b'",
      );
      return undefined;
    }
    const key = word.text.slice(0, equals);
    return {
      key,
      keyPlace: this.#place(word.column, key.length),
      text: word.text.slice(equals + 1),
      place: this.#place(word.column + equals + 1, Math.max(1, word.length - equals - 1)),
    };
  }

  #value(text: string, origin: Origin, place: Place): Node {
    const node = dataNode(readPythonLiteral(text), origin, place);
    // A number keeps how it was written, for a parameter that wants text.
    if (node.kind === "scalar" && typeof node.value === "number") node.raw = text;
    return node;
  }

  #layer(layer: string): Origin {
    return { ...this.#origin, layer };
  }

  #place(column: number, length: number): Place {
    return { file: this.#origin.file, line: this.#line, column, length };
  }

  #fault(
    code: "inventory-ini-section" | "inventory-ini-line" | "inventory-host-name",
    message: string,
    place: Place,
    hint: string,
  ): void {
    this.#draft.fault(new Fault(code, message, { place, hint }));
  }
}

function sectionHint(line: string): string {
  if (!line.includes("]")) return `write ${cut(line)}]`;
  if (/^\[[^\]]*\s[^\]]*\]/.test(line)) return "the name of a group has no spaces";
  if (/^\[[^\]]*:[^\]]*:[^\]]*\]/.test(line))
    return "a section is [group], [group:children] or [group:vars]; an IPv6 address stands without brackets, or with a port behind them";
  return "a section is [group], [group:children] or [group:vars], alone on its line";
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
