// The textual forms of keys and signatures.
#include <algorithm>

#include "node/crypto/base64.h"
#include "node/crypto/sign.h"
#include "node/crypto/ssh_string.h"

namespace geflecht::crypto {
namespace {

constexpr std::string_view kArmorBegin = "-----BEGIN SSH SIGNATURE-----\n";
constexpr std::string_view kArmorEnd = "-----END SSH SIGNATURE-----\n";
constexpr std::size_t kArmorColumns = 70;  // as ssh-keygen breaks its lines
constexpr std::string_view kPemBegin = "-----BEGIN PUBLIC KEY-----\n";
constexpr std::string_view kPemEnd = "-----END PUBLIC KEY-----\n";
constexpr std::size_t kTextBytesMax = 4096;
constexpr std::string_view kKeyType = "ssh-ed25519";

// SubjectPublicKeyInfo of Ed25519 without the 32 bytes of the key (RFC 8410 section 4).
constexpr std::uint8_t kSpkiPrefix[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                        0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

Bytes KeyBlob(const PublicKey& key) {
  Bytes blob;
  AppendSshString(blob, AsBytes(kKeyType));
  AppendSshString(blob, key.view());
  return blob;
}

// Everything of the binary SSHSIG in front of the 64 bytes of the signature.
Bytes SshsigPrefix(const PublicKey& key, std::string_view name_space) {
  Bytes blob;
  Append(blob, "SSHSIG");
  AppendBe32(blob, 1);
  AppendSshString(blob, KeyBlob(key));
  AppendSshString(blob, AsBytes(name_space));
  AppendSshString(blob, {});
  AppendSshString(blob, AsBytes("sha512"));
  Bytes inner;
  AppendSshString(inner, AsBytes(kKeyType));
  AppendBe32(inner, static_cast<std::uint32_t>(Signature::kSize));
  AppendBe32(blob, static_cast<std::uint32_t>(inner.size() + Signature::kSize));
  Append(blob, inner);
  return blob;
}

std::string Armor(std::string_view begin, ByteView content, std::size_t columns,
                  std::string_view end) {
  const std::string base64 = ToBase64(content);
  std::string text(begin);
  for (std::size_t i = 0; i < base64.size(); i += columns) {
    text += base64.substr(i, columns);
    text += '\n';
  }
  text += end;
  return text;
}

// The bytes between `begin` and `end`. Line ends may be LF or CR LF; the last one may be missing.
Result<Bytes> Dearmor(std::string_view begin, std::string_view text, std::string_view end) {
  if (text.size() > kTextBytesMax) return Fail(Code::kMalformed, "armoured text is too long");
  std::string lines(text);
  std::erase(lines, '\r');
  if (!lines.ends_with('\n')) lines += '\n';
  if (lines.size() < begin.size() + end.size() || !lines.starts_with(begin) ||
      !lines.ends_with(end))
    return Fail(Code::kMalformed, "armoured text does not begin or end as it should");
  std::string base64 = lines.substr(begin.size(), lines.size() - begin.size() - end.size());
  std::erase(base64, '\n');
  return FromBase64(base64);
}

}  // namespace

std::string SshsigArmor(const PublicKey& key, std::string_view name_space,
                        const Signature& signature) {
  Bytes blob = SshsigPrefix(key, name_space);
  Append(blob, signature.view());
  return Armor(kArmorBegin, blob, kArmorColumns, kArmorEnd);
}

Result<Signature> ParseSshsigArmor(std::string_view armor, const PublicKey& key,
                                   std::string_view name_space) {
  ASSIGN(const Bytes blob, Dearmor(kArmorBegin, armor, kArmorEnd));
  const Bytes prefix = SshsigPrefix(key, name_space);
  if (blob.size() != prefix.size() + Signature::kSize ||
      !std::equal(prefix.begin(), prefix.end(), blob.begin()))
    return Fail(Code::kVerification, "the SSH signature names another key, namespace or hash");
  return *Signature::From(ByteView(blob).last(Signature::kSize));
}

std::string PublicKeyPem(const PublicKey& key) {
  Bytes spki(std::begin(kSpkiPrefix), std::end(kSpkiPrefix));
  Append(spki, key.view());
  return Armor(kPemBegin, spki, 64, kPemEnd);
}

Result<PublicKey> ParsePublicKeyPem(std::string_view pem) {
  ASSIGN(const Bytes spki, Dearmor(kPemBegin, pem, kPemEnd));
  if (spki.size() != sizeof kSpkiPrefix + PublicKey::kSize ||
      !std::equal(std::begin(kSpkiPrefix), std::end(kSpkiPrefix), spki.begin()))
    return Fail(Code::kMalformed, "not an Ed25519 public key");
  return *PublicKey::From(ByteView(spki).last(PublicKey::kSize));
}

std::string OpenSshPublicKey(const PublicKey& key) {
  return std::string(kKeyType) + ' ' + ToBase64(KeyBlob(key));
}

}  // namespace geflecht::crypto
