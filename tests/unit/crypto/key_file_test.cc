#include "node/crypto/key_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "node/crypto/aead.h"
#include "tests/unit/crypto/support.h"

namespace geflecht::crypto {
namespace {

constexpr std::size_t kPassesAt = 6;
constexpr std::size_t kMemoryAt = 10;
constexpr std::size_t kSealedAt = 34;

class KeyFile : public ::testing::Test {
 protected:
  Bytes Wrapped(std::string_view passphrase) {
    return WrapStorageKey(key_, Secret(passphrase), kKeyFileCostMin, random_).value();
  }
  SeededRandom random_{50};
  SecretBytes key_ = SecretBytes::Generate(32, random_);
};

void PutBe(Bytes& file, std::size_t at, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i)
    file[at + size - 1 - i] = static_cast<std::uint8_t>(value >> 8 * i);
}

Code UnwrapError(ByteView file, std::string_view passphrase) {
  const auto key = UnwrapStorageKey(file, Secret(passphrase));
  return key ? Code::kIncomplete : key.error().code;  // kIncomplete stands for "it opened"
}

// The file with the checksum that belongs to its content, as an attacker would write it.
Bytes WithChecksum(Bytes file) {
  Workbench bench;
  CHECK(file.size() > 16);
  file.resize(file.size() - 16);
  bench.Write("content", file);
  CHECK(bench.Run("b2sum -l 128 content"));
  Append(file, Hex(bench.Read("out").substr(0, 32)));
  return file;
}

TEST_F(KeyFile, OpensWithThePassphraseOnly) {
  const Bytes file = Wrapped("correct horse");
  EXPECT_EQ(KeyFileNeedsPassphrase(file).value(), true);
  const auto opened = UnwrapStorageKey(file, Secret("correct horse"));
  ASSERT_TRUE(opened);
  EXPECT_TRUE(ConstantTimeEqual(opened->view(), key_.view()));
  EXPECT_EQ(UnwrapError(file, "correct horsf"), Code::kWrongPassphrase);
  EXPECT_EQ(UnwrapError(file, "correct horse "), Code::kWrongPassphrase);
  EXPECT_EQ(UnwrapError(file, ""), Code::kWrongPassphrase);
}

TEST_F(KeyFile, HoldsTheKeyAsItIsWithoutAPassphrase) {
  const Bytes file = Wrapped("");
  EXPECT_EQ(KeyFileNeedsPassphrase(file).value(), false);
  const auto opened = UnwrapStorageKey(file, SecretBytes());
  ASSERT_TRUE(opened);
  EXPECT_TRUE(ConstantTimeEqual(opened->view(), key_.view()));
  EXPECT_EQ(UnwrapError(file, "unexpected"), Code::kWrongPassphrase);
}

// The wrapping key is argon2id_hash_raw(t=1, m=65536 KiB, p=1, passphrase, salt) of the reference
// code of Argon2 (libargon2 20171227), which also gives its own test vector 09316115...913cf7 for
// "password" and "somesalt". libsodium takes neither the secret nor the associated data of the
// vector in RFC 9106 section 5.3, and always one lane, so that vector is out of reach.
TEST(KeyFileFormat, MatchesTheReferenceCodeOfArgon2id) {
  const Bytes salt = Hex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
  const Bytes nonce(24, 0x77);
  Bytes fixed = salt;
  Append(fixed, nonce);
  FixedRandom random(fixed);
  const SecretBytes storage_key(32);
  const auto file =
      WrapStorageKey(storage_key, Secret("correct horse battery staple"), kKeyFileCostMin, random);
  ASSERT_TRUE(file);
  Bytes head = ToBytes("GFNK");
  Append(head, Hex("0102"
                   "00000001"
                   "0000000004000000"));
  Append(head, salt);
  const SecretBytes wrapping =
      SecretBytes::Copy(Hex("e3b10d84278f1b2f845a55e233aa8829c1c5c79440294b6ebc368e27633052b8"));
  FixedRandom again(nonce);
  Bytes expected = head;
  Append(expected, Seal(wrapping, head, storage_key.view(), again));
  expected.resize(expected.size() + 16);
  EXPECT_EQ(ToHex(*file), ToHex(WithChecksum(expected)));
}

TEST_F(KeyFile, DrawsNewSaltAndNonceEachTime) {
  const Bytes first = Wrapped("p");
  const Bytes second = Wrapped("p");
  EXPECT_NE(ToHex(ByteView(first).subspan(18, 16)), ToHex(ByteView(second).subspan(18, 16)));
  EXPECT_NE(ToHex(ByteView(first).subspan(34, 24)), ToHex(ByteView(second).subspan(34, 24)));
}

TEST_F(KeyFile, RefusesEveryFlippedBit) {
  for (const std::string_view passphrase : {"", "correct horse"}) {
    Bytes file = Wrapped(passphrase);
    for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
      file[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      ASSERT_EQ(UnwrapError(file, passphrase), Code::kMalformed) << "bit " << bit;
      EXPECT_FALSE(KeyFileNeedsPassphrase(file)) << "bit " << bit;
      file[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    }
    EXPECT_EQ(UnwrapError(file, passphrase), Code::kIncomplete);
  }
}

// Whoever edits the file also edits the checksum; then the seal has to hold.
TEST_F(KeyFile, RefusesEveryKindOfChangeUnderAFreshChecksum) {
  const Bytes file = Wrapped("correct horse");
  for (const std::size_t at : {kPassesAt + 3, kMemoryAt + 4, std::size_t{18}, std::size_t{33},
                               kSealedAt, kSealedAt + 24, kSealedAt + 55, kSealedAt + 71}) {
    Bytes changed = file;
    changed[at] = static_cast<std::uint8_t>(at == kPassesAt + 3 ? 2 : changed[at] + 1);
    EXPECT_EQ(UnwrapError(WithChecksum(changed), "correct horse"), Code::kWrongPassphrase) << at;
  }
  Bytes plain = Wrapped("");
  plain[kSealedAt + 30] ^= 1;
  EXPECT_EQ(UnwrapError(WithChecksum(plain), ""), Code::kMalformed);
}

TEST_F(KeyFile, RefusesCostsOutOfBoundsBeforeItAllocates) {
  const Bytes file = Wrapped("correct horse");
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const std::uint64_t mib = std::uint64_t{1} << 20;
  for (const std::uint64_t memory :
       {std::uint64_t{0}, 64 * mib - 1024, 64 * mib + 1, 2048 * mib + 1024, std::uint64_t{1} << 40,
        ~std::uint64_t{0}}) {
    Bytes changed = file;
    PutBe(changed, kMemoryAt, 8, memory);
    ASSERT_EQ(UnwrapError(WithChecksum(changed), "correct horse"), Code::kMalformed) << memory;
  }
  for (const std::uint64_t passes : {0u, 11u, 0xffffffffu}) {
    Bytes changed = file;
    PutBe(changed, kPassesAt, 4, passes);
    PutBe(changed, kMemoryAt, 8, 2048 * mib);
    ASSERT_EQ(UnwrapError(WithChecksum(changed), "correct horse"), Code::kMalformed) << passes;
  }
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 32 * 1024);  // KiB; wrapping took 64 MiB before
}

TEST_F(KeyFile, RefusesToWriteACostThatItWouldNotRead) {
  for (const KeyFileCost cost :
       {KeyFileCost{0, kKeyFileCostMin.memory_bytes}, KeyFileCost{11, kKeyFileCostMin.memory_bytes},
        KeyFileCost{1, kKeyFileCostMin.memory_bytes - 1024},
        KeyFileCost{1, kKeyFileCostMax.memory_bytes + 1024}}) {
    const auto file = WrapStorageKey(key_, Secret("p"), cost, random_);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Code::kUsage);
  }
}

TEST_F(KeyFile, RefusesUnknownVersionsAndDerivations) {
  Bytes file = Wrapped("");
  file[4] = 2;
  EXPECT_EQ(UnwrapError(WithChecksum(file), ""), Code::kMalformed);
  file[4] = 1;
  for (const int kdf : {1, 3, 255}) {
    file[5] = static_cast<std::uint8_t>(kdf);
    EXPECT_EQ(UnwrapError(WithChecksum(file), ""), Code::kMalformed);
  }
}

TEST_F(KeyFile, RefusesOtherLengthsAndNoise) {
  const Bytes file = Wrapped("");
  for (std::size_t size = 0; size < file.size(); ++size)
    EXPECT_EQ(UnwrapError(ByteView(file).first(size), ""), Code::kMalformed);
  Bytes longer = file;
  longer.push_back(0);
  EXPECT_EQ(UnwrapError(longer, ""), Code::kMalformed);
  Bytes noise(file.size());
  random_.Fill(noise);
  EXPECT_EQ(UnwrapError(noise, ""), Code::kMalformed);
}

}  // namespace
}  // namespace geflecht::crypto
