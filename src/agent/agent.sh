# The agent: answers requests of the controller on stdin and stdout. Stdin is data only: a header line, then exactly
# the bytes it announces. Every line of an answer begins with the nonce $N; what has none is other programs' noise.
# Given by the loader: N, C (common.sh), p_get, P_SH, P_LC, P_PATH.
# shellcheck shell=sh disable=SC2034,SC2154

D='' L='' S='' P_DETACH='' P_GROUP=''
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
export PATH

p_lib() {
  p_say "$C"
  p_say "$D"
}

p_fail() {
  p_say "$N ! $1"
  exit 1
}

p_hello() {
  p_i=$(id)
  p_w=${p_i%% *}
  p_u=${p_w#uid=}
  P_UID=${p_u%%[!0-9]*}
  case $p_w in
  *'('*) P_USER=${p_w#*\(} P_USER=${P_USER%%\)*} ;;
  *) P_USER=${LOGNAME:-$P_UID} ;;
  esac
  p_g=${p_i#*gid=}
  P_UMASK=$(umask)
  { read -r p_sys </proc/sys/kernel/ostype; } 2>/dev/null || p_sys=$(uname -s)
  { read -r p_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null || p_boot=$(sysctl -n kern.boottime 2>/dev/null)
  p_find_spool
  W=$S
  p_say "$N user $P_USER"
  p_say "$N uid $P_UID"
  p_say "$N gid ${p_g%%[!0-9]*}"
  p_say "$N home ${HOME:-/}"
  p_say "$N umask $P_UMASK"
  p_say "$N system $p_sys"
  p_say "$N bootId $p_boot"
  p_say "$N spool $S"
  p_say "$N hello"
}

# The folder of the spools: PROVISION_SPOOL of the login, else one that is nobody else's and no link. Nothing is made
# before the first batch.
p_find_spool() {
  S=${PROVISION_SPOOL-}
  [ -z "$S" ] || return 0
  if [ "$P_UID" = 0 ]; then
    set -- /run /var/run /tmp
  else
    set -- "${XDG_RUNTIME_DIR:-/tmp}" /tmp
  fi
  for p_x; do
    case $P_UID-$p_x in
    0-/run | 0-/var/run) S=$p_x/provision ;;
    *) S=$p_x/provision-$P_UID ;;
    esac
    if [ -d "$S" ] && [ ! -L "$S" ]; then
      if [ -O "$S" ] && [ -w "$S" ]; then return; fi
    elif [ ! -e "$S" ] && [ ! -L "$S" ] && [ -d "$p_x" ] && [ -w "$p_x" ]; then
      return
    fi
  done
  S=
}

# One call of a reader: group, offset of its keys, user, program text. Its lines go out as they come, then its end.
p_g() {
  p_say "$N g $1 $2"
  { p_err=$(p_as "$3" "$4" 2>&1 >&3 3>&- 4</dev/null); } 3>&1
  p_rc=$?
  p_say "$p_nl$N x $1 $p_rc"
  [ -z "$p_err" ] || p_say "$N v$p_nl$p_err"
}

# Takes exactly $1 bytes from stdin into file $2.
p_file() {
  if [ "$1" = 0 ]; then
    : >"$2"
    return
  fi
  if [ -z "${p_plain-}" ]; then
    p_k=$(($1 / 65536)) p_m=$(($1 % 65536))
    {
      { [ "$p_k" = 0 ] || dd bs=65536 count="$p_k" iflag=fullblock; } &&
        { [ "$p_m" = 0 ] || dd bs="$p_m" count=1 iflag=fullblock; }
    } >"$2"
    return
  fi
  # Without fullblock a read may be short: take what comes, never more than is left.
  : >"$2" || return
  p_k=$1
  while [ "$p_k" -gt 0 ]; do
    if [ "$p_k" -gt 65536 ]; then p_m=65536; else p_m=$p_k; fi
    dd bs="$p_m" count=1 >>"$2" || return
    p_m=$(wc -c <"$2") || return
    [ "$p_k" != "$(($1 - p_m))" ] || return
    p_k=$(($1 - p_m))
  done
}

# batch ID LIBRARY DEFINITIONS PROGRAM BLOBS: sizes in bytes, the number of blobs; each blob has a header `SHA256 SIZE`.
p_batch() {
  if [ "$2" != 0 ]; then
    p_get "$2"
    L=$F
  fi
  if [ "$3" != 0 ]; then
    p_get "$3"
    D=$D$p_nl$F
    eval "$F"
  fi
  [ -n "$S" ] || p_fail "no folder for batches: neither ${XDG_RUNTIME_DIR:-/run} nor /tmp can be written"
  [ -d "$S" ] || mkdir -m 700 "$S" || p_fail "cannot make the folder $S"
  if [ -L "$S" ] || [ ! -O "$S" ]; then p_fail "$S belongs to somebody else"; fi
  W=$S/$1 p_old=
  if [ -d "$W/started" ]; then
    p_old=1
  else
    [ ! -d "$W" ] || rm -rf "$W"
    (umask 077 && mkdir "$W" "$W/b") || p_fail "cannot make the folder $W"
  fi
  if [ "$5" != 0 ]; then
    p_err=$(p_blobs "$5" 2>&1)
    case $? in
    0) ;;
    9) exit 0 ;;
    *) p_fail "cannot write ${p_err##*"@ "}" ;;
    esac
  fi
  p_get "$4"
  [ -n "$p_old" ] || p_start
  p_follow
}

# Takes $1 blobs, in one process more than dd's own. Fails with what went wrong after the last `@ `; 9: the input ended.
p_blobs() {
  umask 077
  p_c=$1
  while [ "$p_c" -gt 0 ]; do
    p_c=$((p_c - 1))
    read -r p_sha p_size || return 9
    if [ -n "$p_old" ]; then p_to=/dev/null; else p_to=$W/b/$p_sha; fi
    printf '@ %s: ' "$p_to"
    p_file "$p_size" "$p_to" || return 1
  done
}

p_start() {
  p_err=$(
    umask 077
    {
      {
        p_say "$C" && p_say "$L" && p_say "$D"
      } >"$W/lib" && {
        # shellcheck disable=SC2016 # it is text for the program
        p_quote "$W" && p_say "W=$P_Q" && p_say '. "$W/lib"'
        p_words=p_set
        for p_x in "$W" "$P_SH" "$P_UMASK" "$P_LC" "$P_PATH" "$P_USER"; do
          p_quote "$p_x"
          p_words="$p_words $P_Q"
        done
        p_say "$p_words" && p_say "{ p_open$p_nl$F$p_nl}"
      } >"$W/program" && : >"$W/log" && mkfifo "$W/n"
    } 2>&1
  ) || p_fail "cannot write in $W: $p_err"
  p_session
  mkdir "$W/started" 2>/dev/null || return 0
  # A child of a child: when it dies it is nobody's zombie.
  (
    umask 077
    $P_DETACH "$P_SH" "$W/program" </dev/null >"$W/noise" 2>&1 3>&- 4>&- &
  )
}

# How a process gets a session of its own, so that it outlives this one.
p_session() {
  if [ -n "$P_DETACH" ]; then
    return
  elif command -v setsid >/dev/null 2>&1; then
    P_DETACH=setsid
  elif command -v perl >/dev/null 2>&1; then
    P_DETACH='perl -MPOSIX=setsid -e setsid;exec@ARGV --'
  else
    p_say "$N w neither setsid nor perl on this host: a batch may end with its connection"
  fi
}

# Forwards the log as it grows. Woken by the program through a fifo, and every two seconds to see whether it lives.
p_follow() {
  exec 6<>"$W/n" 7<"$W/log"
  # It must not keep the channel open, nor outlive this shell.
  (
    exec >&6 2>/dev/null </dev/null 7<&-
    while sleep 2 && kill -0 $$; do p_say tick; done
  ) &
  p_ticker=$!
  p_part='' p_gone=''
  p_say "$N p"
  while :; do
    while IFS= read -r p_l <&7; do
      p_l=$p_part$p_l p_part=
      case $p_l in
      'e '*) p_outputs "$p_l" ;;
      'd '*) [ ! -s "$W/ce" ] || { p_say "$N v" && tail -c 4096 "$W/ce" && p_say ''; } ;;
      esac
      p_say "$N $p_l"
      case $p_l in 'z '*) break 2 ;; esac
    done
    p_part=$p_part$p_l
    if [ -n "$p_gone" ]; then
      p_say "$N v"
      tail -c 4096 "$W/noise"
      p_say "$p_nl$N gone"
      break
    fi
    read -r p_x <&6
    case $p_x in tick) p_alive || p_gone=1 ;; esac
  done
  # mksh holds other signals back until the sleep is over.
  kill -KILL "$p_ticker" 2>/dev/null
  wait "$p_ticker" 2>/dev/null
  exec 6<&- 7<&-
}

# The output of a step as bytes, the last 256 kB and one more (which tells that it was cut).
p_outputs() {
  p_l=${1#e }
  p_id=${p_l%% *}
  for p_x in o e; do
    for p_y in "$W/$p_x.$p_id" "$W/$p_x.$p_id.more"; do
      [ -s "$p_y" ] || continue
      p_say "$N o $p_x"
      tail -c 262145 "$p_y"
      p_say "$p_nl$N ."
    done
  done
  p_l=$1
}

# Whether the program still runs: its process, no zombie, with the start time it wrote down.
p_alive() {
  { read -r p_pid p_began <"$W/pid"; } 2>/dev/null || return
  kill -0 "$p_pid" 2>/dev/null || return
  [ "$p_began" != - ] || return 0
  { read -r p_x <"/proc/$p_pid/stat"; } 2>/dev/null || return
  p_x=${p_x##*) }
  case $p_x in Z* | X*) return 1 ;; esac
  # shellcheck disable=SC2086 # its fields
  set -- $p_x
  [ "${20}" = "$p_began" ]
}

p_say "$p_nl$N agent"
while read -r p_cmd p_1 p_2 p_3 p_4 p_5; do
  case $p_cmd in
  hello) p_hello ;;
  read)
    if [ "$p_1" != 0 ]; then
      p_get "$p_1"
      D=$D$p_nl$F
      eval "$F"
    fi
    p_get "$p_2"
    eval "$F"
    p_say "$N r"
    ;;
  batch) p_batch "$p_1" "$p_2" "$p_3" "$p_4" "$p_5" ;;
  forget) case $p_1 in */* | . | .. | '') ;; *) [ -z "$S" ] || rm -rf "${S:?}/$p_1" ;; esac ;;
  *) p_fail "unknown request" ;;
  esac
done
