import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, existsSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { shells } from "../../resources/recorded-host.ts";
import { library, runShell } from "../shell-host.ts";

const tools = ["awk", "cat", "chmod", "chown", "cp", "env", "grep", "mkdir", "mv", "printf", "rm", "sed", "sleep"];

interface Ran {
  rc: number;
  stderr: string;
  /** The commands that ran, with their words. */
  log: string[];
  files: (path: string) => string;
}

/** Runs library functions on a host played by commands that write down what they were asked. */
function run(
  shell: readonly string[],
  text: string,
  commands: Record<string, string>,
  files: Record<string, string> = {},
): Ran {
  const folder = mkdtempSync(join(tmpdir(), "provision-library-"));
  try {
    const root = join(folder, "root");
    const bin = join(folder, "bin");
    const log = join(folder, "log");
    mkdirSync(bin);
    writeFileSync(log, "");
    for (const tool of tools) symlinkSync(spawnSync("which", [tool]).stdout.toString().trim(), join(bin, tool));
    for (const [name, answer] of Object.entries(commands)) {
      writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "${name} $*" >>'${log}'\n${answer}\n`, { mode: 0o755 });
    }
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    const moved = library().replace(/(?<![\w.\]}$%*/])\/(etc|run|var|proc|sys)(?=\/|\b)/g, `${root}/$1`);
    // BusyBox prefers its own adduser to the one in PATH, but not to a function.
    const names = Object.keys(commands).filter((name) => /^[a-z_]+$/.test(name));
    const preferred = names.map((name) => `${name}() { '${join(bin, name)}' "$@"; }`).join("\n");
    const { rc, stderr } = runShell(`PATH='${bin}'\n${preferred}\n${moved}\n(set -eu\n${text}\n) </dev/null`, {
      shell,
    });
    const written = new Map(
      Object.keys(files).map((path) => [
        path,
        existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : "",
      ]),
    );
    return {
      rc,
      stderr,
      log: readFileSync(log, "utf8").split("\n").slice(0, -1),
      files: (path) => written.get(path) ?? "",
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const passwd = "root:x:0:0:root:/root:/bin/ash\nann:x:1000:1000:Ann:/home/ann:/bin/ash\n";
const group = "root:x:0:\naudio:x:18:ann,bob\nann:x:1000:\n";

for (const shell of shells) {
  describe(`the system library under ${shell.join(" ")}`, () => {
    const packages: [string, string, Record<string, string>, string[]][] = [
      ["apk add", "package_install apk default no curl jq=1.7", { apk: "" }, ["apk add --no-progress curl jq=1.7"]],
      [
        "dnf with a version",
        "package_install dnf no no curl openssl=3.0.7",
        { dnf: "" },
        ["dnf -y install --setopt=install_weak_deps=False curl openssl-3.0.7"],
      ],
      [
        "zypper",
        "package_install zypper no yes curl",
        { zypper: "" },
        ["zypper --non-interactive install --auto-agree-with-licenses --oldpackage --no-recommends curl"],
      ],
      ["pacman", "package_install pacman default no curl", { pacman: "" }, ["pacman -S --noconfirm --needed curl"]],
      [
        "pkg_add",
        "package_install pkg_add default no vim--no_x11 curl=8.6.0",
        { pkg_add: "" },
        ["pkg_add -I -x vim--no_x11 curl-8.6.0"],
      ],
      [
        "upgrade",
        "package_upgrade apk curl\npackage_upgrade dnf curl\npackage_upgrade pkg_add curl",
        { apk: "", dnf: "", pkg_add: "" },
        ["apk add --no-progress --upgrade curl", "dnf -y upgrade curl", "pkg_add -I -x -u curl"],
      ],
      [
        "remove",
        "package_remove apk yes a\npackage_remove pacman no b\npackage_remove pkg_add yes c",
        { apk: "", pacman: "", pkg_delete: "" },
        ["apk del --no-progress --purge a", "pacman -R --noconfirm b", "pkg_delete -I -x -c c"],
      ],
    ];
    for (const [title, text, commands, log] of packages) {
      it(`packages: ${title}`, () => {
        const ran = run(shell, text, commands);
        assert.deepEqual([ran.rc, ran.stderr, ran.log], [0, "", log]);
      });
    }

    it("packages: apt asks nothing and keeps changed configuration", () => {
      const ran = run(shell, "package_install apt no yes curl nginx=1.22*", {
        "apt-get": '[ "$DEBIAN_FRONTEND" = noninteractive ]',
      });
      assert.equal(ran.rc, 0, ran.stderr);
      assert.deepEqual(ran.log, [
        "apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install --allow-downgrades --no-install-recommends curl nginx=1.22*",
      ]);
    });

    it("packages: an index that does not know a name is fetched, once", () => {
      const apt =
        'case "$*" in *update*) : ;; *) if grep -q "update$" "${0%/*}/../log"; then exit 0; fi; echo "E: Unable to locate package curl"; exit 100 ;; esac';
      const ran = run(shell, "package_install apt default no curl", { "apt-get": apt });
      assert.equal(ran.rc, 0, ran.stderr);
      assert.deepEqual(
        ran.log.map((line) => line.replace(/.*confold /, "")),
        ["install curl", "update", "install curl"],
      );
      const never = run(shell, "package_install apt default no curl", {
        "apt-get": 'case "$*" in *update*) : ;; *) echo "E: Unable to locate package curl"; exit 100 ;; esac',
      });
      assert.equal(never.rc, 100);
      assert.match(never.stderr, /Unable to locate/);
      assert.equal(never.log.length, 3);
    });

    it("packages: another failure is a failure", () => {
      const ran = run(shell, "package_install apk default no curl", { apk: "echo 'ERROR: disk full'; exit 7" });
      assert.deepEqual([ran.rc, ran.stderr, ran.log.length], [7, "ERROR: disk full\n", 1]);
      const ambiguous = run(shell, "package_install pkg_add default no vim", {
        pkg_add: "echo 'Ambiguous: choose package for vim'",
      });
      assert.equal(ambiguous.rc, 1);
    });

    it("services: systemd reads changed units, and says when it skipped one", () => {
      const changed = run(shell, "service_do systemd start a", {
        systemctl:
          'case "$*" in *NeedDaemonReload*) echo NeedDaemonReload=yes ;; *ConditionResult*) printf "%s\\n" ConditionResult=yes ActiveState=active ;; esac',
      });
      assert.equal(changed.rc, 0, changed.stderr);
      assert.deepEqual(changed.log, [
        "systemctl show -p NeedDaemonReload,LoadState -- a",
        "systemctl daemon-reload",
        "systemctl reset-failed -- a",
        "systemctl start -- a",
        "systemctl show -p ActiveState,ConditionResult -- a",
      ]);
      const skipped = run(shell, "service_do systemd start a", {
        journalctl: "",
        systemctl:
          'case "$*" in *ActiveState,ConditionResult*) printf "%s\\n" ConditionResult=no ActiveState=inactive ;; esac',
      });
      assert.equal(skipped.rc, 1);
      assert.match(skipped.stderr, /did not start a: a condition of the unit is not met/);
      const failed = run(shell, "service_do systemd restart a", {
        journalctl: "echo 'a: bad configuration'",
        systemctl: "case $1 in restart) exit 1 ;; esac",
      });
      assert.equal(failed.rc, 1);
      assert.match(failed.stderr, /bad configuration/);
    });

    it("services: an alias is enabled by its unit's own name", () => {
      const ran = run(shell, "service_enable systemd sshd", {
        systemctl: 'case "$*" in "show -p Id -- sshd") echo Id=ssh.service ;; esac',
      });
      assert.equal(ran.log.at(-1), "systemctl --quiet enable -- ssh.service");
    });

    it("services: OpenRC, rcctl and init.d", () => {
      const openrc = run(
        shell,
        "service_enable openrc a\nservice_do openrc start a\nservice_disable openrc a",
        { "rc-service": "", "rc-update": "" },
        { "/run/openrc/started/a": "" },
      );
      assert.deepEqual(openrc.log, [
        "rc-update --quiet add a",
        "rc-service a zap",
        "rc-service a start",
        "rc-update --quiet --all del a",
      ]);
      const rcctl = run(shell, "service_enable rcctl a\nservice_do rcctl reload a\nservice_disable rcctl a", {
        rcctl: "",
      });
      assert.deepEqual(rcctl.log, ["rcctl enable a", "rcctl -f reload a", "rcctl disable a"]);
      const sysv = run(shell, "service_enable sysv a\nservice_do sysv stop a", { "update-rc.d": "", service: "" });
      assert.deepEqual(sysv.log, ["update-rc.d a defaults", "update-rc.d a enable", "service a stop"]);
    });

    const shadow = { useradd: "", usermod: "", userdel: "", gpasswd: "", uname: "echo Linux" };
    it("users: shadow", () => {
      const ran = run(
        shell,
        "user_add bob -d /home/bob -c 'B, b' -m\nuser_add ann -d /x\nuser_set_groups bob adm,sudo audio\nuser_mod bob -s /bin/bash\nuser_lock bob yes\nuser_expire bob ''\nuser_remove bob yes",
        shadow,
        { "/etc/group": group },
      );
      assert.deepEqual([ran.rc, ran.stderr], [0, ""]);
      assert.deepEqual(
        ran.log.filter((line) => !line.startsWith("uname")),
        [
          "useradd -U -d /home/bob -c B, b -m -- bob",
          "useradd -M -N -g ann -d /x -- ann",
          "usermod -a -G adm -- bob",
          "usermod -a -G sudo -- bob",
          "gpasswd -d bob audio",
          "usermod -s /bin/bash -- bob",
          "usermod -L -- bob",
          "usermod -e  -- bob",
          "userdel -r -- bob",
        ],
      );
    });

    it("users: OpenBSD", () => {
      const bsd = { ...shadow, uname: "echo OpenBSD" };
      const ran = run(
        shell,
        "user_add bob -d /home/bob -m\nuser_add _x -d /var/x -r\nuser_set_groups bob wheel ''\nuser_lock bob no\nuser_expire bob 10\nuser_remove bob no",
        bsd,
      );
      assert.deepEqual(
        ran.log.filter((line) => !line.startsWith("uname")),
        [
          "useradd -g =uid -d /home/bob -m bob",
          "useradd -g =uid -d /var/x -r 100..999 _x",
          "usermod -G wheel bob",
          "usermod -U bob",
          "usermod -e 864000 bob",
          "userdel bob",
        ],
      );
    });

    if (shell[0] !== "busybox") {
      it("users: BusyBox", () => {
        const commands = { adduser: "", addgroup: "", delgroup: "", deluser: "", passwd: "" };
        const files = { "/etc/passwd": passwd, "/etc/group": group, "/etc/shadow": "ann:!x:1::::::\n" };
        const made = run(
          shell,
          "user_add svc -d /var/svc -s /sbin/nologin -r\nuser_add bob -d /home/bob -u 1500 -g audio -m\nuser_set_groups bob audio wheel\nuser_lock ann yes\nuser_lock ann no\nuser_remove bob yes",
          commands,
          files,
        );
        assert.deepEqual([made.rc, made.stderr], [0, ""]);
        assert.deepEqual(made.log, [
          "addgroup -S svc",
          "adduser -D -g  -h /var/svc -s /sbin/nologin -H -S -G svc svc",
          "adduser -D -g  -u 1500 -h /home/bob -G audio bob",
          "addgroup bob audio",
          "delgroup bob wheel",
          "passwd -u ann",
          "deluser --remove-home bob",
        ]);
        const edited = run(
          shell,
          "user_mod ann -u 1001 -g audio -c 'a \\n& b' -s /bin/bash\nuser_expire ann 20000\ngroup_gid audio 19",
          {},
          files,
        );
        assert.deepEqual([edited.rc, edited.stderr], [0, ""]);
        assert.equal(
          edited.files("/etc/passwd"),
          passwd.replace("ann:x:1000:1000:Ann:/home/ann:/bin/ash", "ann:x:1001:18:a \\n& b:/home/ann:/bin/bash"),
        );
        assert.equal(edited.files("/etc/shadow"), "ann:!x:1:::::20000:\n");
        assert.equal(edited.files("/etc/group"), group.replace("audio:x:18", "audio:x:19"));
      });

      it("users: a member removed where no tool does it", () => {
        const ran = run(shell, "user_set_groups ann '' audio", {}, { "/etc/group": group });
        assert.equal(ran.files("/etc/group"), group.replace("ann,bob", "bob"));
      });
    }

    it("kernel parameters and the host's name", () => {
      const set = run(
        shell,
        "kernel_param_set net/ipv4/conf/eth0.1/x '1 2'",
        {},
        { "/proc/sys/net/ipv4/conf/eth0.1/x": "0\n" },
      );
      assert.equal(set.files("/proc/sys/net/ipv4/conf/eth0.1/x"), "1 2\n");
      assert.deepEqual(run(shell, "kernel_param_set net/inet/ip/forwarding 1", { sysctl: "" }).log, [
        "sysctl -q net.inet.ip.forwarding=1",
      ]);
      const named = run(shell, "hostname_set pi-1", { hostname: "echo old" }, { "/etc/hostname": "old\n" });
      assert.equal(named.files("/etc/hostname"), "pi-1\n");
      assert.deepEqual(named.log, ["hostname ", "hostname pi-1"]);
      assert.equal(
        run(shell, "hostname_set fw", { hostname: "echo fw" }, { "/etc/myname": "old\n" }).files("/etc/myname"),
        "fw\n",
      );
    });
  });
}
