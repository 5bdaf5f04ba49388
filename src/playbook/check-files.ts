import { dirname } from "node:path";
import { Fault } from "../errors/fault.ts";
import { compileTemplate } from "../language/text.ts";
import type { ArgSpec } from "../modules/args.ts";
import { isFolder, readText, shownPath } from "./document.ts";
import { literalText } from "./form.ts";
import { findLocalPath, localCandidates } from "./local-path.ts";
import { caught, joined, type Uses } from "./name-uses.ts";
import type { Step } from "./tree.ts";

const templates = new Map<string, Uses>();

/** Files and templates that the arguments of a step name in plain text: whether they are there, and what templates use. */
export function checkLocalFiles(step: Step): Uses {
  return joined(Object.entries(step.module.args).map(([name, spec]) => checkArgument(step, name, spec)));
}

function checkArgument(step: Step, name: string, spec: ArgSpec): Uses {
  if (spec.kind !== "source" && spec.kind !== "template") return { paths: [], faults: [] };
  const node = [name, ...(spec.aliases ?? [])]
    .map((key) => step.args.entries.get(key)?.value)
    .find((value) => value !== undefined);
  const text = literalText(node);
  if (node === undefined || text === undefined || text === "" || isOnHost(step, spec)) return { paths: [], faults: [] };
  const inner = spec.kind === "template" ? "templates" : "files";
  const path = findLocalPath(text, step.searchPath, inner);
  if (path === undefined) {
    const looked = [
      ...new Set(localCandidates(text, step.searchPath, inner).map((candidate) => shownPath(dirname(candidate)))),
    ].join(", ");
    return {
      paths: [],
      faults: [
        new Fault("missing-file", `there is no ${spec.kind === "template" ? "template" : "file"} ${text}`, {
          place: node.place,
          hint: `looked in ${looked}`,
        }),
      ],
    };
  }
  if (spec.kind !== "template") return { paths: [], faults: [] };
  if (!isFolder(path)) return templateUses(path);
  const hint = "name one file in it; a loop over names takes several";
  return {
    paths: [],
    faults: [new Fault("missing-file", `${text} is a folder, not a template`, { place: node.place, hint })],
  };
}

/** With `remote_src: true` the file is one of the host; where that is computed, nobody knows yet. */
function isOnHost(step: Step, spec: ArgSpec): boolean {
  const node = spec.hostWhen === undefined ? undefined : step.args.entries.get(spec.hostWhen)?.value;
  return node !== undefined && !(node.kind === "scalar" && (node.value === false || node.value === null));
}

function templateUses(path: string): Uses {
  let uses = templates.get(path);
  if (uses === undefined) {
    uses = caught(() => compileTemplate(readText(path, { what: "template" }), shownPath(path)).names);
    templates.set(path, uses);
  }
  return uses;
}
