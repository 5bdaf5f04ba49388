import assert from "node:assert/strict";
import { parseYaml } from "../../src/language/yaml.ts";
import { checkArgs } from "../../src/modules/check-args.ts";
import { modules } from "../../src/modules/registry.generated.ts";

describe("examples of modules", () => {
  for (const module of modules.values()) {
    for (const example of module.examples) {
      it(`${module.name}: ${example.title}`, () => {
        const tasks = parseYaml(example.yaml, { file: `${module.name}.yml` });
        assert.ok(tasks.kind === "list" && tasks.items.length > 0, "a list of tasks");
        for (const task of tasks.items) {
          assert.ok(task.kind === "map", "a task is a map");
          const steps = [...task.entries.values()].filter(({ key }) => modules.has(key));
          assert.equal(steps.length, 1, `one module in ${[...task.entries.keys()].join(", ")}`);
          for (const { key, value } of steps) {
            const used = modules.get(key);
            assert.ok(used);
            assert.deepEqual(
              checkArgs(used, value).map((fault) => `${fault.message} (${fault.details.hint ?? ""})`),
              [],
            );
          }
        }
      });
    }
  }
});
