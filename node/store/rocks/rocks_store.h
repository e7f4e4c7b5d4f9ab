// RocksDB with the options of the durability page (docs/formats/store.md): tolerant of a torn tail
// of the write-ahead log only, paranoid checks, no blob files, no compression of ciphertext, no log
// lines with content.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "node/store/store.h"

namespace geflecht::store {

inline constexpr std::uint32_t kFormatVersion = 2;

// Opens or creates the database in `directory` (mode 0700; its parent must exist). kFormatVersion
// if another version of the program wrote it, kUsage if it holds anything but a store, kCorruption
// if RocksDB or the check of the logs' tails (log_tail.h) refuses it, kLocked if it is open
// already, kNotPermitted, kNoSpace, kIo. After a failed fsync every Write and Sync fails with kIo.
Result<std::unique_ptr<Store>> OpenRocksStore(const std::filesystem::path& directory);

}  // namespace geflecht::store
