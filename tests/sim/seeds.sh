#!/bin/sh
# seeds.sh SIMULATOR FILE: runs every seed of seeds.txt with its options.
set -eu
count=0
while read -r line; do
  words=${line%%#*}
  # shellcheck disable=SC2086  # the words of a line are arguments
  set -- "$1" "$2" $words
  [ $# -gt 2 ] || continue
  simulator=$1 file=$2 seed=$3
  shift 3
  if ! "$simulator" "$seed" "$seed" "$@" >"/tmp/seed.$$" 2>&1; then
    cat "/tmp/seed.$$"
    rm -f "/tmp/seed.$$"
    echo "this seed found a bug once: $line"
    exit 1
  fi
  rm -f "/tmp/seed.$$"
  count=$((count + 1))
  set -- "$simulator" "$file"
done <"$2"
echo "$count seeds that found a bug once find nothing"
