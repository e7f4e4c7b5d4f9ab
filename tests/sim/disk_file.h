// What was written to a simulated disk, as a file: another program puts it on a real one.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "base/result.h"
#include "node/store/group_name.h"
#include "node/store/store.h"

namespace geflecht::sim {

// One batch, and what was to be rewritten when it was on the disk.
struct WrittenBatch {
  store::Batch changes;
  std::vector<store::GroupName> expunged;
};

Bytes EncodeWritten(const WrittenBatch& written);
// Calls `each` for the batches of a file, in order. kCorruption.
Result<void> ReadWritten(ByteView file,
                         const std::function<Result<void>(const WrittenBatch&)>& each);

}  // namespace geflecht::sim
