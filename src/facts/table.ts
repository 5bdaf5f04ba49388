/** How a fact looks; `FactTypes` of the schema says it in TypeScript. */
export type FactType =
  | "string"
  | "number"
  | "boolean"
  | "list of strings"
  | "list of mounts"
  | "map of interfaces"
  | "list of routes";

/** Facts that are read together, by one function on the host. */
export type FactGroup =
  | "os"
  | "init"
  | "memory"
  | "cpus"
  | "mounts"
  | "network"
  | "ssh"
  | "hostname"
  | "machine"
  | "cgroup"
  | "virtualisation"
  | "lsm"
  | "time_sync"
  | "user";

/** One line of the table. */
export interface FactRow {
  /** Name below `facts`. */
  name: string;
  type: FactType;
  /** The groups it is made from. */
  groups: readonly FactGroup[];
  description: string;
  /** As YAML. */
  example: string;
}

/** Every fact: the only source of the type `Facts`, the names in expressions and the page of the documentation. */
export const factTable = [
  {
    name: "os.family",
    type: "string",
    groups: ["os"],
    description:
      "Family of distributions: `debian`, `redhat`, `alpine`, `arch`, `suse`, `openbsd`, else the distribution.",
    example: "debian",
  },
  {
    name: "os.distribution",
    type: "string",
    groups: ["os"],
    description:
      "The distribution, as `ID` of os-release names it: `debian`, `ubuntu`, `raspbian`, `fedora`, `rocky`, `alpine`, `openbsd`.",
    example: "ubuntu",
  },
  {
    name: "os.name",
    type: "string",
    groups: ["os"],
    description: "The name for people.",
    example: "Debian GNU/Linux 13 (trixie)",
  },
  { name: "os.version", type: "string", groups: ["os"], description: "The version, as text.", example: '"24.04"' },
  {
    name: "os.major_version",
    type: "string",
    groups: ["os"],
    description: "The version up to its first dot.",
    example: '"24"',
  },
  {
    name: "os.codename",
    type: "string",
    groups: ["os"],
    description: "The code name of the version.",
    example: "trixie",
  },
  {
    name: "os.system",
    type: "string",
    groups: ["os"],
    description: "The system, as `uname -s` says it.",
    example: "Linux",
  },
  {
    name: "os.kernel",
    type: "string",
    groups: ["os"],
    description: "The release of the running kernel.",
    example: "6.12.9-amd64",
  },
  {
    name: "os.arch",
    type: "string",
    groups: ["os"],
    description:
      "What programs have to be built for: `amd64`, `arm64`, `armhf`, `i386`, `riscv64`…; `armhf` too for a 32-bit system on a 64-bit kernel.",
    example: "arm64",
  },
  {
    name: "os.machine",
    type: "string",
    groups: ["os"],
    description: "The machine, as `uname -m` says it.",
    example: "aarch64",
  },
  {
    name: "init",
    type: "string",
    groups: ["init"],
    description: "Who runs services: `systemd`, `openrc`, `rcctl`, `sysv` or `none`.",
    example: "systemd",
  },
  {
    name: "package_manager",
    type: "string",
    groups: ["init"],
    description: "Who installs packages: `apt`, `apk`, `dnf`, `yum`, `zypper`, `pacman`, `pkg_add` or `none`.",
    example: "apt",
  },
  { name: "memory.total_mb", type: "number", groups: ["memory"], description: "Memory, in MiB.", example: "3792" },
  {
    name: "memory.free_mb",
    type: "number",
    groups: ["memory"],
    description: "Memory that programs could still have, in MiB.",
    example: "2210",
  },
  {
    name: "memory.swap_total_mb",
    type: "number",
    groups: ["memory"],
    description: "Swap space, in MiB; 0 for none.",
    example: "0",
  },
  { name: "cpus", type: "number", groups: ["cpus"], description: "Processors that are switched on.", example: "4" },
  {
    name: "mounts",
    type: "list of mounts",
    groups: ["mounts"],
    description: "Mounted file systems: `path`, `source`, `type`, `options`.",
    example: "[{path: /, source: /dev/sda1, type: ext4, options: [rw, relatime]}]",
  },
  {
    name: "interfaces",
    type: "map of interfaces",
    groups: ["network"],
    description: "Network interfaces by name: `ipv4` and `ipv6` (addresses with prefix length), `mac`, `mtu`, `up`.",
    example: '{eth0: {ipv4: [192.168.1.11/24], ipv6: ["fe80::1/64"], mac: "dc:a6:32:00:00:01", mtu: 1500, up: true}}',
  },
  {
    name: "routes",
    type: "list of routes",
    groups: ["network"],
    description: "Routes of the main table: `family`, `destination`, `gateway`, `interface`.",
    example: "[{family: ipv4, destination: default, gateway: 192.168.1.1, interface: eth0}]",
  },
  {
    name: "default_ipv4.interface",
    type: "string",
    groups: ["network"],
    description: "Where the default route leads out.",
    example: "eth0",
  },
  {
    name: "default_ipv4.address",
    type: "string",
    groups: ["network"],
    description: "The host's address on that interface.",
    example: "192.168.1.11",
  },
  {
    name: "default_ipv4.gateway",
    type: "string",
    groups: ["network"],
    description: "The gateway of the default route.",
    example: "192.168.1.1",
  },
  {
    name: "default_ipv6.interface",
    type: "string",
    groups: ["network"],
    description: "Where the default route leads out.",
    example: "eth0",
  },
  {
    name: "default_ipv6.address",
    type: "string",
    groups: ["network"],
    description: "The host's global address on that interface.",
    example: '"2001:db8::11"',
  },
  {
    name: "default_ipv6.gateway",
    type: "string",
    groups: ["network"],
    description: "The gateway of the default route.",
    example: '"fe80::1"',
  },
  {
    name: "ssh.interface",
    type: "string",
    groups: ["ssh", "network"],
    description: "The interface that the SSH session came in by; what is done to it may cut the connection.",
    example: "tailscale0",
  },
  {
    name: "ssh.address",
    type: "string",
    groups: ["ssh"],
    description: "The host's address in the SSH session.",
    example: "100.64.0.11",
  },
  {
    name: "ssh.client",
    type: "string",
    groups: ["ssh"],
    description: "The other end of the SSH session.",
    example: "100.64.0.2",
  },
  {
    name: "hostname",
    type: "string",
    groups: ["hostname"],
    description: "The name of the running kernel.",
    example: "pi-1",
  },
  {
    name: "fqdn",
    type: "string",
    groups: ["hostname"],
    description: "The name with its domain, from the name itself or /etc/hosts; DNS is not asked.",
    example: "pi-1.example.net",
  },
  {
    name: "machine_id",
    type: "string",
    groups: ["machine"],
    description: "What is in /etc/machine-id.",
    example: "f3b1c2d4e5f60718293a4b5c6d7e8f90",
  },
  {
    name: "boot_id",
    type: "string",
    groups: ["machine"],
    description: "Another text after each boot.",
    example: "0b7e5e1c-3f55-4b52-8f0e-0d7f0a2b9c11",
  },
  {
    name: "cgroup.version",
    type: "number",
    groups: ["cgroup"],
    description: "2 for the unified hierarchy, 1 for the old or the mixed one.",
    example: "2",
  },
  {
    name: "cgroup.controllers",
    type: "list of strings",
    groups: ["cgroup"],
    description: "Controllers at the root.",
    example: "[cpuset, cpu, io, memory, pids]",
  },
  {
    name: "virtualisation",
    type: "string",
    groups: ["virtualisation"],
    description:
      "What the host runs in: `none`, `kvm`, `qemu`, `vmware`, `oracle`, `microsoft`, `xen`, `lxc`, `docker`, `podman`, `systemd-nspawn` or another word of systemd-detect-virt.",
    example: "kvm",
  },
  {
    name: "lsm.selinux",
    type: "string",
    groups: ["lsm"],
    description: "`enforcing`, `permissive` or `disabled`.",
    example: "disabled",
  },
  {
    name: "lsm.apparmor",
    type: "boolean",
    groups: ["lsm"],
    description: "Whether AppArmor is switched on.",
    example: "true",
  },
  {
    name: "time_sync.service",
    type: "string",
    groups: ["time_sync"],
    description: "The service that keeps the clock: `systemd-timesyncd`, `chrony`, `chronyd`, `ntpd` and others.",
    example: "chrony",
  },
  {
    name: "time_sync.synchronised",
    type: "boolean",
    groups: ["time_sync"],
    description: "Whether the clock is in step.",
    example: "true",
  },
  { name: "user", type: "string", groups: ["user"], description: "Whom the session belongs to.", example: "root" },
  { name: "umask", type: "string", groups: ["user"], description: "The umask of the session.", example: '"0022"' },
] as const satisfies readonly FactRow[];
