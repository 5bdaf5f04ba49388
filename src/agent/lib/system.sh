# Changes to packages, services, users, groups, kernel parameters and the host's name. Each function is told which
# tool the host has (what the read found); messages go to stderr, a failure is the exit status.

# package_run COMMAND...: runs it, waiting up to five minutes while another program holds the package database.
package_run() {
  package_tries=0
  while :; do
    package_code=0
    package_said=$(LC_ALL=C "$@" 2>&1 </dev/null) || package_code=$?
    case $package_code:$package_said in
      0:*) printf '%s\n' "$package_said"; return 0 ;;
      *'Could not get lock'*|*'Unable to lock database'*|*'unable to lock database'*|*'is locked by'*|*'waiting for process with pid'*) ;;
      *) break ;;
    esac
    package_tries=$((package_tries + 1))
    [ "$package_tries" -lt 60 ] || break
    sleep 5
  done
  printf '%s\n' "$package_said" >&2
  return "$package_code"
}

# package_apt WORD...: apt-get without questions; changed configuration files are kept.
package_apt() {
  package_run env DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none apt-get -q -y \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# package_update MANAGER: fetches the package index.
package_update() {
  case $1 in
    apt) package_apt update ;;
    apk) package_run apk update ;;
    dnf|yum) package_run "$1" -y makecache ;;
    zypper) package_run zypper --non-interactive refresh ;;
    pacman) package_run pacman -Sy --noconfirm ;;
    pkg_add) return 0 ;;
    *) package_unknown; return 1 ;;
  esac || return 1
  # The system's own times do not change where nothing new was found.
  if mkdir -p /var/lib/provision 2>/dev/null; then : >/var/lib/provision/package-index; fi
}

package_unknown() {
  printf '%s\n' 'no package manager known here: apt, apk, dnf, yum, zypper, pacman or pkg_add' >&2
}

# package_configure: finishes what an interrupted dpkg left half done.
package_configure() {
  package_run env DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold --configure -a
}

# package_install MANAGER RECOMMENDS DOWNGRADE NAME[=VERSION]...: one transaction. Fetches the index and tries once
# more where a name or a file was not found, which is what an old index looks like.
package_install() {
  package_code=0
  package_said=$(package_try_install "$@" 2>&1) || package_code=$?
  if [ "$package_code" != 0 ]; then
    case $package_said in
      *'Unable to locate package'*|*'no installation candidate'*|*'was not found'*|*'404 '*|*'Failed to fetch'*|\
      *'unable to select packages'*|*'unsatisfiable constraints'*|*'No match for argument'*|*'Unable to find a match'*|\
      *'No provider of'*|*'not found in package names'*|*'target not found'*|*'failed retrieving file'*)
        package_update "$1"
        package_try_install "$@"
        return $? ;;
    esac
    printf '%s\n' "$package_said" >&2
    return "$package_code"
  fi
  printf '%s\n' "$package_said"
}

package_try_install() {
  package_manager=$1 package_recommends=$2 package_downgrade=$3
  shift 3
  case $package_manager in
    apt)
      [ "$package_recommends" != no ] || set -- --no-install-recommends "$@"
      [ "$package_recommends" != yes ] || set -- --install-recommends "$@"
      [ "$package_downgrade" = no ] || set -- --allow-downgrades "$@"
      package_apt install "$@" ;;
    apk) package_run apk add --no-progress "$@" ;;
    dnf|yum)
      package_versions - "$@"
      [ "$package_recommends" != no ] || [ "$package_manager" = yum ] || package_list="--setopt=install_weak_deps=False $package_list"
      # shellcheck disable=SC2086
      package_run "$package_manager" -y install $package_list || return 1
      # Installing an older version is a downgrade, which dnf wants to be asked for.
      # shellcheck disable=SC2086
      [ "$package_downgrade" = no ] || package_run "$package_manager" -y downgrade $package_list ;;
    zypper)
      [ "$package_recommends" != no ] || set -- --no-recommends "$@"
      [ "$package_recommends" != yes ] || set -- --recommends "$@"
      [ "$package_downgrade" = no ] || set -- --oldpackage "$@"
      package_run zypper --non-interactive install --auto-agree-with-licenses "$@" ;;
    pacman) package_run pacman -S --noconfirm --needed "$@" ;;
    pkg_add)
      package_versions - "$@"
      # shellcheck disable=SC2086
      package_pkg_add $package_list ;;
    *) package_unknown; return 1 ;;
  esac
}

# package_versions MARK NAME[=VERSION]...: sets package_list, with MARK in place of =. Names hold no spaces.
package_versions() {
  package_mark=$1 package_list=
  shift
  for package_word do
    case $package_word in
      [!-]*=*) package_word=${package_word%%=*}$package_mark${package_word#*=} ;;
    esac
    package_list="$package_list $package_word"
  done
}

# pkg_add succeeds where a name is ambiguous or not to be had, and says so.
package_pkg_add() {
  package_said=$(package_run pkg_add -I -x "$@" 2>&1) || {
    printf '%s\n' "$package_said" >&2
    return 1
  }
  printf '%s\n' "$package_said"
  case $package_said in
    *Ambiguous*|*"Can't find"*) printf '%s\n' "$package_said" >&2; return 1 ;;
  esac
}

# package_upgrade MANAGER NAME...: the newest version the index offers of what is installed.
package_upgrade() {
  package_manager=$1
  shift
  case $package_manager in
    apt) package_apt install --only-upgrade "$@" ;;
    apk) package_run apk add --no-progress --upgrade "$@" ;;
    dnf|yum) package_run "$package_manager" -y upgrade "$@" ;;
    zypper) package_run zypper --non-interactive update --auto-agree-with-licenses "$@" ;;
    pacman) package_run pacman -S --noconfirm "$@" ;;
    pkg_add) package_run pkg_add -I -x -u "$@" ;;
    *) package_unknown; return 1 ;;
  esac
}

# package_remove MANAGER PURGE NAME...
package_remove() {
  package_manager=$1 package_purge=$2
  shift 2
  case $package_manager:$package_purge in
    apt:yes) package_apt purge "$@" ;;
    apt:*) package_apt remove "$@" ;;
    apk:yes) package_run apk del --no-progress --purge "$@" ;;
    apk:*) package_run apk del --no-progress "$@" ;;
    dnf:*|yum:*) package_run "$package_manager" -y remove "$@" ;;
    zypper:*) package_run zypper --non-interactive remove "$@" ;;
    pacman:yes) package_run pacman -R --noconfirm --nosave "$@" ;;
    pacman:*) package_run pacman -R --noconfirm "$@" ;;
    pkg_add:yes) package_run pkg_delete -I -x -c "$@" ;;
    pkg_add:*) package_run pkg_delete -I -x "$@" ;;
    *) package_unknown; return 1 ;;
  esac
}

# service_fresh NAME: lets systemd read unit files that changed since it last did.
service_fresh() {
  case $(systemctl show -p NeedDaemonReload,LoadState -- "$1" 2>/dev/null) in
    *NeedDaemonReload=yes*|*LoadState=not-found*) systemctl daemon-reload ;;
  esac
}

# service_failed NAME: says why, as far as systemd's journal knows.
service_failed() {
  {
    systemctl status --no-pager --full --lines=0 -- "$1" 2>&1 || :
    journalctl --no-pager --quiet --lines=15 --output=cat --unit="$1" 2>/dev/null || :
  } >&2
  return 1
}

# service_do INIT ACTION NAME: start, stop, restart or reload.
service_do() {
  case $1 in
    systemd)
      [ "$2" = stop ] || service_fresh "$3"
      [ "$2" != start ] && [ "$2" != restart ] || systemctl reset-failed -- "$3" 2>/dev/null || :
      systemctl "$2" -- "$3" || service_failed "$3" || return 1
      # A daemon may leave with a failure when it is told to stop.
      [ "$2" != stop ] || systemctl reset-failed -- "$3" 2>/dev/null || :
      case $2 in start|restart)
        # systemd leaves a unit alone, and calls it success, where a condition of the unit is not met.
        case $(systemctl show -p ActiveState,ConditionResult -- "$3") in
          *ActiveState=inactive*ConditionResult=no*|*ConditionResult=no*ActiveState=inactive*)
            printf 'systemd did not start %s: a condition of the unit is not met\n' "$3" >&2
            service_failed "$3" || return 1 ;;
        esac
      esac ;;
    openrc)
      # A daemon that died is started for OpenRC until it is zapped.
      if [ "$2" = start ] && [ -e "/run/openrc/started/$3" ]; then rc-service "$3" zap >/dev/null 2>&1 || :; fi
      rc-service "$3" "$2" </dev/null ;;
    rcctl)
      # rcctl starts by hand only what is enabled, unless forced.
      rcctl -f "$2" "$3" ;;
    sysv) service "$3" "$2" </dev/null ;;
    *) printf 'no init system known here that could %s %s\n' "$2" "$3" >&2; return 1 ;;
  esac
}

# service_unit NAME: sets service_unit to the unit itself where NAME is an alias, which cannot be enabled.
service_unit() {
  service_unit=$(systemctl show -p Id -- "$1" 2>/dev/null) || :
  service_unit=${service_unit#Id=}
  [ -n "$service_unit" ] || service_unit=$1
}

# service_enable INIT NAME
service_enable() {
  case $1 in
    systemd) service_fresh "$2"; service_unit "$2"; systemctl --quiet enable -- "$service_unit" ;;
    openrc) rc-update --quiet add "$2" ;;
    rcctl) rcctl enable "$2" ;;
    sysv)
      if command -v update-rc.d >/dev/null 2>&1; then update-rc.d "$2" defaults >/dev/null; update-rc.d "$2" enable
      else chkconfig "$2" on
      fi ;;
    *) printf 'no init system known here that could enable %s\n' "$2" >&2; return 1 ;;
  esac
}

# service_disable INIT NAME
service_disable() {
  case $1 in
    systemd) service_unit "$2"; systemctl --quiet disable -- "$service_unit" ;;
    openrc) rc-update --quiet --all del "$2" ;;
    rcctl) rcctl disable "$2" ;;
    sysv)
      if command -v update-rc.d >/dev/null 2>&1; then update-rc.d "$2" disable
      else chkconfig "$2" off
      fi ;;
    *) printf 'no init system known here that could disable %s\n' "$2" >&2; return 1 ;;
  esac
}

# user_add NAME [-u UID] [-g GROUP] [-c COMMENT] [-d HOME] [-s SHELL] [-m] [-r]
user_add() {
  user_name=$1
  shift
  if command -v useradd >/dev/null 2>&1; then
    case $(uname -s) in
      OpenBSD)
        user_words useradd "$@"
        return $? ;;
    esac
    # useradd makes a group of the user's own name by its configuration; asked for, it is the same everywhere.
    case " $* " in
      *' -g '*) set -- -N "$@" ;;
      *) if user_has_group "$user_name"; then set -- -N -g "$user_name" "$@"; else set -- -U "$@"; fi ;;
    esac
    case " $* " in *' -m '*) ;; *) set -- -M "$@" ;; esac
    useradd "$@" -- "$user_name"
    return $?
  fi
  user_busybox "$@"
}

# user_words COMMAND OPTION...: OpenBSD's useradd; a system user is one of a low uid.
user_words() {
  user_command=$1
  shift
  for user_word do
    shift
    case $user_word in
      -r) set -- "$@" -r 100..999 ;;
      *) set -- "$@" "$user_word" ;;
    esac
  done
  case " $* " in *' -g '*) ;; *) set -- -g =uid "$@" ;; esac
  "$user_command" "$@" "$user_name"
}

# user_busybox OPTION...: BusyBox adduser, then what it cannot do.
user_busybox() {
  user_uid='' user_group='' user_comment='' user_home='' user_shell='' user_make=no user_system=no
  OPTIND=1
  while getopts u:g:c:d:s:mr user_option; do
    case $user_option in
      u) user_uid=$OPTARG ;;
      g) user_group=$OPTARG ;;
      c) user_comment=$OPTARG ;;
      d) user_home=$OPTARG ;;
      s) user_shell=$OPTARG ;;
      m) user_make=yes ;;
      r) user_system=yes ;;
      *) return 2 ;;
    esac
  done
  set -- -D -g "$user_comment"
  [ -z "$user_uid" ] || set -- "$@" -u "$user_uid"
  [ -z "$user_home" ] || set -- "$@" -h "$user_home"
  [ -z "$user_shell" ] || set -- "$@" -s "$user_shell"
  [ "$user_make" = yes ] || set -- "$@" -H
  [ "$user_system" = no ] || set -- "$@" -S
  if [ -n "$user_group" ]; then set -- "$@" -G "$user_group"
  elif user_has_group "$user_name"; then set -- "$@" -G "$user_name"
  elif [ "$user_system" = yes ]; then
    # adduser -S puts into nogroup.
    addgroup -S "$user_name"
    set -- "$@" -G "$user_name"
  fi
  adduser "$@" "$user_name"
}

user_has_group() {
  awk -F: -v name="$1" '$1 == name { found = 1 } END { exit !found }' /etc/group
}

# user_field NAME NUMBER VALUE: one field of /etc/passwd, where there is no usermod.
user_field() {
  user_lines "$1" /etc/passwd "$2" "$3"
}

# user_lines NAME FILE NUMBER VALUE: the new file replaces the old one at once, with its owner and mode.
user_lines() {
  cp -p "$2" "$2.provision"
  USER_VALUE=$4 awk -F: -v OFS=: -v name="$1" -v number="$3" '
    $1 == name { $number = ENVIRON["USER_VALUE"] }
    { print }' "$2" >"$2.provision"
  mv "$2.provision" "$2"
}

# user_mod NAME [-u UID] [-g GROUP] [-c COMMENT] [-d HOME [-m]] [-s SHELL]
user_mod() {
  user_name=$1
  shift
  if command -v usermod >/dev/null 2>&1; then
    case $(uname -s) in
      OpenBSD) usermod "$@" "$user_name" ;;
      *) usermod "$@" -- "$user_name" ;;
    esac
    return $?
  fi
  user_new='' user_move=no
  user_old=$(awk -F: -v name="$user_name" '$1 == name { print $6; exit }' /etc/passwd)
  OPTIND=1
  while getopts u:g:c:d:s:m user_option; do
    case $user_option in
      u) user_field "$user_name" 3 "$OPTARG" ;;
      g)
        case $OPTARG in
          *[!0-9]*) user_gid=$(awk -F: -v name="$OPTARG" '$1 == name { print $3; exit }' /etc/group) ;;
          *) user_gid=$OPTARG ;;
        esac
        [ -n "$user_gid" ] || { printf 'no group %s\n' "$OPTARG" >&2; return 1; }
        user_field "$user_name" 4 "$user_gid" ;;
      c) user_field "$user_name" 5 "$OPTARG" ;;
      d) user_new=$OPTARG; user_field "$user_name" 6 "$OPTARG" ;;
      s) user_field "$user_name" 7 "$OPTARG" ;;
      m) user_move=yes ;;
      *) return 2 ;;
    esac
  done
  if [ "$user_move" = yes ] && [ -n "$user_new" ] && [ -d "$user_old" ] && [ ! -e "$user_new" ]; then mv "$user_old" "$user_new"; fi
}

# user_set_groups NAME ADD REMOVE: lists joined by commas.
user_set_groups() {
  user_name=$1 user_drop=$3
  while [ -n "$2" ]; do
    user_one=${2%%,*}
    case $2 in *,*) user_rest=${2#*,} ;; *) user_rest= ;; esac
    if command -v usermod >/dev/null 2>&1; then
      case $(uname -s) in
        OpenBSD) usermod -G "$user_one" "$user_name" ;;
        *) usermod -a -G "$user_one" -- "$user_name" ;;
      esac
    else addgroup "$user_name" "$user_one"
    fi
    set -- "$1" "$user_rest"
  done
  while [ -n "$user_drop" ]; do
    user_one=${user_drop%%,*}
    case $user_drop in *,*) user_drop=${user_drop#*,} ;; *) user_drop= ;; esac
    if command -v gpasswd >/dev/null 2>&1; then gpasswd -d "$user_name" "$user_one" >/dev/null
    elif command -v delgroup >/dev/null 2>&1; then delgroup "$user_name" "$user_one"
    else
      user_members=$(awk -F: -v name="$user_one" -v user="$user_name" '
        $1 == name {
          more = split($4, member, ",")
          for (i = 1; i <= more; i++) if (member[i] != user) { printf "%s%s", mark, member[i]; mark = "," }
        }' /etc/group)
      user_lines "$user_one" /etc/group 4 "$user_members"
    fi
  done
}

# user_home NAME: makes the home of a user that is there already, from /etc/skel.
user_home() {
  user_line=$(awk -F: -v name="$1" '$1 == name { print $4 ":" $6; exit }' /etc/passwd)
  user_gid=${user_line%%:*} user_path=${user_line#*:}
  case $user_path in /?*) ;; *) printf 'user %s has no home\n' "$1" >&2; return 1 ;; esac
  mkdir -p "${user_path%/*}/"
  mkdir "$user_path"
  [ ! -d /etc/skel ] || cp -R /etc/skel/. "$user_path/"
  chmod 700 "$user_path"
  chown -R "$1:$user_gid" "$user_path"
}

# user_password FILE: FILE holds one line, NAME:HASH. The hash is in no list of arguments.
user_password() {
  if command -v chpasswd >/dev/null 2>&1; then
    chpasswd -e <"$1"
    return $?
  fi
  # /etc/ptmp is the lock of vipw, too.
  (
    set -C
    umask 077
    : >/etc/ptmp
  ) || { printf '%s\n' 'the password file is being edited: /etc/ptmp is there' >&2; return 1; }
  awk -F: -v OFS=: '
    NR == FNR { mark = index($0, ":"); name = substr($0, 1, mark - 1); hash = substr($0, mark + 1); next }
    $1 == name { $2 = hash }
    { print }' "$1" /etc/master.passwd >/etc/ptmp
  pwd_mkdb -p /etc/ptmp || { rm -f /etc/ptmp; return 1; }
}

# user_lock NAME yes|no: no password fits, or the old one again.
user_lock() {
  if command -v usermod >/dev/null 2>&1; then
    case $(uname -s):$2 in
      OpenBSD:yes) usermod -Z "$1" ;;
      OpenBSD:no) usermod -U "$1" ;;
      *:yes) usermod -L -- "$1" ;;
      # Without a hash usermod refuses: unlocked would mean without a password.
      *) usermod -U -- "$1" ;;
    esac
  else
    # BusyBox passwd fails where there is nothing to do.
    user_locked=$(awk -F: -v name="$1" '$1 == name { print ($2 ~ /^!/) ? "yes" : "no" }' /etc/shadow)
    case $2:$user_locked in
      yes:no) passwd -l "$1" ;;
      no:yes) passwd -u "$1" ;;
    esac
  fi
}

# user_expire NAME DAY: the day counted from 1970-01-01, or empty for never.
user_expire() {
  if command -v usermod >/dev/null 2>&1; then
    case $(uname -s) in
      OpenBSD) usermod -e "$(($2 * 86400))" "$1" ;;
      *) usermod -e "$2" -- "$1" ;;
    esac
  else user_lines "$1" /etc/shadow 8 "$2"
  fi
}

# user_remove NAME HOME: HOME is yes where the home and the mail box go too.
user_remove() {
  if command -v userdel >/dev/null 2>&1; then
    user_name=$1
    shift
    if [ "$1" = yes ]; then set -- -r; else set --; fi
    case $(uname -s) in
      OpenBSD) userdel "$@" "$user_name" ;;
      *) userdel "$@" -- "$user_name" ;;
    esac
  elif [ "$2" = yes ]; then deluser --remove-home "$1"
  else deluser "$1"
  fi
}

# group_add NAME GID SYSTEM: GID may be empty.
group_add() {
  group_name=$1 group_gid=$2 group_system=$3
  set --
  [ -z "$group_gid" ] || set -- -g "$group_gid"
  if command -v groupadd >/dev/null 2>&1; then
    if [ "$group_system" = yes ] && [ "$(uname -s)" != OpenBSD ]; then set -- -r "$@"; fi
    groupadd "$@" "$group_name"
  else
    [ "$group_system" != yes ] || set -- -S "$@"
    addgroup "$@" "$group_name"
  fi
}

# group_gid NAME GID
group_gid() {
  if command -v groupmod >/dev/null 2>&1; then groupmod -g "$2" "$1"
  else user_lines "$1" /etc/group 3 "$2"
  fi
}

# group_remove NAME
group_remove() {
  if command -v groupdel >/dev/null 2>&1; then groupdel "$1"
  else delgroup "$1"
  fi
}

# kernel_param_set PATH VALUE: PATH as below /proc/sys.
kernel_param_set() {
  if [ -d /proc/sys ]; then
    printf '%s\n' "$2" >"/proc/sys/$1"
    return $?
  fi
  param_name=$1 param_dotted=
  while case $param_name in */*) ;; *) false ;; esac; do
    param_dotted=$param_dotted${param_name%%/*}.
    param_name=${param_name#*/}
  done
  sysctl -q "$param_dotted$param_name=$2"
}

# hostname_set NAME
hostname_set() {
  if [ -e /etc/myname ]; then printf '%s\n' "$1" >/etc/myname
  elif [ -d /run/systemd/system ] && hostnamectl set-hostname "$1" 2>/dev/null; then :
  else printf '%s\n' "$1" >/etc/hostname
  fi
  [ "$(hostname)" = "$1" ] || hostname "$1"
  # hostnamectl may keep what is in the file where that is bound from elsewhere.
  if [ ! -e /etc/myname ] && ! grep -qxF -- "$1" /etc/hostname 2>/dev/null; then printf '%s\n' "$1" >/etc/hostname; fi
}
