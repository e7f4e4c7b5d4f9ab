// The settings of RocksDB; docs/formats/store.md gives the reason of each.
#pragma once

#include <rocksdb/options.h>

#include <array>
#include <cstddef>
#include <string>

#include "node/store/store.h"

namespace geflecht::store {

// Names of the column families, by Table. The family "default" holds the format version, and a key
// that rocks_store.cc keeps in memory.
inline const std::array<std::string, kTables> kFamilies = {"meta", "log", "bodies", "index",
                                                           "drafts"};

// Bytes of the write-ahead logs, after which every family is flushed and a new log begins.
inline constexpr std::size_t kLogBytesMax = std::size_t{32} << 20;

// Database and column family settings; `create_if_missing` and its like are left off.
rocksdb::Options RocksOptions();

}  // namespace geflecht::store
