#!/bin/bash
# Builds crdt/ for WebAssembly with Debian's clang and wasi-libc and runs a smoke test under Node,
# which has to print what the build for this machine prints.
# usage: run.sh NATIVE [FOLDER]     NATIVE is tests/wasm/crdt_smoke of a build
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
native="$1" folder="${2:-$(mktemp -d)}"
[[ $# -gt 1 ]] || trap 'rm -rf -- "$folder"' EXIT

for need in clang++-14 wasm-ld-14 node; do
  if ! command -v "$need" >/dev/null; then
    echo "SKIPPED: $need is not installed; deploy/apt-packages.txt names the packages" >&2
    exit 77
  fi
done
for need in /usr/lib/wasm32-wasi/libc++.a /usr/lib/wasm32-wasi/libc.a; do
  if [[ ! -e "$need" ]]; then
    echo "SKIPPED: $need is not installed; deploy/apt-packages.txt names the packages" >&2
    exit 77
  fi
done

# The only header of /usr/include that is needed; the others there are this machine's.
mkdir -p "$folder/include"
ln -sfn /usr/include/tl "$folder/include/tl"

# A dozen sources in one compiler run: half of the time goes into headers.
rm -f -- "$folder"/part*.cc
number=0
for source in "$root"/crdt/*.cc "$root"/base/*.cc "$root/tests/wasm/smoke.cc"; do
  echo "#include \"${source#"$root"/}\"" >>"$folder/part$((number++ / 12)).cc"
done

# Lengths have 64 bits and sizes here 32: what is cut off unsaid is an error.
flags=(--target=wasm32-wasi -std=c++20 -O0 -fno-exceptions -Werror=shorten-64-to-32
  "-I$root" -isystem "$folder/include")
launcher=()
! command -v ccache >/dev/null || launcher=(ccache)
compile() { "${launcher[@]}" clang++-14 "${flags[@]}" -c "$1" -o "${1%.cc}.o"; }
pids=()
for part in "$folder"/part*.cc; do
  compile "$part" &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
clang++-14 --target=wasm32-wasi -fno-exceptions "$folder"/part*.o -o "$folder/smoke.wasm"

"$native" >"$folder/native.txt"
# Node 18 asks for the flag.
NODE_NO_WARNINGS=1 node --experimental-wasi-unstable-preview1 "$root/tests/wasm/run.mjs" \
  "$folder/smoke.wasm" >"$folder/wasm.txt"
diff "$folder/native.txt" "$folder/wasm.txt" || {
  echo "WebAssembly (>) differs from this machine (<)" >&2
  exit 1
}
cat "$folder/wasm.txt"
