import { joinShell, sh } from "../../base/shell.ts";
import { Secret } from "../../base/secret.ts";
import type { Value } from "../../base/value.ts";
import { blobOf } from "../../base/blob.ts";
import { bytesOf, fileContent } from "../../resources/file-content.ts";
import { fileHash } from "../../resources/file-hash.ts";
import { file } from "../../resources/file.ts";
import { kernelParam, paramName, paramPath } from "../../resources/kernel-param.ts";
import { becomes } from "../../resources/resource.ts";
import { arg } from "../args.ts";
import { joinParts, noPart, type Part, putFile, whyNotFile } from "../files/put-file.ts";
import { defineModule, type HostView, type Plan, type See } from "../module.ts";
import { makeFolder } from "./folder.ts";
import { noSecrets, plain } from "./words.ts";

const ownFile = "/etc/sysctl.d/99-provision.conf";
/** The only file that OpenBSD reads. */
const bsdFile = "/etc/sysctl.conf";
const bsdParam = "kern.ostype";

export default defineModule({
  name: "sysctl",
  summary: "Set a kernel parameter now and at boot.",
  notes: `The line is kept in \`${ownFile}\`, on OpenBSD in \`${bsdFile}\`: newer systems do not read /etc/sysctl.conf at boot any more.
An existing line of that file is changed in its place. A parameter that the kernel does not have fails the step; its module may have to be loaded first.

\`state: absent\` removes the line and leaves the running kernel alone: what the value was before nobody knows.`,
  args: {
    name: arg.string(
      "The parameter: `net.ipv4.ip_forward`, or `net.ipv4.conf.eth0/100.forwarding` where a part has a dot.",
      { required: true, aliases: ["key"] },
    ),
    value: arg.any("Its value; a number need not be quoted.", { aliases: ["val"] }),
    state: arg.choice(["present", "absent"], "Whether the line is in the file.", { default: "present" }),
    sysctl_file: arg.path("The file that is read at boot."),
    reload: arg.bool("Set the running kernel too. Only with this and `sysctl_set` false is the file all there is.", {
      default: true,
    }),
    sysctl_set: arg.bool("Set the running kernel too.", { default: false }),
    ignoreerrors: arg.bool("Write the file even where the kernel has no such parameter.", {
      default: false,
      aliases: ["ignore_errors"],
    }),
  },
  checkGiven: (given) => (given.has("value") || given.has("state") ? [] : ["`value` is missing"]),
  validate(args) {
    const mistakes = noSecrets(args, ["name", "value"]);
    if (typeof args.name === "string" && !/^[A-Za-z0-9_][^\s=#;]*$/.test(args.name))
      mistakes.push(`"${args.name}" is no name of a kernel parameter`);
    if (typeof args.name === "string" && paramPath(args.name).split("/").includes(".."))
      mistakes.push(`"${args.name}" is no name of a kernel parameter`);
    if (args.value !== undefined && valueText(args.value) === undefined)
      mistakes.push("`value` has to be a text or a number of one line");
    return mistakes;
  },
  examples: [
    { title: "A router", yaml: "- sysctl: {name: net.ipv4.ip_forward, value: 1}", only: "doc" },
    {
      title: "Only at boot, in a file of its own",
      yaml: "- sysctl: {name: vm.swappiness, value: 10, sysctl_file: /etc/sysctl.d/60-swap.conf, reload: false}",
      only: "doc",
    },
  ],
  needs(args) {
    const path = args.sysctl_file ?? ownFile;
    const known = args.sysctl_file === undefined ? [kernelParam(bsdParam)] : [];
    const folder = path.slice(0, path.lastIndexOf("/")) || "/";
    return [kernelParam(plain(args.name)), ...known, file(path), fileHash(path), fileContent(path), file(folder)];
  },
  plan(args, see, host): Plan {
    const name = plain(args.name);
    const key = paramPath(name);
    const path = args.sysctl_file ?? (see(kernelParam(bsdParam)).state === "set" ? bsdFile : ownFile);
    const value = args.state === "absent" ? undefined : valueText(args.value ?? null);
    if (args.state === "present" && value === undefined) return { fail: "`value` is missing" };
    const warnings: string[] = [];
    let runtime: Part = noPart;
    if (value !== undefined && (args.reload || args.sysctl_set)) {
      const now = see(kernelParam(name));
      if (now.state !== "set" && !args.ignoreerrors) {
        return {
          fail:
            now.state === "denied"
              ? `kernel parameter ${name} cannot be read by this user`
              : `the kernel has no parameter ${name}; does a module have to be loaded first?`,
        };
      }
      if (now.state !== "set") warnings.push(`the kernel has no parameter ${name}: only ${path} is written`);
      else if (now.value !== value) {
        runtime = {
          differs: [{ what: "value", of: name, before: now.value, after: value }],
          apply: [sh`kernel_param_set ${key} ${value}`],
          becomes: [becomes(kernelParam(name), { state: "set", value })],
          touches: neighbours(key),
        };
      }
    }
    const fail = value === undefined || see(file(path)).type !== "absent" ? whyNotFile(path, see) : undefined;
    if (value !== undefined && fail !== undefined) return { fail };
    const part = joinParts([editFile(path, key, value, host, see), runtime]);
    const said = warnings.length > 0 ? { warnings } : {};
    if (part.differs.length === 0) return said;
    return {
      ...said,
      change: { differs: part.differs, apply: joinShell(part.apply), becomes: part.becomes, touches: part.touches },
    };
  },
});

/** The line in the file that is read at boot. */
function editFile(path: string, key: string, value: string | undefined, host: HostView, see: See): Part {
  const there = see(file(path)).type === "file";
  if (!there && value === undefined) return noPart;
  const before = there ? bytesOf(see(fileContent(path))) : Buffer.alloc(0);
  const text = before.toString("latin1");
  const after = editText(text, key, value);
  if (there && after === text) return noPart;
  const folder = makeFolder(path.slice(0, path.lastIndexOf("/")), { mode: "0755" }, host, see);
  const attributes = there ? {} : { mode: "0644" };
  return joinParts([
    folder,
    putFile({ path, content: blobOf(Buffer.from(after, "latin1")), attributes, before }, host, see),
  ]);
}

/** The text with one line for `key` (a path below /proc/sys) that sets `value`, or with none. Other lines stay byte for byte. */
export function editText(text: string, key: string, value: string | undefined): string {
  const lines = text.split(/(?<=\n)/);
  const kept: string[] = [];
  let done = false;
  for (const line of lines) {
    const match = /^\s*-?([^\s#;=][^\s=]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1] === undefined || paramPath(match[1]) !== key) {
      kept.push(line);
      continue;
    }
    // A second line for the same parameter would win at boot.
    if (value === undefined || done) continue;
    done = true;
    kept.push(words(match[2] ?? "") === value ? line : `${paramName(key)} = ${value}\n`);
  }
  if (value === undefined || done) return kept.join("");
  const rest = kept.join("");
  return `${rest}${rest === "" || rest.endsWith("\n") ? "" : "\n"}${paramName(key)} = ${value}\n`;
}

/** A value as the kernel shows it: single spaces between words. */
function words(text: string): string {
  return text.trim().split(/\s+/).join(" ");
}

function valueText(value: Value): string | undefined {
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  const text = value instanceof Secret ? plain(value) : value;
  return typeof text === "string" && text.trim() !== "" && !text.includes("\n") ? words(text) : undefined;
}

/** Parameters that follow another one: forwarding of all interfaces, and what `all` and `default` hand on. */
function neighbours(key: string): { kind: string; below: string }[] {
  if (key === "net/ipv4/ip_forward") return [{ kind: "kernel_param", below: "net/ipv4/conf" }];
  const shared = /^(net\/ipv[46]\/(?:conf|neigh))\/(?:all|default)\//.exec(key);
  if (shared?.[1] === undefined) return [];
  const forward =
    key === "net/ipv4/conf/all/forwarding" ? [{ kind: "kernel_param", below: "net/ipv4/ip_forward" }] : [];
  return [{ kind: "kernel_param", below: shared[1] }, ...forward];
}
