import assert from "node:assert/strict";
import service from "../../../src/modules/system/service.ts";
import type { Value } from "../../../src/base/value.ts";
import { planOn, plainFile, type Short, short } from "./table.ts";

const running = "systemd loaded active enabled no no";
const stopped = "systemd loaded inactive disabled no no";

const table: { title: string; args: { [name: string]: Value }; state: Record<string, string>; expect: Short }[] = [
  {
    title: "started and enabled already",
    args: { name: "cron", state: "started", enabled: true },
    state: { "service cron": running },
    expect: {},
  },
  {
    title: "start and enable in one step",
    args: { name: "cron.service", state: "started", enabled: true },
    state: { "service cron": stopped },
    expect: {
      differs: ["enabled of cron: false → true", "state of cron: inactive → started"],
      apply: "service_enable systemd cron\nservice_do systemd start cron",
      becomes: {
        "service cron": {
          active: "active",
          enabled: "enabled",
          skipped: false,
          oneshot: false,
          init: "systemd",
          load: "loaded",
        },
      },
    },
  },
  {
    title: "one that systemd skipped",
    args: { name: "iscsid", state: "started" },
    state: { "service iscsid": "systemd loaded inactive enabled yes no" },
    expect: {
      differs: ["state of iscsid: inactive → started"],
      apply: "service_do systemd start iscsid",
      becomes: {
        "service iscsid": {
          active: "active",
          enabled: "enabled",
          skipped: false,
          oneshot: false,
          init: "systemd",
          load: "loaded",
        },
      },
    },
  },
  {
    title: "stop and disable on Alpine",
    args: { name: "chronyd", state: "stopped", enabled: false },
    state: { "service chronyd": "openrc loaded active enabled no no" },
    expect: {
      differs: ["enabled of chronyd: true → false", "state of chronyd: active → stopped"],
      apply: "service_disable openrc chronyd\nservice_do openrc stop chronyd",
      becomes: {
        "service chronyd": {
          active: "inactive",
          enabled: "disabled",
          skipped: false,
          oneshot: false,
          init: "openrc",
          load: "loaded",
        },
      },
    },
  },
  {
    title: "restart proves another start",
    args: { name: "bgpd", state: "restarted" },
    state: { "service bgpd": "rcctl loaded active enabled no no", "service.start bgpd": "17.4" },
    expect: {
      differs: ["state of bgpd: active → restarted"],
      apply: "service_do rcctl restart bgpd",
      becomes: {
        "service.start bgpd": {},
        "service bgpd": {
          active: "active",
          enabled: "enabled",
          skipped: false,
          oneshot: false,
          init: "rcctl",
          load: "loaded",
        },
      },
    },
  },
  {
    title: "reload what does not run",
    args: { name: "nginx", state: "reloaded" },
    state: { "service nginx": stopped },
    expect: {
      differs: ["state of nginx: inactive → started"],
      apply: "service_do systemd start nginx",
      becomes: {
        "service nginx": {
          active: "active",
          enabled: "disabled",
          skipped: false,
          oneshot: false,
          init: "systemd",
          load: "loaded",
        },
      },
    },
  },
  {
    title: "a service that is not there",
    args: { name: "nginx", state: "started" },
    state: { "service nginx": "systemd not-found inactive - no no" },
    expect: { fail: "there is no service nginx; is its package installed?" },
  },
  {
    title: "a service whose unit an earlier step writes",
    args: { name: "app@one", state: "started", enabled: true },
    state: {
      "service app@one": "systemd not-found inactive - no no",
      "file /etc/systemd/system/app@.service": plainFile,
    },
    expect: {
      differs: ["enabled of app@one: false → true", "state of app@one: inactive → started"],
      apply: "service_enable systemd app@one\nservice_do systemd start app@one",
      becomes: {
        "service app@one": {
          active: "active",
          enabled: "enabled",
          skipped: false,
          oneshot: false,
          init: "systemd",
          load: "loaded",
        },
      },
    },
  },
  {
    title: "masked, to be started",
    args: { name: "cron", state: "started" },
    state: { "service cron": "systemd masked inactive masked no no" },
    expect: { fail: "cron is masked, so it can neither start nor be enabled; masked: false lifts that" },
  },
  {
    title: "unmask, enable and start",
    args: { name: "cron", state: "started", enabled: true, masked: false },
    state: { "service cron": "systemd masked inactive masked no no" },
    expect: {
      differs: ["masked of cron: true → false", "enabled of cron: false → true", "state of cron: inactive → started"],
      apply: "systemctl --quiet unmask -- cron\nservice_enable systemd cron\nservice_do systemd start cron",
      becomes: {
        "service cron": {
          enabled: "enabled",
          active: "active",
          skipped: false,
          init: "systemd",
          load: "loaded",
        },
      },
    },
  },
  {
    title: "stop and mask",
    args: { name: "apt-daily.timer", state: "stopped", masked: true },
    state: { "service apt-daily.timer": "systemd loaded active enabled no no" },
    expect: {
      differs: ["state of apt-daily.timer: active → stopped", "masked of apt-daily.timer: false → true"],
      apply: "service_do systemd stop apt-daily.timer\nsystemctl --quiet mask -- apt-daily.timer",
      becomes: {
        "service apt-daily.timer": {
          active: "inactive",
          enabled: "masked",
          skipped: false,
          oneshot: false,
          init: "systemd",
          load: "masked",
        },
      },
    },
  },
  {
    title: "mask without systemd",
    args: { name: "cron", masked: true },
    state: { "service cron": "openrc loaded active enabled no no" },
    expect: { fail: "masking is systemd's; this host has openrc" },
  },
  {
    title: "unit files that changed",
    args: { daemon_reload: true },
    state: { "service.manager units": "yes" },
    expect: {
      differs: ["unit files: changed → read again"],
      apply: "systemctl daemon-reload",
      becomes: { "service.manager units": { outdated: false } },
    },
  },
  {
    title: "unit files that did not",
    args: { daemon_reload: true },
    state: { "service.manager units": "no" },
    expect: {},
  },
  {
    title: "nothing asked",
    args: { name: "cron" },
    state: {},
    expect: { fail: "one of `state`, `enabled`, `masked` or `daemon_reload` is needed" },
  },
  { title: "no name", args: { state: "started" }, state: {}, expect: { fail: "`name` is missing" } },
  {
    title: "a name that is an option",
    args: { name: "--now", state: "started" },
    state: {},
    expect: { fail: '"--now" is no name of a service' },
  },
  {
    title: "no init system",
    args: { name: "cron", state: "started" },
    state: { "service cron": "none not-found inactive - no no" },
    expect: { fail: "no init system is running on this host that could manage cron" },
  },
];

describe("modules/system/service", () => {
  for (const { title, args, state, expect } of table) {
    it(title, () => assert.deepEqual(short(planOn(service, args, state)), expect));
  }

  it("acts on every run when asked to restart, reload or start what runs once", () => {
    const always = (state: string, line: string): boolean | undefined =>
      planOn(service, { name: "a", state }, { "service a": line, "service.start a": "1" }).change?.always;
    assert.equal(always("restarted", running), true);
    assert.equal(always("reloaded", running), true);
    assert.equal(always("started", "systemd loaded inactive static no yes"), true);
    assert.equal(always("started", stopped), undefined);
  });

  it("knows the services that carry connections", () => {
    const cuts = (name: string): boolean | undefined =>
      planOn(service, { name, state: "restarted" }, { [`service ${name}`]: running, [`service.start ${name}`]: "1" })
        .change?.affectsConnection;
    for (const name of ["ssh", "sshd", "systemd-networkd", "wg-quick@wg0", "nftables"])
      assert.equal(cuts(name), true, name);
    for (const name of ["cron", "nginx", "ssh-agent"]) assert.equal(cuts(name), undefined, name);
  });

  it("warns of what has nothing to enable", () => {
    const plan = planOn(service, { name: "a", enabled: true }, { "service a": "systemd loaded active static no no" });
    assert.equal(plan.change, undefined);
    assert.match(plan.warnings?.[0] ?? "", /nothing to enable/);
  });
});
