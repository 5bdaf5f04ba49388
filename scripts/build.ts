/** Bundles the program into one file, dist/provision.cjs, and beside it what this version of Node compiles it to. */
import { chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./build/bundle.ts";
import { wrapBundle } from "./build/launcher.ts";
import { recordCode } from "./build/record.ts";

const outfile = join(import.meta.dirname, "../dist/provision.cjs");
await bundle(outfile);
const cache = wrapBundle(outfile);
chmodSync(outfile, 0o755);
console.log(`dist/provision.cjs  ${Math.round(statSync(outfile).size / 1024)} KiB`);
await recordCode(outfile, cache);
console.log(`compiled for ${process.version}  ${Math.round(statSync(cache).size / 1024)} KiB`);
