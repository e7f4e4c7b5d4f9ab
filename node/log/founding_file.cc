#include "base/check.h"
#include "node/crypto/base64.h"
#include "node/log/charter.h"
#include "node/log/lines.h"

namespace geflecht::log {
namespace {

constexpr std::string_view kFoundingFormat = "geflecht-founding@v1";
constexpr std::string_view kSignatureFormat = "geflecht-founder-signature@v1";
constexpr std::string_view kHeaderMark = "[header]";
constexpr std::string_view kSignatureMark = "[device signature]";
constexpr std::string_view kSaltMark = "[salt]";
constexpr std::string_view kRulesMark = "[rules]";
constexpr std::string_view kFoundersMark = "[founders]";
constexpr std::size_t kSignatureFileBytesMax = 1024;

// The lines in front of `mark`, which is read too.
Result<std::string_view> ReadUntil(LineReader& lines, std::string_view mark) {
  const std::string_view from = lines.rest();
  while (true) {
    const std::size_t size = from.size() - lines.rest().size();
    ASSIGN(const std::string_view line, lines.Line());
    if (line == mark) return from.substr(0, size);
  }
}

Result<FounderSignatures> ReadFounders(LineReader& lines) {
  constexpr std::size_t kRootChars = 2 * crypto::PublicKey::kSize;
  FounderSignatures signatures;
  while (!lines.AtEnd()) {
    ASSIGN(const std::string_view value, lines.Value("founder"));
    if (value.size() <= kRootChars || value[kRootChars] != ' ')
      return lines.Bad("root key and signature expected");
    const auto root = crypto::PublicKey::FromHexText(value.substr(0, kRootChars));
    const auto signature = SignatureFromBase64(value.substr(kRootChars + 1));
    if (!root) return lines.Bad("root key is not 64 lower-case hexadecimal digits");
    if (!signature) return lines.Bad("no signature: 64 bytes in base64 expected");
    if (!signatures.empty() && *root <= signatures.rbegin()->first)
      return lines.Bad("founders do not ascend by root key");
    signatures.emplace_hint(signatures.end(), *root, *signature);
  }
  return signatures;
}

}  // namespace

std::string RenderFounding(const Founding& founding) {
  CHECK(founding.charter.signature.has_value());
  CHECK(founding.body.slots.size() == 1 && founding.body.Complete());
  const Field& rules = std::get<Field>(founding.body.slots.front());
  std::string out;
  out.append(kFoundingFormat).append("\n");
  out.append(kHeaderMark).append("\n").append(Render(founding.charter.header));
  out.append(kSignatureMark).append("\n");
  out.append(crypto::ToBase64(founding.charter.signature->view())).append("\n");
  out.append(kSaltMark).append("\n").append(rules.salt.Hex()).append("\n");
  out.append(kRulesMark).append("\n").append(AsText(rules.value));
  out.append(kFoundersMark).append("\n");
  for (const auto& [root, signature] : founding.signatures)
    out.append("founder " + root.Hex() + " " + crypto::ToBase64(signature.view()) + "\n");
  return out;
}

Result<Founding> ParseFounding(std::string_view text) {
  if (text.size() > kFoundingBytesMax)
    return Fail(Code::kTooLarge, "a founding has at most 640 KiB");
  LineReader lines(text);
  TRY(lines.Literal(kFoundingFormat));
  TRY(lines.Literal(kHeaderMark));
  ASSIGN(const std::string_view header_text, ReadUntil(lines, kSignatureMark));
  ASSIGN(Header header, ParseHeader(header_text));
  ASSIGN(const std::string_view base64, lines.Line());
  const std::optional<crypto::Signature> device_signature = SignatureFromBase64(base64);
  if (!device_signature) return lines.Bad("no signature: 64 bytes in base64 expected");
  TRY(lines.Literal(kSaltMark));
  ASSIGN(const std::string_view salt_text, lines.Line());
  const std::optional<Salt> salt = Salt::FromHexText(salt_text);
  if (!salt) return lines.Bad("32 lower-case hexadecimal digits expected");
  TRY(lines.Literal(kRulesMark));
  ASSIGN(const std::string_view rules, ReadUntil(lines, kFoundersMark));
  ASSIGN(FounderSignatures signatures, ReadFounders(lines));
  Body body;
  body.slots.push_back(Field{*salt, "rules", ToBytes(rules)});
  return AssembleFounding(std::move(header), *device_signature, std::move(body),
                          std::move(signatures));
}

std::string RenderFounderSignature(const NetworkId& network, const crypto::PublicKey& root,
                                   const crypto::Signature& signature) {
  std::string out(kSignatureFormat);
  out.append("\nnetwork ").append(network.Hex());
  out.append("\nroot ").append(root.Hex());
  out.append("\nsignature ").append(crypto::ToBase64(signature.view())).append("\n");
  return out;
}

Result<FounderSignature> ParseFounderSignature(std::string_view text) {
  if (text.size() > kSignatureFileBytesMax)
    return Fail(Code::kTooLarge, "a founder's signature has at most 1024 bytes");
  LineReader lines(text);
  FounderSignature signature;
  TRY(lines.Literal(kSignatureFormat));
  ASSIGN(signature.network, lines.Hex<NetworkId>("network"));
  ASSIGN(signature.root, lines.Hex<crypto::PublicKey>("root"));
  ASSIGN(signature.signature, ReadSignature(lines, "signature"));
  TRY(lines.End());
  return signature;
}

}  // namespace geflecht::log
