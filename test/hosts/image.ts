import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const RECIPE = new URL("image.sh", import.meta.url);

/** The root file system for hosts of a Debian release: built once, kept by the hash of its recipe. */
export function imageOf(suite: "bookworm" | "trixie"): string {
  const recipe = createHash("sha256").update(readFileSync(RECIPE)).digest("hex").slice(0, 12);
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "provision-tests");
  const folder = join(cache, `${suite}-${recipe}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  process.stderr.write(`building the ${suite} image for test hosts, once: a minute or two\n`);
  execFileSync("sh", [RECIPE.pathname, suite, mirror(), folder], {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: 900_000,
  });
  return folder;
}

/** The Debian mirror that this machine's own apt uses. */
function mirror(): string {
  const targets = execFileSync("apt-get", ["indextargets", "--format", "$(SITE) $(REPO_URI) $(ORIGIN) $(LABEL)"], {
    encoding: "utf8",
  });
  const own = targets
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .find((uri) => uri.endsWith("/debian/") || uri.endsWith("/debian"));
  if (own === undefined) throw new Error("this machine's apt names no Debian mirror: run `apt-get update` first");
  return own;
}
