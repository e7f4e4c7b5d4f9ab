// The errors of RocksDB as ours.
#pragma once

#include <rocksdb/status.h>

#include <filesystem>

#include "base/result.h"

namespace geflecht::store {

// The Error for `status`, which is not OK. The path of `directory` is taken out of the detail.
Error RocksError(const rocksdb::Status& status, const std::filesystem::path& directory);

}  // namespace geflecht::store
