// SHA-256 and SHA-512 (FIPS 180-4) through OpenSSL's EVP, which uses the processor's SHA
// extensions.
#pragma once

#include <initializer_list>
#include <memory>

#include "base/bytes.h"
#include "base/strong_id.h"

namespace geflecht::crypto {

using Hash256 = StrongId<struct Hash256Tag, 32>;
using Hash512 = StrongId<struct Hash512Tag, 64>;

// The hash of the concatenation of `parts`.
Hash256 Sha256(std::initializer_list<ByteView> parts);
Hash512 Sha512(std::initializer_list<ByteView> parts);
inline Hash256 Sha256(ByteView data) { return Sha256({data}); }
inline Hash512 Sha512(ByteView data) { return Sha512({data}); }

}  // namespace geflecht::crypto
