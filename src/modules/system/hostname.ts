import { sh } from "../../base/shell.ts";
import { hostname } from "../../resources/hostname.ts";
import { becomes } from "../../resources/resource.ts";
import { arg } from "../args.ts";
import { defineModule, type Difference, type Plan } from "../module.ts";
import { noSecrets, plain } from "./words.ts";

export default defineModule({
  name: "hostname",
  summary: "Set the name of the host, now and at boot.",
  notes:
    "Entries of /etc/hosts are not its affair. `facts.hostname` and `facts.fqdn` are read again by steps that use them after it.",
  args: { name: arg.string("The name, with or without a domain.", { required: true }) },
  bare: "name",
  validate(args) {
    const mistakes = noSecrets(args, ["name"]);
    if (typeof args.name === "string" && !isHostname(args.name)) {
      mistakes.push(
        `"${args.name}" is no host name: letters, digits and \`-\`, parts of at most 63 joined by dots, at most 64 in all`,
      );
    }
    return mistakes;
  },
  examples: [{ title: "A node of a cluster", yaml: "- hostname: {name: pi-1}", only: "doc" }],
  needs: () => [hostname()],
  plan(args, see): Plan {
    const name = plain(args.name);
    const now = see(hostname());
    const differs: Difference[] = [];
    if (now.running !== name) differs.push({ what: "hostname", before: now.running, after: name });
    if (now.boot !== name) differs.push({ what: "hostname at boot", before: now.boot, after: name });
    if (differs.length === 0) return {};
    return {
      change: {
        differs,
        apply: sh`hostname_set ${name}`,
        becomes: [becomes(hostname(), { running: name, boot: name })],
        touches: [
          { kind: "file", below: "/etc/hostname" },
          { kind: "file", below: "/etc/myname" },
          { kind: "kernel_param", below: "kernel/hostname" },
        ],
      },
    };
  },
});

/** RFC 1123, and what the kernel holds. */
function isHostname(name: string): boolean {
  return (
    name.length <= 64 && name.split(".").every((part) => /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(part))
  );
}
