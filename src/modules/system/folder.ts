import { type Shell, sh } from "../../base/shell.ts";
import { type FileState, file } from "../../resources/file.ts";
import { becomes } from "../../resources/resource.ts";
import { newState } from "../files/attributes.ts";
import { noPart, type Part } from "../files/put-file.ts";
import type { HostView, See } from "../module.ts";

/** A folder, made where it is not there; one that is there is left alone. Its own folder has to be there. */
export function makeFolder(
  path: string,
  wanted: { mode: string; owner?: string; group?: string },
  host: HostView,
  see: See,
): Part {
  if (see(file(path)).type !== "absent") return noPart;
  const fields: Partial<FileState> = { ...newState(path, "directory", host, see), mode: wanted.mode };
  const apply: Shell[] = [sh`file_new_folder ${path} ${wanted.mode}`];
  if (wanted.owner !== undefined && wanted.group !== undefined) {
    apply.push(sh`file_own ${path} ${wanted.owner} ${wanted.group}`);
    delete fields.uid;
    delete fields.gid;
    Object.assign(fields, { user: wanted.owner, group: wanted.group });
  }
  return {
    differs: [{ what: "state", of: path, before: "absent", after: "directory" }],
    apply,
    becomes: [becomes(file(path), fields)],
    touches: [{ kind: "file.times", below: path.slice(0, path.lastIndexOf("/")) || "/" }],
  };
}
