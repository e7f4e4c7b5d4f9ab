#include "node/crypto/kdf.h"

#include <gtest/gtest.h>

#include "tests/unit/crypto/support.h"

namespace geflecht::crypto {
namespace {

const std::string_view kKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

// BLAKE2b with a 32-byte key is no vector of RFC 7693. The values were computed with the reference
// code of BLAKE2's authors, as Python ships it:
// hashlib.blake2b(b"geflecht-store@v1", key=bytes(range(32)), digest_size=32 or 16).
TEST(Kdf, MatchesTheReferenceCodeOfBlake2b) {
  const SecretBytes key = SecretBytes::Copy(Hex(kKey));
  EXPECT_EQ(ToHex(DeriveKey(key, "geflecht-store@v1").view()),
            "963514793c005219e53a7e31dcf82a1c515d0c685f6f0fe2cc19b24788e31880");
  EXPECT_EQ(ToHex(DeriveKey(key, "").view()),
            "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d");
  EXPECT_EQ(KeyedName(key, AsBytes("geflecht-store@v1")).Hex(), "d56731195633aa43972e9ba0a944ac6b");
  EXPECT_EQ(KeyedName(key, {}).Hex(), "3daf97bce7888fd59773c66bf647459c");
}

TEST(Kdf, GivesUnrelatedKeysForOtherPurposesAndOtherKeys) {
  SeededRandom random(1);
  const SecretBytes key = SecretBytes::Generate(32, random);
  const SecretBytes other = SecretBytes::Generate(32, random);
  const SecretBytes derived = DeriveKey(key, "records");
  EXPECT_TRUE(ConstantTimeEqual(derived.view(), DeriveKey(key, "records").view()));
  EXPECT_FALSE(ConstantTimeEqual(derived.view(), DeriveKey(key, "names").view()));
  EXPECT_FALSE(ConstantTimeEqual(derived.view(), DeriveKey(other, "records").view()));
  EXPECT_FALSE(
      ConstantTimeEqual(derived.view().first(16), KeyedName(key, AsBytes("records")).view()));
}

TEST(KdfDeathTest, RefusesAKeyOfAnotherSize) {
  EXPECT_DEATH(DeriveKey(SecretBytes(16), "records"), "key.size");
}

}  // namespace
}  // namespace geflecht::crypto
