# Functions for changes to files. All end the change (set -e) when something does not work.

# file_mode PATH MODE: exactly these four octal digits, also where chmod would keep a folder's set-group-id.
file_mode() {
  if [ -d "$1" ]; then
    if [ -g "$1" ] || [ -u "$1" ]; then chmod u-s,g-s "$1"; fi
  fi
  chmod "$2" "$1"
}

# file_own PATH OWNER GROUP: a - leaves one as it is; of a link its own.
file_own() {
  case $2:$3 in
    -:-) ;;
    *:-) chown -h "$2" "$1" ;;
    -:*) chgrp -h "$3" "$1" ;;
    *) chown -h "$2:$3" "$1" ;;
  esac
}

# file_new_folder PATH MODE
file_new_folder() {
  mkdir -m "$2" "$1"
  # The folder it is in may have handed on its group.
  if [ -g "$1" ]; then file_mode "$1" "$2"; fi
  file_label "$1"
}

# file_backup PATH: a copy beside it; its name is printed for the result.
file_backup() {
  file_copy="$1.$$.$(date '+%Y-%m-%d@%H:%M:%S')~"
  cp -p "$1" "$file_copy"
  printf 'backup_file=%s\n' "$file_copy"
}

# file_label PATH: the SELinux context that the policy names for something new.
file_label() {
  [ -e /sys/fs/selinux/enforce ] || return 0
  if command -v restorecon >/dev/null 2>&1; then restorecon "$1" 2>/dev/null || :; fi
}

# file_stage_name DEST sets staged: a free name for the coming content of DEST, in the same folder where that can be
# written. What is staged is removed when the change ends, whatever happens.
file_stage_name() {
  file_count=$((${file_count:-0} + 1))
  case ${1%/*} in
    '') staged=/.provision.$$.$file_count ;;
    *) staged=${1%/*}/.provision.$$.$file_count ;;
  esac
  file_beside=yes
  if [ ! -w "${staged%/*}/" ]; then
    staged=$B/staged.$file_count
    file_beside=no
  fi
  trap 'rm -f "$staged"' EXIT
  if [ -e "$staged" ] || [ -L "$staged" ]; then rm -f "$staged"; fi
  umask 077
}

# file_stage SOURCE DEST stages the bytes of SOURCE.
file_stage() {
  file_stage_name "$2"
  set -C
  cat "$1" >"$staged"
  set +C
}

# file_stage_text TEXT DEST stages a text, without a process: the ksh family has no builtin printf.
file_stage_text() {
  file_stage_name "$2"
  set -C
  case ${KSH_VERSION-} in
    ?*) print -rn -- "$1" >"$staged" ;;
    *) printf %s "$1" >"$staged" ;;
  esac
  set +C
}

# file_commit DEST MODE OWNER GROUP puts what is staged in the place of DEST. With - for OWNER or GROUP a file that was
# there keeps its own. Written in place, from the staged copy, where a rename would lose something: other hard links,
# an access list, an owner that cannot be given, a mount point.
file_commit() {
  file_why=
  if [ -f "$1" ] && [ ! -L "$1" ]; then
    file_read_line "$(ls -ldn "$1")"
    [ $file_beside = yes ] || file_why='its folder cannot be written'
    [ "$file_links" = 1 ] || file_why='it has other hard links'
    case $file_bits in *+) file_why='it has an access list' ;; esac
    if [ -z "$file_why" ] && ! { [ -O "$1" ] && [ -G "$1" ] && [ -O "$staged" ] && [ -G "$staged" ]; }; then
      chown "$file_uid:$file_gid" "$staged" 2>/dev/null || file_why='its owner cannot be kept otherwise'
    fi
    if [ -e /sys/fs/selinux/enforce ]; then chcon --reference="$1" "$staged" 2>/dev/null || :; fi
  elif [ -L "$1" ]; then
    rm -f "$1"
  elif [ -e "$1" ]; then
    printf '%s is not a regular file\n' "$1" >&2
    return 1
  fi
  if [ -z "$file_why" ]; then
    file_own "$staged" "$3" "$4"
    file_mode "$staged" "$2"
    if [ -e "$1" ]; then
      mv -f "$staged" "$1" 2>/dev/null || file_why='it cannot be replaced'
    else
      mv -f "$staged" "$1"
      file_label "$1"
    fi
  fi
  if [ -n "$file_why" ]; then file_write_in_place "$@"; fi
  trap - EXIT
  if [ -e "$staged" ]; then rm -f "$staged"; fi
}

file_write_in_place() {
  printf 'warning: %s is written in place: %s\n' "$1" "$file_why" >&2
  cat "$staged" >"$1" || {
    trap - EXIT
    printf '%s could not be written to its end; the whole content is in %s\n' "$1" "$staged" >&2
    return 1
  }
  file_own "$1" "$3" "$4"
  file_read_line "$(ls -ldn "$1")"
  file_mode "$1" "$2"
}

# file_read_line LINE takes a line of ls -ldn apart: file_bits, file_links, file_uid, file_gid.
file_read_line() {
  set -f
  set -- $1
  set +f
  file_bits=$1 file_links=$2 file_uid=$3 file_gid=$4
}

# file_link TARGET PATH puts a symbolic link in the place of whatever PATH is (not of a folder that holds something).
file_link() {
  if [ ! -L "$2" ] && [ -d "$2" ]; then rmdir "$2"; fi
  file_stage_name "$2"
  if [ -L "$2" ] && [ -d "$2" ]; then
    # mv would go into the folder that the old link leads to.
    rm -f "$2"
  fi
  if [ -e "$2" ] || [ -L "$2" ]; then
    ln -s -- "$1" "$staged"
    mv -f "$staged" "$2"
  else
    ln -s -- "$1" "$2"
  fi
  trap - EXIT
}

# file_hard_link SOURCE PATH
file_hard_link() {
  if [ -e "$2" ] || [ -L "$2" ]; then
    file_stage_name "$2"
    ln "$1" "$staged"
    if [ -L "$2" ]; then rm -f "$2"; fi
    mv -f "$staged" "$2"
    trap - EXIT
    rm -f "$staged"
  else
    ln "$1" "$2"
  fi
}

# file_backup_away PATH: as file_backup, but among the temporary files, where no program takes it for one of its own.
file_backup_away() {
  file_copy="${TMPDIR:-/tmp}/${1##*/}.$$.$(date '+%Y-%m-%d@%H:%M:%S')~"
  (umask 077; set -C; cat "$1" >"$file_copy")
  printf 'backup_file=%s\n' "$file_copy"
}

# crontab_for USER OPTIONS…: the crontab program, for another user where USER is none of - and the user's own name.
crontab_for() {
  crontab_user=$1
  shift
  if [ "$crontab_user" = - ] || [ "$crontab_user" = "$(id -un)" ]; then crontab "$@"; else crontab -u "$crontab_user" "$@"; fi
}

# crontab_install USER FILE
crontab_install() {
  crontab_for "$1" - <"$2"
}

# crontab_backup USER
crontab_backup() {
  file_copy="${TMPDIR:-/tmp}/crontab.$$.$(date '+%Y-%m-%d@%H:%M:%S')~"
  (umask 077; set -C; crontab_for "$1" -l >"$file_copy")
  printf 'backup_file=%s\n' "$file_copy"
}

# file_fetch URL OUT SECONDS SETTINGS [CHECK]: downloads to the file OUT. SETTINGS is '' or a file of curl's
# configuration (headers, user); CHECK is no where the server's certificate does not count.
file_fetch() {
  if command -v curl >/dev/null 2>&1; then
    set -- "$2" "$4" "${5:-yes}" -fsSL --connect-timeout "$3" --speed-limit 1 --speed-time "$3" "$1"
    file_out=$1 file_settings=$2 file_check=$3
    shift 3
    [ -z "$file_settings" ] || set -- -K "$file_settings" "$@"
    [ "$file_check" = yes ] || set -- -k "$@"
    curl -o "$file_out" "$@" || return
    # Of an empty answer curl makes no file.
    [ -e "$file_out" ] || : >"$file_out"
    return 0
  fi
  if [ -n "$4" ]; then
    echo 'headers and users of a URL need curl on the host' >&2
    return 1
  fi
  if command -v wget >/dev/null 2>&1; then
    if [ "${5:-yes}" = yes ]; then wget -q -T "$3" -O "$2" "$1"; else wget -q --no-check-certificate -T "$3" -O "$2" "$1"; fi
  elif command -v ftp >/dev/null 2>&1 && [ "$(uname -s)" = OpenBSD ]; then
    ftp -V -w "$3" -o "$2" "$1"
  else
    echo 'no curl, wget or ftp on the host to download with' >&2
    return 1
  fi
}

# file_sum ALGORITHM FILE prints the checksum in hex.
file_sum() {
  if command -v "${1}sum" >/dev/null 2>&1; then file_hex=$("${1}sum" <"$2")
  elif command -v "$1" >/dev/null 2>&1; then file_hex=$("$1" -q <"$2")
  else file_hex=$(openssl dgst "-$1" -r <"$2"); fi
  printf '%s\n' "${file_hex%% *}"
}

# file_download URL DEST SECONDS SETTINGS CHECK ALGORITHM HEX: stages what the URL leads to; with an ALGORITHM other than
# - its checksum must be HEX.
file_download() {
  file_stage_name "$2"
  file_fetch "$1" "$staged" "$3" "$4" "$5" || {
    printf 'the download of %s failed\n' "$1" >&2
    return 1
  }
  [ "$6" = - ] || {
    file_found=$(file_sum "$6" "$staged")
    [ "$file_found" = "$7" ] || {
      printf 'what was downloaded has the %s %s, not %s\n' "$6" "$file_found" "$7" >&2
      return 1
    }
  }
}
