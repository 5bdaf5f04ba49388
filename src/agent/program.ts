import { type Blob, quote } from "../base/shell.ts";
import { AgentError } from "./agent-error.ts";
import type { BatchItem, CompareGroup, ReadGroup } from "./wire.ts";

/** Longest list of keys of one call of a reader, in bytes of shell text. */
const CALL_BYTES = 64 * 1024;

/** The shell functions a group needs, as text for the agent. */
export function readerDefinition(group: ReadGroup): string {
  return `${group.functions ?? ""}\n${functionName(group.kind)}() {\n${group.reader}\n}\n`;
}

/** Calls of the readers of a read request: `p_g GROUP OFFSET USER TEXT`. */
export function readProgram(groups: readonly ReadGroup[]): string {
  return groups.flatMap((group, index) => calls("p_g", group, index)).join("\n");
}

/** The program of a batch, and the blobs it needs. `own` is the user of the channel. */
export function batchProgram(items: readonly BatchItem[], own: string): { text: string; blobs: Blob[] } {
  const blobs = new Map<string, Blob>();
  const lines = items.map((item) => {
    if (item.do === "compare") return compareText(item.id, item.groups);
    const mine = item.command?.stdin === undefined ? item.blobs : [...item.blobs, item.command.stdin];
    for (const blob of mine) {
      const known = blobs.get(blob.sha256);
      if (known === undefined || (blob.secret && !known.secret)) blobs.set(blob.sha256, blob);
    }
    return runText(item, own);
  });
  const all = [...blobs.values()];
  const secrets = all.filter((blob) => blob.secret).map((blob) => blob.sha256);
  return { text: [`P_SECRETS=${quote(secrets.join(" "))}`, ...lines, "p_finish done"].join("\n"), blobs: all };
}

function runText(item: Extract<BatchItem, { do: "run" }>, own: string): string {
  const user = item.user === own ? undefined : item.user;
  if (item.command !== undefined) {
    const { chdir, environment = {}, stdin } = item.command;
    const lines = ["p_login"];
    if (chdir !== undefined) lines.push(`cd -- ${quote(chdir)} || exit 1`);
    for (const [name, value] of Object.entries(environment)) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        throw new AgentError("protocol", `${JSON.stringify(name)} is no name of an environment variable`);
      lines.push(`export ${name}=${quoteAlways(value)}`);
    }
    lines.push(`eval ${quoteAlways(item.shell)}`);
    const seconds = item.seconds === undefined ? "" : String(Math.max(1, Math.ceil(item.seconds)));
    const words = [
      quoteAlways(userName(user)),
      quoteAlways(seconds),
      quoteAlways(stdin?.sha256 ?? ""),
      quoteAlways(lines.join("\n")),
    ];
    return `p_command ${item.id} ${words.join(" ")}`;
  }
  if (user === undefined) return `p_run ${item.id} ${quoteAlways(item.shell)}`;
  const text = `set -eu\neval ${quoteAlways(item.shell)}`;
  return ["p_run_as", item.id, userName(user), quoteAlways(text), ...item.blobs.map((blob) => blob.sha256)].join(" ");
}

/** Readers again, then each line against its pattern by `case`: no process but the readers. */
function compareText(id: number, groups: readonly CompareGroup[]): string {
  const lines = groups.flatMap((group, index) => calls("p_r", group, index));
  groups.forEach((group, index) => {
    group.expected.forEach(({ pattern, not }, key) => {
      const unwanted = not === undefined ? "" : `${not}) p_bad=1 ;; `;
      lines.push(`case \${p_v_${index}_${key}-} in ${unwanted}${pattern}) ;; *) p_bad=1 ;; esac`);
    });
  });
  const fresh = groups.map((group, index) => `p_fresh ${index} ${group.keys.length}`);
  // A line that did not come would match `*`.
  const count = groups.reduce((sum, group) => sum + group.keys.length, 0);
  lines.push(`[ -z "$p_bad" ] && [ "$p_lines" -ge ${count} ] || { ${fresh.join("; ")}; exit 1; }`);
  return `p_compare ${id} ${quoteAlways(lines.join("\n"))}`;
}

/** Calls of one reader, cut so that no command line it makes grows too long. */
function calls(name: string, group: ReadGroup, index: number): string[] {
  const result: string[] = [];
  let words: string[] = [];
  let bytes = 0;
  let offset = 0;
  const flush = (): void => {
    if (words.length === 0) return;
    const text = `${functionName(group.kind)} ${words.join(" ")}`;
    result.push(`${name} ${index} ${offset} ${quoteAlways(userName(group.user))} ${quoteAlways(text)}`);
    offset += words.length;
    words = [];
    bytes = 0;
  };
  for (const key of group.keys) {
    const word = quoteAlways(key);
    const size = Buffer.byteLength(word) + 1;
    if (bytes + size > CALL_BYTES) flush();
    words.push(word);
    bytes += size;
  }
  flush();
  return result;
}

function functionName(kind: string): string {
  if (!/^[a-z][a-z0-9_.-]*$/.test(kind))
    throw new AgentError("protocol", `${JSON.stringify(kind)} is no name of a resource kind`);
  return `read_${kind.replaceAll(/[.-]/g, "_")}`;
}

/** A name that can stand anywhere in shell text. Empty: the channel's own user. */
function userName(user: string | undefined): string {
  if (user === undefined) return "";
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/.test(user)) return quote(user);
  throw new AgentError("protocol", `${JSON.stringify(user)} is no user name that steps can run as`);
}

/** Like `quote`, also for the empty text. */
function quoteAlways(word: string): string {
  return word === "" ? "''" : quote(word);
}
