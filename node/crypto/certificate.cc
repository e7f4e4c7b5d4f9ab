#include "node/crypto/certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

#include "base/check.h"

namespace geflecht::crypto {
namespace {

constexpr std::size_t kCertificateBytesMax = 4096;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// Name, serial number and dates are the same for every device, so the certificate is a function of
// the key and tells nothing else. RFC 5280 section 4.1.2.5: no well-defined end of validity.
bool Fill(X509* certificate, EVP_PKEY* key) {
  static constexpr unsigned char kName[] = "geflecht";
  X509_NAME* name = X509_get_subject_name(certificate);
  return X509_set_version(certificate, X509_VERSION_3) == 1 &&
         ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
         ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "20000101000000Z") == 1 &&
         ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "99991231235959Z") == 1 &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kName, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
         X509_sign(certificate, key, nullptr) > 0;
}

std::string Text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

Result<TlsIdentity> MakeTlsIdentity(const SigningKey& tls_key) {
  const Owned<EVP_PKEY> key(EVP_PKEY_new_raw_private_key(
      EVP_PKEY_ED25519, nullptr, tls_key.seed().data(), tls_key.seed().size()));
  const Owned<X509> certificate(X509_new());
  const Owned<BIO> certificate_text(BIO_new(BIO_s_mem()));
  const Owned<BIO> key_text(BIO_new(BIO_s_secmem()));  // wiped when it is freed
  if (!key || !certificate || !certificate_text || !key_text ||
      !Fill(certificate.get(), key.get()) ||
      PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1)
    return Fail(Code::kInternal, "OpenSSL does not make a certificate");
  return TlsIdentity{Text(certificate_text.get()), Text(key_text.get())};
}

Result<PublicKey> KeyOfCertificate(ByteView der) {
  if (der.size() > kCertificateBytesMax)
    return Fail(Code::kVerification, "the certificate is too long");
  const unsigned char* at = der.data();
  const Owned<X509> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!certificate || at != der.data() + der.size())
    return Fail(Code::kVerification, "not a DER certificate");
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());  // owned by the certificate
  if (key == nullptr || EVP_PKEY_is_a(key, "ED25519") != 1)
    return Fail(Code::kVerification, "the certificate holds no Ed25519 key");
  PublicKey public_key;
  std::size_t size = PublicKey::kSize;
  if (EVP_PKEY_get_raw_public_key(key, public_key.bytes.data(), &size) != 1 ||
      size != PublicKey::kSize || X509_verify(certificate.get(), key) != 1 ||
      !IsAcceptableKey(public_key))
    return Fail(Code::kVerification, "the certificate is not signed by its own key");
  return public_key;
}

}  // namespace geflecht::crypto
