#include "node/crypto/key_file.h"

#include <sodium.h>

#include <algorithm>

#include "base/check.h"
#include "node/crypto/aead.h"

namespace geflecht::crypto {
namespace {

constexpr std::string_view kMagic = "GFNK";
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kUnprotected = 0;
constexpr std::uint8_t kArgon2id = 2;
constexpr std::size_t kSaltBytes = crypto_pwhash_SALTBYTES;
constexpr std::size_t kStorageKeyBytes = 32;

// Offsets, docs/formats/key_file.md.
constexpr std::size_t kPassesAt = 6;
constexpr std::size_t kMemoryAt = 10;
constexpr std::size_t kSaltAt = 18;
constexpr std::size_t kSealedAt = kSaltAt + kSaltBytes;
constexpr std::size_t kChecksumAt = kSealedAt + kAeadOverheadBytes + kStorageKeyBytes;
constexpr std::size_t kChecksumBytes = 16;
constexpr std::size_t kFileBytes = kChecksumAt + kChecksumBytes;

struct Parameters {
  bool protected_by_passphrase = false;
  KeyFileCost cost;
};

bool WithinBounds(KeyFileCost cost) {
  return cost.passes >= kKeyFileCostMin.passes && cost.passes <= kKeyFileCostMax.passes &&
         cost.memory_bytes >= kKeyFileCostMin.memory_bytes &&
         cost.memory_bytes <= kKeyFileCostMax.memory_bytes && cost.memory_bytes % 1024 == 0;
}

// Not secret: it tells a damaged file from a wrong passphrase, without the work of Argon2id.
StrongId<struct ChecksumTag, kChecksumBytes> Checksum(ByteView content) {
  StrongId<struct ChecksumTag, kChecksumBytes> checksum;
  CHECK(crypto_generichash(checksum.bytes.data(), kChecksumBytes, content.data(), content.size(),
                           nullptr, 0) == 0);
  return checksum;
}

Result<Parameters> ReadParameters(ByteView file) {
  if (file.size() != kFileBytes || AsText(file.first(kMagic.size())) != kMagic)
    return Fail(Code::kMalformed, "not a key file");
  if (file[4] != kVersion) return Fail(Code::kMalformed, "key file of an unknown version");
  const Parameters parameters{
      file[5] == kArgon2id, {ReadBe32(file.subspan(kPassesAt)), ReadBe64(file.subspan(kMemoryAt))}};
  const ByteView public_part = file.subspan(kPassesAt, kSealedAt - kPassesAt);
  if (file[5] == kArgon2id) {
    if (!WithinBounds(parameters.cost))
      return Fail(Code::kMalformed, "key file with a cost out of bounds");
  } else if (file[5] != kUnprotected ||
             !std::all_of(public_part.begin(), public_part.end(), [](auto b) { return b == 0; })) {
    return Fail(Code::kMalformed, "key file with an unknown key derivation");
  }
  const ByteView checksum = file.subspan(kChecksumAt);
  if (!std::ranges::equal(checksum, Checksum(file.first(kChecksumAt)).bytes))
    return Fail(Code::kMalformed, "the key file is damaged");
  return parameters;
}

// The key that seals the storage key: 32 zero bytes without a passphrase.
Result<SecretBytes> WrappingKey(const SecretBytes& passphrase, KeyFileCost cost, ByteView salt) {
  SecretBytes key(kAeadKeyBytes);
  if (passphrase.empty()) return key;
  const auto text = AsText(passphrase.view());
  if (crypto_pwhash(key.mutable_view().data(), key.size(), text.data(), text.size(), salt.data(),
                    cost.passes, static_cast<std::size_t>(cost.memory_bytes),
                    crypto_pwhash_ALG_ARGON2ID13) != 0)
    return Fail(Code::kTooLarge, "not enough memory to derive a key from the passphrase");
  return key;
}

}  // namespace

Result<Bytes> WrapStorageKey(const SecretBytes& storage_key, const SecretBytes& passphrase,
                             KeyFileCost cost, Random& random) {
  CHECK(storage_key.size() == kStorageKeyBytes);
  if (!passphrase.empty() && !WithinBounds(cost))
    return Fail(Code::kUsage, "key file cost out of bounds");
  Bytes file = ToBytes(kMagic);
  file.reserve(kFileBytes);
  file.push_back(kVersion);
  file.push_back(passphrase.empty() ? kUnprotected : kArgon2id);
  AppendBe32(file, passphrase.empty() ? 0 : cost.passes);
  AppendBe64(file, passphrase.empty() ? 0 : cost.memory_bytes);
  file.resize(kSealedAt);
  const std::span<std::uint8_t> salt(file.data() + kSaltAt, kSaltBytes);
  if (!passphrase.empty()) random.Fill(salt);
  ASSIGN(const SecretBytes key, WrappingKey(passphrase, cost, salt));
  const Bytes sealed = Seal(key, file, storage_key.view(), random);
  Append(file, sealed);
  Append(file, Checksum(file).view());
  return file;
}

Result<bool> KeyFileNeedsPassphrase(ByteView file) {
  ASSIGN(const Parameters parameters, ReadParameters(file));
  return parameters.protected_by_passphrase;
}

Result<SecretBytes> UnwrapStorageKey(ByteView file, const SecretBytes& passphrase) {
  ASSIGN(const Parameters parameters, ReadParameters(file));
  if (parameters.protected_by_passphrase == passphrase.empty())
    return Fail(Code::kWrongPassphrase, passphrase.empty()
                                            ? "the key file asks for a passphrase"
                                            : "the key file is not protected by a passphrase");
  ASSIGN(const SecretBytes key,
         WrappingKey(passphrase, parameters.cost, file.subspan(kSaltAt, kSaltBytes)));
  Result<SecretBytes> storage_key =
      OpenSecret(key, file.first(kSealedAt), file.subspan(kSealedAt, kChecksumAt - kSealedAt));
  if (!storage_key && passphrase.empty()) return Fail(Code::kMalformed, "the key file is damaged");
  if (!storage_key)
    return Fail(Code::kWrongPassphrase, "the passphrase does not open the key file");
  return storage_key;
}

}  // namespace geflecht::crypto
