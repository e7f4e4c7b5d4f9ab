// An organisation's card: who it is and which keys it uses in one network, signed by its root key.
// Text format: docs/formats/card.md. Public; exchanged by e-mail or on a stick before a founding.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "node/log/ids.h"

namespace geflecht::log {

struct Card {
  std::string organisation;  // display name, NFC UTF-8 without control characters
  crypto::PublicKey root_key;
  DeviceId device;              // signs entries
  crypto::PublicKey tls_key;    // pinned by the others
  crypto::Signature signature;  // by root_key over RenderCardBody

  OrgId org() const { return OrgOf(root_key); }
  bool operator==(const Card&) const = default;
};

// The lines that are signed, in namespace kCardNamespace.
std::string RenderCardBody(const Card& card);
std::string RenderCard(const Card& card);
// Strict to the byte; checks every key (IsAcceptableKey), that they differ, and the signature.
Result<Card> ParseCard(std::string_view text);

// `organisation` has passed CheckName (node/log/name.h); the three keys differ.
Card SignCard(std::string organisation, const crypto::SigningKey& root, const DeviceId& device,
              const crypto::PublicKey& tls_key);

}  // namespace geflecht::log
