import type { Value } from "../../base/value.ts";
import { checksumAlgorithms, fileChecksum } from "../../resources/file-checksum.ts";
import { type FileState, file } from "../../resources/file.ts";
import { fileTimes } from "../../resources/file-times.ts";
import type { Ref } from "../../resources/resource.ts";
import { arg } from "../args.ts";
import { defineModule, type Plan, type See } from "../module.ts";
import { followLinks, resolveTarget } from "./links.ts";
import { readMode } from "./mode.ts";

export default defineModule({
  name: "stat",
  summary: "Tells what a path is.",
  notes: "Register it and use `name.stat.exists`, `.isdir`, `.mode`, `.checksum`… It never changes anything.",
  args: {
    path: arg.path("The path.", { required: true, aliases: ["dest", "name"] }),
    follow: arg.bool("Tell what a link leads to, not what the link is.", { default: false }),
    get_checksum: arg.bool("Whether the content of a regular file is hashed.", { default: true }),
    checksum_algorithm: arg.choice(checksumAlgorithms, "How the content is hashed.", {
      default: "sha1",
      aliases: ["checksum", "checksum_algo"],
    }),
  },
  examples: [
    {
      title: "What follows depends on a file",
      yaml: "- stat: {path: /etc/passwd}\n  register: passwd\n- debug: {msg: there}\n  when: passwd.stat.exists",
    },
  ],
  needs(args) {
    const refs: Ref[] = [file(args.path), fileTimes(args.path)];
    if (args.get_checksum) refs.push(fileChecksum(args.path, args.checksum_algorithm));
    return refs;
  },
  plan(args, see): Plan {
    const { path, state } = args.follow
      ? followLinks(args.path, see)
      : { path: args.path, state: see(file(args.path)) };
    if (state.type === "denied")
      return { fail: `${path} cannot be looked at: a folder above it is closed to this user` };
    if (state.type === "absent") return { result: { stat: { exists: false } } };
    const sum =
      args.get_checksum && state.type === "file" ? see(fileChecksum(path, args.checksum_algorithm)).value : null;
    const checksum: { [key: string]: Value } = sum === null ? {} : { checksum: sum };
    return { result: { stat: { ...describe(args.path, path, state, see), ...checksum } } };
  },
});

function describe(asked: string, path: string, state: FileState, see: See): { [key: string]: Value } {
  const mode = readMode(state.mode ?? "0");
  const times = see(fileTimes(path));
  const has = (bit: number): boolean => (mode & bit) !== 0;
  const link =
    state.type === "link"
      ? { lnk_target: state.target, lnk_source: resolveTarget(state.real ?? path, state.target ?? "") }
      : {};
  return {
    exists: true,
    path: asked,
    mode: state.mode,
    isdir: state.type === "directory",
    isreg: state.type === "file",
    islnk: state.type === "link",
    isfifo: state.type === "fifo",
    issock: state.type === "socket",
    isblk: state.type === "block",
    ischr: state.type === "char",
    uid: state.uid,
    gid: state.gid,
    pw_name: state.user,
    gr_name: state.group,
    size: state.size,
    nlink: state.links,
    inode: Number(times.inode?.split(":")[1] ?? 0),
    atime: times.accessed,
    mtime: times.modified,
    isuid: has(0o4000),
    isgid: has(0o2000),
    rusr: has(0o400),
    wusr: has(0o200),
    xusr: has(0o100),
    rgrp: has(0o040),
    wgrp: has(0o020),
    xgrp: has(0o010),
    roth: has(0o004),
    woth: has(0o002),
    xoth: has(0o001),
    ...link,
  };
}
