import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** Who runs services on the host; `none` where nothing known does (a container without an init). */
export type Init = "systemd" | "openrc" | "rcctl" | "sysv" | "none";

/** One service, or another unit of systemd: timer, socket, path, mount. */
export interface ServiceState {
  init: Init;
  /** `loaded`, `not-found`, `masked`, or systemd's word for a unit file it cannot use: `error`, `bad-setting`. */
  load: string;
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading`. A dead daemon of OpenRC is `failed`. */
  active: string;
  /** `enabled`, `disabled`, `static` (nothing to enable), `masked`, or another of systemd's words; null where it says none. */
  enabled: string | null;
  /** systemd did not start it, without a failure, because a condition of the unit was not met. */
  skipped: boolean;
  /** Of a unit that runs once and is then inactive: not running says nothing. */
  oneshot: boolean;
}

/** Sets `init_system` by what runs, not by what is installed. */
export const findInit = String.raw`
find_init_system() {
  init_system=none
  if [ -d /run/systemd/system ]; then init_system=systemd
  elif [ -d /run/openrc ] && command -v rc-update >/dev/null 2>&1; then init_system=openrc
  elif command -v rcctl >/dev/null 2>&1; then init_system=rcctl
  elif [ -d /etc/init.d ] && command -v service >/dev/null 2>&1; then init_system=sysv
  fi
}
`;

/** OpenRC's own records, read with builtins: which services run, and whether their daemons live. */
const openrc = String.raw`
# openrc_active NAME: sets service_active and service_pid.
openrc_active() {
  service_active=inactive service_pid=
  [ ! -e "/run/openrc/starting/$1" ] || service_active=activating
  [ ! -e "/run/openrc/stopping/$1" ] || service_active=deactivating
  [ ! -e "/run/openrc/failed/$1" ] || service_active=failed
  [ -e "/run/openrc/started/$1" ] || return 0
  service_active=active
  for service_record in "/run/openrc/daemons/$1"/*; do
    [ -r "$service_record" ] || continue
    while IFS='=' read -r service_field service_file; do
      [ "$service_field" = pidfile ] && [ -n "$service_file" ] || continue
      service_pid=
      [ ! -r "$service_file" ] || read -r service_pid <"$service_file" || :
      # A file that only root may read says nothing.
      if [ ! -e "$service_file" ]; then service_active=failed
      elif [ -n "$service_pid" ] && [ ! -d "/proc/$service_pid" ]; then service_active=failed
      fi
    done <"$service_record"
  done
}
`;

/** What each init system says, one line for each name in their order. */
const readers = String.raw`
service_lines_systemd() {
  # Answers come in the order of the names, an empty line between; an alias answers with the name of its unit.
  systemctl show -p Id,LoadState,ActiveState,UnitFileState,ConditionResult,ConditionTimestampMonotonic,Type,RemainAfterExit -- "$@" 2>/dev/null |
  awk '
    function commit(  enabled, skipped, script) {
      if (load == "") return
      enabled = (unit == "") ? "-" : unit
      # A unit made from a script of init.d is enabled by links of the old kind.
      if (unit == "generated") {
        script = id
        sub(/\.service$/, "", script)
        enabled = (system("for f in /etc/rc[2345].d/S[0-9][0-9]" script "; do [ -e \"$f\" ] && exit 0; done; exit 1") == 0) ? "enabled" : "disabled"
      }
      skipped = (active == "inactive" && condition == "no" && asked > 0) ? "yes" : "no"
      print at++, "systemd", load, active, enabled, skipped, (type == "oneshot" && remain == "no") ? "yes" : "no"
      load = active = unit = condition = asked = type = remain = id = ""
    }
    /^$/ { commit() }
    { mark = index($0, "="); value = substr($0, mark + 1); name = substr($0, 1, mark - 1) }
    name == "Id" { id = value }
    name == "LoadState" { load = value }
    name == "ActiveState" { active = value }
    name == "UnitFileState" { unit = value }
    name == "ConditionResult" { condition = value }
    name == "ConditionTimestampMonotonic" { asked = value }
    name == "Type" { type = value }
    name == "RemainAfterExit" { remain = value }
    END { commit() }'
}
service_lines_openrc() {
  service_at=0
  for service_name do
    service_load=not-found service_active=inactive service_enabled=-
    if [ -e "/etc/init.d/$service_name" ]; then
      service_load=loaded service_enabled=disabled
      for service_link in /etc/runlevels/*/"$service_name"; do
        [ ! -e "$service_link" ] || service_enabled=enabled
      done
      openrc_active "$service_name"
    fi
    printf '%s openrc %s %s %s no no\n' "$service_at" "$service_load" "$service_active" "$service_enabled"
    service_at=$((service_at + 1))
  done
}
service_lines_rcctl() {
  service_at=0
  for service_name do
    service_load=not-found service_active=inactive service_enabled=-
    # rcctl knows services without a script too (pf, accounting): it answers on or off for all it knows.
    service_status=$(rcctl get "$service_name" status 2>/dev/null) || :
    case $service_status in
      on|*=YES) service_enabled=enabled ;;
      *) service_enabled=disabled ;;
    esac
    if [ -e "/etc/rc.d/$service_name" ] || [ "$service_enabled" = enabled ] || rcctl get "$service_name" flags >/dev/null 2>&1; then
      service_load=loaded
      if rcctl check "$service_name" >/dev/null 2>&1; then service_active=active; fi
    else
      service_enabled=-
    fi
    printf '%s rcctl %s %s %s no no\n' "$service_at" "$service_load" "$service_active" "$service_enabled"
    service_at=$((service_at + 1))
  done
}
service_lines_sysv() {
  service_at=0
  for service_name do
    service_load=not-found service_active=inactive service_enabled=-
    if [ -e "/etc/init.d/$service_name" ]; then
      service_load=loaded service_enabled=disabled
      for service_link in /etc/rc[2345].d/S[0-9][0-9]"$service_name" /etc/rc.d/rc[2345].d/S[0-9][0-9]"$service_name"; do
        [ ! -e "$service_link" ] || service_enabled=enabled
      done
      service_code=0
      service "$service_name" status >/dev/null 2>&1 </dev/null || service_code=$?
      # LSB: 1 and 2 are a dead program with its mark left, 3 is not running.
      case $service_code in
        0) service_active=active ;;
        1|2) service_active=failed ;;
      esac
    fi
    printf '%s sysv %s %s %s no no\n' "$service_at" "$service_load" "$service_active" "$service_enabled"
    service_at=$((service_at + 1))
  done
}
service_lines_none() {
  service_at=0
  for service_name do
    printf '%s none not-found inactive - no no\n' "$service_at"
    service_at=$((service_at + 1))
  done
}
`;

/** A service of the host's init system. */
export const serviceKind: ResourceKind<ServiceState> = {
  kind: "service",
  summary: "A service, or another unit of systemd: whether it is there, runs, and starts at boot.",
  functions: findInit + openrc + readers,
  reader: String.raw`
    find_init_system
    service_lines_$init_system "$@"`,
  line: fields<ServiceState>({
    init: "word",
    load: "word",
    active: "word",
    enabled: "word",
    skipped: "bool",
    oneshot: "bool",
  }),
  isAbsent: (value) => value.load === "not-found",
  facts: ["time_sync"],
};

/** The service `name`; `x.service` and `x` are the same. */
export function service(name: string): Ref<ServiceState> {
  return { kind: serviceKind, key: name.replace(/\.service$/, "") };
}

/** Which start of a service is the present one. */
export interface ServiceStart {
  /** Another word after each start: systemd's invocation, else a process or the time of a mark; null when not running or not to be told. */
  start: string | null;
}

/** Tells one start of a service from the next, which proves a restart. */
export const serviceStartKind: ResourceKind<ServiceStart> = {
  kind: "service.start",
  summary: "A word that is another one after each start of a service.",
  functions:
    findInit +
    openrc +
    String.raw`
service_pid_start() {
  # Process and its start time: field 22 counts from behind the name, which may hold spaces.
  service_stat=
  [ ! -r "/proc/$1/stat" ] || read -r service_stat <"/proc/$1/stat" || :
  service_stat=\${service_stat##*) }
  # shellcheck disable=SC2086
  set -- "$1" $service_stat
  service_start=$1.\${21:-0}
}
`.replaceAll("\\${", "${"),
  reader: String.raw`
    find_init_system
    if [ "$init_system" = systemd ]; then
      systemctl show -p Id,InvocationID,ActiveState -- "$@" 2>/dev/null | awk '
        function commit() { if (state != "") print at++, (state == "active" && run != "") ? run : "-"; state = run = "" }
        /^$/ { commit() }
        /^ActiveState=/ { state = substr($0, 13) }
        /^InvocationID=/ { run = substr($0, 14) }
        END { commit() }'
      return 0
    fi
    service_at=0
    for service_name do
      service_start=- service_pid=
      case $init_system in
        openrc)
          openrc_active "$service_name"
          if [ -n "$service_pid" ]; then service_pid_start "$service_pid"
          elif [ -e "/run/openrc/started/$service_name" ]; then service_start=$(stat -c %Y.%i "/run/openrc/started/$service_name" 2>/dev/null) || service_start=-
          fi ;;
        # Written by rc.subr at each start.
        rcctl) [ ! -e "/var/run/rc.d/$service_name" ] || service_start=$(stat -f %m.%i "/var/run/rc.d/$service_name") ;;
        sysv)
          for service_file in "/run/$service_name.pid" "/run/$service_name/$service_name.pid"; do
            [ -r "$service_file" ] || continue
            read -r service_pid <"$service_file" || :
            [ -z "$service_pid" ] || service_pid_start "$service_pid"
          done ;;
      esac
      printf '%s %s\n' "$service_at" "$service_start"
      service_at=$((service_at + 1))
    done`,
  line: fields<ServiceStart>({ start: "word" }),
  // Nothing to tell is not the same as nothing there.
  isAbsent: () => false,
};

/** The present start of the service `name`. */
export function serviceStart(name: string): Ref<ServiceStart> {
  return { kind: serviceStartKind, key: name.replace(/\.service$/, "") };
}

/** Whether systemd works from the unit files as they are. */
export interface ServiceManager {
  /** Unit files have changed since systemd read them. */
  outdated: boolean;
}

/** The memory of the init system. Files change it, so it is asked again after any change. */
export const serviceManagerKind: ResourceKind<ServiceManager> = {
  kind: "service.manager",
  summary: "Whether unit files have changed since systemd read them.",
  reader: String.raw`
    service_outdated=no
    if [ -d /run/systemd/system ]; then
      case $(systemctl show -p NeedDaemonReload '*' 2>/dev/null) in *=yes*) service_outdated=yes ;; esac
    fi
    printf '0 %s\n' "$service_outdated"`,
  line: fields<ServiceManager>({ outdated: "bool" }),
  isAbsent: () => false,
  opaque: true,
};

/** The one resource of this kind. */
export const serviceManager: Ref<ServiceManager> = { kind: serviceManagerKind, key: "units" };
