// The settings of RocksDB; docs/formats/store.md gives the reason of each.
#pragma once

#include <rocksdb/options.h>

#include <array>
#include <string>

#include "node/store/store.h"

namespace geflecht::store {

// Names of the column families, by Table. The family "default" holds the format version only.
inline const std::array<std::string, kTables> kFamilies = {"meta", "log", "bodies", "index",
                                                           "drafts"};

// Database and column family settings; `create_if_missing` and its like are left off.
rocksdb::Options RocksOptions();

}  // namespace geflecht::store
