// Base64 (RFC 4648 section 4), padded, canonical only.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace geflecht::crypto {

std::string ToBase64(ByteView bytes);
// kMalformed for whitespace, missing padding or bits that are not zero behind the last byte.
Result<Bytes> FromBase64(std::string_view text);

}  // namespace geflecht::crypto
