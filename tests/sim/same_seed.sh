#!/bin/sh
# same_seed.sh SIMULATOR: five seeds, twice each, must leave the same digests.
set -eu
one=$("$1" 1 5 -v)
two=$("$1" 1 5 -v)
if [ "$one" != "$two" ]; then
  printf '%s\n' "$one" "$two"
  echo "the same seed went another way"
  exit 1
fi
[ "$(printf '%s\n' "$one" | grep -c ' digest ')" = 5 ]
echo "5 seeds: equal digests"
