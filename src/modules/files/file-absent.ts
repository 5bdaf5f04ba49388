import { sh } from "../../base/shell.ts";
import { absentFile, file } from "../../resources/file.ts";
import { becomes } from "../../resources/resource.ts";
import type { See } from "../module.ts";
import type { FilePlan } from "./file.ts";
import { noContentBecomes, noPart } from "./put-file.ts";

/** `state: absent`: nothing is at the path. A link is removed, not what it leads to. */
export function planAbsent(path: string, see: See): FilePlan {
  const found = see(file(path));
  if (found.type === "absent") return { ...noPart, path };
  if (/^\/+$/.test(path)) return { fail: "the root folder is never removed" };
  return {
    path,
    differs: [{ what: "state", of: path, before: found.type, after: "absent" }],
    apply: [found.type === "directory" ? sh`rm -rf ${path}` : sh`rm -f ${path}`],
    becomes: [becomes(file(path), { ...absentFile, real: found.real }), ...noContentBecomes(path)],
    touches: [{ kind: "file", below: path }],
  };
}
