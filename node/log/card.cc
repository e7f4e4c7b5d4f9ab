#include "node/log/card.h"

#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "node/crypto/base64.h"
#include "node/log/lines.h"
#include "node/log/name.h"

namespace geflecht::log {

std::string RenderCardBody(const Card& card) {
  std::string out;
  out.append(kCardNamespace).append("\n");
  out.append("organisation ").append(card.organisation).append("\n");
  out.append("root ").append(card.root_key.Hex()).append("\n");
  out.append("device ").append(card.device.Hex()).append("\n");
  out.append("tls ").append(card.tls_key.Hex()).append("\n");
  return out;
}

std::string RenderCard(const Card& card) {
  return RenderCardBody(card) + "signature " + crypto::ToBase64(card.signature.view()) + "\n";
}

Result<Card> ParseCard(std::string_view text) {
  if (text.size() > limits::kCardBytesMax)
    return Fail(Code::kTooLarge, "a card has at most 4096 bytes");
  LineReader lines(text);
  Card card;
  TRY(lines.Literal(kCardNamespace));
  ASSIGN(const std::string_view organisation, lines.Value("organisation"));
  if (const auto checked = CheckName(organisation); !checked)
    return lines.Bad(checked.error().detail);
  card.organisation = std::string(organisation);
  for (const auto& [keyword, key] :
       {std::pair{"root", &card.root_key}, std::pair{"device", &card.device},
        std::pair{"tls", &card.tls_key}}) {
    ASSIGN(*key, lines.Hex<crypto::PublicKey>(keyword));
    if (!crypto::IsAcceptableKey(*key)) return lines.Bad("no acceptable Ed25519 key");
  }
  if (card.root_key == card.device || card.root_key == card.tls_key || card.device == card.tls_key)
    return lines.Bad("the keys of a card differ from one another");
  const std::size_t signed_bytes = text.size() - lines.rest().size();
  ASSIGN(card.signature, ReadSignature(lines, "signature"));
  TRY(lines.End());
  if (!crypto::Verify(card.root_key, kCardNamespace, AsBytes(text.substr(0, signed_bytes)),
                      card.signature))
    return Fail(Code::kVerification, "the card's signature does not hold");
  return card;
}

std::string RenderProvenCard(const ProvenCard& proven) {
  return RenderCard(proven.card) + "proof " + crypto::ToBase64(proven.proof.view()) + "\n";
}

Result<ProvenCard> ParseProvenCard(std::string_view text) {
  if (text.size() > limits::kCardBytesMax)
    return Fail(Code::kTooLarge, "a card has at most 4096 bytes");
  const std::size_t proof = text.rfind("\nproof ");
  if (proof == std::string_view::npos)
    return Fail(Code::kMalformed, "a card without the device's proof");
  const std::string_view card = text.substr(0, proof + 1);
  ProvenCard proven;
  ASSIGN(proven.card, ParseCard(card));
  LineReader lines(text.substr(proof + 1));
  ASSIGN(proven.proof, ReadSignature(lines, "proof"));
  TRY(lines.End());
  if (!crypto::Verify(proven.card.device, kDeviceNamespace, AsBytes(card), proven.proof))
    return Fail(Code::kVerification, "the device's proof of a card does not hold");
  return proven;
}

ProvenCard ProveCard(Card card, const crypto::SigningKey& device) {
  CHECK(card.device == device.public_key());
  const crypto::Signature proof = device.Sign(kDeviceNamespace, AsBytes(RenderCard(card)));
  return {std::move(card), proof};
}

Card SignCard(std::string organisation, const crypto::SigningKey& root, const DeviceId& device,
              const crypto::PublicKey& tls_key) {
  CHECK(CheckName(organisation).has_value());
  Card card{std::move(organisation), root.public_key(), device, tls_key, {}};
  card.signature = root.Sign(kCardNamespace, AsBytes(RenderCardBody(card)));
  return card;
}

}  // namespace geflecht::log
