#!/bin/sh
# planted_bug.sh SIMULATOR FINDING: the simulator with a bug in it must find it within 1,000 seeds,
# and say so in a line that matches FINDING. Seeds that find another consequence are passed by.
set -eu
from=1
while [ "$from" -le 1000 ]; do
  if found=$("$1" "$from" 1000 2>&1); then
    break
  fi
  printf '%s\n' "$found"
  if printf '%s\n' "$found" | grep -q "^seed .* $2\$"; then
    echo "the planted bug was found"
    exit 0
  fi
  from=$(printf '%s\n' "$found" | sed -n 's/^seed \([0-9]*\)[: ].*/\1/p' | head -n 1)
  [ -n "$from" ] || exit 1
  from=$((from + 1))
done
echo "1000 seeds did not find the planted bug"
exit 1
