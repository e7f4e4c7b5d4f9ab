#!/bin/sh
# planted_bug.sh SIMULATOR FINDING: the simulator with a bug in it must find it within 1,000 seeds,
# and say so in a line that matches FINDING.
set -eu
if found=$("$1" 1 1000 2>&1); then
  echo "1000 seeds did not find the planted bug"
  exit 1
fi
printf '%s\n' "$found"
printf '%s\n' "$found" | grep -q "^seed .* $2\$"
echo "the planted bug was found"
