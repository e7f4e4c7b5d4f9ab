// Whether what a backup holds could be restored: every hash, chain and signature, without a store.
#pragma once

#include <functional>

#include "node/backup/contents.h"

namespace geflecht::backup {

// Reads `contents` to its end: each entry names the network and follows the one in front of it,
// its past stands before it, signatures and bodies hold, no feed ends without a signature. Keeps 8
// bytes of each entry's id. `passed` hears of each entry. kVerification with
// "hint.backup-not-genuine" for the first one that does not hold; the errors of Contents.
Result<Counts> CheckContents(Contents& contents, const std::function<void()>& passed);

}  // namespace geflecht::backup
