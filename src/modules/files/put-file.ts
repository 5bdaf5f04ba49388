import { Secret } from "../../base/secret.ts";
import { type Blob, type Shell, sh } from "../../base/shell.ts";
import { Unknown } from "../../base/value.ts";
import { bytesOf, contentLimit, fileContent } from "../../resources/file-content.ts";
import { fileHash } from "../../resources/file-hash.ts";
import { type FileState, file } from "../../resources/file.ts";
import { becomes, type Prediction, type Ref, type Touch } from "../../resources/resource.ts";
import type { Difference, HostView, See } from "../module.ts";
import { type Attributes, newState, planAttributes } from "./attributes.ts";
import { describeBytes, describeHash, plainText, shownLimit } from "./blob.ts";
import { isFolder, parentOf } from "./links.ts";
import { validation } from "./validation.ts";

/** A part of a change: several make one. */
export interface Part {
  differs: Difference[];
  apply: Shell[];
  becomes: Prediction[];
  touches: Touch[];
}

export const noPart: Part = { differs: [], apply: [], becomes: [], touches: [] };

/** What is there with predictions laid over it, more and more of them. */
export function overlay(see: See): { see: See; lay(predictions: readonly Prediction[]): void } {
  const laid = new Map<string, object>();
  const keyOf = (ref: Ref): string => `${ref.kind.kind} ${ref.key}`;
  return {
    see: <V extends object>(ref: Ref<V>): V => (laid.get(keyOf(ref)) as V | undefined) ?? see(ref),
    lay(predictions) {
      for (const { ref, fields } of predictions) laid.set(keyOf(ref), fields);
    },
  };
}

/** Several parts as one. What the last one says of a resource is what it will show. */
export function joinParts(parts: readonly Part[]): Part {
  const predictions = new Map<string, Prediction>();
  for (const prediction of parts.flatMap((part) => part.becomes))
    predictions.set(`${prediction.ref.kind.kind} ${prediction.ref.key}`, prediction);
  return {
    differs: parts.flatMap((part) => part.differs),
    apply: parts.flatMap((part) => part.apply),
    becomes: [...predictions.values()],
    touches: parts.flatMap((part) => part.touches),
  };
}

/** Content that lies on the host already. */
export interface HostContent {
  /** A regular file. */
  from: string;
  sha256: string;
  size: number;
}

export interface NewContent {
  path: string;
  content: Blob | HostContent;
  attributes: Attributes;
  validate?: string | Secret | undefined;
  backup?: boolean | undefined;
  /** The content as it is now, where the caller has it. */
  before?: Buffer | undefined;
}

/** Why a regular file cannot be put at a path; undefined when it can. A link at the path is replaced, not followed. */
export function whyNotFile(path: string, see: See): string | undefined {
  const state = see(file(path));
  if (state.type === "denied") return `${path} cannot be looked at: a folder above it is closed to this user`;
  if (state.type === "directory") return `${path} is a folder`;
  if (state.type !== "file" && state.type !== "link" && state.type !== "absent")
    return `${path} is not a regular file (${state.type})`;
  if (state.type === "absent") return whyNoFolder(path, see);
  return undefined;
}

/** Why nothing can be made at a path: the folder is missing or is none. */
export function whyNoFolder(path: string, see: See): string | undefined {
  const folder = parentOf(path);
  const state = see(file(folder));
  if (isFolder(state)) return undefined;
  if (state.type === "absent" || (state.type === "link" && state.leads === "absent"))
    return `the folder ${folder} does not exist`;
  return `${folder} is not a folder`;
}

/**
 * Brings a path to be a regular file with the given bytes. Nothing in it where that is so. A link at the path is
 * replaced: callers that follow links pass the path they end at. To be asked only after `whyNotFile`.
 */
export function putFile(wanted: NewContent, host: HostView, see: See): Part {
  const { path, content } = wanted;
  const state = see(file(path));
  if (state.type === "file" && see(fileHash(path)).sha256 === content.sha256)
    return putAttributes(path, wanted.attributes, state, host);
  const base: Partial<FileState> =
    state.type === "file" ? { ...state } : { ...newState(path, "file", host, see), links: 1, real: state.real };
  const { fields, differs: attributeDiffers } = planAttributes(path, wanted.attributes, base, host);
  const differs: Difference[] = [];
  if (state.type !== "file") differs.push({ what: "state", of: path, before: state.type, after: "file" });
  differs.push(contentDifference(wanted, state, see));
  if (state.type === "file") differs.push(...attributeDiffers);
  const owner = attributeDiffers.some((one) => one.what === "owner") ? plainText(wanted.attributes.owner ?? "-") : "-";
  const group = attributeDiffers.some((one) => one.what === "group") ? plainText(wanted.attributes.group ?? "-") : "-";
  const apply = [
    ...(wanted.backup === true && (state.type === "file" || state.leads === "file") ? [sh`file_backup ${path}`] : []),
    stage(content, path),
    ...validation(wanted.validate),
    sh`file_commit ${path} ${fields.mode ?? "0600"} ${owner} ${group}`,
  ];
  const touches: Touch[] =
    state.type === "link"
      ? [{ kind: "file", below: path }]
      : [
          { kind: "file.times", below: path },
          { kind: "file.checksum", below: path },
        ];
  return {
    differs,
    apply,
    becomes: [becomes(file(path), { ...fields, type: "file", size: content.size }), ...contentBecomes(path, content)],
    touches,
  };
}

/** Texts up to this many bytes travel in the program itself. */
const inlineLimit = 4096;

/** Puts the bytes beside their place. A short plain text needs neither a file of its own nor a process on the host. */
function stage(content: Blob | HostContent, path: string): Shell {
  if ("from" in content) return sh`file_stage ${content.from} ${path}`;
  if (!content.secret && content.size <= inlineLimit) {
    const text = content.bytes().toString("latin1");
    if (/^[\t\n\x20-\x7e]*$/.test(text)) return sh`file_stage_text ${text} ${path}`;
  }
  return sh`file_stage ${{ blob: content }} ${path}`;
}

/** The attributes alone, of a path that is there. */
export function putAttributes(path: string, wanted: Attributes, state: FileState, host: HostView): Part {
  const plan = planAttributes(path, wanted, { ...state }, host);
  if (plan.differs.length === 0) return noPart;
  return { differs: plan.differs, apply: plan.apply, becomes: [becomes(file(path), plan.fields)], touches: [] };
}

/** What the aspects of content show once these bytes are there. */
export function contentBecomes(path: string, content: Blob | HostContent): Prediction[] {
  const hash = becomes(fileHash(path), { state: "regular", sha256: content.sha256 });
  if ("from" in content) return [hash, becomes(fileContent(path), {})];
  const large = content.size > contentLimit;
  const fields = {
    state: large ? ("large" as const) : ("regular" as const),
    // Made only when a later step looks: the bytes may be many.
    get data() {
      return large || content.size === 0 ? null : content.bytes().toString("hex");
    },
  };
  return [hash, becomes(fileContent(path), fields)];
}

/** The aspects of content of a path that is no regular file. */
export function noContentBecomes(path: string): Prediction[] {
  return [
    becomes(fileHash(path), { state: "none", sha256: null }),
    becomes(fileContent(path), { state: "none", data: null }),
  ];
}

function contentDifference(wanted: NewContent, state: FileState, see: See): Difference {
  const { path, content } = wanted;
  if ("secret" in content && content.secret)
    return { what: "content", of: path, before: new Secret(""), after: new Secret("") };
  const before =
    state.type === "file"
      ? wanted.before === undefined
        ? readBefore(path, state, see)
        : describeBytes(wanted.before)
      : { value: "", text: true };
  const after =
    "from" in content || content.size > shownLimit
      ? { value: describeHash(content.sha256, content.size), text: false }
      : describeBytes(content.bytes());
  if (before?.text === true && after.text)
    return { what: "content", of: path, before: before.value, after: after.value, text: true };
  const old = before?.text === true ? `${state.size ?? 0} bytes` : (before?.value ?? null);
  return {
    what: "content",
    of: path,
    before: state.type === "file" ? old : null,
    after: after.text ? `${content.size} bytes` : after.value,
  };
}

/** The content as it is, for the difference; undefined where it is large or not known. */
function readBefore(path: string, state: FileState, see: See): { value: string; text: boolean } | undefined {
  try {
    if (state.size === null || state.size > shownLimit) return undefined;
    const content = see(fileContent(path));
    return content.state === "regular" ? describeBytes(bytesOf(content)) : undefined;
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}
