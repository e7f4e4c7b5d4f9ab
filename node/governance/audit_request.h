// What an entry `audit.request` says (docs/formats/governance.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/governance/bodies.h"

namespace geflecht::governance {

// Nobody can have written down beforehand what has so many digits.
inline constexpr std::size_t kAuditNonceDigitsMin = 16;
inline constexpr std::size_t kAuditNonceDigitsMax = 64;
inline constexpr std::size_t kAuditSpacesMax = 256;

struct AuditRequestBody {
  std::string nonce;                 // of the auditor, lower-case hex
  std::vector<log::SpaceId> spaces;  // ascending; none: all that are in force
  bool operator==(const AuditRequestBody&) const = default;
};

// An even number of 16 to 64 lower-case hexadecimal digits.
bool IsAuditNonce(std::string_view text);

Said SayAuditRequest(const AuditRequestBody& request, Random& random);
// kMalformed if the body is not of the form, or a field is withheld.
Result<AuditRequestBody> ReadAuditRequest(const log::Body& body);

}  // namespace geflecht::governance
