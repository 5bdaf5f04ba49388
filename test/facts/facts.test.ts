import assert from "node:assert/strict";
import { parseFacts } from "../../src/facts/parse.ts";
import { factKeys, factNames, type FactGroup, type Facts, factTable } from "../../src/facts/schema.ts";
import { factsKind } from "../../src/resources/facts.ts";
import { parseYaml } from "../../src/language/yaml.ts";
import { readLines } from "../modules/shell-host.ts";
import { type RecordedHost, readRecorded, shells } from "../resources/recorded-host.ts";

function read(groups: readonly FactGroup[], host: RecordedHost): Facts {
  const lines = readRecorded(factsKind, groups, host);
  return parseFacts(Object.fromEntries(groups.map((group, index) => [group, lines[index] ?? ""])));
}

function uname(words: string): Record<string, string> {
  return { uname: `@${words}\n` };
}

const systems: { title: string; host: RecordedHost; os: Partial<Facts["os"]> }[] = [
  {
    title: "Debian",
    host: {
      commands: uname("Linux 6.12.9-amd64 x86_64"),
      files: {
        "/etc/os-release": `PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="13"\nVERSION_CODENAME=trixie\nID=debian\n`,
      },
    },
    os: {
      family: "debian",
      distribution: "debian",
      name: "Debian GNU/Linux 13 (trixie)",
      version: "13",
      major_version: "13",
      codename: "trixie",
      arch: "amd64",
      kernel: "6.12.9-amd64",
      system: "Linux",
    },
  },
  {
    title: "Ubuntu on a Pi",
    host: {
      commands: { ...uname("Linux 6.8.0-raspi aarch64"), getconf: "@64\n" },
      files: {
        "/usr/lib/os-release": `ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nPRETTY_NAME="Ubuntu 24.04.1 LTS"`,
      },
    },
    os: {
      family: "debian",
      distribution: "ubuntu",
      version: "24.04",
      major_version: "24",
      arch: "arm64",
      machine: "aarch64",
    },
  },
  {
    title: "a 32-bit Raspberry Pi OS",
    host: {
      commands: { ...uname("Linux 6.6.31+rpt-rpi-v8 aarch64"), getconf: "@32\n" },
      files: { "/etc/os-release": "ID=raspbian\nID_LIKE=debian\nVERSION_ID='12'\n" },
    },
    os: { family: "debian", distribution: "raspbian", arch: "armhf", version: "12" },
  },
  {
    title: "Alpine",
    host: {
      commands: uname("Linux 6.6.31-0-virt x86_64"),
      files: {
        "/etc/os-release": 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.1\nPRETTY_NAME="Alpine Linux v3.20"\n',
      },
    },
    os: { family: "alpine", version: "3.20.1", major_version: "3", codename: null },
  },
  {
    title: "Rocky",
    host: {
      commands: uname("Linux 5.14.0-427.el9.x86_64 x86_64"),
      files: { "/etc/os-release": 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n' },
    },
    os: { family: "redhat", distribution: "rocky", version: "9.4" },
  },
  {
    title: "openSUSE",
    host: {
      commands: uname("Linux 6.4.0 x86_64"),
      files: { "/etc/os-release": 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\n' },
    },
    os: { family: "suse", distribution: "opensuse-leap" },
  },
  {
    title: "Arch",
    host: {
      commands: uname("Linux 6.9.7-arch1-1 x86_64"),
      files: { "/etc/os-release": 'ID=arch\nPRETTY_NAME="Arch Linux"\n' },
    },
    os: { family: "arch", version: null },
  },
  {
    title: "OpenBSD",
    host: { commands: uname("OpenBSD 7.5 amd64") },
    os: {
      family: "openbsd",
      distribution: "openbsd",
      name: "OpenBSD 7.5",
      version: "7.5",
      major_version: "7",
      arch: "amd64",
    },
  },
  {
    title: "a distribution nobody knows",
    host: { commands: uname("Linux 6.1 riscv64"), files: { "/etc/os-release": "ID=special\nID_LIKE='unheard of'\n" } },
    os: { family: "special", arch: "riscv64" },
  },
];

const ip = `case "$*" in
  addr) cat <<'X'
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000
    link/ether dc:a6:32:00:00:01 brd ff:ff:ff:ff:ff:ff
    inet 192.168.1.11/24 brd 192.168.1.255 scope global dynamic eth0
    inet6 2001:db8::11/64 scope global dynamic mngtmpaddr
    inet6 fe80::1/64 scope link
3: tailscale0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1280 qdisc pfifo_fast state UNKNOWN group default qlen 500
    link/none
    inet 100.64.0.11/32 scope global tailscale0
12: veth1@if2: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default
    link/ether 5e:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff link-netnsid 0
13: ppp0: <POINTOPOINT,MULTICAST,NOARP,UP> mtu 1492 qdisc fq_codel state UNKNOWN
    link/ppp
    inet 203.0.113.7 peer 203.0.113.1/32 scope global ppp0
X
    ;;
  route) cat <<'X'
default via 192.168.1.1 dev eth0 proto dhcp src 192.168.1.11 metric 100
10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink
192.168.1.0/24 dev eth0 proto kernel scope link src 192.168.1.11
unreachable 10.99.0.0/16
X
    ;;
  '-6 route') cat <<'X'
2001:db8::/64 dev eth0 proto kernel metric 256 expires 86397sec pref medium
default via fe80::ff dev eth0 proto ra metric 1024 expires 1797sec hoplimit 64 pref medium
X
    ;;
esac`;

const ifconfig = `@lo0: flags=2008049<UP,LOOPBACK,RUNNING,MULTICAST,LRO> mtu 32768
	index 4 priority 0 llprio 3
	groups: lo
	inet6 ::1 prefixlen 128
	inet6 fe80::1%lo0 prefixlen 64 scopeid 0x4
	inet 127.0.0.1 netmask 0xff000000
em0: flags=808843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST,AUTOCONF4> mtu 1500
	lladdr 52:54:00:12:34:56
	index 1 priority 0 llprio 3
	groups: egress
	media: Ethernet autoselect (1000baseT full-duplex)
	status: active
	inet 192.168.1.1 netmask 0xffffff00 broadcast 192.168.1.255
enc0: flags=0<>
	index 2 priority 0 llprio 3
`;
const netstat = `case "$*" in
  *inet6) printf '%s\\n' 'Routing tables' '' 'Internet6:' 'Destination        Gateway            Flags   Refs      Use   Mtu  Prio Iface' '::1                ::1                UHhl       10       20 32768     1 lo0' ;;
  *) printf '%s\\n' 'Routing tables' '' 'Internet:' 'Destination        Gateway            Flags   Refs      Use   Mtu  Prio Iface' 'default            192.168.1.254      UGS        5      100     -     8 em0' '192.168.1/24       192.168.1.1        UCn        2      200     -     4 em0' ;;
esac`;

describe("facts", () => {
  for (const { title, host, os } of systems) {
    it(`knows ${title}`, () => {
      const facts = read(["os"], host);
      for (const [name, value] of Object.entries(os)) assert.equal(facts.os[name as keyof Facts["os"]], value, name);
    });
  }

  it("reads interfaces, addresses and routes of Linux", () => {
    const facts = read(["network"], { commands: { ip } });
    assert.deepEqual(facts.interfaces, {
      eth0: {
        ipv4: ["192.168.1.11/24"],
        ipv6: ["2001:db8::11/64", "fe80::1/64"],
        mac: "dc:a6:32:00:00:01",
        mtu: 1500,
        up: true,
      },
      lo: { ipv4: ["127.0.0.1/8"], ipv6: [], mac: null, mtu: 65536, up: true },
      ppp0: { ipv4: ["203.0.113.7/32"], ipv6: [], mac: null, mtu: 1492, up: true },
      tailscale0: { ipv4: ["100.64.0.11/32"], ipv6: [], mac: null, mtu: 1280, up: true },
      veth1: { ipv4: [], ipv6: [], mac: "5e:00:00:00:00:02", mtu: 1500, up: false },
    });
    assert.deepEqual(facts.default_ipv4, { interface: "eth0", address: "192.168.1.11", gateway: "192.168.1.1" });
    assert.deepEqual(facts.default_ipv6, { interface: "eth0", address: "2001:db8::11", gateway: "fe80::ff" });
    assert.deepEqual(facts.routes[1], {
      family: "ipv4",
      destination: "10.42.1.0/24",
      gateway: "10.42.1.0",
      interface: "flannel.1",
    });
    assert.equal(facts.routes.length, 5);
  });

  it("reads interfaces and routes of OpenBSD", () => {
    const facts = read(["network"], { commands: { ifconfig, netstat }, noBusybox: true });
    assert.deepEqual(facts.interfaces["em0"], {
      ipv4: ["192.168.1.1/24"],
      ipv6: [],
      mac: "52:54:00:12:34:56",
      mtu: 1500,
      up: true,
    });
    assert.deepEqual(facts.interfaces["lo0"], {
      ipv4: ["127.0.0.1/8"],
      ipv6: ["::1/128", "fe80::1/64"],
      mac: null,
      mtu: 32768,
      up: true,
    });
    assert.equal(facts.interfaces["enc0"]?.up, false);
    assert.deepEqual(facts.default_ipv4, { interface: "em0", address: "192.168.1.1", gateway: "192.168.1.254" });
    assert.equal(facts.default_ipv6.interface, null);
  });

  it("knows the interface of the SSH session", () => {
    process.env.SSH_CONNECTION = "100.64.0.2 50000 100.64.0.11 22";
    try {
      assert.deepEqual(read(["network", "ssh"], { commands: { ip } }).ssh, {
        client: "100.64.0.2",
        address: "100.64.0.11",
        interface: "tailscale0",
      });
    } finally {
      delete process.env.SSH_CONNECTION;
    }
    assert.equal(parseFacts({ ssh: "::ffff:192.168.1.2 ::ffff:192.168.1.11" }).ssh.address, "192.168.1.11");
    assert.deepEqual(parseFacts({ ssh: "- -" }).ssh, { client: null, address: null, interface: null });
  });

  it("reads memory, processors, mounts and names", () => {
    const files = {
      "/proc/meminfo":
        "MemTotal:        3884168 kB\nMemFree:          100000 kB\nMemAvailable:    2263452 kB\nSwapTotal:             0 kB\n",
      "/sys/devices/system/cpu/online": "0-3,6\n",
      "/proc/self/mounts": "/dev/sda1 / ext4 rw,relatime 0 0\nnas:/a\\040b /mnt/a\\040b nfs4 ro 0 0\n",
      "/proc/sys/kernel/hostname": "pi-1\n",
      "/etc/hosts": "127.0.0.1 localhost\n192.168.1.11 pi-1.example.net pi-1 # here\n",
      "/etc/machine-id": "f3b1c2d4e5f60718293a4b5c6d7e8f90\n",
      "/proc/sys/kernel/random/boot_id": "0b7e5e1c-3f55-4b52-8f0e-0d7f0a2b9c11\n",
      "/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory pids\n",
      "/sys/fs/selinux/enforce": "1",
      "/sys/module/apparmor/parameters/enabled": "N\n",
    };
    const facts = read(["memory", "cpus", "mounts", "hostname", "machine", "cgroup", "lsm"], { files });
    assert.deepEqual(facts.memory, { total_mb: 3793, free_mb: 2210, swap_total_mb: 0 });
    assert.equal(facts.cpus, 5);
    assert.deepEqual(facts.mounts[1], { path: "/mnt/a b", source: "nas:/a b", type: "nfs4", options: ["ro"] });
    assert.equal(facts.hostname, "pi-1");
    assert.equal(facts.fqdn, "pi-1.example.net");
    assert.equal(facts.machine_id, "f3b1c2d4e5f60718293a4b5c6d7e8f90");
    assert.equal(facts.boot_id, "0b7e5e1c-3f55-4b52-8f0e-0d7f0a2b9c11");
    assert.deepEqual(facts.cgroup, { version: 2, controllers: ["cpuset", "cpu", "io", "memory", "pids"] });
    assert.deepEqual(facts.lsm, { selinux: "enforcing", apparmor: false });
  });

  it("reads the same of OpenBSD", () => {
    const sysctl = `case "$*" in '-n hw.physmem') echo 4278190080 ;; '-n hw.ncpuonline') echo 2 ;; '-n kern.boottime') echo 1719830000 ;; *) exit 1 ;; esac`;
    const mount = "@/dev/sd0a on / type ffs (local)\n/dev/sd0e on /home type ffs (local, nodev)\n";
    const commands = { sysctl, mount, swapctl: "@total: 262144 512-blocks allocated\n", hostname: "@fw.example.net\n" };
    const facts = read(["memory", "cpus", "mounts", "hostname", "machine", "cgroup", "lsm"], { commands });
    assert.deepEqual(facts.memory, { total_mb: 4080, free_mb: null, swap_total_mb: 256 });
    assert.equal(facts.cpus, 2);
    assert.deepEqual(facts.mounts[1], { path: "/home", source: "/dev/sd0e", type: "ffs", options: ["local", "nodev"] });
    assert.equal(facts.fqdn, "fw.example.net");
    assert.equal(facts.boot_id, "1719830000");
    assert.deepEqual(facts.cgroup, { version: null, controllers: [] });
  });

  it("knows who runs services, installs packages and keeps the clock", () => {
    const debian = read(["init", "time_sync", "virtualisation"], {
      files: { "/run/systemd/system/": "" },
      commands: {
        "apt-get": ":",
        rpm: ":",
        systemctl: "printf '%s\\n' inactive active inactive inactive inactive inactive inactive; exit 3",
        timedatectl: "@NTPSynchronized=yes\n",
        "systemd-detect-virt": "echo none; exit 1",
      },
    });
    assert.deepEqual([debian.init, debian.package_manager, debian.virtualisation], ["systemd", "apt", "none"]);
    assert.deepEqual(debian.time_sync, { service: "chrony", synchronised: true });
    const alpine = read(["init", "time_sync", "virtualisation"], {
      files: {
        "/run/openrc/started/chronyd": "",
        "/sys/class/dmi/id/sys_vendor": "QEMU\n",
        "/sys/class/dmi/id/product_name": "KVM Virtual Machine\n",
      },
      commands: {
        apk: ":",
        "rc-update": ":",
        chronyc: "@Reference ID    : 00000000 ()\nLeap status     : Not synchronised\n",
      },
    });
    assert.deepEqual([alpine.init, alpine.package_manager, alpine.virtualisation], ["openrc", "apk", "kvm"]);
    assert.deepEqual(alpine.time_sync, { service: "chronyd", synchronised: false });
    const openbsd = read(["init", "time_sync"], {
      commands: {
        pkg_add: ":",
        rcctl: '[ "$1 $2" = "check ntpd" ]',
        ntpctl: "@4/4 peers valid, clock synced, stratum 3\n",
      },
    });
    assert.deepEqual([openbsd.init, openbsd.package_manager], ["rcctl", "pkg_add"]);
    assert.deepEqual(openbsd.time_sync, { service: "ntpd", synchronised: true });
  });

  it("reads all of this machine under every shell", () => {
    const groups = factKeys([""]);
    for (const shell of shells) {
      const lines = readLines(factsKind, groups, { shell });
      const facts = parseFacts(Object.fromEntries(groups.map((group, index) => [group, lines[index] ?? ""])));
      assert.equal(facts.os.system, "Linux");
      assert.ok((facts.cpus ?? 0) > 0);
      assert.ok((facts.memory.total_mb ?? 0) > 0);
      assert.match(facts.boot_id ?? "", /^[0-9a-f-]{36}$/);
      assert.match(facts.umask ?? "", /^0\d{3}$/);
    }
  });

  it("never fails on what a host prints", () => {
    for (const text of ["", " ", "- - - -", "i", "a eth0", "r", "a __proto__ ipv4 1.2.3.4/0xzz i x", "\u0000 ü"]) {
      const lines = Object.fromEntries(factKeys([""]).map((group) => [group, text]));
      assert.doesNotThrow(() => parseFacts(lines));
    }
    assert.equal(parseFacts({}).os.family, null);
  });

  it("reads only what is used", () => {
    assert.deepEqual(factKeys(["os.family"]), ["os"]);
    assert.deepEqual(factKeys(["os", "umask"]), ["os", "user"]);
    assert.deepEqual(factKeys(["interfaces.eth0.mtu", "ssh.interface"]), ["network", "ssh"]);
    assert.deepEqual(factKeys(["typo"]), []);
    assert.equal(factKeys([""]).length, 14);
  });

  it("gives every fact of its table, and no other", () => {
    const facts: unknown = parseFacts({});
    const names = Object.entries(facts as Record<string, unknown>).flatMap(([name, value]) =>
      value !== null && typeof value === "object" && !Array.isArray(value) && name !== "interfaces"
        ? Object.keys(value).map((inner) => `${name}.${inner}`)
        : [name],
    );
    assert.deepEqual(names.sort(), factTable.map((row) => row.name).sort());
    assert.equal(factNames.kind, "closed");
    for (const row of factTable) {
      assert.doesNotThrow(() => parseYaml(row.example, { file: row.name }), row.name);
      assert.match(row.description, /\.$/);
    }
  });
});
