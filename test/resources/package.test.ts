import assert from "node:assert/strict";
import { packageIndexKind, packageKind, packageUpgradeKind } from "../../src/resources/package.ts";
import { type RecordedHost, readRecorded } from "./recorded-host.ts";

const dpkg = `@bash|amd64|install|installed|5.2.15-2+b8|
dpkg|amd64|install|installed|1.21.22|
libc6|amd64|install|installed|2.36-9+deb12u9|libc6-2.36
libc6|i386|install|half-configured|2.36-9+deb12u9|
nginx|amd64|hold|installed|1.22.1-9|httpd, httpd-cgi
postfix|amd64|install|installed|3.7.11-0+deb12u1|mail-transport-agent, postfix-lmdb (= 3.7.11)
man-db|amd64|install|triggers-pending|2.11.2-2|man, man-browser
telnet|all|deinstall|config-files|0.17+2.4-2|
broken|amd64|install|unpacked|1.0|
gone|amd64|purge|not-installed||
ca-certificates|all|install|installed|20230311|
`;

const apkDatabase = `C:Q1abc
P:musl
V:1.2.4_git20230717-r4
A:x86_64
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1

C:Q1def
P:busybox
V:1.36.1-r15
p:cmd:awk=1.36.1-r15 cmd:vi=1.36.1-r15 /bin/sh

P:chrony
V:4.5-r0
`;

const rpm = `for name do
  case $name in
    -*|'%{NAME}'*) continue ;;
    bash) echo "bash 5.1.8-9.el9" ;;
    openssl) echo "openssl 1:3.0.7-27.el9" ;;
    glibc) echo "glibc 2.34-100.el9"; echo "glibc 2.34-100.el9" ;;
    webserver) echo "nginx 2:1.20.1-20.el9" ;;
    *) echo "no package provides $name"; code=1 ;;
  esac
done
exit "\${code:-0}"`.replace("\\$", "$");

const pacman = `case $1 in
  -Q) printf '%s\\n' 'bash 5.2.026-2' 'linux 6.9.7.arch1-1' 'openssh 9.8p1-1' ;;
  -T) shift; for name do case $name in bash|sh) ;; *) echo "$name"; code=127 ;; esac; done; exit "\${code:-0}" ;;
esac`.replace("\\$", "$");

const table: { title: string; host: RecordedHost; lines: Record<string, string> }[] = [
  {
    title: "Debian",
    host: { commands: { "apt-get": ":", "dpkg-query": dpkg } },
    lines: {
      bash: "apt installed no 5.2.15-2+b8",
      "ca-certificates": "apt installed no 20230311",
      nginx: "apt installed yes 1.22.1-9",
      "mail-transport-agent": "apt provided no -",
      "postfix-lmdb": "apt provided no -",
      "man-db": "apt installed no 2.11.2-2",
      libc6: "apt installed no 2.36-9+deb12u9",
      "libc6:i386": "apt broken no 2.36-9+deb12u9",
      telnet: "apt removed no -",
      broken: "apt broken no 1.0",
      gone: "apt absent no -",
      nothing: "apt absent no -",
    },
  },
  {
    title: "Alpine",
    host: { commands: { apk: ":" }, files: { "/lib/apk/db/installed": apkDatabase } },
    lines: {
      musl: "apk installed no 1.2.4_git20230717-r4",
      chrony: "apk installed no 4.5-r0",
      "cmd:vi": "apk provided no -",
      nothing: "apk absent no -",
    },
  },
  {
    title: "Fedora",
    host: { commands: { dnf: ":", rpm } },
    lines: {
      nothing: "dnf absent no -",
      bash: "dnf installed no 5.1.8-9.el9",
      openssl: "dnf installed no 1:3.0.7-27.el9",
      glibc: "dnf installed no 2.34-100.el9",
      webserver: "dnf provided no -",
      "no-more": "dnf absent no -",
    },
  },
  {
    title: "SUSE",
    host: { commands: { zypper: ":", rpm } },
    lines: { bash: "zypper installed no 5.1.8-9.el9", nothing: "zypper absent no -" },
  },
  { title: "an old CentOS", host: { commands: { yum: ":", rpm } }, lines: { bash: "yum installed no 5.1.8-9.el9" } },
  {
    title: "Arch",
    host: { commands: { pacman } },
    lines: { linux: "pacman installed no 6.9.7.arch1-1", sh: "pacman provided no -", nothing: "pacman absent no -" },
  },
  {
    title: "OpenBSD",
    host: {
      commands: { pkg_add: ":" },
      files: {
        "/var/db/pkg/curl-8.6.0/": "",
        "/var/db/pkg/vim-9.1.139p0-no_x11/": "",
        "/var/db/pkg/python-3.11.8p0/": "",
        "/var/db/pkg/python-2.7.18p11/": "",
        "/var/db/pkg/intel-firmware-20240312v0/": "",
        "/var/db/pkg/gtk+3-3.24.41/": "",
      },
    },
    lines: {
      curl: "pkg_add installed no 8.6.0",
      vim: "pkg_add installed no 9.1.139p0",
      "vim--no_x11": "pkg_add installed no 9.1.139p0",
      "vim--": "pkg_add absent no -",
      "curl--": "pkg_add installed no 8.6.0",
      "python%3.11": "pkg_add installed no 3.11.8p0",
      "python%3": "pkg_add installed no 3.11.8p0",
      "python%3.1": "pkg_add absent no -",
      "intel-firmware": "pkg_add installed no 20240312v0",
      "gtk+3": "pkg_add installed no 3.24.41",
      nothing: "pkg_add absent no -",
    },
  },
  { title: "a host without a package manager", host: {}, lines: { bash: "none absent no -" } },
];

describe("resources/package", () => {
  for (const { title, host, lines } of table) {
    it(`reads packages of ${title}`, () => {
      const read = readRecorded(packageKind, Object.keys(lines), host);
      assert.deepEqual(Object.fromEntries(Object.keys(lines).map((name, index) => [name, read[index]])), lines);
    });
  }

  const upgrades: { title: string; host: RecordedHost; lines: Record<string, string> }[] = [
    {
      title: "apt",
      host: {
        commands: {
          "apt-get": ":",
          "apt-cache": `@openssl:
  Installed: 3.0.16-1~deb12u1
  Candidate: 3.0.17-1~deb12u2
  Version table:
     3.0.17-1~deb12u2 500
        500 http://deb.example.org/debian bookworm/main amd64 Packages
 *** 3.0.16-1~deb12u1 100
        100 /var/lib/dpkg/status
bash:
  Installed: 5.2.15-2+b8
  Candidate: 5.2.15-2+b8
  Version table:
nginx:
  Installed: (none)
  Candidate: 1.22.1-9
  Version table:
`,
        },
      },
      lines: { bash: "-", openssl: "3.0.17-1~deb12u2", nginx: "-", nothing: "-" },
    },
    {
      title: "apk",
      host: {
        commands: {
          apk: `@Installed:                                Available:
curl-8.5.0-r0                            < 8.9.1-r1
busybox-1.36.1-r15                       = 1.36.1-r15
py3-foo-bar-1.0_rc1-r3                   < 1.0-r0
`,
        },
      },
      lines: { curl: "8.9.1-r1", busybox: "-", "py3-foo-bar": "1.0-r0" },
    },
    {
      title: "dnf",
      host: {
        commands: {
          dnf: `echo
echo 'openssl.x86_64          1:3.0.7-28.el9_4          baseos'
echo 'python3.11.x86_64       3.11.7-1.el9              appstream'
echo 'Obsoleting Packages'
echo 'old.x86_64              9-9                       appstream'
exit 100`,
        },
      },
      lines: { openssl: "1:3.0.7-28.el9_4", "python3.11": "3.11.7-1.el9", old: "-" },
    },
    {
      title: "zypper",
      host: {
        commands: {
          zypper: `@S | Repository | Name    | Current Version | Available Version | Arch
--+------------+---------+-----------------+-------------------+-------
v | update     | openssl | 3.0.8-1.1       | 3.0.8-2.1         | x86_64
`,
        },
      },
      lines: { openssl: "3.0.8-2.1", bash: "-" },
    },
    {
      title: "pacman",
      host: { commands: { pacman: "@linux 6.9.7.arch1-1 -> 6.9.8.arch1-1\n" } },
      lines: { linux: "6.9.8.arch1-1", bash: "-" },
    },
    {
      title: "pkg_add",
      host: { commands: { pkg_add: "@quirks-7.14 signed on 2024-07-01T10:00:00Z\ncurl-8.6.0->8.7.1: ok\n" } },
      lines: { curl: "8.7.1", vim: "-" },
    },
  ];
  for (const { title, host, lines } of upgrades) {
    it(`reads what ${title} would upgrade`, () => {
      const read = readRecorded(packageUpgradeKind, Object.keys(lines), host);
      assert.deepEqual(Object.fromEntries(Object.keys(lines).map((name, index) => [name, read[index]])), lines);
    });
  }

  it("knows the age of the package index", () => {
    const lists = { "/var/lib/apt/lists/deb.example.org_debian_dists_bookworm_main_binary-amd64_Packages.lz4": "x" };
    const apt = { "apt-get": ":" };
    assert.deepEqual(readRecorded(packageIndexKind, ["3600", "0"], { commands: apt, files: lists }), [
      "apt fresh",
      "apt stale",
    ]);
    assert.deepEqual(
      readRecorded(packageIndexKind, ["3600"], { commands: apt, files: { "/var/lib/apt/lists/lock": "" } }),
      ["apt missing"],
    );
    assert.deepEqual(
      readRecorded(packageIndexKind, ["3600"], { commands: { apk: ":" }, files: { "/var/cache/apk/": "" } }),
      ["apk missing"],
    );
    assert.deepEqual(readRecorded(packageIndexKind, ["3600"], { commands: { dnf: ":" } }), ["dnf stale"]);
    assert.deepEqual(
      readRecorded(packageIndexKind, ["3600"], {
        commands: { dnf: ":" },
        files: { "/var/lib/provision/package-index": "" },
      }),
      ["dnf fresh"],
    );
    assert.deepEqual(readRecorded(packageIndexKind, ["3600"], { commands: { pkg_add: ":" } }), ["pkg_add fresh"]);
  });

  it("takes an index for stale that is older than the list of sources", () => {
    const apt = { "apt-get": ":", find: `case "$*" in *-newer*) echo newer ;; *) exec /usr/bin/find "$@" ;; esac` };
    const files = { "/var/lib/apt/lists/a_Packages": "x", "/etc/apt/sources.list": "deb x" };
    assert.deepEqual(readRecorded(packageIndexKind, ["3600"], { commands: apt, files }), ["apt stale"]);
  });
});
