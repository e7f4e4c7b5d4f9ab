#!/bin/sh
# planted_bug.sh SIMULATOR: the simulator with a bug in it must find it within 1,000 seeds.
set -eu
if found=$("$1" 1 1000); then
  echo "1000 seeds did not find the planted bug"
  exit 1
fi
printf '%s\n' "$found"
printf '%s\n' "$found" | grep -q '^seed .* is not on its disk for good$'
echo "the planted bug was found"
