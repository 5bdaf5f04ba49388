import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** Who installs packages on the host; `none` where no known one is there. */
export type PackageManager = "apt" | "apk" | "dnf" | "yum" | "zypper" | "pacman" | "pkg_add" | "none";

/** How one package is on the host. */
export interface PackageState {
  manager: PackageManager;
  /**
   * `installed`; `provided` by another installed package (a virtual name); `broken`: unpacked or half configured;
   * `removed`: only its configuration is left; `absent`.
   */
  state: "installed" | "provided" | "broken" | "removed" | "absent";
  /** Held back from upgrades (`apt-mark hold`). */
  held: boolean;
  /** As the package manager writes it, with epoch and release; null where it is not installed itself. */
  version: string | null;
}

/** Sets `package_manager`. The first that is there wins: rpm is an ordinary package on Debian, and never the other way round. */
const findManager = String.raw`
find_package_manager() {
  package_manager=none
  if command -v apt-get >/dev/null 2>&1; then package_manager=apt
  elif command -v apk >/dev/null 2>&1; then package_manager=apk
  elif command -v dnf >/dev/null 2>&1; then package_manager=dnf
  elif command -v zypper >/dev/null 2>&1; then package_manager=zypper
  elif command -v yum >/dev/null 2>&1; then package_manager=yum
  elif command -v pacman >/dev/null 2>&1; then package_manager=pacman
  elif command -v pkg_add >/dev/null 2>&1; then package_manager=pkg_add
  fi
}
`;

/** One awk for each database; each is given all names and prints one line for each, in the order of the names. */
const readers = String.raw`
package_lines_apt() {
  dpkg-query -W -f '\${Package}|\${Architecture}|\${db:Status-Want}|\${db:Status-Status}|\${Version}|\${Provides}\n' 2>/dev/null |
  awk -F'|' '
    BEGIN { for (i = 1; i < ARGC; i++) name[i] = ARGV[i]; count = ARGC - 1; ARGC = 1 }
    $1 == "dpkg" { native = $2 }
    {
      state = "broken"
      if ($4 == "installed" || $4 ~ /^triggers-/) state = "installed"
      if ($4 == "config-files") state = "removed"
      if ($4 == "not-installed") next
      line = state (($3 == "hold") ? " yes " : " no ") ((state == "removed" || $5 == "") ? "-" : $5)
      seen[$1 ":" $2] = line
      if (state != "installed") next
      more = split($6, provides, /, */)
      for (i = 1; i <= more; i++) { sub(/[ (:].*/, "", provides[i]); provided[provides[i]] = 1 }
    }
    END {
      for (i = 1; i <= count; i++) {
        line = "absent no -"
        if (name[i] in provided) line = "provided no -"
        if ((name[i] ":all") in seen) line = seen[name[i] ":all"]
        if ((name[i] ":" native) in seen) line = seen[name[i] ":" native]
        if (name[i] in seen) line = seen[name[i]]
        print i - 1, "apt", line
      }
    }' "$@"
}
package_lines_apk() {
  package_database=/lib/apk/db/installed
  [ -r "$package_database" ] || package_database=/usr/lib/apk/db/installed
  awk '
    function commit() {
      if (package != "") seen[package] = version
      package = ""
    }
    BEGIN { for (i = 2; i < ARGC; i++) { name[i - 1] = ARGV[i]; ARGV[i] = "" } count = ARGC - 2 }
    /^P:/ { package = substr($0, 3) }
    /^V:/ { version = substr($0, 3) }
    /^p:/ {
      more = split(substr($0, 3), provides, " ")
      for (i = 1; i <= more; i++) { sub(/[=<>~].*/, "", provides[i]); provided[provides[i]] = 1 }
    }
    /^$/ { commit() }
    END {
      commit()
      for (i = 1; i <= count; i++) {
        line = "absent no -"
        if (name[i] in provided) line = "provided no -"
        if (name[i] in seen) line = "installed no " seen[name[i]]
        print i - 1, "apk", line
      }
    }' "$package_database" "$@"
}
package_lines_rpm() {
  # A name nobody provides ends each answer: rpm says nothing of which name a line belongs to.
  for package_name do
    set -- "$@" "$package_name" @@
    shift
  done
  rpm -q --whatprovides --qf '%{NAME} %{EVR}\n' "$@" 2>/dev/null |
  awk -v manager="$package_manager" '
    BEGIN { for (i = 1; i < ARGC; i += 2) name[(i + 1) / 2] = ARGV[i]; ARGC = 1; at = 1; line = "absent no -" }
    / @@$/ { print at - 1, manager, line; at++; line = "absent no -"; next }
    NF != 2 { next }
    $1 == name[at] { line = "installed no " $2; next }
    line !~ /^installed/ { line = "provided no -" }' "$@"
}
package_lines_pacman() {
  {
    pacman -Q 2>/dev/null
    printf '%s\n' @@
    # What no installed package satisfies, provided names looked through.
    pacman -T "$@" 2>/dev/null
  } | awk '
    BEGIN { for (i = 1; i < ARGC; i++) name[i] = ARGV[i]; count = ARGC - 1; ARGC = 1 }
    $0 == "@@" { missing = 1; next }
    missing { unsatisfied[$1] = 1; next }
    { seen[$1] = $2 }
    END {
      for (i = 1; i <= count; i++) {
        line = (name[i] in unsatisfied) ? "absent no -" : "provided no -"
        if (name[i] in seen) line = "installed no " seen[name[i]]
        print i - 1, "pacman", line
      }
    }' "$@"
}
package_lines_pkg_add() {
  # The names of the folders are the packages: stem-version[-flavor]. pkg_info would take a second.
  ls "\${PKG_DBDIR:-/var/db/pkg}" 2>/dev/null |
  awk '
    BEGIN { for (i = 1; i < ARGC; i++) name[i] = ARGV[i]; count = ARGC - 1; ARGC = 1 }
    match($0, /-[0-9]/) {
      stem = substr($0, 1, RSTART - 1)
      version = substr($0, RSTART + 1)
      flavor = ""
      if (at = index(version, "-")) { flavor = substr(version, at + 1); version = substr(version, 1, at - 1) }
      seen[stem] = version
      seen[stem "--" flavor] = version
      all[stem] = all[stem] " " version
    }
    END {
      for (i = 1; i <= count; i++) {
        line = "absent no -"
        if (name[i] in seen) line = "installed no " seen[name[i]]
        # python%3.11 is the branch 3.11 of python
        if (at = index(name[i], "%")) {
          branch = substr(name[i], at + 1)
          more = split(all[substr(name[i], 1, at - 1)], versions, " ")
          for (j = 1; j <= more; j++)
            if (versions[j] == branch || index(versions[j], branch ".") == 1) line = "installed no " versions[j]
        }
        print i - 1, "pkg_add", line
      }
    }' "$@"
}
`.replaceAll("\\${", "${");

/** A package of the host's package manager, by the name it is installed by. */
export const packageKind: ResourceKind<PackageState> = {
  kind: "package",
  summary: "A package of the system's package manager: whether it is installed, and in which version.",
  functions: findManager + readers,
  reader: String.raw`
    find_package_manager
    case $package_manager in
      dnf|yum|zypper) package_lines_rpm "$@" ;;
      none) awk 'BEGIN { for (i = 1; i < ARGC; i++) print i - 1, "none absent no -" }' "$@" ;;
      *) package_lines_$package_manager "$@" ;;
    esac`,
  line: fields<PackageState>({ manager: "word", state: "word", held: "bool", version: "word" }),
  isAbsent: (value) => value.state !== "installed" && value.state !== "provided",
};

/** The package `name`; no version and no `=` in it. */
export function packageNamed(name: string): Ref<PackageState> {
  return { kind: packageKind, key: name };
}

/** What the package index offers for an installed package. */
export interface PackageUpgrade {
  /** A version that an upgrade would bring; null when the installed one is as new as the index knows, or none is installed. */
  newer: string | null;
}

/** The upgrade that the host's package index offers for a package. The index itself may be old. */
export const packageUpgradeKind: ResourceKind<PackageUpgrade> = {
  kind: "package.upgrade",
  summary: "The newer version of an installed package that the package index on the host offers.",
  functions:
    findManager +
    String.raw`
# Prints "NAME NEWER" for those that have one.
package_upgrades() {
  case $package_manager in
    apt) apt-cache policy "$@" 2>/dev/null | awk '
      /^[^ ].*:$/ { name = substr($0, 1, length($0) - 1) }
      $1 == "Installed:" { installed = $2 }
      $1 == "Candidate:" && installed != "(none)" && $2 != "(none)" && $2 != installed { print name, $2 }' ;;
    apk) apk version -v "$@" 2>/dev/null | awk '
      $2 == "<" { name = $1; sub(/-[0-9][^-]*-r[0-9]+$/, "", name); print name, $3 }' ;;
    dnf|yum) "$package_manager" -q check-update "$@" 2>/dev/null | awk '
      /^Obsoleting/ { exit }
      NF == 3 { name = $1; sub(/\.[^.]*$/, "", name); print name, $2 }' ;;
    zypper) zypper -q --non-interactive --no-refresh list-updates --all 2>/dev/null | awk -F'|' '
      NF >= 5 { gsub(/ /, ""); print $3, $5 }' ;;
    pacman) pacman -Qu "$@" 2>/dev/null | awk '$3 == "->" { print $1, $4 }' ;;
    pkg_add) pkg_add -n -u -I "$@" 2>/dev/null | awk '
      match($0, /->[^: ]+/) {
        newer = substr($0, RSTART + 2, RLENGTH - 2)
        name = substr($0, 1, RSTART - 1)
        sub(/^.* /, "", name)
        if (match(name, /-[0-9]/)) print substr(name, 1, RSTART - 1), newer
      }' ;;
  esac
}
`,
  reader: String.raw`
    find_package_manager
    package_upgrades "$@" | awk '
      BEGIN { for (i = 1; i < ARGC; i++) name[i] = ARGV[i]; count = ARGC - 1; ARGC = 1 }
      { newer[$1] = $2 }
      END { for (i = 1; i <= count; i++) print i - 1, (name[i] in newer) ? newer[name[i]] : "-" }' "$@"`,
  line: fields<PackageUpgrade>({ newer: "word" }),
  isAbsent: () => false,
};

/** The upgrade offered for the package `name`. */
export function packageUpgrade(name: string): Ref<PackageUpgrade> {
  return { kind: packageUpgradeKind, key: name };
}

/** Whether the package index is good enough. */
export interface PackageIndex {
  manager: PackageManager;
  /** `fresh`: fetched within the time asked for, and no package source was changed since. */
  state: "fresh" | "stale" | "missing";
}

/** The package index; the key is its greatest age in seconds. Its age itself is not in the line, which has to repeat. */
export const packageIndexKind: ResourceKind<PackageIndex> = {
  kind: "package.index",
  summary: "The host's list of packages to be had: whether it was fetched lately enough.",
  functions:
    findManager +
    String.raw`
# package_index_state SECONDS: sets package_index.
package_index_state() {
  package_index=stale
  # Our own mark is set by every update we make; the others by the system's.
  set -- "$1" /var/lib/provision/package-index
  case $package_manager in
    apt)
      package_sources='/etc/apt/sources.list /etc/apt/sources.list.d'
      set -- "$@" /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp
      package_index_there /var/lib/apt/lists/*_Packages* ;;
    apk)
      package_sources=/etc/apk/repositories
      set -- "$@" /var/cache/apk /etc/apk/cache/.
      package_index_there /var/cache/apk/APKINDEX.* /etc/apk/cache/APKINDEX.* ;;
    dnf|yum)
      package_sources=/etc/yum.repos.d
      set -- "$@" /var/cache/dnf/last_makecache ;;
    zypper) package_sources=/etc/zypp/repos.d ;;
    pacman)
      package_sources='/etc/pacman.conf /etc/pacman.d'
      set -- "$@" /var/lib/pacman/sync
      package_index_there /var/lib/pacman/sync/*.db ;;
    # No index: pkg_add asks the mirror each time.
    *) package_index=fresh ;;
  esac
  [ "$package_index" = stale ] && [ "$1" -gt 0 ] || return 0
  package_minutes=$((($1 + 59) / 60))
  shift
  for package_stamp in $(find "$@" -prune -mmin -"$package_minutes" 2>/dev/null); do
    # shellcheck disable=SC2086
    [ -n "$(find $package_sources -newer "$package_stamp" 2>/dev/null)" ] || package_index=fresh
  done
}
package_index_there() {
  for package_file do
    [ ! -e "$package_file" ] || return 0
  done
  package_index=missing
}
`,
  reader: String.raw`
    find_package_manager
    package_at=0
    for package_age do
      package_index_state "$package_age"
      printf '%s %s %s\n' "$package_at" "$package_manager" "$package_index"
      package_at=$((package_at + 1))
    done`,
  line: fields<PackageIndex>({ manager: "word", state: "word" }),
  isAbsent: () => false,
};

/** The package index, to be no older than `seconds`. 0 is always stale. */
export function packageIndex(seconds: number): Ref<PackageIndex> {
  return { kind: packageIndexKind, key: String(seconds) };
}
