#include "node/crypto/sign.h"

#include <gtest/gtest.h>

#include <array>
#include <type_traits>

#include "node/crypto/hash.h"
#include "tests/unit/crypto/support.h"

namespace geflecht::crypto {
namespace {

constexpr std::string_view kNamespace = "geflecht-entry@v1";

static_assert(!std::is_copy_constructible_v<SigningKey>);
static_assert(!std::is_default_constructible_v<SigningKey>);

PublicKey Key(std::string_view hex) { return *PublicKey::FromHexText(hex); }

// The seeds and public keys of RFC 8032 section 7.1, tests 1 to 3. Init() checks one
// of the signatures of these tests, and sign_foreign_test.cc that OpenSSL makes the same ones.
constexpr std::array<std::array<std::string_view, 2>, 3> kRfc8032{{
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"},
}};

TEST(Sign, DerivesThePublishedKeys) {
  for (const auto& [seed, key] : kRfc8032) {
    const SigningKey signing = SigningKey::FromSeed(SecretBytes::Copy(Hex(seed)));
    EXPECT_EQ(signing.public_key().Hex(), key);
    EXPECT_EQ(ToHex(signing.seed()), seed);
    FixedRandom random(Hex(seed));
    EXPECT_EQ(SigningKey::Generate(random).public_key().Hex(), key);
  }
}

TEST(Sign, RoundTripsAndIsDeterministic) {
  SeededRandom random(1);
  const SigningKey key = SigningKey::Generate(random);
  const Signature signature = key.Sign(kNamespace, AsBytes("message"));
  EXPECT_TRUE(Verify(key.public_key(), kNamespace, AsBytes("message"), signature));
  EXPECT_EQ(key.Sign(kNamespace, AsBytes("message")), signature);
  EXPECT_TRUE(Verify(key.public_key(), kNamespace, {}, key.Sign(kNamespace, {})));
}

// Messages and signatures of RFC 8032 section 7.1, tests 2 and 3.
TEST(Sign, NotesAreSignedAsTheyStand) {
  constexpr std::array<std::array<std::string_view, 2>, 2> kNotes{{
      {"72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
       "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
      {"af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
       "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
  }};
  for (std::size_t i = 0; i < kNotes.size(); ++i) {
    const SigningKey key = SigningKey::FromSeed(SecretBytes::Copy(Hex(kRfc8032[i + 1][0])));
    const std::string text = ToText(Hex(kNotes[i][0]));
    const Signature signature = key.SignNote(text);
    EXPECT_EQ(signature.Hex(), kNotes[i][1]);
    EXPECT_TRUE(VerifyNote(key.public_key(), text, signature));
    EXPECT_FALSE(VerifyNote(key.public_key(), text + " ", signature));
    EXPECT_FALSE(Verify(key.public_key(), kNamespace, AsBytes(text), signature));
  }
}

TEST(SignDeathTest, NoteIsNoPreimageOfAnotherSignature) {
  SeededRandom random(1);
  const SigningKey key = SigningKey::Generate(random);
  EXPECT_DEATH(key.SignNote(AsText(SshsigPreimage(kNamespace, AsBytes("message")))), "");
}

TEST(Sign, BuildsThePreimageOfOpenSsh) {
  Bytes expected = ToBytes("SSHSIG");
  Append(expected, Hex("00000011"));
  Append(expected, kNamespace);
  Append(expected, Hex("0000000000000006"));
  Append(expected, "sha512");
  Append(expected, Hex("00000040"));
  Append(expected, Sha512(AsBytes("message")).view());
  EXPECT_EQ(ToHex(SshsigPreimage(kNamespace, AsBytes("message"))), ToHex(expected));
}

TEST(Sign, RefusesEveryFlippedBitOfSignatureAndKey) {
  SeededRandom random(2);
  const SigningKey key = SigningKey::Generate(random);
  const Signature signature = key.Sign(kNamespace, AsBytes("message"));
  for (std::size_t bit = 0; bit < Signature::kSize * 8; ++bit) {
    Signature flipped = signature;
    flipped.bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(Verify(key.public_key(), kNamespace, AsBytes("message"), flipped)) << bit;
  }
  for (std::size_t bit = 0; bit < PublicKey::kSize * 8; ++bit) {
    PublicKey flipped = key.public_key();
    flipped.bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(Verify(flipped, kNamespace, AsBytes("message"), signature)) << bit;
  }
  EXPECT_FALSE(Verify(key.public_key(), kNamespace, AsBytes("messagf"), signature));
}

TEST(Sign, NoSignatureOfOneKindPassesForAnother) {
  SeededRandom random(3);
  const SigningKey key = SigningKey::Generate(random);
  constexpr std::array<std::string_view, 7> kNamespaces{
      "geflecht-entry@v1", "geflecht-sign@v1",   "geflecht-record@v1", "geflecht-charter@v1",
      "geflecht-card@v1",  "geflecht-device@v1", "geflecht-bundle@v1"};
  for (const std::string_view made : kNamespaces) {
    const Signature signature = key.Sign(made, AsBytes("same bytes"));
    for (const std::string_view asked : kNamespaces)
      EXPECT_EQ(Verify(key.public_key(), asked, AsBytes("same bytes"), signature), made == asked)
          << made << " as " << asked;
  }
}

// S + L is congruent to S, so a verifier that does not ask for S < L accepts it (RFC 8032, 5.1.7).
TEST(Sign, RefusesANonCanonicalSignature) {
  const Bytes order = Hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  SeededRandom random(4);
  const SigningKey key = SigningKey::Generate(random);
  Signature signature = key.Sign(kNamespace, AsBytes("message"));
  ASSERT_TRUE(Verify(key.public_key(), kNamespace, AsBytes("message"), signature));
  unsigned carry = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    carry += signature.bytes[32 + i] + unsigned{order[i]};
    signature.bytes[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  ASSERT_EQ(carry, 0u);
  EXPECT_FALSE(Verify(key.public_key(), kNamespace, AsBytes("message"), signature));
}

// All points whose order divides 8, canonical and not.
constexpr std::array<std::string_view, 11> kSmallOrder{
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000080",
};

TEST(IsAcceptableKey, RefusesPointsOfSmallOrder) {
  for (const std::string_view key : kSmallOrder) EXPECT_FALSE(IsAcceptableKey(Key(key))) << key;
}

// The key of RFC 8032 test 1 plus a point of order 2, 4, 8 and 8, computed with
// crypto_core_ed25519_add. libsodium 1.0.18-1 accepted the first of them (CVE-2025-69277).
TEST(IsAcceptableKey, RefusesPointsOfMixedOrder) {
  for (const std::string_view key :
       {"16a567fe7d4ef5482ab4012c369bf8c5f11e8d0c2559dcda50fde59708f8aee5",
        "40c7570f4dd54835b9131184410ed4a0cc93e7d9ad053cbc6d07a62426999582",
        "9158312a9a8d6e3b34c891d6d61444f8b8211c5117ebad15bdb0bd68b07e0245",
        "3b5b475c4b82dd1572799fc546f4c6c03e478c6654aa4c7f945b347ea32af60d"})
    EXPECT_FALSE(IsAcceptableKey(Key(key))) << key;
}

TEST(IsAcceptableKey, RefusesWhatIsNoPointAndAcceptsEveryGeneratedKey) {
  // y = 2 is on no point of the curve.
  EXPECT_FALSE(
      IsAcceptableKey(Key("0200000000000000000000000000000000000000000000000000000000000000")));
  SeededRandom random(5);
  for (int i = 0; i < 50; ++i)
    EXPECT_TRUE(IsAcceptableKey(SigningKey::Generate(random).public_key()));
}

// With the identity as key and as R, S = 0 fits every message.
TEST(Sign, RefusesASignatureThatFitsEveryMessage) {
  for (const std::string_view key : kSmallOrder) {
    Signature forged;
    std::copy_n(Key(kSmallOrder[0]).bytes.begin(), 32, forged.bytes.begin());
    EXPECT_FALSE(Verify(Key(key), kNamespace, AsBytes("anything"), forged)) << key;
  }
}

TEST(SignText, RoundTripsThePem) {
  SeededRandom random(6);
  const PublicKey key = SigningKey::Generate(random).public_key();
  const std::string pem = PublicKeyPem(key);
  const auto parsed = ParsePublicKeyPem(pem);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, key);
  std::string windows;
  for (const char c : pem) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_TRUE(ParsePublicKeyPem(windows));
  EXPECT_TRUE(ParsePublicKeyPem(pem.substr(0, pem.size() - 1)));
}

TEST(SignText, RefusesADamagedPem) {
  SeededRandom random(7);
  const PublicKey key = SigningKey::Generate(random).public_key();
  const std::string pem = PublicKeyPem(key);
  EXPECT_FALSE(ParsePublicKeyPem(""));
  EXPECT_FALSE(ParsePublicKeyPem(pem + "x"));
  EXPECT_FALSE(ParsePublicKeyPem(std::string(1 << 20, 'A')));
  for (std::size_t i = 0; i + 1 < pem.size(); ++i) {
    std::string shorter = pem;
    shorter.erase(i, 1);
    if (pem[i] == '\n' && i > 26 && i < pem.size() - 25) continue;  // the line ends carry nothing
    EXPECT_FALSE(ParsePublicKeyPem(shorter)) << i;
  }
}

TEST(SignText, ArmourNamesKeyAndNamespace) {
  SeededRandom random(8);
  const SigningKey key = SigningKey::Generate(random);
  const SigningKey other = SigningKey::Generate(random);
  const Signature signature = key.Sign(kNamespace, AsBytes("message"));
  const std::string armor = SshsigArmor(key.public_key(), kNamespace, signature);
  const auto parsed = ParseSshsigArmor(armor, key.public_key(), kNamespace);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, signature);
  const auto wrong_key = ParseSshsigArmor(armor, other.public_key(), kNamespace);
  ASSERT_FALSE(wrong_key);
  EXPECT_EQ(wrong_key.error().code, Code::kVerification);
  EXPECT_FALSE(ParseSshsigArmor(armor, key.public_key(), "geflecht-entry@v2"));
  const auto garbage = ParseSshsigArmor("-----BEGIN SSH SIGNATURE-----\n", key.public_key(), "a");
  ASSERT_FALSE(garbage);
  EXPECT_EQ(garbage.error().code, Code::kMalformed);
}

}  // namespace
}  // namespace geflecht::crypto
