#include "node/crypto/certificate.h"

#include <gtest/gtest.h>

#include "node/crypto/base64.h"
#include "tests/unit/crypto/support.h"

namespace geflecht::crypto {
namespace {

Bytes DerOf(std::string pem) {
  pem.erase(0, pem.find('\n') + 1);
  pem.erase(pem.find("-----END"));
  std::erase(pem, '\n');
  return FromBase64(pem).value();
}

class Certificate : public ::testing::Test {
 protected:
  SeededRandom random_{30};
  SigningKey key_ = SigningKey::Generate(random_);
  TlsIdentity identity_ = MakeTlsIdentity(key_).value();
  Bytes der_ = DerOf(identity_.certificate_pem);
};

TEST_F(Certificate, CarriesTheKey) {
  const auto key = KeyOfCertificate(der_);
  ASSERT_TRUE(key);
  EXPECT_EQ(*key, key_.public_key());
}

TEST_F(Certificate, IsAFunctionOfTheKey) {
  EXPECT_EQ(MakeTlsIdentity(key_)->certificate_pem, identity_.certificate_pem);
  const SigningKey other = SigningKey::Generate(random_);
  EXPECT_NE(MakeTlsIdentity(other)->certificate_pem, identity_.certificate_pem);
}

TEST_F(Certificate, RefusesEveryFlippedBit) {
  for (std::size_t bit = 0; bit < der_.size() * 8; ++bit) {
    Bytes flipped = der_;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    const auto key = KeyOfCertificate(flipped);
    ASSERT_FALSE(key) << "bit " << bit;
    EXPECT_EQ(key.error().code, Code::kVerification);
  }
}

TEST_F(Certificate, RefusesTruncationsAdditionsAndNoise) {
  for (std::size_t size = 0; size < der_.size(); ++size)
    EXPECT_FALSE(KeyOfCertificate(ByteView(der_).first(size))) << size;
  Bytes longer = der_;
  longer.push_back(0);
  EXPECT_FALSE(KeyOfCertificate(longer));
  for (const std::size_t size : {1u, 100u, 5000u}) {
    Bytes noise(size);
    random_.Fill(noise);
    EXPECT_FALSE(KeyOfCertificate(noise));
  }
}

TEST_F(Certificate, IsReadByOpenssl) {
  Workbench bench;
  if (!bench.Run("command -v openssl")) GTEST_SKIP() << "openssl is not installed";
  bench.Write("cert.pem", identity_.certificate_pem);
  bench.Write("key.pem", identity_.key_pem);
  ASSERT_TRUE(bench.Run("openssl x509 -in cert.pem -noout -text")) << bench.Read("out");
  EXPECT_NE(bench.Read("out").find("ED25519"), std::string::npos);
  EXPECT_NE(bench.Read("out").find("Not After : Dec 31 23:59:59 9999 GMT"), std::string::npos);
  ASSERT_TRUE(bench.Run("openssl verify -CAfile cert.pem cert.pem")) << bench.Read("out");
  ASSERT_TRUE(bench.Run("openssl x509 -in cert.pem -noout -pubkey"));
  EXPECT_EQ(bench.Read("out"), PublicKeyPem(key_.public_key()));
  ASSERT_TRUE(bench.Run("openssl pkey -in key.pem -pubout")) << bench.Read("out");
  EXPECT_EQ(bench.Read("out"), PublicKeyPem(key_.public_key()));
}

TEST_F(Certificate, RefusesOtherKeysAndForeignSigners) {
  Workbench bench;
  if (!bench.Run("command -v openssl")) GTEST_SKIP() << "openssl is not installed";
  ASSERT_TRUE(
      bench.Run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                "-keyout ec.key -subj /CN=a -outform DER -out ec.der"))
      << bench.Read("out");
  EXPECT_FALSE(KeyOfCertificate(AsBytes(bench.Read("ec.der"))));
  bench.Write("key.pem", identity_.key_pem);
  bench.Write("cert.pem", identity_.certificate_pem);
  ASSERT_TRUE(
      bench.Run("openssl req -new -newkey ed25519 -nodes -keyout n.key -subj /CN=b -out "
                "n.csr && openssl x509 -req -in n.csr -CA cert.pem -CAkey key.pem "
                "-set_serial 2 -outform DER -out n.der"))
      << bench.Read("out");
  EXPECT_FALSE(KeyOfCertificate(AsBytes(bench.Read("n.der"))));
}

}  // namespace
}  // namespace geflecht::crypto
