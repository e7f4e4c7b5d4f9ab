// The same signatures in the hands of OpenSSL and OpenSSH.
#include <gtest/gtest.h>

#include "node/crypto/base64.h"
#include "node/crypto/certificate.h"
#include "node/crypto/sign.h"
#include "tests/unit/crypto/support.h"

namespace geflecht::crypto {
namespace {

constexpr std::string_view kNamespace = "geflecht-entry@v1";
constexpr std::string_view kMessage = "geflecht-entry@v1\nnet -\n";

class Foreign : public ::testing::Test {
 protected:
  void NeedProgram(const std::string& name) {
    if (!bench_.Run("command -v " + name)) missing_ = name;
  }
  Workbench bench_;
  std::string missing_;
  SeededRandom random_{20};
  SigningKey key_ = SigningKey::Generate(random_);
  Signature signature_ = key_.Sign(kNamespace, AsBytes(kMessage));
};

class OpenSsl : public Foreign {
 protected:
  void SetUp() override {
    NeedProgram("openssl");
    if (!missing_.empty()) GTEST_SKIP() << missing_ << " is not installed";
    bench_.Write("key.pem", PublicKeyPem(key_.public_key()));
    bench_.Write("pre", SshsigPreimage(kNamespace, AsBytes(kMessage)));
  }
  bool Accepts(const Signature& signature) {
    bench_.Write("sig", signature.view());
    return bench_.Run("openssl pkeyutl -verify -rawin -pubin -inkey key.pem -in pre -sigfile sig");
  }
};

TEST_F(OpenSsl, VerifiesTheSignatureOverThePreimage) {
  EXPECT_TRUE(Accepts(signature_)) << bench_.Read("out");
}

TEST_F(OpenSsl, RefusesAFlippedBitAndAnotherNamespace) {
  Signature flipped = signature_;
  flipped.bytes[7] ^= 0x10;
  EXPECT_FALSE(Accepts(flipped));
  bench_.Write("pre", SshsigPreimage("geflecht-sign@v1", AsBytes(kMessage)));
  EXPECT_FALSE(Accepts(signature_));
}

TEST_F(OpenSsl, MakesTheSameSignature) {
  const auto identity = MakeTlsIdentity(key_);
  ASSERT_TRUE(identity);
  bench_.Write("private.pem", identity->key_pem);
  ASSERT_TRUE(bench_.Run("openssl pkeyutl -sign -rawin -inkey private.pem -in pre -out made"))
      << bench_.Read("out");
  EXPECT_EQ(ToHex(AsBytes(bench_.Read("made"))), signature_.Hex());
}

TEST_F(OpenSsl, WritesPublicKeysThatAreRead) {
  ASSERT_TRUE(
      bench_.Run("openssl genpkey -algorithm ed25519 -out new.pem && "
                 "openssl pkey -in new.pem -pubout -out new.pub && "
                 "openssl pkey -in new.pem -pubout -outform DER -out new.der"));
  const auto parsed = ParsePublicKeyPem(bench_.Read("new.pub"));
  ASSERT_TRUE(parsed);
  const std::string der = bench_.Read("new.der");
  ASSERT_EQ(der.size(), 44u);
  EXPECT_EQ(parsed->Hex(), ToHex(AsBytes(der.substr(12))));
  EXPECT_EQ(PublicKeyPem(*parsed), bench_.Read("new.pub"));
}

TEST_F(OpenSsl, KeysOfOtherKindsAreRefused) {
  for (const std::string kind : {"x25519", "ed448"}) {
    ASSERT_TRUE(bench_.Run("openssl genpkey -algorithm " + kind +
                           " -out new.pem && openssl pkey -in new.pem -pubout -out new.pub"));
    EXPECT_FALSE(ParsePublicKeyPem(bench_.Read("new.pub"))) << kind;
  }
}

class OpenSsh : public Foreign {
 protected:
  void SetUp() override {
    NeedProgram("ssh-keygen");
    if (!missing_.empty()) GTEST_SKIP() << missing_ << " is not installed";
    bench_.Write("allowed", "feed " + OpenSshPublicKey(key_.public_key()) + "\n");
    bench_.Write("message", kMessage);
  }
  bool Accepts(const std::string& name_space, const Signature& signature) {
    bench_.Write("message.sig", SshsigArmor(key_.public_key(), kNamespace, signature));
    return bench_.Run("ssh-keygen -Y verify -f allowed -I feed -n " + name_space +
                      " -s message.sig < message");
  }
};

TEST_F(OpenSsh, VerifiesTheArmouredSignature) {
  EXPECT_TRUE(Accepts(std::string(kNamespace), signature_)) << bench_.Read("out");
}

TEST_F(OpenSsh, RefusesAnotherNamespaceAFlippedBitAndAnotherMessage) {
  EXPECT_FALSE(Accepts("geflecht-sign@v1", signature_));
  Signature flipped = signature_;
  flipped.bytes[40] ^= 1;
  EXPECT_FALSE(Accepts(std::string(kNamespace), flipped));
  bench_.Write("message", std::string(kMessage) + "x");
  EXPECT_FALSE(Accepts(std::string(kNamespace), signature_));
}

TEST_F(OpenSsh, MakesSignaturesThatAreReadAndVerified) {
  ASSERT_TRUE(
      bench_.Run("ssh-keygen -q -t ed25519 -N '' -C '' -f id && "
                 "ssh-keygen -Y sign -f id -n geflecht-entry@v1 message"))
      << bench_.Read("out");
  const std::string line = bench_.Read("id.pub");  // "ssh-ed25519 BASE64 \n"
  const auto blob = FromBase64(line.substr(12, line.find_last_not_of(" \n") - 11));
  ASSERT_TRUE(blob) << line;
  ASSERT_EQ(blob->size(), 51u);
  const PublicKey key = *PublicKey::From(ByteView(*blob).last(32));
  EXPECT_EQ(OpenSshPublicKey(key), line.substr(0, line.find_last_not_of(" \n") + 1));

  const std::string armor = bench_.Read("message.sig");
  const auto signature = ParseSshsigArmor(armor, key, kNamespace);
  ASSERT_TRUE(signature) << signature.error().detail;
  EXPECT_TRUE(Verify(key, kNamespace, AsBytes(kMessage), *signature));
  EXPECT_FALSE(Verify(key, "geflecht-sign@v1", AsBytes(kMessage), *signature));
  EXPECT_FALSE(ParseSshsigArmor(armor, key_.public_key(), kNamespace));
  EXPECT_EQ(SshsigArmor(key, kNamespace, *signature), armor);
}

TEST_F(OpenSsh, SignatureOverTheOtherHashIsRefused) {
  ASSERT_TRUE(
      bench_.Run("ssh-keygen -q -t ed25519 -N '' -C '' -f id && "
                 "ssh-keygen -Y sign -O hashalg=sha256 -f id -n geflecht-entry@v1 message"));
  const std::string line = bench_.Read("id.pub");
  const auto blob = FromBase64(line.substr(12, line.find_last_not_of(" \n") - 11));
  ASSERT_TRUE(blob);
  const PublicKey key = *PublicKey::From(ByteView(*blob).last(32));
  const auto signature = ParseSshsigArmor(bench_.Read("message.sig"), key, kNamespace);
  ASSERT_FALSE(signature);
  EXPECT_EQ(signature.error().code, Code::kVerification);
}

}  // namespace
}  // namespace geflecht::crypto
