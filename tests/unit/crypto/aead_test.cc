#include "node/crypto/aead.h"

#include <gtest/gtest.h>

#include "tests/unit/crypto/support.h"

namespace geflecht::crypto {
namespace {

// draft-irtf-cfrg-xchacha-03, appendix A.3.1. It covers RFC 8439, whose cipher runs inside.
struct Vector {
  Bytes key = Hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  Bytes nonce = Hex("404142434445464748494a4b4c4d4e4f5051525354555657");
  Bytes associated = Hex("50515253c0c1c2c3c4c5c6c7");
  std::string plain =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
      "future, sunscreen would be it.";
  Bytes cipher =
      Hex("bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
          "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
          "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
          "21f9664c97637da9768812f615c68b13b52e"
          "c0875924c1c7987947deafd8780acf49");
};

TEST(Aead, MatchesThePublishedVector) {
  const Vector v;
  FixedRandom random(v.nonce);
  Bytes expected = v.nonce;
  Append(expected, v.cipher);
  const SecretBytes key = SecretBytes::Copy(v.key);
  EXPECT_EQ(ToHex(Seal(key, v.associated, AsBytes(v.plain), random)), ToHex(expected));
  const auto opened = Open(key, v.associated, expected);
  ASSERT_TRUE(opened);
  EXPECT_EQ(AsText(*opened), v.plain);
}

TEST(Aead, RefusesEveryFlippedBit) {
  SeededRandom random(1);
  const SecretBytes key = SecretBytes::Generate(kAeadKeyBytes, random);
  Bytes sealed = Seal(key, AsBytes("space"), AsBytes("some text"), random);
  ASSERT_EQ(sealed.size(), 9 + kAeadOverheadBytes);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    sealed[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    const auto opened = Open(key, AsBytes("space"), sealed);
    ASSERT_FALSE(opened) << "bit " << bit;
    EXPECT_EQ(opened.error().code, Code::kVerification);
    sealed[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
  }
  EXPECT_TRUE(Open(key, AsBytes("space"), sealed));
}

TEST(Aead, RefusesOtherKeysAndOtherAssociatedData) {
  SeededRandom random(2);
  const SecretBytes key = SecretBytes::Generate(kAeadKeyBytes, random);
  const SecretBytes other = SecretBytes::Generate(kAeadKeyBytes, random);
  const Bytes sealed = Seal(key, AsBytes("a"), AsBytes("text"), random);
  EXPECT_FALSE(Open(other, AsBytes("a"), sealed));
  EXPECT_FALSE(Open(key, AsBytes("b"), sealed));
  EXPECT_FALSE(Open(key, {}, sealed));
  EXPECT_FALSE(OpenSecret(other, AsBytes("a"), sealed));
}

TEST(Aead, RefusesEveryTruncation) {
  SeededRandom random(3);
  const SecretBytes key = SecretBytes::Generate(kAeadKeyBytes, random);
  const Bytes sealed = Seal(key, {}, AsBytes("text"), random);
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    const auto opened = Open(key, {}, ByteView(sealed).first(size));
    ASSERT_FALSE(opened) << size;
    EXPECT_EQ(opened.error().code, Code::kVerification);
  }
}

TEST(Aead, SealsEmptyTextAndDrawsANewNonceEachTime) {
  SeededRandom random(4);
  const SecretBytes key = SecretBytes::Generate(kAeadKeyBytes, random);
  const Bytes first = Seal(key, {}, {}, random);
  const Bytes second = Seal(key, {}, {}, random);
  EXPECT_NE(first, second);
  const auto opened = Open(key, {}, first);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->empty());
  EXPECT_TRUE(OpenSecret(key, {}, second));
}

TEST(Aead, OpensIntoGuardedMemory) {
  SeededRandom random(5);
  const SecretBytes key = SecretBytes::Generate(kAeadKeyBytes, random);
  const auto opened = OpenSecret(key, {}, Seal(key, {}, AsBytes("seed"), random));
  ASSERT_TRUE(opened);
  EXPECT_TRUE(ConstantTimeEqual(opened->view(), AsBytes("seed")));
}

}  // namespace
}  // namespace geflecht::crypto
