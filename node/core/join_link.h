// The link that an invited organisation is given (docs/formats/join.md). Whoever has it may ask to
// join once; it admits nobody.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/strong_id.h"
#include "node/crypto/sign.h"
#include "node/log/ids.h"

namespace geflecht::core {

using JoinSecret = StrongId<struct JoinSecretTag, 16>;

inline constexpr std::size_t kJoinAddressesMax = 4;
inline constexpr std::size_t kJoinAddressBytesMax = 255;
inline constexpr std::string_view kJoinLinkStart = "geflecht:";

struct JoinLink {
  log::NetworkId network;
  crypto::PublicKey pin;  // the inviting device's TLS key
  JoinSecret secret;
  std::int64_t expires_s = 0;          // since 1970
  std::vector<std::string> addresses;  // "HOST:PORT", at least one
  bool operator==(const JoinLink&) const = default;
};

// `link` has 1 to kJoinAddressesMax addresses of 1 to kJoinAddressBytesMax bytes.
std::string RenderJoinLink(const JoinLink& link);

// Passes over spaces and line breaks, which mail programs put in. kMalformed, also if a character
// was lost or changed.
Result<JoinLink> ParseJoinLink(std::string_view text);

}  // namespace geflecht::core
