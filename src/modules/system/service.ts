import { joinShell, sh, type Shell } from "../../base/shell.ts";
import { file } from "../../resources/file.ts";
import { becomes, type Prediction, type Touch } from "../../resources/resource.ts";
import { service, serviceManager, serviceStart, type ServiceState } from "../../resources/service.ts";
import { arg } from "../args.ts";
import { defineModule, type Change, type Difference, type Plan, type See } from "../module.ts";
import { noSecrets, plain } from "./words.ts";

/** What a daemon that starts or stops may alter. */
const touches: Touch[] = [{ kind: "port" }, { kind: "process" }, { kind: "http" }];

/** Services that carry connections: over them, nothing else is in flight while they change. */
const connections =
  /^(sshd?|networking|network|NetworkManager|systemd-networkd|wpa_supplicant|dhcpcd|nftables|iptables|firewalld|ufw|pf|tailscaled?|wg-quick@.*|openvpn.*|netplan.*)(\.\w+)?$/;

const unitSuffix = /\.(service|socket|timer|path|mount|automount|swap|target|slice)$/;

export default defineModule({
  name: "service",
  summary: "Start, stop, restart or reload a service, and have it start at boot.",
  notes: `Works with systemd (also timers, sockets, paths and mounts, by their full name), OpenRC, OpenBSD's rcctl and scripts in /etc/init.d.
Unit files that changed are read again before a unit is started; \`daemon_reload: true\` does nothing else. \`restarted\` and \`reloaded\` act on every run: they
belong into handlers.

A unit that systemd leaves alone because one of its conditions is not met fails the step: it does not run, whatever \`systemctl start\` says.`,
  args: {
    name: arg.string("The service: `nginx`, `apt-daily.timer`, `wg-quick@wg0`.", { aliases: ["unit"] }),
    state: arg.choice(
      ["started", "stopped", "restarted", "reloaded"],
      "`reloaded` starts a service that does not run.",
    ),
    enabled: arg.bool("Whether it starts at boot."),
    masked: arg.bool("Whether systemd is kept from starting it at all."),
    daemon_reload: arg.bool("Let systemd read unit files again, if any has changed.", { default: false }),
  },
  bare: "name",
  checkGiven(given) {
    const asks = given.has("state") || given.has("enabled") || given.has("masked");
    if (!asks && !given.has("daemon_reload"))
      return ["one of `state`, `enabled`, `masked` or `daemon_reload` is needed"];
    return asks && !given.has("name") ? ["`name` is missing"] : [];
  },
  validate(args) {
    const mistakes = noSecrets(args, ["name"]);
    if (typeof args.name === "string" && !/^[A-Za-z0-9_][A-Za-z0-9_.@:\\-]*$/.test(args.name))
      mistakes.push(`"${args.name}" is no name of a service`);
    if (args.masked === true && (args.enabled === true || (args.state !== undefined && args.state !== "stopped"))) {
      mistakes.push("a masked service can neither start nor be enabled");
    }
    return mistakes;
  },
  examples: [
    { title: "Now and at every boot", yaml: "- service: {name: cron, state: started, enabled: true}", only: "doc" },
    { title: "In a handler", yaml: "- service: {name: nginx, state: reloaded}", only: "doc" },
    {
      title: "A timer that must not run",
      yaml: "- service: {name: apt-daily.timer, state: stopped, masked: true}",
      only: "doc",
    },
  ],
  needs(args) {
    return [
      ...(args.name === undefined ? [] : [service(plain(args.name))]),
      ...(args.name !== undefined && args.state === "restarted" ? [serviceStart(plain(args.name))] : []),
      ...(args.daemon_reload ? [serviceManager] : []),
    ];
  },
  plan(args, see): Plan {
    const work: Work = { differs: [], steps: [], becomes: [], warnings: [], always: false };
    if (args.daemon_reload && see(serviceManager).outdated) {
      work.differs.push({ what: "unit files", before: "changed", after: "read again" });
      work.steps.push(sh`systemctl daemon-reload`);
      work.becomes.push(becomes(serviceManager, { outdated: false }));
    }
    if (args.name === undefined) return finish(work, {});
    const name = plain(args.name).replace(/\.service$/, "");
    const now = seeUnit(name, see, args.masked === true);
    if (typeof now === "string") return { fail: now };
    if (args.masked !== undefined && now.init !== "systemd")
      return { fail: `masking is systemd's; this host has ${now.init}` };
    const predicted: Partial<ServiceState> = { init: now.init, load: "loaded" };

    const masked = now.load === "masked" || now.enabled === "masked";
    const starts = args.state !== undefined && args.state !== "stopped";
    if (masked && args.masked === undefined && (args.enabled === true || starts)) {
      return { fail: `${name} is masked, so it can neither start nor be enabled; masked: false lifts that` };
    }
    const unmask = masked && args.masked === false;
    if (unmask) {
      work.differs.push({ what: "masked", of: name, before: true, after: false });
      work.steps.push(sh`systemctl --quiet unmask -- ${name}`);
    }
    if (args.enabled !== undefined) planEnabled(name, now, args.enabled, unmask, predicted, work);
    planState(name, now, args.state, predicted, work, see);
    if (args.masked === true && !masked) {
      work.differs.push({ what: "masked", of: name, before: false, after: true });
      work.steps.push(sh`systemctl --quiet mask -- ${name}`);
      Object.assign(predicted, { load: "masked", enabled: "masked" });
    } else if (masked && !unmask) Object.assign(predicted, { load: now.load });
    if (work.differs.length === 0) return finish(work, {});
    // What was not asked for stays as it is.
    const kept: Partial<ServiceState> = unmask
      ? {}
      : { active: now.active, enabled: now.enabled, skipped: now.skipped, oneshot: now.oneshot };
    if (!predicted.active || predicted.active !== "active")
      work.becomes.push(becomes(service(name), { ...kept, ...predicted }));
    else work.becomes.push(becomes(service(name), { ...kept, ...predicted, skipped: false }));
    return finish(
      work,
      starts || args.state === "stopped"
        ? { touches, ...(connections.test(name) ? { affectsConnection: true } : {}) }
        : {},
    );
  },
});

interface Work {
  differs: Difference[];
  steps: Shell[];
  becomes: Prediction[];
  warnings: string[];
  always: boolean;
}

function finish(work: Work, more: Partial<Change>): Plan {
  const warnings = work.warnings.length > 0 ? { warnings: work.warnings } : {};
  if (work.differs.length === 0) return warnings;
  const always = work.always ? { always: true } : {};
  return {
    ...warnings,
    change: { differs: work.differs, apply: joinShell(work.steps), becomes: work.becomes, ...always, ...more },
  };
}

/** The service, also one whose unit file an earlier step will have written; else a text that says it is not there. */
function seeUnit(name: string, see: See, mayBeMissing: boolean): ServiceState | string {
  const now = see(service(name));
  if (now.init === "none") return `no init system is running on this host that could manage ${name}`;
  if (now.load !== "not-found" || (mayBeMissing && now.init === "systemd")) return now;
  const unit = unitSuffix.test(name) ? name : `${name}.service`;
  const paths =
    now.init === "systemd"
      ? [`/etc/systemd/system/${unit.replace(/@.+\./, "@.")}`]
      : [now.init === "rcctl" ? `/etc/rc.d/${name}` : `/etc/init.d/${name}`];
  const written = paths.some((path) => ["file", "link"].includes(see(file(path)).type));
  if (!written) return `there is no service ${name}; is its package installed?`;
  return { ...now, load: "loaded", active: "inactive", enabled: "disabled" };
}

function planEnabled(
  name: string,
  now: ServiceState,
  wanted: boolean,
  unmasked: boolean,
  predicted: Partial<ServiceState>,
  work: Work,
): void {
  const enabled = unmasked ? "disabled" : now.enabled;
  if (wanted && enabled === "static") {
    work.warnings.push(
      `${name} has nothing to enable (its unit has no [Install]): it starts when another unit asks for it`,
    );
    return;
  }
  const is = wanted
    ? enabled === "enabled" || enabled === "alias"
    : enabled === "enabled" || enabled === "enabled-runtime" || enabled === "alias";
  if (is === wanted) return;
  work.differs.push({ what: "enabled", of: name, before: !wanted, after: wanted });
  work.steps.push(wanted ? sh`service_enable ${now.init} ${name}` : sh`service_disable ${now.init} ${name}`);
  predicted.enabled = wanted ? "enabled" : "disabled";
}

function planState(
  name: string,
  now: ServiceState,
  wanted: string | undefined,
  predicted: Partial<ServiceState>,
  work: Work,
  see: See,
): void {
  const runs = now.active === "active" || now.active === "reloading" || now.active === "activating";
  if (wanted === undefined || (wanted === "started" && runs) || (wanted === "stopped" && !runs)) return;
  if (wanted === "stopped") {
    work.differs.push({ what: "state", of: name, before: now.active, after: "stopped" });
    work.steps.push(sh`service_do ${now.init} stop ${name}`);
    predicted.active = "inactive";
    return;
  }
  const action = wanted === "started" || !runs ? "start" : wanted === "restarted" ? "restart" : "reload";
  work.differs.push({ what: "state", of: name, before: now.active, after: action === "start" ? "started" : wanted });
  work.steps.push(sh`service_do ${now.init} ${action} ${name}`);
  work.always = action !== "start" || now.oneshot;
  // A unit that runs once is inactive again when it is done.
  predicted.active = now.oneshot ? "inactive" : "active";
  if (action !== "restart") return;
  const { start } = see(serviceStart(name));
  if (start !== null) work.becomes.push(becomes(serviceStart(name), {}, { start }));
}
