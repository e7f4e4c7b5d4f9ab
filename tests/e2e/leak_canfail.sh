#!/bin/bash
# Shows that leak_test can fail: it has to find the planted words in a copy of the sources that
# writes its store unsealed. Needs several minutes of compiling.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
copy="$(mktemp -d -t geflecht-canfail-XXXXXX)"
trap 'rm -rf -- "$copy"' EXIT
export CCACHE_BASEDIR="$copy" CCACHE_NOHASHDIR=1

tar -C "$root" --exclude=./build --exclude=./.git -cf - . | tar -C "$copy" -xf -
python3 - "$copy/node/store/sealed_store.cc" <<'PYTHON'
import sys
path = sys.argv[1]
text = open(path, encoding="utf-8").read()
for before, after in (
        ("out.value = crypto::Seal(value_key_, Place(out.key), *change.value, random_);",
         "out.value = *change.value;"),
        ("Result<Bytes> value = crypto::Open(value_key_, Place(hidden), sealed);",
         "static_cast<void>(hidden); Result<Bytes> value = ToBytes(AsText(sealed));")):
    if text.count(before) != 1:
        sys.exit(f"{path} no longer holds the line that this test changes: {before}")
    text = text.replace(before, after)
open(path, "w", encoding="utf-8").write(text)
PYTHON

cmake -S "$copy" -B "$copy/build" -G Ninja -Wno-dev -DGEFLECHT_TESTS=OFF >"$copy/log" 2>&1 ||
  { cat "$copy/log" >&2; exit 1; }
ninja -C "$copy/build" geflecht geflechtd >"$copy/log" 2>&1 ||
  { tail -n 40 "$copy/log" >&2; exit 1; }

status=0
GEFLECHT="$copy/build/cli/geflecht" GEFLECHTD="$copy/build/node/geflechtd" \
  python3 -B "$root/tests/e2e/leak_test.py" Leaks >"$copy/log" 2>&1 || status=$?
grep -E 'in the clear|store/' "$copy/log" | cut -c1-300 || true
if ((status == 0)) || ! grep -q 'in the clear while the nodes run' "$copy/log"; then
  tail -n 40 "$copy/log" >&2
  printf 'leak_test did not find what lies unsealed in the store\n' >&2
  exit 1
fi
printf 'leak_test found the unsealed words, as it has to\n'
