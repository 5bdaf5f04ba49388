import assert from "node:assert/strict";
import packageModule from "../../../src/modules/system/package.ts";
import type { Value } from "../../../src/base/value.ts";
import { planOn, type Short, short } from "./table.ts";

const table: { title: string; args: { [name: string]: Value }; state: Record<string, string>; expect: Short }[] = [
  { title: "installed", args: { name: "curl" }, state: { "package curl": "apt installed no 7.88" }, expect: {} },
  {
    title: "a virtual name that is provided",
    args: { name: "mta" },
    state: { "package mta": "apt provided no -" },
    expect: {},
  },
  {
    title: "two of three missing, in one transaction",
    args: { name: ["curl", "htop,jq"] },
    state: {
      "package curl": "apt installed no 7.88",
      "package htop": "apt absent no -",
      "package jq": "apt removed no -",
    },
    expect: {
      differs: ["state of htop: absent → installed", "state of jq: removed → installed"],
      apply: "package_install apt default no htop jq",
      becomes: {
        "package htop": { manager: "apt", state: "installed" },
        "package jq": { manager: "apt", state: "installed" },
      },
    },
  },
  {
    title: "half configured",
    args: { name: "curl" },
    state: { "package curl": "apt broken no 7.88" },
    expect: {
      differs: ["state of curl: broken → installed"],
      apply: "package_configure\npackage_install apt default no curl",
      becomes: { "package curl": { manager: "apt", state: "installed" } },
    },
  },
  {
    title: "a version",
    args: { name: "nginx=1.22.1-9", allow_downgrade: true, install_recommends: false },
    state: { "package nginx": "apt installed no 1.24.0-1" },
    expect: {
      differs: ["version of nginx: 1.24.0-1 → 1.22.1-9"],
      apply: "package_install apt no yes nginx=1.22.1-9",
      becomes: { "package nginx": { manager: "apt", state: "installed", version: "1.22.1-9" } },
    },
  },
  {
    title: "a version that is there",
    args: { name: "nginx=1.22*" },
    state: { "package nginx": "apt installed no 1.22.1-9" },
    expect: {},
  },
  {
    title: "a version of rpm without its release",
    args: { name: "openssl=3.0.7" },
    state: { "package openssl": "dnf installed no 1:3.0.7-27.el9" },
    expect: {},
  },
  {
    title: "a held package of another version",
    args: { name: "nginx=1.22.1-9" },
    state: { "package nginx": "apt installed yes 1.24.0-1" },
    expect: { fail: "package nginx 1.24.0-1 is held back; release it first: apt-mark unhold nginx" },
  },
  {
    title: "absent already",
    args: { name: "telnet", state: "absent" },
    state: { "package telnet": "apt removed no -" },
    expect: {},
  },
  {
    title: "configuration is left, purge",
    args: { name: "telnet", state: "absent", purge: true },
    state: { "package telnet": "apt removed no -" },
    expect: {
      differs: ["state of telnet: removed → absent"],
      apply: "package_remove apt yes telnet",
      becomes: { "package telnet": { manager: "apt", state: "absent" } },
    },
  },
  {
    title: "remove on Alpine",
    args: { name: "telnet", state: "absent" },
    state: { "package telnet": "apk installed no 1" },
    expect: {
      differs: ["state of telnet: installed 1 → absent"],
      apply: "package_remove apk no telnet",
      becomes: { "package telnet": { manager: "apk", state: "absent" } },
    },
  },
  {
    title: "latest, nothing newer",
    args: { name: "curl", state: "latest" },
    state: { "package curl": "apk installed no 8.5.0-r0" },
    expect: {},
  },
  {
    title: "latest",
    args: { name: ["curl", "jq"], state: "latest" },
    state: {
      "package curl": "apk installed no 8.5.0-r0",
      "package.upgrade curl": "8.9.1-r1",
      "package jq": "apk absent no -",
    },
    expect: {
      differs: ["version of curl: 8.5.0-r0 → 8.9.1-r1", "state of jq: absent → installed"],
      apply: "package_install apk default no jq\npackage_upgrade apk curl",
      becomes: {
        "package curl": { manager: "apk", state: "installed" },
        "package.upgrade curl": { newer: null },
        "package jq": { manager: "apk", state: "installed" },
      },
    },
  },
  {
    title: "latest from an index that has to be fetched",
    args: { name: "curl", state: "latest", update_cache: true, cache_valid_time: "1d" },
    state: { "package curl": "apt installed no 7.88", "package.index 86400": "apt stale" },
    expect: {
      differs: ["package index: stale → fresh"],
      apply: "package_update apt\npackage_upgrade apt curl",
      becomes: {
        "package.index 86400": { state: "fresh" },
        "package curl": { manager: "apt", state: "installed" },
        "package.upgrade curl": { newer: null },
      },
    },
  },
  {
    title: "latest from an index of today",
    args: { name: "curl", state: "latest", update_cache: true, cache_valid_time: 86400 },
    state: { "package curl": "apt installed no 7.88", "package.index 86400": "apt fresh" },
    expect: {},
  },
  {
    title: "the index alone",
    args: { update_cache: true },
    state: { "package.index 3600": "apt missing" },
    expect: {
      differs: ["package index: missing → fresh"],
      apply: "package_update apt",
      becomes: { "package.index 3600": { state: "fresh" } },
    },
  },
  {
    title: "no package manager",
    args: { name: "curl" },
    state: { "package curl": "none absent no -" },
    expect: { fail: "no package manager is known on this host (apt, apk, dnf, yum, zypper, pacman, pkg_add)" },
  },
  {
    title: "a name that is shell",
    args: { name: "curl; reboot" },
    state: {},
    expect: { fail: '"curl; reboot" is no name of a package: write `name` or `name=version`' },
  },
  {
    title: "a name that is an option",
    args: { name: "--purge" },
    state: {},
    expect: { fail: '"--purge" is no name of a package: write `name` or `name=version`' },
  },
  {
    title: "a version and latest",
    args: { name: "a=1", state: "latest" },
    state: {},
    expect: { fail: '"a=1" names a version, which `state: latest` cannot use' },
  },
  {
    title: "nothing at all",
    args: {},
    state: {},
    expect: { fail: "`name` is missing; without it only `update_cache: true` does something" },
  },
];

describe("modules/system/package", () => {
  for (const { title, args, state, expect } of table) {
    it(title, () => assert.deepEqual(short(planOn(packageModule, args, state)), expect));
  }

  it("leaves a held package at its version, and says so", () => {
    const state = { "package curl": "apt installed yes 7.88", "package.upgrade curl": "8.0" };
    const plan = planOn(packageModule, { name: "curl", state: "latest" }, state);
    assert.equal(plan.change, undefined);
    assert.deepEqual(plan.warnings, ["package curl stays at 7.88: it is held back (8.0 is offered)"]);
  });

  it("says what an installation may touch, and that 0 fetches always", () => {
    const install = planOn(packageModule, { name: "curl" }, { "package curl": "apt absent no -" });
    assert.deepEqual(
      install.change?.touches?.map((touch) => (typeof touch === "string" ? touch : (touch.below ?? touch.kind))),
      ["package", "service", "user", "group", "/etc", "/usr", "/var", "/opt", "port", "process"],
    );
    const update = planOn(
      packageModule,
      { update_cache: true, cache_valid_time: 0 },
      { "package.index 0": "apt stale" },
    );
    assert.equal(update.change?.always, true);
  });
});
