import { joinShell, sh, type Shell } from "../../base/shell.ts";
import {
  packageIndex,
  packageNamed,
  packageUpgrade,
  type PackageManager,
  type PackageState,
} from "../../resources/package.ts";
import { becomes, type Prediction, type Touch } from "../../resources/resource.ts";
import { arg } from "../args.ts";
import { defineModule, type Difference, type Plan, type See } from "../module.ts";
import { noSecrets, plain } from "./words.ts";

/** What an installation or a removal may alter beside its packages. */
const touches: Touch[] = [
  { kind: "package" },
  { kind: "service" },
  { kind: "user" },
  { kind: "group" },
  { kind: "file", below: "/etc" },
  { kind: "file", below: "/usr" },
  { kind: "file", below: "/var" },
  { kind: "file", below: "/opt" },
  { kind: "port" },
  { kind: "process" },
];

const hour = 3600;

interface Wanted {
  name: string;
  version: string | undefined;
}

export default defineModule({
  name: "package",
  summary: "Install, upgrade or remove packages with the host's own package manager.",
  notes: `The package manager is the one the host has: apt, apk, dnf, yum, zypper, pacman or OpenBSD's pkg_add. All names of a step go
into one transaction. A package index that is missing or too old to know a name is fetched when an installation needs it; \`update_cache\` is
for \`state: latest\` and for a fresh index without any package.

\`name=1.2\` asks for a version, \`name=1.2*\` for one of several. A held package is not upgraded by \`state: latest\`. Changed configuration files are kept.`,
  args: {
    name: arg.list(arg.string("A package, or `name=version`."), "Packages.", { aliases: ["pkg"] }),
    state: arg.choice(
      ["present", "latest", "absent"],
      "`latest` upgrades to the newest version the package index offers.",
      { default: "present" },
    ),
    update_cache: arg.bool(
      "Fetch the package index when it is older than `cache_valid_time`, or older than the list of package sources.",
      {
        default: false,
      },
    ),
    cache_valid_time: arg.duration(
      "How old the package index may be; an hour where it is not given. 0 fetches it on every run.",
    ),
    install_recommends: arg.bool(
      "Install recommended (weak) dependencies too. Without it the package manager decides.",
    ),
    allow_downgrade: arg.bool("Let `name=version` install an older version than the present one.", { default: false }),
    purge: arg.bool("With `state: absent`, remove configuration files too.", { default: false }),
  },
  bare: "name",
  checkGiven: (given) =>
    given.has("name") || given.has("update_cache")
      ? []
      : ["`name` is missing; without it only `update_cache: true` does something"],
  validate(args) {
    const mistakes = noSecrets(args, ["name"]);
    for (const text of namesOf(args.name)) {
      if (!/^[A-Za-z0-9][A-Za-z0-9+._:%~-]*(=[A-Za-z0-9][A-Za-z0-9+._:~*^-]*)?$/.test(text)) {
        mistakes.push(`"${text}" is no name of a package: write \`name\` or \`name=version\``);
      } else if (text.includes("=") && args.state !== undefined && args.state !== "present") {
        mistakes.push(`"${text}" names a version, which \`state: ${args.state}\` cannot use`);
      }
    }
    return mistakes;
  },
  examples: [
    { title: "Some packages", yaml: "- package: {name: [curl, htop]}", only: "doc" },
    {
      title: "The newest version, from an index of this day",
      yaml: "- package: {name: openssl, state: latest, update_cache: true, cache_valid_time: 24h}",
      only: "doc",
    },
    { title: "Without its configuration", yaml: "- package: {name: telnet, state: absent, purge: true}", only: "doc" },
  ],
  needs(args) {
    const names = parse(args.name);
    return [
      ...names.map((one) => packageNamed(one.name)),
      ...(args.state === "latest" ? names.map((one) => packageUpgrade(one.name)) : []),
      ...(args.update_cache ? [packageIndex(args.cache_valid_time ?? hour)] : []),
    ];
  },
  plan(args, see): Plan {
    const wanted = parse(args.name);
    const seen = wanted.map((one) => ({ ...one, now: see(packageNamed(one.name)) }));
    const age = args.cache_valid_time ?? hour;
    const index = args.update_cache ? see(packageIndex(age)) : undefined;
    const manager = seen[0]?.now.manager ?? index?.manager ?? "none";
    if (manager === "none")
      return { fail: "no package manager is known on this host (apt, apk, dnf, yum, zypper, pacman, pkg_add)" };

    const work: Work = { install: [], upgrade: [], remove: [], differs: [], becomes: [], warnings: [], broken: false };
    for (const { name, version, now } of seen) {
      if (args.state === "absent") planAbsent(name, now, args.purge, work);
      else if (now.state === "installed" && version === undefined) {
        if (args.state === "latest") planLatest(name, now, see, work);
      } else {
        const fail = planPresent(name, version, now, work);
        if (fail !== undefined) return { fail };
      }
    }
    const update = index !== undefined && index.state !== "fresh" && args.state !== "absent";
    if (update) {
      work.differs.unshift({ what: "package index", before: index.state, after: "fresh" });
      work.becomes.push(becomes(packageIndex(age), age === 0 ? {} : { state: "fresh" }));
      // What the new index will offer is not known yet: everything is asked for again.
      if (args.state === "latest")
        for (const { name, now } of seen) if (now.state === "installed" && !now.held) hopeForNewer(name, manager, work);
    }
    const warnings = work.warnings.length > 0 ? { warnings: work.warnings } : {};
    if (work.differs.length === 0) return warnings;
    const recommends = args.install_recommends === undefined ? "default" : args.install_recommends ? "yes" : "no";
    const steps: Shell[] = [];
    if (update) steps.push(sh`package_update ${manager}`);
    if (work.broken && manager === "apt") steps.push(sh`package_configure`);
    if (work.install.length > 0)
      steps.push(sh`package_install ${manager} ${recommends} ${args.allow_downgrade ? "yes" : "no"} ${work.install}`);
    if (work.upgrade.length > 0) steps.push(sh`package_upgrade ${manager} ${work.upgrade}`);
    if (work.remove.length > 0) steps.push(sh`package_remove ${manager} ${args.purge ? "yes" : "no"} ${work.remove}`);
    const only = work.install.length + work.upgrade.length + work.remove.length === 0;
    return {
      ...warnings,
      change: {
        differs: work.differs,
        apply: joinShell(steps),
        becomes: work.becomes,
        touches: only ? [{ kind: "package.upgrade" }] : touches,
        ...(update && age === 0 ? { always: true } : {}),
      },
    };
  },
});

interface Work {
  install: string[];
  upgrade: string[];
  remove: string[];
  differs: Difference[];
  becomes: Prediction[];
  warnings: string[];
  broken: boolean;
}

function planAbsent(name: string, now: PackageState, purge: boolean, work: Work): void {
  const leftover = now.state === "removed" && purge;
  if (now.state !== "installed" && now.state !== "broken" && !leftover) return;
  work.remove.push(name);
  work.differs.push({
    what: "state",
    of: name,
    before: leftover ? "removed" : now.version === null ? now.state : `installed ${now.version}`,
    after: "absent",
  });
  // Whether configuration stays behind is the package's affair.
  work.becomes.push(
    purge || now.manager !== "apt"
      ? becomes(packageNamed(name), { manager: now.manager, state: "absent" })
      : becomes(packageNamed(name), { manager: now.manager }, { state: "installed" }),
  );
}

/** A text when the version asked for cannot be had. */
function planPresent(name: string, version: string | undefined, now: PackageState, work: Work): string | undefined {
  if (now.state === "provided" && version === undefined) return undefined;
  if (
    now.state === "installed" &&
    version !== undefined &&
    now.version !== null &&
    isVersion(now.version, version, now.manager)
  )
    return undefined;
  if (version !== undefined && now.manager === "pacman")
    return `${name}=${version}: pacman installs no other version than the one its index offers`;
  if (now.state === "installed" && now.held)
    return `package ${name} ${now.version ?? ""} is held back; release it first: apt-mark unhold ${name}`;
  const exact = version !== undefined && !version.includes("*") && (now.manager === "apt" || now.manager === "apk");
  const old = now.state === "installed" ? now.version : null;
  work.install.push(version === undefined ? name : `${name}=${version}`);
  work.differs.push(
    old === null
      ? {
          what: "state",
          of: name,
          before: now.state,
          after: version === undefined ? "installed" : `installed ${version}`,
        }
      : { what: "version", of: name, before: old, after: version ?? "newest" },
  );
  if (now.state === "broken") work.broken = true;
  work.becomes.push(
    becomes(
      packageNamed(name),
      { manager: now.manager, state: "installed", ...(exact ? { version } : {}) },
      old === null ? undefined : { version: old },
    ),
  );
  return undefined;
}

function planLatest(name: string, now: PackageState, see: See, work: Work): void {
  const { newer } = see(packageUpgrade(name));
  if (newer === null) return;
  if (now.held) {
    work.warnings.push(
      `package ${name} stays at ${now.version ?? "its version"}: it is held back (${newer} is offered)`,
    );
    return;
  }
  work.upgrade.push(name);
  work.differs.push({ what: "version", of: name, before: now.version, after: newer });
  work.becomes.push(
    becomes(packageNamed(name), { manager: now.manager, state: "installed" }, { version: now.version }),
    becomes(packageUpgrade(name), { newer: null }),
  );
}

/** Upgrades after a fetch of the index, whatever it brings. */
function hopeForNewer(name: string, manager: PackageManager, work: Work): void {
  if (work.upgrade.includes(name)) return;
  work.upgrade.push(name);
  work.becomes.push(
    becomes(packageNamed(name), { manager, state: "installed" }),
    becomes(packageUpgrade(name), { newer: null }),
  );
}

/** Whether an installed version is the one asked for. rpm's versions may be given without epoch and release. */
function isVersion(installed: string, wanted: string, manager: PackageManager): boolean {
  const pattern = new RegExp(
    `^${wanted
      .split("*")
      .map((part) => part.replace(/[.+^${}()|[\]\\?]/g, "\\$&"))
      .join(".*")}$`,
  );
  if (pattern.test(installed)) return true;
  if (manager !== "dnf" && manager !== "yum" && manager !== "zypper") return false;
  const bare = installed.replace(/^\d+:/, "");
  return pattern.test(bare) || pattern.test(bare.replace(/-[^-]*$/, ""));
}

/** Names given as a list, or with commas as people are used to. */
function namesOf(names: unknown): string[] {
  return (Array.isArray(names) ? names : [names])
    .filter((name): name is string => typeof name === "string")
    .flatMap((name) => name.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function parse(names: readonly (string | Parameters<typeof plain>[0])[] | undefined): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const text of namesOf((names ?? []).map(plain))) {
    const [name = "", version] = text.split("=", 2);
    wanted.set(name, { name, version });
  }
  return [...wanted.values()];
}
