# What a batch program calls. It writes to files only: the log, the outputs, and one line to a fifo for whoever follows.
# shellcheck shell=sh disable=SC2034,SC2154

P_GROUP='' P_DROP=''

p_lib() { cat "$W/lib"; }

p_open() {
  umask 077
  cd /
  p_began=-
  if { read -r p_x <"/proc/$$/stat"; } 2>/dev/null; then
    # shellcheck disable=SC2086 # its fields
    set -- ${p_x##*) }
    p_began=${20}
  fi
  p_say "$$ $p_began" >"$W/pid"
  # Opened for reading too, so that writing never waits for a follower.
  exec 5>>"$W/log" 6<>"$W/n"
}

# A record, and one byte that wakes the follower. `b` records wake nobody: what begins is known when the last one ends.
p_log() {
  p_say "$1" >&5
  p_say '' >&6
}

p_finish() {
  # shellcheck disable=SC2086 # digests, by spaces
  [ -z "${P_SECRETS-}" ] || (cd "$B" && rm -f $P_SECRETS)
  [ -z "${p_ticker-}" ] || kill -KILL "$p_ticker" 2>/dev/null
  p_log "z $1"
  exit 0
}

p_over() {
  p_log "e $1 $2${3-}"
  [ "$2" = 0 ] || p_finish "stopped $1"
}

# p_run ID TEXT: shell of a module, under set -eu.
p_run() {
  p_say "b $1" >&5
  (
    p_x=$2
    umask "$P_UMASK"
    set --
    set -eu
    eval "$p_x"
  ) </dev/null >"$W/o.$1" 2>"$W/e.$1" 5>&- 6>&-
  p_over "$1" $?
}

# p_run_as ID USER TEXT BLOBS: the same as another user, who gets copies of the blobs in a folder of its own.
p_run_as() {
  p_say "b $1" >&5
  (
    p_id=$1 p_user=$2 p_text=$3
    shift 3
    if [ $# != 0 ]; then
      chmod 711 "${W%/*}" "$W" && mkdir "$W/u.$p_id" || exit 126
      for p_x; do cp "$B/$p_x" "$W/u.$p_id/" || exit 126; done
      chown -R "$p_user" "$W/u.$p_id" || exit 126
    fi
    p_as "$p_user" "B=\$W/u.$p_id; $p_text" 4</dev/null
  ) </dev/null >"$W/o.$1" 2>"$W/e.$1" 5>&- 6>&-
  p_rc=$?
  [ ! -d "$W/u.$1" ] || rm -rf "$W/u.$1"
  p_over "$1" "$p_rc"
}

# Keeps the first 256 kB as they come and the last 256 kB of what follows. A process that holds the pipe keeps this
# alive without harm.
p_drain() {
  (
    ulimit -f 512
    exec cat
  ) >"$1" 2>/dev/null || tail -c 262144 >"$1.more"
  # The pipe is let go first: it is used again.
  exec </dev/null
  : >"$1.done"
  p_say drained >&8
}

# p_command ID USER SECONDS STDIN TEXT: a user's own command. STDIN is the name of a blob or empty.
p_command() {
  p_say "b $1" >&5
  p_id=$1
  p_o=$W/o.$1 p_e=$W/e.$1 p_in=/dev/null
  [ -z "$4" ] || p_in=$B/$4
  p_pipes "$1" || p_over "$1" 126
  p_drain "$p_o" <"$p_pipe.o" 5>&- 6>&- &
  p_drain "$p_e" <"$p_pipe.e" 5>&- 6>&- &
  if [ -n "$3" ]; then
    p_limited "$2" "$3" "$5"
  else
    # Opened in the subshell: mksh gives up an open that waits when a child of this shell, an earlier drain, ends meanwhile.
    ({ p_as "$2" "$5"; } 4<"$p_in" >"$p_pipe.o" 2>"$p_pipe.e" 5>&- 6>&- 8>&-)
  fi
  p_rc=$? p_flag=''
  if [ -e "$W/late.$1" ]; then p_rc=124 p_flag=' late'; fi
  p_await
  p_over "$1" "$p_rc" "$p_flag"
}

# Two pipes for the output of a command, and what tells that they are drained. Made once, and again after a daemon kept one.
p_pipes() {
  if [ -z "${p_ticker-}" ]; then
    mkfifo "$W/drained" || return
    exec 8<>"$W/drained"
    (
      exec >&8 2>/dev/null </dev/null 5>&- 6>&-
      while sleep 1 && kill -0 $$; do p_say tick; done
    ) &
    p_ticker=$!
  fi
  [ -n "${p_pipe-}" ] || { p_pipe=$W/p.$1 && mkfifo "$p_pipe.o" "$p_pipe.e"; }
}

# Output is complete when both drains have seen its end; a daemon that keeps a pipe open is waited for one or two seconds.
p_await() {
  p_ticks=''
  p_say "$p_id" >&8
  while [ -z "$p_ticks" ] || [ ! -e "$p_o.done" ] || [ ! -e "$p_e.done" ]; do
    read -r p_x <&8
    case $p_ticks-$p_x in
    -"$p_id") p_ticks=0 ;;
    [01]-tick) p_ticks=$((p_ticks + 1)) ;;
    2-tick)
      p_pipe=''
      return
      ;;
    esac
  done
}

# A command in a session of its own that is ended with all its processes when the time is over.
p_limited() {
  if command -v setsid; then
    P_GROUP=setsid
  elif command -v perl; then
    P_GROUP='perl -MPOSIX=setsid -e setsid;exec@ARGV --'
  fi >/dev/null 2>&1
  if [ -z "$P_GROUP" ]; then
    { p_say 'neither setsid nor perl on this host: a time limit cannot be kept' >&2; } >"$p_pipe.o" 2>"$p_pipe.e"
    return 125
  fi
  if [ -z "$1" ] || [ "$1" = "${P_USER:?}" ]; then
    # shellcheck disable=SC2086 # a command of several words
    p_script '' '' "$3" | exec $P_GROUP "$P_SH" 4<"$p_in" >"$p_pipe.o" 2>"$p_pipe.e" 5>&- 6>&- 8>&- &
  else
    p_dropper
    # The pipes are opened once: a drain ends when the last writer is gone.
    if ! p_uid=$(id -u "$1" 2>&1) || ! p_gid=$(id -g "$1" 2>&1); then
      { p_say "$p_uid" >&2; } >"$p_pipe.o" 2>"$p_pipe.e"
      return 126
    fi
    p_script "$1" "$p_uid" "$3" | p_drop "$1" "$p_uid" "$p_gid" 4<"$p_in" >"$p_pipe.o" 2>"$p_pipe.e" 5>&- 6>&- 8>&- &
  fi
  p_pid=$!
  # shellcheck disable=SC2016 # it is text for that shell
  $P_GROUP "$P_SH" -c 'sleep "$1"; : >"$2"; kill -TERM "-$3" || kill -TERM "$3"; sleep 3; kill -KILL "-$3"' sh "$2" "$W/late.$p_id" "$p_pid" </dev/null >/dev/null 2>&1 4>&- 8>&- &
  p_watch=$!
  wait "$p_pid" 2>/dev/null
  p_rc=$?
  kill -KILL "-$p_watch" 2>/dev/null
  P_GROUP=
  return "$p_rc"
}

# p_compare ID TEXT: readers and judgement, in a subshell that ends with 1 when something differs.
p_compare() {
  # shellcheck disable=SC2030,SC2031 # all of it is in that subshell
  if (p_bad='' p_lines=0 && : >"$W/ce" && eval "$2") 2>>"$W/noise" </dev/null; then
    p_log "s $1"
  else
    p_log "d $1"
    p_finish "stopped $1"
  fi
}

# p_r GROUP OFFSET USER TEXT: one call of a reader, each line into the variable p_v_GROUP_INDEX.
p_r() {
  p_out=$(p_as "$3" "$4" 2>>"$W/ce" 4</dev/null 5>&- 6>&-)
  IFS=$p_nl
  set -f
  for p_l in $p_out; do
    p_i=${p_l%% *}
    case $p_l in *' '*) ;; *) continue ;; esac
    case $p_i in '' | *[!0-9]*) continue ;; esac
    p_i=$((p_i + $2))
    eval "p_v_$1_$p_i=\${p_l#* }"
    # shellcheck disable=SC2031
    p_lines=$((p_lines + 1))
  done
  unset IFS
  set +f
}

# p_fresh GROUP COUNT: all lines of a group into the log.
p_fresh() {
  p_i=0
  while [ "$p_i" -lt "$2" ]; do
    eval "[ -z \"\${p_v_$1_$p_i+x}\" ] || p_say \"l $1 $p_i \$p_v_$1_$p_i\"" >&5
    p_i=$((p_i + 1))
  done
}
