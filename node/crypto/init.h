// Start-up of the cryptographic libraries, and the self-test that every program runs first.
#pragma once

#include "base/result.h"

namespace geflecht::crypto {

// Initialises libsodium and checks a signature, a hash and the rejection of a mixed-order point
// (CVE-2025-69277). kInternal if the library is unfit; the program must then not go on. Idempotent.
Result<void> Init();

}  // namespace geflecht::crypto
