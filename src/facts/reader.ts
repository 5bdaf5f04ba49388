/**
 * One function for each group; it prints the rest of its line. A word holds no space (`-` for what is not known), and
 * only the last one of a group may be free text. Lists are words of fixed number one after another.
 */
const functions = String.raw`
fact_os() {
  # shellcheck disable=SC2046
  set -- $(uname -s -r -m)
  fact_id=- fact_like=- fact_version=- fact_codename=- fact_name='' fact_bits=64
  for fact_file in /etc/os-release /usr/lib/os-release; do
    [ -r "$fact_file" ] || continue
    while IFS= read -r fact_line || [ -n "$fact_line" ]; do
      fact_value=\${fact_line#*=}
      case $fact_value in [\"\']*) fact_value=\${fact_value#?} fact_value=\${fact_value%[\"\']} ;; esac
      case $fact_line in
        ID=*) fact_id=$fact_value ;;
        ID_LIKE=*) fact_like=$fact_value ;;
        VERSION_ID=*) fact_version=$fact_value ;;
        VERSION_CODENAME=*) fact_codename=$fact_value ;;
        PRETTY_NAME=*) fact_name=$fact_value ;;
      esac
    done <"$fact_file"
    break
  done
  case $1 in
    *BSD) fact_id=$1 fact_version=$2 ;;
  esac
  # A 32-bit system runs on a 64-bit kernel on many small boards.
  case $3 in
    aarch64) fact_bits=$(getconf LONG_BIT 2>/dev/null) || fact_bits=64 ;;
  esac
  fact_comma "$fact_like"
  printf '%s %s %s %s %s %s %s %s %s\n' "$1" "$2" "$3" "$fact_bits" "\${fact_id:--}" "\${fact_list:--}" "\${fact_version:--}" "\${fact_codename:--}" "\${fact_name:--}"
}
# fact_comma TEXT: sets fact_list to its words joined by commas.
fact_comma() {
  fact_list=
  for fact_word in $1; do fact_list=$fact_list\${fact_list:+,}$fact_word; done
}
fact_init() {
  fact_system=none fact_manager=none
  if [ -d /run/systemd/system ]; then fact_system=systemd
  elif [ -d /run/openrc ] && command -v rc-update >/dev/null 2>&1; then fact_system=openrc
  elif command -v rcctl >/dev/null 2>&1; then fact_system=rcctl
  elif [ -d /etc/init.d ] && command -v service >/dev/null 2>&1; then fact_system=sysv
  fi
  for fact_word in pkg_add:pkg_add pacman:pacman yum:yum zypper:zypper dnf:dnf apk:apk apt-get:apt; do
    if command -v "\${fact_word%:*}" >/dev/null 2>&1; then fact_manager=\${fact_word#*:}; fi
  done
  printf '%s %s\n' "$fact_system" "$fact_manager"
}
fact_memory() {
  if [ -r /proc/meminfo ]; then
    awk '
      { value[$1] = int($2 / 1024) }
      END {
        free = ("MemAvailable:" in value) ? value["MemAvailable:"] : value["MemFree:"]
        print value["MemTotal:"], free, ("SwapTotal:" in value) ? value["SwapTotal:"] : "-"
      }' /proc/meminfo
  else
    fact_bytes=$(sysctl -n hw.physmem 2>/dev/null) || fact_bytes=
    fact_swap=$(swapctl -sk 2>/dev/null | awk '{ print int($2 / 1024) }')
    awk -v bytes="$fact_bytes" -v swap="\${fact_swap:-0}" 'BEGIN { print (bytes == "") ? "-" : int(bytes / 1048576), "-", swap }'
  fi
}
fact_cpus() {
  fact_value=
  if [ -r /sys/devices/system/cpu/online ]; then read -r fact_value </sys/devices/system/cpu/online || :
  else fact_value=$(sysctl -n hw.ncpuonline 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null) || :
    # A number of processors, written as the list of Linux is.
    [ -z "$fact_value" ] || fact_value=1-$fact_value
  fi
  printf '%s\n' "\${fact_value:--}"
}
fact_mounts() {
  if [ -r /proc/self/mounts ]; then awk '{ printf "%s%s %s %s %s", (NR > 1) ? " " : "", $1, $2, $3, $4 } END { print "" }' /proc/self/mounts
  else
    mount | awk '
      match($0, / on .* type /) {
        source = substr($0, 1, RSTART - 1)
        rest = substr($0, RSTART + 4)
        at = index(rest, " type ")
        path = substr(rest, 1, at - 1)
        rest = substr(rest, at + 6)
        type = rest; sub(/ .*/, "", type)
        options = rest; sub(/^[^(]*\(/, "", options); sub(/\).*$/, "", options); gsub(/, /, ",", options)
        gsub(/ /, "\\040", source); gsub(/ /, "\\040", path); gsub(/ /, "\\040", options)
        printf "%s%s %s %s %s", mark, source, path, type, options
        mark = " "
      }
      END { print "" }'
  fi
}
fact_network() {
  {
    if command -v ip >/dev/null 2>&1; then
      ip addr 2>/dev/null
      printf '%s\n' '@ipv4'
      ip route 2>/dev/null
      printf '%s\n' '@ipv6'
      ip -6 route 2>/dev/null
    else
      ifconfig -a 2>/dev/null
      printf '%s\n' '@bsd ipv4'
      netstat -rn -f inet 2>/dev/null
      printf '%s\n' '@bsd ipv6'
      netstat -rn -f inet6 2>/dev/null
    fi
  } | awk '
    function say(words) { printf "%s%s", mark, words; mark = " " }
    function commit() { if (name != "") say("i " name " " up " " mtu " " mac); name = "" }
    function after(word,  k) { for (k = 1; k < NF; k++) if ($k == word) return $(k + 1); return "-" }
    /^@/ { commit(); routes = ($1 == "@bsd") ? 2 : 1; family = ($1 == "@bsd") ? $2 : substr($1, 2); next }
    routes == 1 {
      if ($1 ~ /^(unreachable|blackhole|prohibit|throw|multicast|broadcast|local|anycast)$/) next
      say("r " family " " $1 " " after("via") " " after("dev") " " after("src"))
      next
    }
    routes == 2 {
      if (NF >= 7 && ($1 == "default" || $1 ~ /^[0-9a-f]*[.:]/)) say("r " family " " $1 " " (($2 ~ /^link#/) ? "-" : $2) " " $NF " -")
      next
    }
    /^[^ \t]/ {
      commit()
      name = ($1 ~ /^[0-9]+:$/) ? $2 : $1
      sub(/:$/, "", name); sub(/@.*/, "", name)
      up = ($0 ~ /[<,]UP[,>]/) ? "yes" : "no"
      mtu = after("mtu"); mac = "-"
      next
    }
    $1 ~ /^link\/(ether|infiniband)$/ || $1 == "lladdr" { mac = $2; next }
    $1 == "inet" || $1 == "inet6" {
      address = $2
      sub(/%.*/, "", address)
      if ($3 == "netmask") address = address "/" $4
      else if ($1 == "inet" && after("netmask") != "-") address = address "/" after("netmask")
      else if ($3 == "prefixlen") address = address "/" $4
      else if ($1 == "inet6" && after("prefixlen") != "-") address = address "/" after("prefixlen")
      else if (address !~ /\//) address = address "/" (($1 == "inet") ? 32 : 128)
      say("a " name " " (($1 == "inet") ? "ipv4" : "ipv6") " " address)
    }
    END { commit(); print "" }'
}
fact_ssh() {
  fact_value=\${SSH_CONNECTION-}
  fact_pid=$PPID
  # sudo and doas drop the variable; a parent still has it.
  while [ -z "$fact_value" ] && [ "\${fact_pid:-0}" -gt 1 ] && [ -r "/proc/$fact_pid/environ" ]; do
    fact_value=$(tr '\000' '\n' <"/proc/$fact_pid/environ" 2>/dev/null | sed -n 's/^SSH_CONNECTION=//p') || :
    fact_next=
    while read -r fact_word fact_more; do
      [ "$fact_word" != PPid: ] || fact_next=$fact_more
    done <"/proc/$fact_pid/status"
    fact_pid=$fact_next
  done
  # shellcheck disable=SC2086
  set -- $fact_value
  printf '%s %s\n' "\${1:--}" "\${3:--}"
}
fact_hostname() {
  if [ -r /proc/sys/kernel/hostname ]; then read -r fact_value </proc/sys/kernel/hostname || :
  else fact_value=$(hostname 2>/dev/null) || :
  fi
  fact_name=-
  case $fact_value in
    *.*) fact_name=$fact_value ;;
    *)
      [ ! -r /etc/hosts ] || fact_name=$(awk -v name="\${fact_value:--}" '
        { sub(/#.*/, ""); for (i = 2; i <= NF; i++) if (found == "" && index($i, name ".") == 1) found = $i }
        END { print (found == "") ? "-" : found }' /etc/hosts) ;;
  esac
  printf '%s %s\n' "\${fact_value:--}" "$fact_name"
}
fact_machine() {
  fact_value='' fact_boot=''
  [ ! -r /etc/machine-id ] || read -r fact_value </etc/machine-id || :
  if [ -r /proc/sys/kernel/random/boot_id ]; then fact_boot=$(cat /proc/sys/kernel/random/boot_id) || :
  else fact_boot=$(sysctl -n kern.boottime 2>/dev/null) || :
  fi
  printf '%s %s\n' "\${fact_value:--}" "\${fact_boot:--}"
}
fact_cgroup() {
  if [ -r /sys/fs/cgroup/cgroup.controllers ]; then
    fact_value=
    read -r fact_value </sys/fs/cgroup/cgroup.controllers || :
    fact_comma "$fact_value"
    printf '2 %s\n' "\${fact_list:--}"
  elif [ -r /proc/cgroups ] && [ -d /sys/fs/cgroup ]; then
    awk '!/^#/ && $4 == 1 { list = list mark $1; mark = "," } END { print (list == "") ? "-" : "1", (list == "") ? "-" : list }' /proc/cgroups
  else printf '%s\n' '- -'
  fi
}
fact_virtualisation() {
  if command -v systemd-detect-virt >/dev/null 2>&1; then
    fact_value=$(systemd-detect-virt 2>/dev/null) || :
    printf '%s\n' "\${fact_value:--}"
    return 0
  fi
  fact_value='' fact_vendor=''
  if [ -e /run/systemd/container ]; then read -r fact_value </run/systemd/container || :
  elif [ -e /.dockerenv ]; then fact_value=docker
  elif [ -e /run/.containerenv ]; then fact_value=podman
  elif [ -r /proc/1/environ ]; then fact_value=$(tr '\000' '\n' </proc/1/environ 2>/dev/null | sed -n 's/^container=//p') || :
  fi
  if [ -z "$fact_value" ]; then
    for fact_file in /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name; do
      [ ! -r "$fact_file" ] || { read -r fact_line <"$fact_file" && fact_vendor="$fact_vendor $fact_line"; } || :
    done
    [ -d /sys ] || fact_vendor=$(sysctl -n hw.vendor hw.product 2>/dev/null) || :
    case $fact_vendor in
      *KVM*|*OpenStack*|*Amazon*EC2*|*Google*|*Linode*|*Akamai*|*Hetzner*|*DigitalOcean*) fact_value=kvm ;;
      *QEMU*) if [ -e /dev/kvm ] || [ -d /sys/class/misc/kvm ]; then fact_value=kvm; else fact_value=qemu; fi ;;
      *VMware*) fact_value=vmware ;;
      *innotek*|*VirtualBox*) fact_value=oracle ;;
      *Microsoft*) fact_value=microsoft ;;
      *Xen*) fact_value=xen ;;
      *OpenBSD*VMM*) fact_value=vmm ;;
      *) fact_value=none ;;
    esac
  fi
  printf '%s\n' "$fact_value"
}
fact_lsm() {
  fact_value=disabled fact_word=no
  if [ -r /sys/fs/selinux/enforce ]; then
    read -r fact_line </sys/fs/selinux/enforce || :
    case $fact_line in 1) fact_value=enforcing ;; *) fact_value=permissive ;; esac
  fi
  if [ -r /sys/module/apparmor/parameters/enabled ]; then
    read -r fact_line </sys/module/apparmor/parameters/enabled || :
    case $fact_line in Y*) fact_word=yes ;; esac
  fi
  printf '%s %s\n' "$fact_value" "$fact_word"
}
fact_time_sync() {
  fact_service=- fact_value=-
  set -- systemd-timesyncd chrony chronyd ntpsec ntpd ntp openntpd
  if [ -d /run/systemd/system ]; then
    # One state a line, in the order of the names.
    for fact_line in $(systemctl is-active "$@" 2>/dev/null || :); do
      if [ "$fact_line" = active ] && [ "$fact_service" = - ]; then fact_service=$1; fi
      [ $# = 0 ] || shift
    done
    case $(timedatectl show -p NTPSynchronized 2>/dev/null) in
      *=yes) fact_value=yes ;;
      *=no) fact_value=no ;;
    esac
  elif command -v rcctl >/dev/null 2>&1; then
    if rcctl check ntpd >/dev/null 2>&1; then fact_service=ntpd; fi
  else
    for fact_word do
      if [ -e "/run/openrc/started/$fact_word" ] && [ "$fact_service" = - ]; then fact_service=$fact_word; fi
    done
  fi
  if [ "$fact_value" = - ]; then
    case $fact_service in
      chrony*) case $(chronyc -n tracking 2>/dev/null) in *'Leap status'*'Not synchronised'*) fact_value=no ;; *'Leap status'*) fact_value=yes ;; esac ;;
      ntpd|openntpd) case $(ntpctl -s status 2>/dev/null) in *'clock synced'*) fact_value=yes ;; *'clock unsynced'*) fact_value=no ;; esac ;;
    esac
  fi
  printf '%s %s\n' "$fact_service" "$fact_value"
}
fact_user() {
  printf '%s %s\n' "$(id -un 2>/dev/null || id -u)" "$(umask)"
}
`.replaceAll("\\${", "${");

/** The shell that reads groups of facts: given names of groups as "$@", it prints `INDEX LINE` for each. */
export const factReader = {
  functions,
  reader: String.raw`
    fact_at=0
    for fact_group do
      fact_said=$(fact_$fact_group) || :
      printf '%s %s\n' "$fact_at" "$fact_said"
      fact_at=$((fact_at + 1))
    done`,
};
