#include "node/log/charter.h"

#include <algorithm>

#include "base/check.h"

namespace geflecht::log {
namespace {

constexpr std::string_view kRulesField = "rules";

bool IsFoundersDevice(const CharterText& text, const DeviceId& device) {
  return std::any_of(text.founders.begin(), text.founders.end(),
                     [&](const Card& card) { return card.device == device; });
}

bool IsFounder(const CharterText& text, const crypto::PublicKey& root) {
  return std::any_of(text.founders.begin(), text.founders.end(),
                     [&](const Card& card) { return card.root_key == root; });
}

bool HoldsForCharter(const crypto::PublicKey& root, std::string_view header_text,
                     const crypto::Signature& signature) {
  return crypto::Verify(root, kCharterNamespace, AsBytes(header_text), signature);
}

// The charter's text from its only field, after the body was checked against the header.
Result<CharterText> TextOf(const Header& header, const Body& body) {
  if (header.net) return Fail(Code::kMalformed, "the header is no founding charter");
  if (header.fields != 1 || header.evidence != 1)
    return Fail(Code::kMalformed, "a charter has one field, which is evidence");
  TRY(CheckBodyOf(header, body));
  const Bytes* rules = FindField(body, kRulesField);
  if (rules == nullptr) return Fail(Code::kMalformed, "the charter's field \"rules\" is missing");
  return ParseCharterText(AsText(*rules));
}

}  // namespace

NetworkId Founding::network() const { return NetworkId{charter.id.bytes}; }

std::vector<crypto::PublicKey> Founding::Missing() const {
  std::vector<crypto::PublicKey> missing;
  for (const Card& card : text.founders)
    if (!signatures.contains(card.root_key)) missing.push_back(card.root_key);
  return missing;
}

Result<Founding> AssembleFounding(Header header, const crypto::Signature& device_signature,
                                  Body body, FounderSignatures signatures) {
  TRY(CheckHeader(header));
  ASSIGN(CharterText text, TextOf(header, body));
  if (!IsFoundersDevice(text, header.device))
    return Fail(Code::kVerification, "the charter's device is on no founder's card");
  const std::string header_text = Render(header);
  if (!crypto::Verify(header.device, kEntryNamespace, AsBytes(header_text), device_signature))
    return Fail(Code::kVerification, "the device's signature of the charter does not hold");
  for (const auto& [root, signature] : signatures) {
    if (!IsFounder(text, root))
      return Fail(Code::kVerification, "a signature is of somebody who is no founder");
    if (!HoldsForCharter(root, header_text, signature))
      return Fail(Code::kVerification, "a founder's signature of the charter does not hold");
  }
  return Founding{{std::move(header), IdOf(header_text), device_signature},
                  std::move(body),
                  std::move(text),
                  std::move(signatures)};
}

Result<Founding> DraftFounding(const CharterText& text, const crypto::SigningKey& device_key,
                               const LifeId& life, std::int64_t time_s, Random& random) {
  CharterText sorted = text;
  std::sort(sorted.founders.begin(), sorted.founders.end(),
            [](const Card& a, const Card& b) { return a.org() < b.org(); });
  const std::string rendered = RenderCharterText(sorted);
  ASSIGN(CharterText parsed, ParseCharterText(rendered));
  if (!IsFoundersDevice(parsed, device_key.public_key()))
    return Fail(Code::kNotPermitted, "the drafting device is on no founder's card");
  Body body;
  body.slots.push_back(MakeField(std::string(kRulesField), ToBytes(rendered), random));
  Header header;
  header.device = device_key.public_key();
  header.life = life;
  header.time_s = time_s;
  header.kind = "charter";
  header.fields = 1;
  header.evidence = 1;
  header.root = BodyRoot(body);
  TRY(CheckHeader(header));
  TRY(CheckBodyOf(header, body));
  return Founding{Sign(std::move(header), device_key), std::move(body), std::move(parsed), {}};
}

crypto::Signature SignCharter(const Founding& founding, const crypto::SigningKey& root) {
  return root.Sign(kCharterNamespace, AsBytes(Render(founding.charter.header)));
}

Result<void> AddSignature(Founding& founding, const FounderSignature& signature) {
  if (signature.network != founding.network())
    return Fail(Code::kConflict, "the signature is for another founding charter");
  if (!IsFounder(founding.text, signature.root))
    return Fail(Code::kNotPermitted, "the signature is of somebody who is no founder");
  if (!HoldsForCharter(signature.root, Render(founding.charter.header), signature.signature))
    return Fail(Code::kVerification, "the founder's signature does not hold");
  founding.signatures[signature.root] = signature.signature;
  return {};
}

}  // namespace geflecht::log
