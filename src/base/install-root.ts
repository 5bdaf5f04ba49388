import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The folder this program is installed in: the nearest one at or above the running file whose package.json is named
 * `provision`. Holds `roles/`, `playbooks/` and `package.json`, both in a clone and in an installed package.
 */
export function installRoot(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (packageName(folder) === "provision") return folder;
    if (dirname(folder) === folder)
      throw new Error(`no package.json of provision above ${from}: the installation is incomplete`);
  }
}

function packageName(folder: string): unknown {
  try {
    const content: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return typeof content === "object" && content !== null && "name" in content ? content.name : undefined;
  } catch {
    return undefined;
  }
}
