import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { registryFile } from "../../scripts/generate/registry.ts";

describe("generated registry of modules", () => {
  it("holds every file with a default export below an area, and nothing else", () => {
    const root = mkdtempSync(join(tmpdir(), "provision-registry-"));
    const files = {
      "files/copy.ts": "export default defineModule({});\n",
      "files/set-mode.ts": "export default defineModule({});\n",
      "files/set_mode.ts": "export default defineModule({});\n",
      "files/helper.ts": "export const x = 1; // export default\n",
      "module.ts": "export default 1;\n",
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, "src/modules", path)), { recursive: true });
      writeFileSync(join(root, "src/modules", path), text);
    }
    const text = registryFile(root).get("src/modules/registry.generated.ts") ?? "";
    const imports = text.split("\n").filter((line) => line.startsWith("import ") && !line.includes("type"));
    assert.deepEqual(imports, [
      'import filesCopy from "./files/copy.ts";',
      'import filesSetMode from "./files/set-mode.ts";',
      'import filesSet_mode from "./files/set_mode.ts";',
    ]);
    rmSync(root, { recursive: true, force: true });
  });
});
