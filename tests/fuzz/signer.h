// Known keys, so that a target can sign what the fuzzer made up and reach what lies behind the
// signature.
#pragma once

#include "node/crypto/sign.h"

namespace geflecht::fuzz {

// The key whose seed is 32 times `number`, as in the seeds of the corpus.
const crypto::SigningKey& KnownKey(std::uint8_t number);

}  // namespace geflecht::fuzz
