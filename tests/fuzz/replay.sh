#!/bin/bash
# Runs one target over its corpus, over what once found a bug, and over fresh seeds.
# usage: replay.sh REPLAY SEEDS TARGET
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
replay="$1" seeds="$2" target="$3"
fresh="$(mktemp -d)"
trap 'rm -rf -- "$fresh"' EXIT
"$seeds" "$fresh" "$target"
folders=("$fresh/$target")
for kind in corpus regression; do
  [[ ! -d "$here/$kind/$target" ]] || folders+=("$here/$kind/$target")
done
"$replay" "$target" "${folders[@]}"
