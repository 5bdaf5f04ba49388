import { sh } from "../../base/shell.ts";
import type { Value } from "../../base/value.ts";
import { type ArchiveQuestion, archive, archiveWords } from "../../resources/archive.ts";
import { creator } from "../../resources/creator.ts";
import { file } from "../../resources/file.ts";
import { becomes, type Ref } from "../../resources/resource.ts";
import { arg, type LocalFile } from "../args.ts";
import { defineModule, type HostView, type Plan, type See } from "../module.ts";
import { attributeArgs, ownerMistake, ownerNeeds } from "./attributes.ts";
import { ArchiveMistake, readArchive } from "./archive-reader.ts";
import { plainText } from "./blob.ts";
import { asPlan } from "./change.ts";
import { copyFolder, type SourceEntry } from "./copy-folder.ts";
import { followLinks, isFolder } from "./links.ts";

export default defineModule({
  name: "unarchive",
  summary: "Unpacks an archive into a folder.",
  notes: `An archive of the controller (tar, also with gzip or bzip2, or zip) is read here and travels file by file, only what differs: the host needs no tar.

With \`remote_src\` the host unpacks, also xz and zstd, and an http URL as \`src\`. To compare, check unpacks it into a folder for temporary files; say \`creates\` where that is too much.`,
  args: {
    src: arg.sourceOrHost("The archive.", { required: true, hostWhen: "remote_src" }),
    dest: arg.path("The folder; it must be there.", { required: true }),
    ...attributeArgs,
    remote_src: arg.bool("`src` is on the host, or a URL.", { default: false }),
    creates: arg.path("Nothing is done if this path exists."),
    exclude: arg.list(arg.string("A path or pattern."), "What is left out.", { default: [] }),
    include: arg.list(arg.string("A path."), "What alone is taken.", { default: [] }),
    keep_newer: arg.bool("Leave files that are newer than those in the archive.", { default: false }),
    list_files: arg.bool("Register the paths in the archive as `files`.", { default: false }),
    extra_opts: arg.list(
      arg.string("An option."),
      "Options for the host's tar or unzip, with `remote_src`; of a controller's archive only `--strip-components=N`.",
      { default: [] },
    ),
  },
  checkGiven: (given) =>
    given.has("exclude") && given.has("include") ? ["include and exclude exclude each other"] : [],
  examples: [
    {
      title: "A release",
      yaml: "- unarchive: {src: app-1.2.tar.gz, dest: /opt/app, creates: /opt/app/bin/app}",
      only: "doc",
    },
  ],
  needs(args) {
    const refs: Ref[] = [file(args.dest), creator, ...ownerNeeds(args)];
    if (args.creates !== undefined) refs.push(file(args.creates));
    return refs;
  },
  plan(args, see, host): Plan {
    if (args.creates !== undefined && see(file(args.creates)).type !== "absent")
      return { result: { dest: args.dest, msg: `${args.creates} exists` } };
    const folder = see(file(args.dest));
    const dest = args.dest.replace(/(?<=.)\/+$/, "");
    if (!isFolder(folder))
      return { fail: folder.type === "absent" ? `the folder ${dest} does not exist` : `${dest} is not a folder` };
    const noOwner = ownerMistake(args, see);
    if (noOwner !== undefined) return { fail: noOwner };
    const list = (given: readonly unknown[]): string[] => given.map((one) => plainText(one as string));
    const how: Unpacking = {
      dest: followLinks(dest, see).path,
      keepNewer: args.keep_newer,
      mode: args.mode,
      owner: args.owner === undefined ? undefined : plainText(args.owner),
      group: args.group === undefined ? undefined : plainText(args.group),
      exclude: list(args.exclude),
      include: list(args.include),
      options: list(args.extra_opts),
      listFiles: args.list_files,
    };
    const { src } = args;
    if (src.kind === "host") return planOnHost(src.path, how, see);
    if (src.kind === "folder") return { fail: `${src.name} is a folder, not an archive` };
    return planFromHere(src, how, see, host);
  },
});

interface Unpacking {
  dest: string;
  keepNewer: boolean;
  mode: string | undefined;
  owner: string | undefined;
  group: string | undefined;
  exclude: string[];
  include: string[];
  options: string[];
  listFiles: boolean;
}

function planOnHost(source: string, how: Unpacking, see: See): Plan {
  if (!source.includes("://")) {
    const end = followLinks(source, see);
    if (end.state.type !== "file")
      return {
        fail: end.state.type === "absent" ? `${source} does not exist on the host` : `${source} is not a regular file`,
      };
    if (end.state.size === 0) return { fail: `${source} is empty` };
  }
  const asked: ArchiveQuestion = {
    ...how,
    source,
    mode: how.mode ?? "-",
    owner: how.owner ?? "-",
    group: how.group ?? "-",
  };
  const ref = archive(asked);
  const found = see(ref);
  const lines = (hex: string | null): string[] =>
    hex === null
      ? []
      : Buffer.from(hex, "hex")
          .toString("utf8")
          .split("\n")
          .filter((line) => line !== "");
  if (found.state === "bad") return { fail: `${source} cannot be unpacked: ${lines(found.text).slice(-3).join("; ")}` };
  if (found.state === "empty") return { fail: `nothing is unpacked of ${source}` };
  const names = lines(found.names).map((name) => name.replace(/^\.\//, ""));
  const result: { [key: string]: Value } = { dest: how.dest, src: source, ...(how.listFiles ? { files: names } : {}) };
  if (found.state === "same") return { result };
  const differing = lines(found.text);
  return {
    result,
    change: {
      differs: differing
        .slice(0, 20)
        .map((name) => ({ what: "content", of: `${how.dest}/${name}`, before: null, after: `as in ${source}` })),
      apply: sh`archive_apply ${archiveWords(asked)}`,
      becomes: [becomes(ref, { state: "same", text: null })],
      touches: [{ kind: "file", below: how.dest }],
    },
  };
}

/** An archive of the controller: a folder's content to copy. */
function planFromHere(source: LocalFile, how: Unpacking, see: See, host: HostView): Plan {
  let entries: SourceEntry[];
  try {
    const strip = how.options.map((option) => /^--strip(?:-components)?=(\d+)$/.exec(option)?.[1]);
    const unknown = how.options.find((_, index) => strip[index] === undefined);
    if (unknown !== undefined)
      return { fail: `the option ${unknown} is only for an archive on the host (remote_src: true)` };
    entries = wanted(readArchive(source), how, Number(strip.at(-1) ?? 0));
  } catch (error) {
    if (error instanceof ArchiveMistake) return { fail: `${source.name} cannot be unpacked: ${error.message}` };
    throw error;
  }
  for (const path of how.include) {
    if (!entries.some((entry) => entry.path === path.replace(/\/$/, ""))) return { fail: `the archive has no ${path}` };
  }
  if (entries.length === 0) return { fail: `nothing is unpacked of ${source.name}` };
  const looked = how.keepNewer
    ? entries.filter((entry) => entry.type !== "file" || see(file(`${how.dest}/${entry.path}`)).type === "absent")
    : entries;
  const attributes = { mode: how.mode ?? "preserve", owner: how.owner, group: how.group };
  const part = copyFolder(
    {
      entries: looked,
      into: how.dest,
      attributes,
      directoryMode: how.mode,
      force: true,
      backup: false,
      follow: false,
      validate: undefined,
    },
    see,
    host,
  );
  const plan = asPlan(part, how.dest);
  if (plan.fail !== undefined || !how.listFiles) return plan;
  return {
    ...plan,
    result: {
      ...plan.result,
      files: entries.map((entry) => (entry.type === "folder" ? `${entry.path}/` : entry.path)),
    },
  };
}

function wanted(entries: readonly SourceEntry[], how: Unpacking, strip: number): SourceEntry[] {
  const inside = (path: string, pattern: string): boolean => path === pattern || path.startsWith(`${pattern}/`);
  const patterns = how.exclude.map((pattern) => glob(pattern.replace(/\/$/, "")));
  return entries.flatMap((entry): SourceEntry[] => {
    if (patterns.some((pattern) => pattern.test(entry.path))) return [];
    if (how.include.length > 0 && !how.include.some((path) => inside(entry.path, path.replace(/\/$/, "")))) return [];
    const path = entry.path.split("/").slice(strip).join("/");
    return path === "" ? [] : [{ ...entry, path }];
  });
}

/** A pattern with `*`, `?` and `[…]`, of a path, its end behind a slash, or a folder it is in. */
function glob(pattern: string): RegExp {
  const source = pattern.replace(/\[!?[^\]]*\]|[*?]|[.+^${}()|\\[\]]/g, (found) => {
    if (found === "*") return ".*";
    if (found === "?") return ".";
    return found.length > 1 ? found.replace("[!", "[^") : `\\${found}`;
  });
  return new RegExp(`(?:^|/)${source}(?:/|$)`, "s");
}
