#include "node/core/join_link.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "node/crypto/base64.h"
#include "node/crypto/hash.h"

namespace geflecht::core {
namespace {

constexpr std::uint8_t kLinkVersion = 1;
constexpr std::size_t kCheckBytes = 4;
constexpr std::size_t kLinkBytesMax = 2048;  // as text

ByteView CheckOf(const crypto::Hash256& hash) { return hash.view().first(kCheckBytes); }

tl::unexpected<Error> Malformed(const char* detail) {
  return Fail(Code::kMalformed, std::string("no invitation: ") + detail, "hint.join-link");
}

// Base64 in the alphabet for addresses (RFC 4648 section 5), without padding.
std::string ToLinkText(ByteView bytes) {
  std::string text = crypto::ToBase64(bytes);
  std::erase(text, '=');
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

Result<Bytes> FromLinkText(std::string text) {
  if (text.find_first_of("+/=") != std::string::npos) return Malformed("characters");
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text.push_back('=');
  auto bytes = crypto::FromBase64(text);
  if (!bytes) return Malformed("characters");
  return bytes;
}

// Takes a value of fixed size off the front.
template <class Id>
Id Take(ByteView& from) {
  const Id id = *Id::From(from.first(Id::kSize));
  from = from.subspan(Id::kSize);
  return id;
}

}  // namespace

std::string RenderJoinLink(const JoinLink& link) {
  CHECK(!link.addresses.empty() && link.addresses.size() <= kJoinAddressesMax);
  Bytes bytes{kLinkVersion};
  Append(bytes, link.network.view());
  Append(bytes, link.pin.view());
  Append(bytes, link.secret.view());
  AppendBe64(bytes, static_cast<std::uint64_t>(link.expires_s));
  for (const std::string& address : link.addresses) {
    CHECK(!address.empty() && address.size() <= kJoinAddressBytesMax);
    bytes.push_back(static_cast<std::uint8_t>(address.size()));
    Append(bytes, address);
  }
  Append(bytes, CheckOf(crypto::Sha256(bytes)));
  return std::string(kJoinLinkStart) + ToLinkText(bytes);
}

Result<JoinLink> ParseJoinLink(std::string_view text) {
  if (text.size() > kLinkBytesMax) return Malformed("too long");
  std::string plain;
  for (const char c : text)
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') plain.push_back(c);
  if (!plain.starts_with(kJoinLinkStart)) return Malformed("another beginning");
  ASSIGN(const Bytes bytes, FromLinkText(plain.substr(kJoinLinkStart.size())));
  constexpr std::size_t kFixed =
      1 + log::NetworkId::kSize + crypto::PublicKey::kSize + JoinSecret::kSize + 8;
  if (bytes.size() < kFixed + kCheckBytes) return Malformed("too short");
  const ByteView said = ByteView(bytes).first(bytes.size() - kCheckBytes);
  const ByteView check = ByteView(bytes).last(kCheckBytes);
  const crypto::Hash256 hash = crypto::Sha256(said);
  if (!std::equal(check.begin(), check.end(), CheckOf(hash).begin()))
    return Malformed("a character is missing or changed");
  if (said.front() != kLinkVersion) return Malformed("of another version");
  JoinLink link;
  ByteView rest = said.subspan(1);
  link.network = Take<log::NetworkId>(rest);
  link.pin = Take<crypto::PublicKey>(rest);
  link.secret = Take<JoinSecret>(rest);
  const std::uint64_t expires_s = ReadBe64(rest);
  rest = rest.subspan(8);
  if (expires_s > std::uint64_t{1} << 40U) return Malformed("its time");
  link.expires_s = static_cast<std::int64_t>(expires_s);
  while (!rest.empty()) {
    const std::size_t size = rest.front();
    if (size == 0 || size > rest.size() - 1) return Malformed("an address");
    const std::string_view address = AsText(rest.subspan(1, size));
    const bool printable =
        std::all_of(address.begin(), address.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!printable) return Malformed("an address");
    link.addresses.emplace_back(address);
    rest = rest.subspan(1 + size);
  }
  if (link.addresses.empty() || link.addresses.size() > kJoinAddressesMax)
    return Malformed("its addresses");
  return link;
}

}  // namespace geflecht::core
