import { dirname } from "node:path/posix";
import { file, type FileState } from "../../../resources/file.ts";
import { bytesOf, fileContent } from "../../../resources/file-content.ts";
import { fileHash } from "../../../resources/file-hash.ts";
import type { Ref } from "../../../resources/resource.ts";
import { arg } from "../../args.ts";
import type { HostView, See } from "../../module.ts";
import { defineExpectation, Unmet } from "./expectation.ts";
import { checkText, textKeys } from "./text.ts";

export const fileExpectation = defineExpectation({
  doc: "Paths. A link is followed, except with `type: link`.",
  bare: "path",
  keys: {
    path: arg.path("The path.", { required: true }),
    exists: arg.bool("Whether it is there.", { default: true }),
    type: arg.choice(["file", "directory", "link", "fifo", "socket", "block", "char"], "What it is."),
    mode: arg.mode('Permissions, in octal: "0644".'),
    owner: arg.string("Name or number of the owner."),
    group: arg.string("Name or number of the group."),
    sha256: arg.string("Of its content, in hex."),
    ...textKeys,
  },
  validate: ({ mode, sha256 }) => [
    ...(mode !== undefined && !/^[0-7]+$/.test(mode) ? [`mode "${mode}" is compared, so it is written in octal`] : []),
    ...(typeof sha256 === "string" && !/^[0-9a-f]{64}$/i.test(sha256) ? ["sha256 is 64 hex digits"] : []),
  ],
  needs: ({ path, sha256, contains, matches }) => {
    const refs: Ref<never>[] = [file(path) as unknown as Ref<never>];
    if (sha256 !== undefined) refs.push(fileHash(path) as unknown as Ref<never>);
    if (contains !== undefined || matches !== undefined) refs.push(fileContent(path) as unknown as Ref<never>);
    return refs;
  },
  unmet(expected, see, host) {
    const unmet = new Unmet(expected.path);
    const { path, state } =
      expected.type === "link" ? { path: expected.path, state: see(file(expected.path)) } : follow(expected.path, see);
    if (state.type === "denied") return unmet.add(denied(host)).list;
    if (state.type === "absent") return (expected.exists ? unmet.add("expected to exist, found nothing") : unmet).list;
    if (!expected.exists) return unmet.add(`expected nothing, found a ${state.type}`).list;
    unmet.equal("type", expected.type, state.type);
    unmet.equal("mode", expected.mode?.padStart(4, "0"), state.mode);
    unmet.equal(
      "owner",
      name(expected.owner),
      isNumber(expected.owner) ? String(state.uid) : (state.user ?? String(state.uid)),
    );
    unmet.equal(
      "group",
      name(expected.group),
      isNumber(expected.group) ? String(state.gid) : (state.group ?? String(state.gid)),
    );
    if (expected.sha256 !== undefined) {
      const hash = see(fileHash(path));
      if (hash.state === "denied") unmet.add(denied(host));
      else unmet.equal("sha256", String(expected.sha256).toLowerCase(), hash.sha256);
    }
    if (expected.contains === undefined && expected.matches === undefined) return unmet.list;
    const content = see(fileContent(path));
    if (content.state === "denied") unmet.add(denied(host));
    else if (content.state === "large") unmet.add("expected a text to look into, found more than 10 MiB");
    else if (content.state === "none") unmet.add(`expected a file to look into, found a ${state.type}`);
    else checkText(unmet, "it", bytesOf(content).toString("utf8"), expected);
    return unmet.list;
  },
});

/** What is at the end of a chain of links, and its path. */
function follow(start: string, see: See): { path: string; state: FileState } {
  let path = start;
  for (let links = 0; links < 20; links += 1) {
    const state = see(file(path));
    if (state.type !== "link" || state.target === null) return { path, state };
    path = state.target.startsWith("/") ? state.target : `${dirname(state.real ?? path)}/${state.target}`;
  }
  return { path, state: see(file(path)) };
}

export function denied(host: HostView): string {
  return `cannot be looked at: permission denied to ${host.user}; give the task become: true`;
}

function isNumber(text: string | object | undefined): boolean {
  return typeof text === "string" && /^\d+$/.test(text);
}

function name(text: string | object | undefined): string | undefined {
  return text === undefined ? undefined : String(text);
}
