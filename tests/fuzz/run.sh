#!/bin/bash
# Fuzzes with libFuzzer (needs clang-14 and libclang-rt-14-dev: deploy/apt-packages.txt).
# usage: run.sh [--seconds N | --runs N] [--keep] [TARGET...]
# N is for each target; 60 seconds without it. --keep adds what reaches new code to the corpus,
# minimised. One line for each target; exit 1 if there is a finding, which stays in
# build/fuzz/findings/TARGET.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
build="$root/build/fuzz"
budget=(-max_total_time=60)
keep=0
targets=()
while (($#)); do
  case "$1" in
    --seconds) budget=("-max_total_time=$2") && shift 2 ;;
    --runs) budget=("-runs=$2") && shift 2 ;;
    --keep) keep=1 && shift ;;
    -*) sed -n '2,6p' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
    *) targets+=("$1") && shift ;;
  esac
done
((${#targets[@]})) || mapfile -t targets < <(cd "$here/corpus" && printf '%s\n' *)

# The largest input: above it nothing new is decided, only more of the same.
bytes_max() {
  case "$1" in
    anchor) echo 600 ;;
    bundle | frames) echo 1024 ;;
    charter | csv | vcard) echo 4096 ;;
    session) echo 512 ;;
    *) echo 2048 ;;
  esac
}

programs=("${targets[@]/#/fuzz_}")
(cd "$root" && cmake --preset fuzz -Wno-dev >/dev/null)
ninja -C "$build" "${programs[@]}" >&2

one() { # target
  local target="$1" findings="$build/findings/$1" work log status=0
  work="$(mktemp -d)"
  log="$work/log"
  mkdir -p "$findings" "$work/corpus" "$work/merged"
  local inputs=("$here/corpus/$target")
  [[ ! -d "$here/regression/$target" ]] || inputs+=("$here/regression/$target")
  # Entropic scheduling costs up to two thirds of the time: its statistics grow with the corpus.
  local options=(-max_len="$(bytes_max "$target")" -timeout=10 -rss_limit_mb=1024
    -malloc_limit_mb=256 -entropic=0 -print_final_stats=1 -artifact_prefix="$findings/")
  [[ ! -f "$here/$target.dict" ]] || options+=(-dict="$here/$target.dict")
  "$build/tests/fuzz/fuzz_$target" "${options[@]}" "${budget[@]}" "$work/corpus" "${inputs[@]}" \
    >"$log" 2>&1 || status=$?
  local runs rate seconds
  runs="$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
  rate="$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")"
  seconds="$(sed -n 's/^Done .* in \([0-9]*\) second.*/\1/p' "$log")"
  printf '%-9s %9s executions  %7s per second  %5s s  %s\n' "$target" "${runs:-?}" "${rate:-?}" \
    "${seconds:-?}" "$( ((status)) && echo "FINDING in $findings" || echo "no finding")"
  if ((status)); then
    tail -n 40 "$log" >&2
  elif ((keep)); then
    "$build/tests/fuzz/fuzz_$target" -merge=1 "${options[@]}" "$work/merged" "${inputs[0]}" \
      "$work/corpus" >"$log" 2>&1
    rm -f -- "${inputs[0]:?}"/*
    cp -- "$work/merged"/* "${inputs[0]}/"
  fi
  rm -rf -- "$work"
  return "$status"
}

failed=0
for target in "${targets[@]}"; do
  [[ -d "$here/corpus/$target" ]] || {
    echo "no such target: $target; there are: $(cd "$here/corpus" && echo *)" >&2
    exit 2
  }
  one "$target" || failed=1
done
exit "$failed"
