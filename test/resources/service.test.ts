import assert from "node:assert/strict";
import { serviceKind, serviceManagerKind, serviceStartKind } from "../../src/resources/service.ts";
import { type RecordedHost, readRecorded } from "./recorded-host.ts";

const systemctl = `@Type=notify
RemainAfterExit=no
Id=ssh.service
LoadState=loaded
ActiveState=active
UnitFileState=enabled
ConditionResult=yes
ConditionTimestampMonotonic=4711

Type=simple
RemainAfterExit=no
Id=iscsid.service
LoadState=loaded
ActiveState=inactive
UnitFileState=enabled
ConditionResult=no
ConditionTimestampMonotonic=99

Type=oneshot
RemainAfterExit=no
Id=fstrim.service
LoadState=loaded
ActiveState=inactive
UnitFileState=static
ConditionResult=no
ConditionTimestampMonotonic=0

Id=nope.service
LoadState=not-found
ActiveState=inactive
UnitFileState=
ConditionResult=no
ConditionTimestampMonotonic=0

Id=apt-daily.timer
LoadState=masked
ActiveState=inactive
UnitFileState=masked
ConditionResult=no
ConditionTimestampMonotonic=0

Type=forking
RemainAfterExit=no
Id=old.service
LoadState=loaded
ActiveState=failed
UnitFileState=generated
ConditionResult=yes
ConditionTimestampMonotonic=12
`;

const table: { title: string; host: RecordedHost; lines: Record<string, string> }[] = [
  {
    title: "systemd",
    host: {
      commands: { systemctl },
      files: { "/run/systemd/system/": "", "/etc/rc2.d/S01old": "" },
    },
    lines: {
      sshd: "systemd loaded active enabled no no",
      iscsid: "systemd loaded inactive enabled yes no",
      fstrim: "systemd loaded inactive static no yes",
      nope: "systemd not-found inactive - no no",
      "apt-daily.timer": "systemd masked inactive masked no no",
      old: "systemd loaded failed enabled no no",
    },
  },
  {
    title: "OpenRC",
    host: {
      commands: { "rc-update": ":" },
      files: {
        "/etc/init.d/chronyd": "",
        "/etc/init.d/sshd": "",
        "/etc/init.d/nginx": "",
        "/etc/init.d/crond": "",
        "/etc/runlevels/default/chronyd": "-> /etc/init.d/chronyd",
        "/etc/runlevels/default/nginx": "-> /etc/init.d/nginx",
        "/run/openrc/started/chronyd": "-> /etc/init.d/chronyd",
        "/run/openrc/started/nginx": "-> /etc/init.d/nginx",
        "/run/openrc/daemons/chronyd/001": "exec=/usr/sbin/chronyd\nargv_0=/usr/sbin/chronyd\npidfile=\n",
        "/run/openrc/daemons/nginx/001": "exec=/usr/sbin/nginx\npidfile=/nowhere/nginx.pid\n",
        "/run/openrc/failed/crond": "-> /etc/init.d/crond",
      },
    },
    lines: {
      chronyd: "openrc loaded active enabled no no",
      nginx: "openrc loaded failed enabled no no",
      sshd: "openrc loaded inactive disabled no no",
      crond: "openrc loaded failed disabled no no",
      nope: "openrc not-found inactive - no no",
    },
  },
  {
    title: "OpenBSD",
    host: {
      commands: {
        rcctl: `case "$1 $2 $3" in
  'get ntpd status'|'get sshd status') echo on ;;
  'get pf status') echo YES; echo pf=YES ;;
  'get bgpd status') echo off; exit 1 ;;
  'get nope '*) echo 'rcctl: service nope does not exist' >&2; exit 2 ;;
  'check ntpd '|'check pf ') exit 0 ;;
  *) exit 1 ;;
esac`,
      },
      files: { "/etc/rc.d/ntpd": "", "/etc/rc.d/sshd": "", "/etc/rc.d/bgpd": "" },
    },
    lines: {
      ntpd: "rcctl loaded active enabled no no",
      sshd: "rcctl loaded inactive enabled no no",
      bgpd: "rcctl loaded inactive disabled no no",
      pf: "rcctl loaded active enabled no no",
      nope: "rcctl not-found inactive - no no",
    },
  },
  {
    title: "scripts of init.d",
    host: {
      commands: { service: `case $1 in cron) exit 0 ;; dead) exit 1 ;; *) exit 3 ;; esac` },
      files: {
        "/etc/init.d/cron": "",
        "/etc/init.d/dead": "",
        "/etc/init.d/off": "",
        "/etc/rc2.d/S03cron": "-> /etc/init.d/cron",
      },
    },
    lines: {
      cron: "sysv loaded active enabled no no",
      dead: "sysv loaded failed disabled no no",
      off: "sysv loaded inactive disabled no no",
      nope: "sysv not-found inactive - no no",
    },
  },
  { title: "a container without an init", host: {}, lines: { cron: "none not-found inactive - no no" } },
];

describe("resources/service", () => {
  for (const { title, host, lines } of table) {
    it(`reads services of ${title}`, () => {
      const read = readRecorded(serviceKind, Object.keys(lines), host);
      assert.deepEqual(Object.fromEntries(Object.keys(lines).map((name, index) => [name, read[index]])), lines);
    });
  }

  it("tells one start from the next", () => {
    const systemd: RecordedHost = {
      files: { "/run/systemd/system/": "" },
      commands: {
        systemctl:
          "@InvocationID=8c1f0e\nId=a.service\nActiveState=active\n\nInvocationID=\nId=b.service\nActiveState=inactive\n",
      },
    };
    assert.deepEqual(readRecorded(serviceStartKind, ["a", "b"], systemd), ["8c1f0e", "-"]);
    const sysv: RecordedHost = {
      commands: { service: ":" },
      files: {
        "/etc/init.d/a": "",
        "/run/a.pid": "77\n",
        "/proc/77/stat": `77 (a (x) b) S 1 ${"0 ".repeat(17)}4242 0 0\n`,
      },
    };
    assert.deepEqual(readRecorded(serviceStartKind, ["a", "b"], sysv), ["77.4242", "-"]);
  });

  it("sees unit files that changed", () => {
    const files = { "/run/systemd/system/": "" };
    assert.deepEqual(
      readRecorded(serviceManagerKind, ["units"], {
        files,
        commands: { systemctl: "@NeedDaemonReload=no\n\nNeedDaemonReload=yes\n" },
      }),
      ["yes"],
    );
    assert.deepEqual(
      readRecorded(serviceManagerKind, ["units"], { files, commands: { systemctl: "@NeedDaemonReload=no\n" } }),
      ["no"],
    );
    assert.deepEqual(readRecorded(serviceManagerKind, ["units"], {}), ["no"]);
  });
});
