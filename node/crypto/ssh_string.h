// The "string" of the SSH protocol (RFC 4251 section 5): a 32-bit length, then the bytes.
#pragma once

#include "base/bytes.h"

namespace geflecht::crypto {

inline void AppendSshString(Bytes& out, ByteView text) {
  AppendBe32(out, static_cast<std::uint32_t>(text.size()));
  Append(out, text);
}

}  // namespace geflecht::crypto
