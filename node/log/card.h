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

// A card with the proof that its device agrees to it, so that nobody claims another's device: the
// form in which cards leave a directory and stand in decisions. (A founder agrees by signing the
// charter with all cards in it, so the charter holds cards alone.)
struct ProvenCard {
  Card card;
  crypto::Signature proof;  // by the device, namespace kDeviceNamespace, over RenderCard
  bool operator==(const ProvenCard&) const = default;
};

// RenderCard and the line "proof BASE64".
std::string RenderProvenCard(const ProvenCard& proven);
// Strict as ParseCard; checks the proof too.
Result<ProvenCard> ParseProvenCard(std::string_view text);
// CHECKs that `device` is the card's device.
ProvenCard ProveCard(Card card, const crypto::SigningKey& device);

// `organisation` has passed CheckName (node/log/name.h); the three keys differ.
Card SignCard(std::string organisation, const crypto::SigningKey& root, const DeviceId& device,
              const crypto::PublicKey& tls_key);

}  // namespace geflecht::log
