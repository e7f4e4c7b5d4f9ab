#include "node/governance/audit_request.h"

#include <algorithm>
#include <utility>

#include "base/hex.h"

namespace geflecht::governance {
namespace {

constexpr std::uint32_t kFields = 2;

// The value of the field at `index`, or nothing if another one stands there.
const Bytes* Value(const log::Body& body, std::size_t index, std::string_view name) {
  const auto* field = std::get_if<log::Field>(&body.slots[index]);
  return field != nullptr && field->name == name ? &field->value : nullptr;
}

}  // namespace

bool IsAuditNonce(std::string_view text) {
  return text.size() >= kAuditNonceDigitsMin && text.size() <= kAuditNonceDigitsMax &&
         FromHex(text).has_value();
}

Said SayAuditRequest(const AuditRequestBody& request, Random& random) {
  std::string spaces;
  for (const log::SpaceId& space : request.spaces) spaces.append(space.Hex()).append("\n");
  Said said;
  said.body.slots.emplace_back(log::MakeField("nonce", ToBytes(request.nonce), random));
  said.body.slots.emplace_back(log::MakeField("spaces", ToBytes(spaces), random));
  said.evidence = kFields;
  return said;
}

Result<AuditRequestBody> ReadAuditRequest(const log::Body& body) {
  if (body.slots.size() != kFields) return Fail(Code::kMalformed, "another number of fields");
  const Bytes* const nonce = Value(body, 0, "nonce");
  const Bytes* const spaces = Value(body, 1, "spaces");
  if (nonce == nullptr || spaces == nullptr)
    return Fail(Code::kMalformed, "another field, or one that is withheld");
  AuditRequestBody request{std::string(AsText(*nonce)), {}};
  if (!IsAuditNonce(request.nonce)) return Fail(Code::kMalformed, "no nonce");
  constexpr std::size_t kLine = 2 * log::SpaceId::kSize + 1;
  if (spaces->size() > kAuditSpacesMax * kLine) return Fail(Code::kTooLarge, "too many spaces");
  for (std::string_view rest = AsText(*spaces); !rest.empty(); rest.remove_prefix(kLine)) {
    if (rest.size() < kLine || rest[kLine - 1] != '\n')
      return Fail(Code::kMalformed, "no list of spaces");
    const auto space = log::SpaceId::FromHexText(rest.substr(0, kLine - 1));
    if (!space || (!request.spaces.empty() && *space <= request.spaces.back()))
      return Fail(Code::kMalformed, "no list of spaces");
    request.spaces.push_back(*space);
  }
  return request;
}

}  // namespace geflecht::governance
