/** Shell functions that the readers of files share. */

/**
 * `each_chunk FUNCTION KEY…` calls FUNCTION with the index of the first key and at most 200 keys, so that no command
 * line grows beyond what a system takes.
 */
export const eachChunk = `each_chunk() {
  chunk_do=$1
  shift
  chunk_at=0
  while [ "$chunk_at" -lt $# ]; do
    chunk_words= chunk_n=0
    while [ "$chunk_n" -lt 200 ] && [ $((chunk_at + chunk_n)) -lt $# ]; do
      chunk_n=$((chunk_n + 1))
      chunk_words="$chunk_words \\"\\\${$((chunk_at + chunk_n))}\\""
    done
    eval "$chunk_do $chunk_at $chunk_words"
    chunk_at=$((chunk_at + chunk_n))
  done
}`;

/**
 * `file_stats PATH…` prints `MODE|TYPE|UID|GID|USER|GROUP|SIZE|LINKS|PATH` for each path that is there, in their order;
 * `file_encode TEXT` sets file_word (see file-words.ts).
 */
export const statTools = `file_stats() {
  case \${file_stat:=$(file_find_stat)} in
    gnu) stat -c '%a|%F|%u|%g|%U|%G|%s|%h|%n' -- "$@" 2>/dev/null ;;
    bsd) stat -f '%p|%HT|%u|%g|%Su|%Sg|%z|%l|%N' -- "$@" 2>/dev/null ;;
    *) for file_path do file_list "$file_path"; done ;;
  esac
}
file_find_stat() {
  if stat -c %n / >/dev/null 2>&1; then echo gnu
  elif stat -f %N / >/dev/null 2>&1; then echo bsd
  else echo ls; fi
}
# Now, and not in the subshell of a question, where it would be forgotten.
: "\${file_stat:=$(file_find_stat)}"
# The same from ls, where there is no stat.
file_list() {
  [ -e "$1" ] || [ -L "$1" ] || return 0
  file_numbers=$(ls -ldn -- "$1" 2>/dev/null) || return 0
  file_names=$(ls -ld -- "$1" 2>/dev/null) || return 0
  file_wanted=$1
  set -f
  set -- $file_names
  file_user=$3 file_group=$4
  set -- $file_numbers
  set +f
  file_bits=\${1%%[+.@]}
  case $1 in
    -*) file_type='regular file' ;; d*) file_type=directory ;; l*) file_type='symbolic link' ;;
    p*) file_type=fifo ;; s*) file_type=socket ;; b*) file_type='block special file' ;; *) file_type='character special file' ;;
  esac
  file_mode=0
  file_value=256
  file_bits=\${file_bits#?}
  while [ -n "$file_bits" ]; do
    file_bit=\${file_bits%"\${file_bits#?}"}
    file_bits=\${file_bits#?}
    case $file_bit in
      [rwx]) file_mode=$((file_mode + file_value)) ;;
      [st]) file_mode=$((file_mode + file_value)); file_special=yes ;;
      [ST]) file_special=yes ;;
    esac
    case $file_bit in
      [sStT]) case $file_value in 64) file_mode=$((file_mode + 2048)) ;; 8) file_mode=$((file_mode + 1024)) ;; *) file_mode=$((file_mode + 512)) ;; esac ;;
    esac
    file_value=$((file_value / 2))
  done
  printf '%04o|%s|%s|%s|%s|%s|%s|%s|%s\\n' "$file_mode" "$file_type" "$3" "$4" "$file_user" "$file_group" "\${5%,}" "$2" "$file_wanted"
}
file_encode() {
  file_word=$1
  case $1 in
    '' | - | '\\x'* | *[!!-~]*) file_word="\\\\x$(printf %s "$1" | od -An -v -tx1 | tr -d ' \\n')" ;;
  esac
}`;
