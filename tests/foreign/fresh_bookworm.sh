#!/bin/bash
# The newcomer's first command on a fresh Debian bookworm: makes a root with mmdebstrap, copies the
# repository into it and runs `./deploy/run demo --once` there as root.
#
# usage: fresh_bookworm.sh [--worktree] [COMMAND...]
#   --worktree   take the files as they lie here instead of the last commit
#   COMMAND      run this in the root, in place of the demo
# exit: 0 it works, 1 it does not, 77 skipped because this machine cannot make a root
set -euo pipefail

skip() {
  printf 'SKIPPED: %s\n' "$1" >&2
  exit 77
}

here="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
worktree=0
if [[ "${1:-}" == --worktree ]]; then
  worktree=1
  shift
fi
command=("$@")
((${#command[@]})) || command=(./deploy/run demo --once)

[[ "$(id -u)" == 0 ]] || skip "needs root"
for tool in mmdebstrap unshare chroot tar git; do
  command -v "$tool" >/dev/null || skip "$tool is missing"
done
unshare --mount --pid --fork true 2>/dev/null || skip "mount namespaces are not permitted here"

scratch="$(mktemp -d "${TMPDIR:-/tmp}/geflecht-bookworm.XXXXXX")"
target="$scratch/root"
# Everything is mounted in a mount namespace that ends with its process; nothing of the machine can
# lie below $target when this runs.
trap 'rm -rf --one-file-system -- "$scratch"' EXIT
trap 'exit 1' INT TERM

# The machine's own sources of bookworm and its settings for fetching (proxy, dates).
sources=()
while IFS= read -r file; do
  sources+=("$file")
done < <(grep -lsE '(^|[[:space:]])bookworm([-[:space:]]|$)' /etc/apt/sources.list \
  /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources || true)
((${#sources[@]})) || skip "this machine has no source of bookworm packages"
cat /etc/apt/apt.conf /etc/apt/apt.conf.d/* 2>/dev/null |
  grep -E '^[[:space:]]*Acquire::[A-Za-z:/.-]+[[:space:]]+"[^"]*"' >"$scratch/fetch.conf" || true

printf '== making a bookworm root (a minute or two)\n'
mmdebstrap --quiet --variant=minbase --aptopt="$scratch/fetch.conf" bookworm "$target" \
  "${sources[@]}" || skip "mmdebstrap could not make a root; its messages stand above"
cp -L /etc/resolv.conf /etc/hosts "$target/etc/" 2>/dev/null || true

mkdir "$target/geflecht"
if ((worktree)); then
  tar -C "$here" --exclude=./build --exclude=./.git -cf - . | tar -C "$target/geflecht" -xf -
else
  git -C "$here" archive HEAD | tar -C "$target/geflecht" -xf -
fi

printf '== running in it: %s\n' "${command[*]}"
status=0
# shellcheck disable=SC2016
unshare --mount --pid --fork --kill-child --propagation private bash -c '
  target="$1"
  shift
  mount -t proc proc "$target/proc" && mount --rbind /dev "$target/dev" &&
    exec chroot "$target" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
      LANG=C.UTF-8 CI=true bash -c "cd /geflecht && exec \"\$@\"" run "$@"' \
  enter "$target" "${command[@]}" </dev/null 2>&1 | tee "$scratch/output" || status=$?

if ((status != 0)); then
  printf 'FAILED: exit %s\n' "$status" >&2
  exit 1
fi
if (($# == 0)) && [[ "$(tail -n 1 "$scratch/output")" != "merged and verified" ]]; then
  printf 'FAILED: the last line is not "merged and verified"\n' >&2
  exit 1
fi
printf '== a fresh bookworm runs it\n'
