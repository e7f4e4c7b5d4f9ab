// A store that says when something in it cannot be read.
#pragma once

#include <functional>
#include <memory>

#include "node/store/store.h"

namespace geflecht::runtime {

// `damaged` is called on the thread that reads, before the error is returned, for every read that
// fails with kCorruption or kIo. VerifyFiles is not watched: it looks for damage.
std::unique_ptr<store::Store> WatchReads(std::unique_ptr<store::Store> inner,
                                         std::function<void(const Error&)> damaged);

}  // namespace geflecht::runtime
