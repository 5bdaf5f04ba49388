import { parseYaml } from "../../src/language/yaml.ts";
import { checkArgs } from "../../src/modules/check-args.ts";
import { modules } from "../../src/modules/registry.generated.ts";
import { type GoldenCase, goldenTests } from "./golden.ts";

/** One task's arguments in a file, checked. */
function args(module: string, text: string): GoldenCase {
  const files = { "tasks.yml": `- ${module}: ${text}\n` };
  return {
    files,
    run: () => {
      const list = parseYaml(files["tasks.yml"], { file: "tasks.yml" });
      const task = list.kind === "list" ? list.items[0] : undefined;
      const node = task?.kind === "map" ? task.entries.get(module)?.value : undefined;
      const known = modules.get(module);
      if (node === undefined || known === undefined) throw new Error("no arguments");
      return checkArgs(known, node);
    },
  };
}

describe("errors of arguments", () => {
  goldenTests({
    "unknown-argument": args("file", '{path: /etc/app.key, mod: "0600"}'),
    "missing-argument": args("copy", "{content: hello}"),
    "wrong-argument": args("file", "{path: /etc/app.key, mode: 0644}"),
    "argument-twice": args("file", "{path: /etc/app.key, dest: /etc/other.key}"),
    "argument-conflict": args("command", "uptime"),
  });
});
