// RocksDB with the options of the durability page (docs/formats/store.md): tolerant of a torn tail
// of the write-ahead log only, paranoid checks, no blob files, no compression of ciphertext, no log
// lines with content.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "node/store/store.h"

namespace geflecht::store {

inline constexpr std::uint32_t kFormatVersion = 9;

// Opens or creates the database in `directory` (mode 0700; its parent must exist). kFormatVersion
// if another version of the program wrote it, kUsage if it holds anything but a store, kCorruption
// if RocksDB or the check of the logs' tails (log_tail.h) refuses it, kLocked if it is open
// already, kNotPermitted, kNoSpace, kIo. After a failed fsync every Write and Sync fails with kIo.
Result<std::unique_ptr<Store>> OpenRocksStore(const std::filesystem::path& directory);

// What can still be read of a database that OpenRocksStore refuses, or whose records are damaged
// (kCorruption): records of the write-ahead log whose checksums do not hold are left out. Reading a
// damaged part of a table is kCorruption; writing is kIo. No file is changed. kCorruption if
// nothing can be read at all.
Result<std::unique_ptr<Store>> OpenDamagedRocksStore(const std::filesystem::path& directory);

// Makes a new catalogue (MANIFEST) from the tables and logs in `directory`, so that
// OpenDamagedRocksStore can read a database whose catalogue is damaged. Changes files: give it a
// copy. kCorruption, kNoSpace, kIo.
Result<void> RebuildCatalogue(const std::filesystem::path& directory);

}  // namespace geflecht::store
