/** Bundles the program into one file, dist/provision.cjs. */
import { chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const outfile = join(root, "dist/provision.cjs");

await build({
  absWorkingDir: root,
  entryPoints: ["src/cli/provision.ts"],
  outfile,
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  minify: true,
  // Names in stack traces are worth their bytes.
  keepNames: true,
  legalComments: "none",
  banner: { js: "#!/usr/bin/env node" },
  define: {
    "import.meta.dirname": "__dirname",
    "import.meta.filename": "__filename",
    "import.meta.url": "importMetaUrl",
  },
  inject: [join(root, "scripts/build/import-meta-url.js")],
  // ssh2's native helpers are optional: it falls back to its own code.
  external: ["cpu-features", "*.node"],
  logLevel: "warning",
});
chmodSync(outfile, 0o755);
console.log(`dist/provision.cjs  ${Math.round(statSync(outfile).size / 1024)} KiB`);
