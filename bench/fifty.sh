# The same fifty steps by hand, as somebody who knows the host would write them: nothing is done that is done already.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

folder() { [ -d "$1" ] || mkdir -p "$1"; own "$@"; }
own() {
  [ "$(stat -c '%a %U %G' "$1")" = "$2 $3 $4" ] || { chown "$3:$4" "$1" && chmod "$2" "$1"; }
}
# put FILE MODE OWNER GROUP: stdin becomes the file.
put() {
  cat >"$tmp/put"
  cmp -s "$tmp/put" "$1" || { cat "$tmp/put" >"$1.new" && mv "$1.new" "$1"; }
  own "$@"
}
line() { # FILE REGEX LINE
  [ -e "$1" ] || : >"$1"
  grep -qxF "$3" "$1" && return
  if grep -q "$2" "$1"; then sed -i "s|$2.*|$3|" "$1"; else printf '%s\n' "$3" >>"$1"; fi
}
block() { # FILE NAME: stdin
  { printf '# BEGIN %s\n' "$2" && cat && printf '# END %s\n' "$2"; } >"$tmp/block"
  [ -e "$1" ] || : >"$1"
  sed -n "/^# BEGIN $2\$/,/^# END $2\$/p" "$1" >"$tmp/now"
  cmp -s "$tmp/now" "$tmp/block" && return
  sed -i "/^# BEGIN $2\$/,/^# END $2\$/d" "$1"
  cat "$tmp/block" >>"$1"
}
link() { [ "$(readlink "$2" || :)" = "$1" ] || ln -sfn "$1" "$2"; }
kernel() {
  line /etc/sysctl.d/60-bench.conf "^$1=" "$1=$2"
  [ "$(sysctl -n "$1")" = "$2" ] || sysctl -qw "$1=$2"
}
account() { # NAME UID
  id "$1" >/dev/null 2>&1 || useradd -u "$2" -g bench -s /bin/sh -m "$1"
}
key() {
  folder "/home/$1/.ssh" 700 "$1" bench
  line "/home/$1/.ssh/authorized_keys" '^never' 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFPm8cUo0ZGJ7m9hFcF5cSOvWvTnZ0tWm1c3oTz6Jv2F a@bench'
  own "/home/$1/.ssh/authorized_keys" 600 "$1" bench
}
has() { dpkg-query -W -f '${Status}\n' "$@" | grep -qv 'ok installed' && apt-get install -y "$@"; return 0; }
conf() { printf '# of app\n[server]\nname = app\nport = 8080\nworkers = 4\n'; }
peers() { printf 'peer alpha\npeer beta\npeer gamma\n'; }

folder /srv/bench 755 root root
folder /srv/bench/conf 755 root root
folder /srv/bench/conf/parts 755 root root
folder /srv/bench/data 750 root root
folder /etc/cron.d 755 root root
folder /srv/bench/bin 755 root root
grep -q ^bench: /etc/group || groupadd -g 4100 bench
account bencha 4101
account benchb 4102
folder /srv/bench/own 700 bencha bench
conf | put /srv/bench/conf/app.conf 644 root root
conf | put /srv/bench/conf/second.conf 644 root root
peers | put /srv/bench/conf/parts/peers 644 root root
peers | put /srv/bench/conf/parts/others 640 root root
conf | put /srv/bench/own/app.conf 600 bencha bench
put /srv/bench/data/large 644 root root <<'LARGE'
@LARGE@LARGE
put /srv/bench/data/one 644 root root <<'SMALL'
@SMALL@SMALL
put /srv/bench/data/two 600 root root <<'SMALL'
@SMALL@SMALL
echo three | put /srv/bench/data/three 644 root root
printf '#!/bin/sh\nexec true\n' | put /srv/bench/bin/tool 755 root root
echo four | put /srv/bench/own/four 640 bencha bench
line /srv/bench/conf/lines ^one= one=1
line /srv/bench/conf/lines ^two= two=2
line /srv/bench/conf/lines ^three= three=3
line /etc/hosts ^never '192.0.2.1 alpha.bench'
line /etc/profile '^umask ' 'umask 027'
printf '192.0.2.2 beta.bench\n192.0.2.3 gamma.bench\n' | block /etc/hosts bench
printf 'a\nb\n' | block /srv/bench/conf/blocks one
printf 'c\nd\n' | block /srv/bench/conf/blocks two
link /srv/bench/conf/app.conf /srv/bench/current
link /srv/bench/bin/tool /usr/local/bin/bench-tool
link conf /srv/bench/etc
key bencha
key benchb
kernel net.ipv4.ip_forward 1
kernel net.ipv4.conf.all.rp_filter 2
line /etc/cron.d/bench '^never' '5 * * * * root /bin/true'
line /etc/cron.d/bench '^never' '10 * * * * root /bin/true'
line /etc/cron.d/bench-more '^never' '@daily root /bin/true'
has openssh-server
has iproute2 procps
has bash
if dpkg-query -W telnetd >/dev/null 2>&1; then apt-get remove -y telnetd; fi
[ -e /srv/bench/done-1 ] || touch /srv/bench/done-1
[ -e /srv/bench/done-2 ] || mkdir /srv/bench/done-2
[ -e /srv/bench/done-3 ] || cp /etc/hostname /srv/bench/done-3
[ -e /srv/bench/done-4 ] || echo done >/srv/bench/done-4
[ -e /srv/bench/done-5 ] || sort /etc/passwd | wc -l >/srv/bench/done-5
[ ! -e /srv/bench/old ] || rm -rf /srv/bench/old
line /srv/bench/conf/lines ^one= one=1
