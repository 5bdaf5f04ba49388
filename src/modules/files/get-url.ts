import type { Secret } from "../../base/secret.ts";
import { type Shell, sh } from "../../base/shell.ts";
import { creator } from "../../resources/creator.ts";
import { bytesOf, fileContent } from "../../resources/file-content.ts";
import { type ChecksumAlgorithm, checksumAlgorithms, fileChecksum } from "../../resources/file-checksum.ts";
import { file } from "../../resources/file.ts";
import { fileHash } from "../../resources/file-hash.ts";
import { becomes, type Ref } from "../../resources/resource.ts";
import { url as urlRef } from "../../resources/url.ts";
import { arg } from "../args.ts";
import { defineModule, type HostView, type Plan, type See } from "../module.ts";
import { type Attributes, attributeArgs, newState, ownerMistake, ownerNeeds, planAttributes } from "./attributes.ts";
import { blobOf, plainText } from "./blob.ts";
import { asPlan } from "./change.ts";
import { baseName, followLinks, isFolder, parentOf } from "./links.ts";
import { type HostContent, type Part, putAttributes, putFile, whyNotFile } from "./put-file.ts";

export default defineModule({
  name: "get_url",
  summary: "Downloads a file, on the host.",
  notes: `A file that is there is downloaded again only where \`checksum\` says that it is another, or with \`force\`. With \`force\` and no checksum, check downloads, too, to compare.

The host uses curl, wget or OpenBSD's ftp. A \`file://\` URL is a path on the host, and is always compared.`,
  args: {
    url: arg.string("http, https, ftp or file URL.", { required: true }),
    dest: arg.path("Where it is to be; a folder takes the last part of the URL as the name.", { required: true }),
    ...attributeArgs,
    checksum: arg.string(
      "`ALGORITHM:HEX`, or `ALGORITHM:URL` of a file of checksums; md5, sha1, sha224, sha256, sha384, sha512.",
      { default: "" },
    ),
    force: arg.bool("Download also where the file is there.", { default: false }),
    backup: arg.bool("Keep a copy of the old file beside it.", { default: false }),
    timeout: arg.duration("How long the server may be silent.", { default: 10 }),
    headers: arg.map(arg.string("A header."), "Headers of the request."),
    url_username: arg.string("User for the server.", { aliases: ["username"] }),
    url_password: arg.string("Password for the server.", { aliases: ["password"], secret: true }),
    validate_certs: arg.bool("Whether the server's certificate must be valid.", { default: true }),
  },
  validate(args) {
    const mistakes: string[] = [];
    const checksum = args.checksum === undefined ? "" : plainText(args.checksum);
    if (checksum !== "" && readChecksum(checksum) === undefined)
      mistakes.push(`checksum is ALGORITHM:HEX with one of ${checksumAlgorithms.join(", ")}`);
    if (args.url !== undefined && !/^(https?|ftp|file):\/\//i.test(plainText(args.url)))
      mistakes.push("url begins with http://, https://, ftp:// or file://");
    return mistakes;
  },
  examples: [
    {
      title: "A program of a known release",
      yaml: "- get_url:\n    url: https://example.org/app/1.2.0/app-linux-amd64\n    dest: /usr/local/bin/app\n    mode: '0755'\n    checksum: sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
      only: "doc",
    },
  ],
  needs(args) {
    const refs: Ref[] = [file(args.dest), fileHash(args.dest), file(parentOf(args.dest)), creator, ...ownerNeeds(args)];
    const local = localPath(plainText(args.url));
    if (local !== undefined) refs.push(file(local), fileHash(local));
    const checksum = readChecksum(plainText(args.checksum));
    if (checksum?.hex !== undefined && checksum.algorithm !== "sha256")
      refs.push(fileChecksum(args.dest, checksum.algorithm));
    return refs;
  },
  plan(args, see, host): Plan {
    const address = plainText(args.url);
    const noOwner = ownerMistake(args, see);
    if (noOwner !== undefined) return { fail: noOwner };
    let path = args.dest.replace(/(?<=.)\/+$/, "");
    const found = see(file(path));
    if (isFolder(found)) path = `${path === "/" ? "" : path}/${urlName(address)}`;
    else if (args.dest.endsWith("/")) return { fail: `the folder ${path} does not exist` };
    const why = whyNotFile(path, see);
    if (why !== undefined) return { fail: why };
    const given = readChecksum(plainText(args.checksum));
    const hex = given === undefined ? undefined : (given.hex ?? lookUp(given.url ?? "", urlName(address), see));
    if (given !== undefined && hex === undefined)
      return { fail: `no checksum of ${urlName(address)} is found in ${given.url ?? ""}` };
    const checksum = given === undefined || hex === undefined ? undefined : { algorithm: given.algorithm, hex };
    const end = followLinks(path, see);
    // A folder as dest has no name yet to compare with, so there the download decides; as it does with force.
    const right =
      !args.force &&
      end.state.type === "file" &&
      checksum !== undefined &&
      sumOf(end.path, checksum.algorithm, see) === checksum.hex;
    if (right) return asPlan({ ...putAttributes(end.path, args, end.state, host), path: end.path }, path);
    const local = localPath(address);
    if (local !== undefined) return planLocal(local, path, args, checksum, see, host);
    if (end.state.type === "file" && checksum === undefined) {
      const same =
        !args.force ||
        (plainSettings(args) === undefined && see(urlRef(address)).sha256 === see(fileHash(end.path)).sha256);
      if (same) return asPlan({ ...putAttributes(end.path, args, end.state, host), path: end.path }, path);
    }
    return asPlan({ ...download(address, path, args, checksum, see, host), path }, path);
  },
});

interface GetArgs extends Attributes {
  backup: boolean;
  timeout: number;
  headers?: { [name: string]: string | Secret } | undefined;
  url_username?: string | Secret | undefined;
  url_password?: string | Secret | undefined;
  validate_certs: boolean;
}
interface Checksum {
  algorithm: ChecksumAlgorithm;
  hex: string;
}

/** `ALGORITHM:HEX` or `ALGORITHM:URL` taken apart. */
function readChecksum(text: string): { algorithm: ChecksumAlgorithm; hex?: string; url?: string } | undefined {
  const at = text.indexOf(":");
  const algorithm = checksumAlgorithms.find((one) => one === text.slice(0, at).toLowerCase());
  const rest = text.slice(at + 1).trim();
  if (algorithm === undefined) return undefined;
  if (/^(https?|ftp|file):\/\//i.test(rest)) return { algorithm, url: rest };
  const hex = rest.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
  return /^[0-9a-f]+$/.test(hex) ? { algorithm, hex } : undefined;
}

/** The path of a file URL. */
function localPath(address: string): string | undefined {
  if (!/^file:/i.test(address)) return undefined;
  const path = address.replace(/^file:\/\/(localhost)?/i, "").replace(/[?#].*$/, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function urlName(address: string): string {
  const path = address.replace(/^[a-z]+:\/\/[^/?#]*/i, "").replace(/[?#].*$/, "");
  return baseName(path) === "" || !path.includes("/") ? "index.html" : baseName(path);
}

/** The checksum of a name in a file of checksums: GNU's lines, BSD's lines, or nothing but a checksum. */
function lookUp(address: string, name: string, see: See): string | undefined {
  const local = localPath(address);
  const got = local === undefined ? see(urlRef(address)) : undefined;
  const bytes = local === undefined ? Buffer.from(got?.data ?? "", "hex") : bytesOf(see(fileContent(local)));
  const lines = bytes
    .toString("utf8")
    .split(/\r?\n/)
    .filter((line) => line !== "");
  if (lines.length === 1 && /^\s*\S+\s*$/.test(lines[0] ?? "")) return lines[0]?.trim().toLowerCase();
  for (const line of lines) {
    const bsd = /^\w+ ?\((.+)\) ?= (\w+)$/.exec(line);
    if (bsd !== null && bsd[1] === name) return bsd[2]?.toLowerCase();
    const gnu = /^(\w+)\s+\*?(?:\.\/)?(.+)$/.exec(line);
    if (gnu !== null && gnu[2] === name) return gnu[1]?.toLowerCase();
  }
  return undefined;
}

function sumOf(path: string, algorithm: ChecksumAlgorithm, see: See): string | null {
  return algorithm === "sha256" ? see(fileHash(path)).sha256 : see(fileChecksum(path, algorithm)).value;
}

/** A file of the host itself. */
function planLocal(
  local: string,
  path: string,
  args: GetArgs,
  checksum: Checksum | undefined,
  see: See,
  host: HostView,
): Plan {
  const source = followLinks(local, see);
  if (source.state.type !== "file")
    return {
      fail: source.state.type === "absent" ? `${local} does not exist on the host` : `${local} is not a regular file`,
    };
  const { sha256 } = see(fileHash(source.path));
  if (sha256 === null) return { fail: `${local} cannot be read` };
  if (checksum !== undefined) {
    const found = sumOf(source.path, checksum.algorithm, see);
    if (found !== checksum.hex)
      return { fail: `${local} has the ${checksum.algorithm} ${found ?? "of nothing"}, not ${checksum.hex}` };
  }
  const end = followLinks(path, see);
  if (end.state.type === "file" && see(fileHash(end.path)).sha256 === sha256)
    return asPlan({ ...putAttributes(end.path, args, end.state, host), path: end.path }, path);
  const content: HostContent = { from: source.path, sha256, size: source.state.size ?? 0 };
  return asPlan({ ...putFile({ path, content, attributes: args, backup: args.backup }, host, see), path }, path);
}

/** Headers and user as curl's configuration, so that they are in no list of arguments. */
function plainSettings(args: GetArgs): string | undefined {
  const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&").replace(/[\r\n]/g, " ")}"`;
  const lines = Object.entries(args.headers ?? {}).map(
    ([name, value]) => `header = ${quoted(`${name}: ${plainText(value)}`)}`,
  );
  if (args.url_username !== undefined)
    lines.push(`user = ${quoted(`${plainText(args.url_username)}:${plainText(args.url_password ?? "")}`)}`);
  return lines.length === 0 ? undefined : `${lines.join("\n")}\n`;
}

function download(
  address: string,
  path: string,
  args: GetArgs,
  checksum: Checksum | undefined,
  see: See,
  host: HostView,
): Part {
  const state = see(file(path));
  const base =
    state.type === "file" ? { ...state } : { ...newState(path, "file", host, see), links: 1, real: state.real };
  const plan = planAttributes(path, args, base, host);
  const owner = (what: string, value: string | Secret | undefined): string =>
    plan.differs.some((one) => one.what === what) && value !== undefined ? plainText(value) : "-";
  const settings = plainSettings(args);
  const file_settings: Shell =
    settings === undefined ? sh`${""}` : sh`${{ blob: blobOf(Buffer.from(settings, "utf8"), true) }}`;
  const { size: _size, ...fields } = plan.fields;
  return {
    differs: [
      {
        what: state.type === "file" ? "content" : "state",
        of: path,
        before: state.type === "file" ? `${state.size ?? 0} bytes` : state.type,
        after: `downloaded from ${address}`,
      },
    ],
    apply: [
      ...(args.backup && state.type === "file" ? [sh`file_backup ${path}`] : []),
      sh`file_download ${address} ${path} ${Math.ceil(args.timeout)} ${file_settings} ${args.validate_certs ? "yes" : "no"} ${checksum?.algorithm ?? "-"} ${checksum?.hex ?? "-"}`,
      sh`file_commit ${path} ${plan.fields.mode ?? "0600"} ${owner("owner", args.owner)} ${owner("group", args.group)}`,
    ],
    becomes: [
      becomes(file(path), { ...fields, type: "file" }),
      becomes(
        fileHash(path),
        checksum?.algorithm === "sha256" ? { state: "regular", sha256: checksum.hex } : { state: "regular" },
      ),
      becomes(fileContent(path), {}),
      ...(checksum === undefined || checksum.algorithm === "sha256"
        ? []
        : [becomes(fileChecksum(path, checksum.algorithm), { value: checksum.hex })]),
    ],
    touches:
      state.type === "link"
        ? [{ kind: "file", below: path }]
        : [
            { kind: "file.times", below: path },
            { kind: "file.checksum", below: path },
          ],
  };
}
