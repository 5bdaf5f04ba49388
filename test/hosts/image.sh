#!/bin/sh
# Builds the root file system of test hosts: image.sh SUITE MIRROR FOLDER
# A Debian with systemd, sshd and sudo, and a pool of packages in it, so that `package` steps are real on hosts that have no network.
set -eu
suite=$1 mirror=$2 folder=$3
base=systemd,systemd-sysv,dbus,openssh-server,sudo,iproute2,iputils-ping,procps,kmod,mksh,busybox,netbase,hostname,less
pool="openbgpd chrony systemd-timesyncd htop tree curl ca-certificates nfs-common open-iscsi gnupg jq rsync ethtool"
rm -rf "$folder.part"
mmdebstrap --quiet --variant=minbase --include="$base" \
  --customize-hook='chroot "$1" apt-get update -q' \
  --customize-hook="for package in $pool; do chroot \"\$1\" apt-get install -y -q --download-only \$package || exit 1; done" \
  --customize-hook='mkdir -p "$1/srv/pool" && cp "$1"/var/cache/apt/archives/*.deb "$1/srv/pool/"' \
  --customize-hook='cd "$1/srv/pool" && apt-ftparchive packages . >Packages' \
  --customize-hook='rm -rf "$1"/etc/apt/sources.list.d/* && echo "deb [trusted=yes] file:/srv/pool ./" >"$1/etc/apt/sources.list"' \
  --customize-hook='chroot "$1" apt-get update -q' \
  --customize-hook='chroot "$1" useradd -m -s /bin/bash admin && chroot "$1" useradd -m -s /bin/mksh kim' \
  --customize-hook='echo "admin ALL=(ALL) NOPASSWD: ALL" >"$1/etc/sudoers.d/admin"' \
  --customize-hook='rm -f "$1"/etc/ssh/ssh_host_* && : >"$1/etc/machine-id" && rm -f "$1/etc/hostname" "$1/etc/resolv.conf"' \
  --customize-hook='chroot "$1" systemctl mask systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer' \
  "$suite" "$folder.part" "$mirror" </dev/null
mv "$folder.part" "$folder"
