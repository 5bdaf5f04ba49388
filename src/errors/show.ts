import { Fault } from "./fault.ts";
import type { Place } from "./place.ts";
import { cutSnippet, plainText } from "./snippet.ts";
import { makeStyle, type Style } from "./style.ts";

/** How faults are shown. */
export interface ShowOptions {
  /** The text of a file as it is named in places; undefined when it cannot be had. */
  source?: (file: string) => string | undefined;
  color?: boolean;
  /** The first word: `error` unless given. */
  label?: "error" | "warning";
}

/** A fault for people: message and code, place, the line with a caret, what to do, where the value came from. No newline at the end. */
export function showFault(fault: Fault, options: ShowOptions = {}): string {
  const style = makeStyle(options.color ?? false);
  const { place, hint, layer, hosts, related } = fault.details;
  const lines = [
    `${style.error(`${options.label ?? "error"}:`)} ${style.strong(plainText(fault.message))} ${style.frame(`[${fault.code}]`)}`,
  ];
  if (place !== undefined) lines.push(...showPlace(place, style, options));
  if (hint !== undefined) lines.push(`  ${style.hint("hint:")} ${plainText(hint)}`);
  if (layer !== undefined)
    lines.push(`  from ${plainText(layer)}${place === undefined ? "" : `, ${placeText(place, false)}`}`);
  if (hosts !== undefined && hosts.length > 0)
    lines.push(`  ${hosts.length === 1 ? "host" : "hosts"}: ${plainText(hostList(hosts))}`);
  for (const other of related ?? []) {
    lines.push(`  ${plainText(other.text)}:`, ...showPlace(other.place, style, options));
  }
  return lines.join("\n");
}

/** Faults that are shown at once: who has more of them has one cause for many, or a file that is something else. */
const MOST = 100;

/**
 * Faults for people, an empty line between them, in order of files and lines. The same fault over several hosts is shown
 * once, with the hosts; of very many the first ones, with the number of the others. Each file is asked for once.
 */
export function showFaults(faults: readonly Fault[], options: ShowOptions = {}): string {
  const sources = new Map<string, string | undefined>();
  const source = (file: string): string | undefined => {
    if (!sources.has(file)) sources.set(file, options.source?.(file));
    return sources.get(file);
  };
  const all = inOrder(gatherFaults(faults));
  const shown = all.slice(0, MOST).map((fault) => showFault(fault, { ...options, source }));
  if (all.length > MOST) shown.push(`and ${all.length - MOST} more mistakes: correct these first`);
  return shown.join("\n\n");
}

/** One fault for each mistake: those with the same code, message, place and hint become one, with all their hosts. */
export function gatherFaults(faults: readonly Fault[]): Fault[] {
  const gathered = new Map<string, { fault: Fault; hosts: Set<string> }>();
  for (const fault of faults) {
    const { place, hint, layer } = fault.details;
    const key = JSON.stringify([fault.code, fault.message, place?.file, place?.line, place?.column, hint, layer]);
    const same = gathered.get(key) ?? { fault, hosts: new Set<string>() };
    for (const host of fault.details.hosts ?? []) same.hosts.add(host);
    gathered.set(key, same);
  }
  return [...gathered.values()].map(({ fault, hosts }) => {
    if (hosts.size === (fault.details.hosts?.length ?? 0)) return fault;
    return withHosts(fault, [...hosts]);
  });
}

/** The same fault, seen for these hosts. */
export function withHosts(fault: Fault, hosts: string[]): Fault {
  return new Fault(fault.code, fault.message, { ...fault.details, hosts });
}

function inOrder(faults: readonly Fault[]): Fault[] {
  const files = new Map<string, number>();
  for (const { details } of faults) {
    const file = details.place?.file ?? "";
    if (!files.has(file)) files.set(file, files.size);
  }
  const key = ({ details: { place } }: Fault): [number, number, number] => [
    files.get(place?.file ?? "") ?? 0,
    place?.line ?? 0,
    place?.column ?? 0,
  ];
  return faults.toSorted((a, b) => {
    const [fileA, lineA, columnA] = key(a);
    const [fileB, lineB, columnB] = key(b);
    return fileA - fileB || lineA - lineB || columnA - columnB;
  });
}

function showPlace(place: Place, style: Style, options: ShowOptions): string[] {
  const lines = [`  ${style.frame("-->")} ${placeText(place, true)}`];
  const source = options.source?.(place.file);
  const snippet = source === undefined ? undefined : cutSnippet(source, place);
  if (snippet === undefined) return lines;
  const number = String(place.line).padStart(5);
  lines.push(
    `${style.frame(`${number} |`)} ${snippet.line}`.trimEnd(),
    `${style.frame("      |")} ${snippet.indent}${style.error(snippet.caret)}`,
  );
  return lines;
}

function placeText(place: Place, column: boolean): string {
  return plainText(column ? `${place.file}:${place.line}:${place.column}` : `${place.file}:${place.line}`);
}

function hostList(hosts: readonly string[]): string {
  const most = 8;
  if (hosts.length <= most) return hosts.join(", ");
  return `${hosts.slice(0, most).join(", ")} and ${hosts.length - most} more`;
}
