// RocksDB's files under names that are on the disk before another name refers to them.
#pragma once

#include <rocksdb/env.h>

namespace geflecht::store {

// The system's own, but a rename comes after everything that was named before it in that directory.
// RocksDB writes a manifest and renames CURRENT to point to it, and syncs the directory once,
// behind both: POSIX lets the second name survive a loss of power without the first. Lives as long
// as the program; any thread.
rocksdb::Env* DurableNamesEnv();

}  // namespace geflecht::store
