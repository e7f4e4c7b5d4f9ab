// Self-signed Ed25519 certificates (RFC 8410) that carry a device's TLS key and nothing else.
#pragma once

#include <string>

#include "base/result.h"
#include "node/crypto/sign.h"

namespace geflecht::crypto {

// PEM texts for a TLS library. The key text is secret: the caller wipes it.
struct TlsIdentity {
  std::string certificate_pem;
  std::string key_pem;
};
Result<TlsIdentity> MakeTlsIdentity(const SigningKey& tls_key);

// The Ed25519 key of a DER certificate whose own signature holds; kVerification otherwise. Names,
// dates and extensions are not looked at: the key is what is pinned.
Result<PublicKey> KeyOfCertificate(ByteView der);

}  // namespace geflecht::crypto
