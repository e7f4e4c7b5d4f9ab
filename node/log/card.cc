#include "node/log/card.h"

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

Card SignCard(std::string organisation, const crypto::SigningKey& root, const DeviceId& device,
              const crypto::PublicKey& tls_key) {
  CHECK(CheckName(organisation).has_value());
  Card card{std::move(organisation), root.public_key(), device, tls_key, {}};
  card.signature = root.Sign(kCardNamespace, AsBytes(RenderCardBody(card)));
  return card;
}

}  // namespace geflecht::log
