import { isIPv6 } from "node:net";

/** Hosts that one line or key may stand for. */
const MAX_HOSTS = 100_000;
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Why a host name, range or port cannot be read; the caller knows the place. */
export class HostNameMistake extends Error {
  override name = "HostNameMistake";
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/**
 * The hosts that a name of an inventory stands for, in order, and the port written behind it: `web[01:10]`,
 * `h[1:2]-[a:b]`, `n[0:20:5]`, `h1:2222`, `[2001:db8::1]:22`. Throws HostNameMistake.
 */
export function readHostNames(text: string): { names: string[]; port?: number } {
  const { name, port } = splitPort(text);
  const names = name.includes("[") && !isIPv6(name) ? expandRanges(name) : [name];
  return port === undefined ? { names } : { names, port };
}

function splitPort(text: string): { name: string; port?: number } {
  const bracketed = /^\[(.+)\]:(\d+)$/.exec(text);
  if (bracketed?.[1]?.includes(":") && bracketed[1].lastIndexOf("[") <= bracketed[1].lastIndexOf("]"))
    return { name: bracketed[1], port: readPort(bracketed[2] ?? "") };
  const plain = /^((?:[^:[\]]|\[[^\]]*\])+):(\d+)$/.exec(text);
  if (plain?.[1] !== undefined) return { name: plain[1], port: readPort(plain[2] ?? "") };
  if (text.startsWith("[") && text.endsWith("]") && isIPv6(text.slice(1, -1))) return { name: text.slice(1, -1) };
  if (text.endsWith(":") && !isIPv6(text)) {
    throw new HostNameMistake(
      `the host name "${cut(text)}" ends in a colon`,
      "write a port behind the colon, or leave the colon out",
    );
  }
  return { name: text };
}

function readPort(text: string): number {
  const port = Number(text);
  if (port < 1 || port > 65535)
    throw new HostNameMistake(`${cut(text)} is not a port`, "a port is a number from 1 to 65535");
  return port;
}

function expandRanges(pattern: string): string[] {
  let names = [""];
  let rest = pattern;
  for (;;) {
    const open = rest.indexOf("[");
    const head = open < 0 ? rest : rest.slice(0, open);
    if (head.includes("]"))
      throw new HostNameMistake(`"]" closes nothing in "${cut(pattern)}"`, "a range is written web[01:10]");
    if (open < 0) return head === "" ? names : names.map((name) => name + head);
    const close = rest.indexOf("]", open);
    if (close < 0)
      throw new HostNameMistake(
        `"[" is never closed in "${cut(pattern)}"`,
        "a range is written web[01:10], a section header stands alone on its line: [web]",
      );
    const values = readRange(rest.slice(open + 1, close), MAX_HOSTS / names.length);
    names = names.flatMap((name) => values.map((value) => name + head + value));
    rest = rest.slice(close + 1);
  }
}

function readRange(range: string, limit: number): string[] {
  const parts = range.split(":");
  const [begin = "", end = "", step = "1"] = parts;
  const by = Number(step);
  if (parts.length < 2 || parts.length > 3 || end === "" || !/^\d+$/.test(step) || by < 1) {
    throw new HostNameMistake(
      `[${cut(range)}] is not a range`,
      "write [first:last] or [first:last:step], for example web[01:10]",
    );
  }
  const letters = begin.length === 1 && end.length === 1 ? [LETTERS.indexOf(begin), LETTERS.indexOf(end)] : [-1, -1];
  const [fromLetter = -1, toLetter = -1] = letters;
  if (fromLetter >= 0 && toLetter >= 0)
    return count(fromLetter, toLetter, by, range, limit).map((at) => LETTERS.charAt(at));
  const first = begin === "" ? "0" : begin;
  if (!/^\d{1,15}$/.test(first) || !/^\d{1,15}$/.test(end)) {
    throw new HostNameMistake(
      `[${cut(range)}] is not a range`,
      "a range runs from number to number or from letter to letter",
    );
  }
  const width = first.length > 1 && first.startsWith("0") ? first.length : 0;
  if (width > 0 && width !== end.length) {
    throw new HostNameMistake(
      `the ends of [${cut(range)}] have different lengths`,
      `with leading zeros both have the same length: [${first.padStart(end.length, "0")}:${end.padStart(width, "0")}]`,
    );
  }
  return count(Number(first), Number(end), by, range, limit).map((value) => String(value).padStart(width, "0"));
}

function count(from: number, to: number, step: number, range: string, limit: number): number[] {
  if (from > to) throw new HostNameMistake(`the range [${cut(range)}] runs backwards`, "write the smaller end first");
  const length = Math.floor((to - from) / step) + 1;
  if (length > limit)
    throw new HostNameMistake(
      `the range [${cut(range)}] stands for too many hosts`,
      `one name may stand for at most ${MAX_HOSTS} hosts`,
    );
  return Array.from({ length }, (_, index) => from + index * step);
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
