#!/bin/bash
# Keeps systemd machines running in network namespaces of their own until its standard input ends; then everything it made is
# gone again, whatever happened to the process that started it.
#   unshare --mount --propagation private lab.sh ID BRIDGE PREFIX WORK
# Commands on stdin, one a line; each is answered with `ok WHAT` or `failed WHAT`:
#   start NAME NUMBER IMAGE    a machine on an overlay of IMAGE, at PREFIX.NUMBER
#   stop NAME
#   cut NAME                   its network is unplugged         plug NAME
set -u
id=$1 bridge=$2 prefix=$3 work=$4
declare -A pid
cgroups=$work/cgroup

clean() {
  trap - EXIT
  for name in "${!pid[@]}"; do stop "$name"; done
  ip link del "$bridge" 2>/dev/null
  umount -l "$cgroups" 2>/dev/null
  umount -l "$work/upper" 2>/dev/null
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 143' TERM INT HUP

if ip link show "$bridge" >/dev/null 2>&1; then echo "failed bridge $bridge exists already"; trap - EXIT; exit 1; fi
if ip -o addr | grep -qF " $prefix."; then echo "failed network $prefix.0/24 is in use"; trap - EXIT; exit 1; fi

mkdir -p "$work/upper" "$work/merged" "$cgroups"
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir -p /run/netns
mount -t tmpfs -o mode=0755 tmpfs "$work/upper"
mount -t cgroup2 none "$cgroups"
umount -R /sys/fs/cgroup 2>/dev/null
mount --bind "$cgroups" /sys/fs/cgroup
sysctl -qw fs.inotify.max_user_instances=8192 2>/dev/null
ip link add "$bridge" type bridge
ip addr add "$prefix.1/24" dev "$bridge"
ip -6 addr add "fd77:${prefix##*.}::1/64" dev "$bridge" nodad
ip link set "$bridge" up

start() {
  local name=$1 number=$2 image=$3 ns="$id-$1" root="$work/merged/$1"
  mkdir -p "$work/upper/$name/up" "$work/upper/$name/work" "$root"
  mount -t overlay overlay -o "lowerdir=$image,upperdir=$work/upper/$name/up,workdir=$work/upper/$name/work" "$root" || return 1
  echo "$name" >"$root/etc/hostname"
  mkdir -p "$root/root/.ssh" "$root/home/admin/.ssh" "$root/home/kim/.ssh"
  for home in root home/admin home/kim; do
    cp "$work/key.pub" "$root/$home/.ssh/authorized_keys"
    chmod 700 "$root/$home/.ssh"
  done
  chroot "$root" sh -c 'chown -R admin: /home/admin/.ssh; chown -R kim: /home/kim/.ssh; ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key' || return 1
  ip netns add "$ns" || return 1
  ip link add "v$number$id" type veth peer name host0 netns "$ns" || return 1
  ip link set "v$number$id" master "$bridge" up
  ip -n "$ns" link set lo up
  ip -n "$ns" addr add "$prefix.$number/24" dev host0
  ip -n "$ns" -6 addr add "fd77:${prefix##*.}::$number/64" dev host0 nodad
  ip -n "$ns" link set host0 up
  ip -n "$ns" route add default via "$prefix.1"
  local group="/sys/fs/cgroup/$id-$name-$RANDOM"
  mkdir "$group" || return 1
  (
    echo "$BASHPID" >"$group/cgroup.procs"
    exec env SYSTEMD_NSPAWN_API_VFS_WRITABLE=network SYSTEMD_NSPAWN_LOCK=0 SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 \
      systemd-nspawn --quiet --boot --directory="$root" --machine="$id-$name" --hostname="$name" --register=no --keep-unit \
      --network-namespace-path="/run/netns/$ns" --capability=all --resolv-conf=off --timezone=off --link-journal=no \
      --console=pipe </dev/null >"$work/$name.console" 2>&1
  ) &
  pid[$name]=$!
}

stop() {
  local name=$1 ns="$id-$1" group
  [ -n "${pid[$name]:-}" ] || return 0
  for group in /sys/fs/cgroup/"$id-$name"-*; do
    [ -d "$group" ] || continue
    echo 1 >"$group/cgroup.kill" 2>/dev/null
  done
  kill -9 "${pid[$name]}" 2>/dev/null
  wait "${pid[$name]}" 2>/dev/null
  unset "pid[$name]"
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    find /sys/fs/cgroup/"$id-$name"-* -depth -type d -exec rmdir {} + 2>/dev/null
    ls -d /sys/fs/cgroup/"$id-$name"-* >/dev/null 2>&1 || break
    sleep 0.1
  done
  umount -l "$work/merged/$name" 2>/dev/null
  ip netns del "$ns" 2>/dev/null
  rm -rf "$work/upper/$name"
}

echo "ok lab"
while read -r command name number image; do
  case $command in
    start) if start "$name" "$number" "$image" >>"$work/lab.log" 2>&1; then echo "ok $name"; else echo "failed $name"; fi ;;
    stop) stop "$name"; echo "ok $name" ;;
    cut) ip -n "$id-$name" link set host0 down; echo "ok $name" ;;
    plug) ip -n "$id-$name" link set host0 up; echo "ok $name" ;;
  esac
done
