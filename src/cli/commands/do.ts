import { nearest } from "../../base/nearest.ts";
import { Fault } from "../../errors/fault.ts";
import type { ArgSpec } from "../../modules/args.ts";
import type { Module } from "../../modules/module.ts";
import type { Command, Input } from "../command.ts";
import { CONNECTION, DIFF, EXIT_ZERO, INVENTORY } from "../options.ts";
import { askFirst, asksFirst } from "../ask-first.ts";
import { execute, exitCodeOf, limitOf, load } from "../project-run.ts";
import { inventorySources } from "../sources.ts";

export const doModule: Command = {
  name: "do",
  summary: "Do one step on hosts: a module with its arguments.",
  inventory: "option",
  arguments: [
    { name: "PATTERN", summary: "Which hosts.", required: true },
    { name: "MODULE", summary: "The module: see `provision doc`.", required: true },
    { name: "ARGUMENT", summary: "NAME=VALUE; a value that starts with [ or { is JSON.", many: true },
  ],
  options: [
    { name: "check", short: "C", standing: false, summary: "Change nothing, say what would change." },
    { name: "yes", short: "y", summary: "Do not ask before changes." },
    { name: "become", short: "b", standing: false, summary: "As root." },
    ...INVENTORY,
    ...CONNECTION,
    DIFF,
    EXIT_ZERO,
  ],
  notes: `Examples
  provision do web package name=htop
  provision do all file path=/etc/nologin state=absent -b -C`,
  run,
};

async function run(input: Input): Promise<number> {
  const { settings, io, args, rest } = input;
  const [pattern = "", name = ""] = args;
  const { modules } = await import("../../modules/registry.generated.ts");
  const module = modules.get(name);
  if (module === undefined) {
    const near = nearest(name, modules.keys());
    throw new Fault("unknown-module", `there is no module "${name}"`, {
      hint: near === undefined ? "`provision doc` lists them" : `did you mean ${near}?`,
    });
  }
  const play = [
    {
      name: `do ${name}`,
      hosts: pattern,
      become: settings.flag("become") === true,
      tasks: [{ name, [name]: argumentsOf(module, rest) }],
    },
  ];
  const asked = {
    folder: io.cwd,
    sources: inventorySources([], settings, io),
    playbook: { text: JSON.stringify(play, null, 1) },
    extraVars: [...settings.list("extra-vars")],
    limit: limitOf(settings) ?? null,
    tags: [],
    skipTags: [],
    role: null,
  };
  const prepared = { ...(await load(asked)), asked, input };
  const mode = settings.flag("check") === true ? "check" : "apply";
  if (mode === "apply" && asksFirst(input)) {
    const answer = await askFirst(prepared);
    if (answer !== undefined) return answer;
  }
  return exitCodeOf(await execute(prepared, mode), mode, input);
}

/** `NAME=VALUE` words as arguments, read by the argument's kind; words without `=` are the module's bare argument. */
export function argumentsOf(module: Module, words: readonly string[]): unknown {
  const pairs = words.map((word) => /^([a-z_][a-z0-9_]*)=(.*)$/s.exec(word));
  if (words.length > 0 && pairs.every((pair) => pair === null) && module.bare !== undefined) return words.join(" ");
  const given = pairs.map((pair, index): [string, unknown] => {
    if (pair !== null) return [pair[1] ?? "", readValue(pair[2] ?? "", specOf(module, pair[1] ?? ""))];
    throw new Fault("bad-usage", `"${words[index] ?? ""}" is not NAME=VALUE`, {
      hint: `\`provision doc ${module.name}\` lists the arguments`,
    });
  });
  return Object.fromEntries(given);
}

function specOf(module: Module, name: string): ArgSpec | undefined {
  return module.args[name] ?? Object.values(module.args).find((spec) => spec.aliases?.includes(name) === true);
}

/** Text stays text where the argument takes text, so that `mode=0644` is what it says. */
function readValue(text: string, spec: ArgSpec | undefined): unknown {
  const kind = spec?.kind ?? "any";
  if (["list", "map", "any"].includes(kind) && /^[[{]/.test(text)) return jsonOf(text);
  if ((kind === "bool" || kind === "any") && /^(true|false)$/.test(text)) return text === "true";
  if (["int", "number", "any"].includes(kind) && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return Number(text);
  return text;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
