// Cards: the input as it is, and as the signed lines of a card of organisation 1, signed.
#include "node/log/card.h"

#include "base/check.h"
#include "node/crypto/base64.h"
#include "node/log/name.h"
#include "tests/fuzz/signer.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

void CheckText(std::string_view text) {
  const auto card = log::ParseCard(text);
  if (!card) return;
  CHECK(log::RenderCard(*card) == text);
  CHECK(log::CheckName(card->organisation).has_value());
  CHECK(*log::ToName(card->organisation) == card->organisation);
}

}  // namespace

void Card(ByteView input) {
  CheckText(AsText(input));
  // Only such lines hold under this key; anything else would cost a signature for nothing.
  if (AsText(input).find(KnownKey(1).public_key().Hex()) == std::string_view::npos) return;
  const crypto::Signature signature = KnownKey(1).Sign(log::kCardNamespace, input);
  CheckText(ToText(input) + "signature " + crypto::ToBase64(signature.view()) + "\n");
}

}  // namespace geflecht::fuzz
