import type { FactGroup, Facts, InterfaceFact, RouteFact } from "./schema.ts";

/** Lines as the host printed them, by group. A group that was not read leaves its facts null. */
export type FactLines = { readonly [Group in FactGroup]?: string };

type Words = readonly (string | null)[];

/** The typed facts from what the host printed. Never fails: what cannot be read is null. */
export function parseFacts(lines: FactLines): Facts {
  const network = parseNetwork(lines.network);
  const ssh = words(lines.ssh).map((address) => address?.replace(/^::ffff:(?=\d+\.)/, "").replace(/%.*/, "") ?? null);
  const [init = null, manager = null] = words(lines.init);
  const [total = null, free = null, swap = null] = words(lines.memory);
  const [name = null, fqdn = null] = words(lines.hostname);
  const [machineId = null, bootId = null] = words(lines.machine);
  const [version = null, controllers = null] = words(lines.cgroup);
  const [selinux = null, apparmor = null] = words(lines.lsm);
  const [service = null, synchronised = null] = words(lines.time_sync);
  const [user = null, umask = null] = words(lines.user);
  return {
    os: parseSystem(lines.os),
    init,
    package_manager: manager,
    memory: { total_mb: number(total), free_mb: number(free), swap_total_mb: number(swap) },
    cpus: countProcessors(words(lines.cpus)[0] ?? null),
    mounts: parseMounts(lines.mounts),
    interfaces: network.interfaces,
    routes: network.routes,
    default_ipv4: network.defaults.ipv4,
    default_ipv6: network.defaults.ipv6,
    ssh: {
      client: ssh[0] ?? null,
      address: ssh[1] ?? null,
      interface: interfaceOf(ssh[1] ?? null, network.interfaces),
    },
    hostname: name,
    fqdn,
    machine_id: machineId,
    boot_id: bootId,
    cgroup: { version: number(version), controllers: controllers?.split(",") ?? [] },
    virtualisation: words(lines.virtualisation)[0] ?? null,
    lsm: { selinux, apparmor: flag(apparmor) },
    time_sync: { service, synchronised: flag(synchronised) },
    user,
    umask: umask === null ? null : umask.padStart(4, "0"),
  };
}

function words(line: string | undefined): Words {
  return (line ?? "")
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => (word === "-" ? null : word));
}

function number(word: string | null): number | null {
  return word !== null && /^\d+$/.test(word) ? Number(word) : null;
}

function flag(word: string | null): boolean | null {
  return word === null ? null : word === "yes";
}

/** Distributions that do not name their family, or name it otherwise. */
const families: Readonly<Record<string, string>> = {
  debian: "debian",
  ubuntu: "debian",
  raspbian: "debian",
  alpine: "alpine",
  postmarketos: "alpine",
  fedora: "redhat",
  rhel: "redhat",
  centos: "redhat",
  rocky: "redhat",
  almalinux: "redhat",
  amzn: "redhat",
  ol: "redhat",
  arch: "arch",
  archarm: "arch",
  manjaro: "arch",
  suse: "suse",
  opensuse: "suse",
  sles: "suse",
  openbsd: "openbsd",
};

const architectures: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  amd64: "amd64",
  aarch64: "arm64",
  arm64: "arm64",
  armv6l: "armhf",
  armv7l: "armhf",
  armv8l: "armhf",
  armv7: "armhf",
  i386: "i386",
  i486: "i386",
  i586: "i386",
  i686: "i386",
};

function parseSystem(line: string | undefined): Facts["os"] {
  const [
    system = null,
    kernel = null,
    machine = null,
    bits = null,
    id = null,
    like = null,
    version = null,
    codename = null,
    ...name
  ] = words(line);
  const distribution = id?.toLowerCase() ?? system?.toLowerCase() ?? null;
  const candidates = [...(distribution === null ? [] : [distribution]), ...(like?.split(",") ?? [])];
  const known = candidates.map((word) => families[word.replace(/-.*/, "")]).find((word) => word !== undefined);
  const arch = machine === null ? null : (architectures[machine] ?? machine);
  const text = name.map((word) => word ?? "-").join(" ");
  return {
    family: known ?? distribution,
    distribution,
    name:
      text === "" || text === "-"
        ? system !== null && version !== null
          ? `${system} ${version}`
          : distribution
        : text,
    version,
    major_version: version?.split(".")[0] ?? null,
    codename,
    system,
    kernel,
    arch: arch === "arm64" && bits === "32" ? "armhf" : arch,
    machine,
  };
}

/** `0-3,6` is five processors. */
function countProcessors(list: string | null): number | null {
  if (list === null || !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list)) return null;
  let count = 0;
  for (const part of list.split(",")) {
    const [from = 0, to = from] = part.split("-").map(Number);
    count += to - from + 1;
  }
  return count;
}

function parseMounts(line: string | undefined): Facts["mounts"] {
  const all = words(line).map((word) =>
    (word ?? "-").replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
  );
  const mounts: Facts["mounts"] = [];
  for (let at = 0; at + 3 < all.length; at += 4) {
    const [source = "", path = "", type = "", options = ""] = all.slice(at, at + 4);
    mounts.push({ path, source, type, options: options.split(",") });
  }
  return mounts;
}

interface Network {
  interfaces: { [name: string]: InterfaceFact };
  routes: RouteFact[];
  defaults: Record<"ipv4" | "ipv6", { interface: string | null; address: string | null; gateway: string | null }>;
}

/** Records of the network: `i NAME UP MTU MAC`, `a NAME FAMILY ADDRESS`, `r FAMILY DESTINATION GATEWAY INTERFACE SOURCE`. */
function parseNetwork(line: string | undefined): Network {
  const interfaces = new Map<string, InterfaceFact>();
  const of = (name: string): InterfaceFact => {
    const known = interfaces.get(name) ?? { ipv4: [], ipv6: [], mac: null, mtu: null, up: false };
    interfaces.set(name, known);
    return known;
  };
  const routes: (RouteFact & { source: string | null })[] = [];
  const all = words(line);
  let at = 0;
  while (at < all.length) {
    const [kind, first, second = null, third = null, fourth = null, fifth = null] = all.slice(at, at + 6);
    if (kind === "i" && first) {
      Object.assign(of(first), { up: second === "yes", mtu: number(third), mac: fourth });
      at += 5;
    } else if (kind === "a" && first && third !== null) {
      of(first)[second === "ipv6" ? "ipv6" : "ipv4"].push(withPrefix(third));
      at += 4;
    } else if (kind === "r") {
      if (second !== null && !isReject(second)) {
        const gateway = third?.replace(/%.*/, "") ?? null;
        const isAddress = gateway !== null && /[.:]/.test(gateway) && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(gateway);
        const destination = second === "0.0.0.0/0" || second === "::/0" ? "default" : second;
        routes.push({
          family: first === "ipv6" ? "ipv6" : "ipv4",
          destination,
          gateway: isAddress ? gateway : null,
          interface: fourth,
          source: fifth,
        });
      }
      at += 6;
    } else at += 1;
  }
  const found = Object.fromEntries([...interfaces].sort(([a], [b]) => (a < b ? -1 : 1)));
  const defaultOf = (family: "ipv4" | "ipv6"): Network["defaults"]["ipv4"] => {
    const route = routes.find((one) => one.family === family && one.destination === "default");
    if (route === undefined) return { interface: null, address: null, gateway: null };
    const own = route.interface === null ? [] : (found[route.interface]?.[family] ?? []);
    const global = own.find((address) => !/^fe80:/i.test(address))?.replace(/\/.*/, "");
    return { interface: route.interface, address: route.source ?? global ?? null, gateway: route.gateway };
  };
  const defaults = { ipv4: defaultOf("ipv4"), ipv6: defaultOf("ipv6") };
  return { interfaces: found, routes: routes.map(({ source: _, ...route }) => route), defaults };
}

function isReject(destination: string): boolean {
  return destination.startsWith("Destination") || destination.startsWith("Internet");
}

/** `192.0.2.1/0xffffff00`, as BSD writes it, and `/255.255.255.0`, with the length of the prefix. */
function withPrefix(address: string): string {
  const [host = "", mask = ""] = address.split("/");
  if (/^\d+$/.test(mask)) return address;
  const bits = /^0x[0-9a-f]+$/i.test(mask)
    ? BigInt(mask).toString(2)
    : mask
        .split(".")
        .map((part) => Number(part).toString(2))
        .join("");
  return `${host}/${bits.replaceAll("0", "").length}`;
}

function interfaceOf(address: string | null, interfaces: { [name: string]: InterfaceFact }): string | null {
  if (address === null) return null;
  const has = (one: InterfaceFact): boolean =>
    [...one.ipv4, ...one.ipv6].some((own) => own.replace(/\/.*/, "") === address);
  return Object.entries(interfaces).find(([, one]) => has(one))?.[0] ?? null;
}
