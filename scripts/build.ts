/** Bundles the program into one file, dist/provision.cjs. */
import { chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./build/bundle.ts";

const outfile = join(import.meta.dirname, "../dist/provision.cjs");
await bundle(outfile);
chmodSync(outfile, 0o755);
console.log(`dist/provision.cjs  ${Math.round(statSync(outfile).size / 1024)} KiB`);
