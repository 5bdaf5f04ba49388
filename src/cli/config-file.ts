import { resolve } from "node:path";
import { Fault } from "../errors/fault.ts";
import type { Node } from "../language/node.ts";
import type { Project } from "../playbook/project.ts";
import type { FileSetting, Given } from "./settings.ts";

/** Settings that are paths: relative to the folder of provision.yml. */
const PATHS = ["inventory", "playbook"];

/** The entries of provision.yml by option name. Throws `Fault` for a value that no option can have. */
export function fileSettings(project: Project): Map<string, FileSetting> {
  const settings = new Map<string, FileSetting>();
  for (const { key, value } of project.config?.entries.values() ?? []) {
    const name = key.replaceAll("_", "-");
    const given = settingOf(value, key);
    if (given !== undefined)
      settings.set(name, { value: PATHS.includes(name) ? absolute(given, project.folder) : given, place: value.place });
  }
  return settings;
}

function settingOf(node: Node, key: string): Given | undefined {
  if (node.kind === "list") return node.items.map((item) => textOf(item, key));
  if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
  if (node.kind === "scalar" && node.value === null) return undefined;
  if (node.kind === "map") return [...node.entries.values()].map((entry) => `${entry.key}=${textOf(entry.value, key)}`);
  return textOf(node, key);
}

function textOf(node: Node, key: string): string {
  if (node.kind === "scalar" && node.value !== null) return typeof node.value === "string" ? node.value : node.raw;
  throw new Fault("bad-option", `${key} of provision.yml has to be plain text`, { place: node.place });
}

function absolute(given: Given, folder: string): Given {
  const path = (text: string): string => (text.includes(",") ? text : resolve(folder, text));
  if (typeof given === "string") return path(given);
  return typeof given === "object" ? given.map(path) : given;
}
