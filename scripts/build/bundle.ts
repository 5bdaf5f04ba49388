import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { lessSsh2 } from "./less-ssh2.ts";
import { validators } from "./validators.ts";

const root = join(import.meta.dirname, "../..");

/** Bundles the program into one CommonJS file; answers which files went into it, and how they import each other. */
export async function bundle(outfile: string): Promise<Metafile> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/provision.ts"],
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    // The launcher compiles the text by itself, where Node has no `import()`: `require` stands in its place.
    supported: { "dynamic-import": false },
    minify: true,
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
    plugins: [validators, lessSsh2],
    metafile: true,
    logLevel: "warning",
  });
  return result.metafile;
}
