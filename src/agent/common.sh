# Shell shared by the agent, the batch program and the shells that run as another user.
# Names that begin with p_ or P_ belong to the agent. The files are run together: what one sets another reads.
# shellcheck shell=sh disable=SC2034,SC2154

p_nl='
'

# Prints one line as it is. The ksh family has no builtin printf, and a program would see the text as an argument.
case ${KSH_VERSION-} in
?*) p_say() { print -r -- "$1"; } ;;
*) p_say() { printf '%s\n' "$1"; } ;;
esac

# Quotes a text as one shell word, into P_Q, without a process.
p_quote() {
  p_r=$1 P_Q=
  while :; do
    case $p_r in
    *\'*) P_Q="$P_Q${p_r%%\'*}'\\''" p_r=${p_r#*\'} ;;
    *) break ;;
    esac
  done
  P_Q="'$P_Q$p_r'"
}

# What a shell has to know: spool of the batch, shell, umask, locale and PATH of the login, user.
p_set() {
  W=$1 P_SH=$2 P_UMASK=$3 P_LC=$4 P_PATH=$5 P_USER=$6
  B=$W/b
}

# The environment that this user would have after login; call it in a subshell.
p_login() {
  PATH=$P_PATH
  if [ -n "$P_LC" ]; then LC_ALL=$P_LC; else unset LC_ALL; fi
  USER=$P_USER LOGNAME=$P_USER
  export USER LOGNAME
  umask "$P_UMASK"
  cd "${HOME:-/}" 2>/dev/null || cd /
}

# In a shell started for another user: its identity in the environment. The name was checked by the controller.
p_become() {
  P_USER=$1
  eval "HOME=~$1"
  case $HOME in /*) ;; *) HOME=/ ;; esac
  USER=$1 LOGNAME=$1
  export HOME USER LOGNAME
  XDG_RUNTIME_DIR=/run/user/$2
  if [ -d "$XDG_RUNTIME_DIR" ]; then export XDG_RUNTIME_DIR; else unset XDG_RUNTIME_DIR; fi
  umask "$P_UMASK"
  cd "$HOME" 2>/dev/null || cd /
}

# Finds out once how to start a process as another user.
p_dropper() {
  [ -z "${P_DROP-}" ] || return 0
  if setpriv --reuid=0 --regid=0 --clear-groups true; then
    P_DROP=setpriv
  elif runuser -u root -- true; then
    P_DROP=runuser
  elif [ "$(id -u)" = 0 ] && command -v su; then
    P_DROP=su
  else
    P_DROP=none
  fi >/dev/null 2>&1 </dev/null
}

# Starts a shell as user $1 (uid $2, gid $3) that runs the script on stdin; replaces the calling subshell.
p_drop() {
  # shellcheck disable=SC2086 # P_GROUP is a command of several words, or none
  case $P_DROP in
  setpriv) exec setpriv --reuid="$2" --regid="$3" --init-groups -- $P_GROUP "$P_SH" ;;
  runuser) exec runuser -u "$1" -- $P_GROUP "$P_SH" ;;
  su)
    SHELL=$P_SH
    export SHELL
    exec su -m "$1" -c "exec $P_GROUP $P_SH"
    ;;
  *)
    p_say "this host has none of setpriv, runuser and su: a step cannot run as $1" >&2
    exit 126
    ;;
  esac
}

# The script for a shell of its own: library, settings, then the program with its stdin from descriptor 4.
p_script() {
  p_lib
  p_words=p_set
  for p_x in "$W" "$P_SH" "$P_UMASK" "$P_LC" "$P_PATH" "$P_USER"; do
    p_quote "$p_x"
    p_words="$p_words $P_Q"
  done
  p_say "$p_words"
  [ -z "$1" ] || p_say "p_become $1 $2"
  p_say "{ $3"
  p_say '} <&4 4<&-'
}

# Runs program text $2 as user $1 (empty: the channel's own), stdin from descriptor 4.
p_as() {
  if [ -z "$1" ] || [ "$1" = "$P_USER" ]; then
    eval "$2" <&4 4<&-
    return
  fi
  p_dropper
  if ! p_uid=$(id -u "$1") || ! p_gid=$(id -g "$1"); then
    return 126
  fi
  p_script "$1" "$p_uid" "$2" | p_drop "$1" "$p_uid" "$p_gid"
}
