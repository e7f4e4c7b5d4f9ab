#!/bin/sh
# long.sh SIMULATOR [SEEDS [MINUTES [FIRST]]]: runs 20,000 seeds, or SEEDS from FIRST on, on all
# processors, for at most 15 MINUTES. Prints how many were run, the sum of the counts, and every
# finding. Exit 1 on a finding, on a count of 0, or if time ran out.
set -eu
simulator=$1
seeds=${2:-20000}
minutes=${3:-15}
first=${4:-1}
size=250
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
end=$(($(date +%s) + minutes * 60))
export simulator size first seeds dir end

# Each part leaves its output behind, also when it finds something.
seq 0 $(((seeds - 1) / size)) | xargs -P "$(nproc)" -I PART sh -c '
  [ "$(date +%s)" -lt "$end" ] || exit 0
  from=$((first + PART * size))
  to=$((from + size - 1))
  last=$((first + seeds - 1))
  [ "$to" -le "$last" ] || to=$last
  "$simulator" "$from" "$to" --part >"$dir/PART.out" 2>&1 || touch "$dir/PART.bad"
'
cat "$dir"/*.out | awk '
  / seeds without a finding$/ { run += $1; next }
  / KiB of memory, at most/ { if ($1 > most) most = $1; memory = substr($0, 13); next }
  /^ *[0-9]+  / {
    name = substr($0, 13)
    if (!(name in sum)) order[++n] = name
    sum[name] += $1
    next
  }
  { print }
  END {
    for (i = 1; i <= n; ++i) {
      printf "%10d  %s\n", sum[order[i]], order[i]
      if (!sum[order[i]]) zero = 1
    }
    printf "%10d  %s\n%d seeds without a finding\n", most, memory, run
    if (zero) { print "but a count is 0"; exit 1 }
  }' || bad=1
if ls "$dir"/*.bad >/dev/null 2>&1; then exit 1; fi
run=$(cat "$dir"/*.out | awk '/ seeds without a finding$/ { run += $1 } END { print run + 0 }')
if [ "$run" -lt "$seeds" ]; then
  echo "time ran out: $run of $seeds seeds were run"
  exit 1
fi
exit "${bad:-0}"
