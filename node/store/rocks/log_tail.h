// Tells a torn end of a RocksDB log from a damaged one.
//
// RocksDB 7.8 takes a record of the write-ahead log or MANIFEST that is longer than the rest of the
// file for a torn write, and a header of zeros for preallocated space, and drops what follows
// without a word. A flipped bit in a length near the end looks just like that and would drop
// records that were synced. Format of the records: RocksDB wiki, "Write Ahead Log File Format".
#pragma once

#include <filesystem>

#include "base/result.h"

namespace geflecht::store {

// kCorruption if the records of the log at `path` break off where intact bytes of a record follow.
// An end that is merely cut off is fine. Checksums before the end are left to RocksDB. kIo.
Result<void> CheckLogTail(const std::filesystem::path& path);

// CheckLogTail for the write-ahead logs and the current MANIFEST of the database in `directory`.
Result<void> CheckLogTails(const std::filesystem::path& directory);

}  // namespace geflecht::store
