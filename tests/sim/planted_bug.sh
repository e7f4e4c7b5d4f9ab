#!/bin/sh
# planted_bug.sh SOURCE FOLDER: plants a bug in a copy of the sources below FOLDER and builds the
# simulator there. It must find the bug within 1,000 seeds. The sources themselves stay as they are.
set -eu
source=$1
folder=$2
copy=$folder/source
mkdir -p "$folder"
rm -rf "$copy"
mkdir -p "$copy/tests"
cp -R "$source/CMakeLists.txt" "$source/cmake" "$source/base" "$source/crdt" "$source/proto" \
  "$source/node" "$copy/"
cp -R "$source/tests/sim" "$copy/tests/"
patch -s -d "$copy" -p1 < "$source/tests/sim/planted/ack_before_sync.patch"
echo 'add_subdirectory(sim)' > "$copy/tests/CMakeLists.txt"
cmake -S "$copy" -B "$folder/build" -G Ninja -DGEFLECHT_SHELL=OFF > "$folder/configure.log" 2>&1 ||
  { cat "$folder/configure.log"; exit 1; }
CCACHE_BASEDIR=$copy CCACHE_NOHASHDIR=1 ninja -C "$folder/build" -j1 geflecht_sim \
  > "$folder/build.log" 2>&1 || { cat "$folder/build.log"; exit 1; }
if "$folder/build/tests/sim/geflecht_sim" 1 1000 > "$folder/seeds.log" 2>&1; then
  echo "1000 seeds did not find the planted bug"
  exit 1
fi
cat "$folder/seeds.log"
grep -q '^seed .* is not on its disk for good$' "$folder/seeds.log"
echo "the planted bug was found"
