# Functions that unpack archives. Formats are told by their first bytes, not by the name.

# archive_unpack SOURCE FOLDER [OPTION…]: unpacks a file, or what a URL leads to, into an empty folder.
archive_unpack() {
  archive_source=$1 archive_folder=$2 archive_times=' %Y'
  shift 2
  case $archive_source in
    *://*)
      file_fetch "$archive_source" "$archive_folder.download" 30 '' || return
      archive_source=$archive_folder.download ;;
  esac
  case $(dd if="$archive_source" bs=4 count=1 2>/dev/null | od -An -v -tx1 | tr -d ' \n') in
    504b*)
      # BusyBox's restores no times.
      case $(unzip --help 2>&1) in *BusyBox*) archive_times= ;; esac
      # Status 1 of unzip is a warning.
      (umask 022 && unzip -q -o "$@" "$archive_source" -d "$archive_folder") || [ $? = 1 ] ;;
    1f8b*) archive_untar 'gzip -dc' "$@" ;;
    425a68*) archive_untar 'bzip2 -dc' "$@" ;;
    fd377a58) archive_untar 'xz -dc' "$@" ;;
    28b52ffd) archive_untar 'zstd -dc' "$@" ;;
    *) archive_untar cat "$@" ;;
  esac
}

# archive_untar PROGRAM [OPTION…] unpacks archive_source, through PROGRAM, into archive_folder.
archive_untar() {
  archive_through=$1
  shift
  rm -f "$archive_folder.failed"
  { $archive_through <"$archive_source" || : >"$archive_folder.failed"; } | (cd "$archive_folder" && umask 022 && tar xpf - "$@") || return 1
  if [ -e "$archive_folder.failed" ]; then
    rm -f "$archive_folder.failed"
    return 1
  fi
}

# archive_stage FOLDER SOURCE DEST KEEP_NEWER MODE OWNER GROUP EXCLUDES PATTERN… INCLUDES PATH… OPTIONS OPTION…: unpacks
# as DEST is to be: without what is excluded or not included, with mode and owner set (- for: as in the archive).
# EXCLUDES, INCLUDES are counts, and the options are the rest. Sets archive_dest.
archive_stage() {
  archive_stage=$1 archive_source=$2 archive_dest=$3 archive_newer=$4 archive_mode=$5 archive_owner=$6 archive_group=$7
  shift 7
  archive_count=$1
  shift
  archive_excludes=
  while [ "$archive_count" -gt 0 ]; do
    archive_excludes="$archive_excludes|$1"
    archive_count=$((archive_count - 1))
    archive_exclude_add "$1"
    shift
  done
  archive_count=$1
  shift
  archive_includes=$archive_count
  : >"$archive_stage.include"
  while [ "$archive_count" -gt 0 ]; do
    printf '%s\n' "${1%/}" >>"$archive_stage.include"
    archive_count=$((archive_count - 1))
    shift
  done
  archive_unpack "$archive_source" "$archive_stage" "$@" || return 1
  archive_prune || return 1
  if [ "$archive_owner:$archive_group" != -:- ]; then
    find "$archive_stage" ! -path "$archive_stage" -exec sh -c 'case $0 in -:*) chgrp -h "${0#-:}" "$@" ;; *:-) chown -h "${0%:-}" "$@" ;; *) chown -h "$0" "$@" ;; esac' "$archive_owner:$archive_group" {} + || return 1
  fi
  [ "$archive_mode" = - ] || find "$archive_stage" ! -path "$archive_stage" ! -type l -exec chmod "$archive_mode" {} + || return 1
}

archive_exclude_add() {
  printf '%s\n' "${1%/}" >>"$archive_stage.exclude"
}

# Takes out of what was unpacked what is not wanted, and, where asked, what is older than what is there.
archive_prune() {
  if [ -s "$archive_stage.exclude" ]; then
    (cd "$archive_stage" && find . ! -name . -exec sh -c 'list=$1; shift
      for path do
        [ -e "$path" ] || [ -L "$path" ] || continue
        name=${path#./}
        while IFS= read -r pattern; do
          case $name in $pattern | */$pattern) rm -rf "$path"; break ;; esac
        done <"$list"
      done' sh "$archive_stage.exclude" {} +) || return 1
  fi
  if [ "$archive_includes" -gt 0 ]; then
    while IFS= read -r archive_path; do
      if [ ! -e "$archive_stage/$archive_path" ] && [ ! -L "$archive_stage/$archive_path" ]; then
        printf 'the archive has no %s\n' "$archive_path" >&2
        return 1
      fi
    done <"$archive_stage.include"
    (cd "$archive_stage" && find . ! -name . -exec sh -c 'list=$1; shift
      for path do
        name=${path#./} kept=no
        while IFS= read -r wanted; do
          wanted=${wanted#./}
          case $name in "$wanted" | "$wanted"/*) kept=yes ;; esac
          case $wanted in "$name"/*) kept=yes ;; esac
        done <"$list"
        [ $kept = yes ] || rm -rf "$path"
      done' sh "$archive_stage.include" {} +) || return 1
  fi
  if [ "$archive_newer" = yes ] && [ -z "$archive_times" ]; then
    echo 'unzip of BusyBox restores no times, so keep_newer cannot tell what is newer; install unzip' >&2
    return 1
  fi
  if [ "$archive_newer" = yes ]; then
    (cd "$archive_stage" && find . -type f -exec sh -c 'dest=$1; shift
      for path do if [ "$dest/$path" -nt "$path" ]; then rm -f "$path"; fi; done' sh "$archive_dest" {} +) || return 1
  fi
}

# archive_room sets archive_room: a private folder for unpacking, removed by archive_leave.
archive_enter() {
  archive_room=$(mktemp -d "${TMPDIR:-/tmp}/provision.XXXXXX") || return 1
  mkdir "$archive_room/in"
}
archive_leave() {
  chmod -R u+rwx "$archive_room" 2>/dev/null || :
  rm -rf "$archive_room"
}

# archive_differing STAGE DEST prints the paths of what is staged that DEST has not, or has otherwise.
archive_differing() {
  (cd "$1" && find . ! -name . -exec sh -c 'dest=$1 times=$2; shift 2
    shown() {
      if stat -c %n / >/dev/null 2>&1; then stat -c "$1" -- "$2" 2>/dev/null; else stat -f "$(printf %s "$1" | sed "s/%a/%Lp/; s/%Y/%m/; s/%s/%z/")" -- "$2" 2>/dev/null; fi
    }
    for path do
      there=$dest/${path#./}
      if [ -L "$path" ]; then
        [ -L "$there" ] && [ "$(readlink "$path")" = "$(readlink "$there")" ] && continue
      elif [ -d "$path" ]; then
        [ -d "$there" ] && [ "$(shown "%a %u %g" "$path")" = "$(shown "%a %u %g" "$there/.")" ] && continue
      elif [ -f "$there" ] && [ ! -L "$there" ]; then
        [ "$(shown "%a %u %g %s$times" "$path")" = "$(shown "%a %u %g %s$times" "$there")" ] && cmp -s "$path" "$there" && continue
      fi
      printf "%s\n" "${path#./}"
    done' sh "$2" "$archive_times" {} +)
}

# archive_install STAGE DEST puts what is staged into DEST; DEST itself stays as it is.
archive_install() {
  (
    cd "$1"
    set --
    for archive_name in ./* ./.[!.]* ./..?*; do
      if [ -e "$archive_name" ] || [ -L "$archive_name" ]; then set -- "$@" "$archive_name"; fi
    done
    if [ $# -gt 0 ]; then tar cf - "$@"; fi
  ) >"$1.tar"
  if [ -s "$1.tar" ]; then (cd "$2" && tar xpf -) <"$1.tar"; fi
}

# archive_apply ARGUMENTS… (those of archive_stage after FOLDER) unpacks into DEST.
archive_apply() {
  archive_enter
  trap archive_leave EXIT
  archive_stage "$archive_room/in" "$@"
  archive_install "$archive_room/in" "$archive_dest"
}
