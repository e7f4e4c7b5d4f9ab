#include "node/net/tls.h"

#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "node/crypto/secret.h"

namespace geflecht::net {
namespace {

namespace ssl = boost::asio::ssl;

constexpr std::string_view kProtocol = "geflecht/1";
constexpr std::string_view kProtocolList = "\x0ageflecht/1";  // RFC 7301: one name with its length
constexpr long kPeerCertificateBytesMax = 4 * 1024;           // ours has about 200

bool HasProtocol(const SSL* ssl) {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl, &name, &size);
  return name != nullptr && AsText({name, size}) == kProtocol;
}

Result<crypto::PublicKey> KeyOf(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return Fail(Code::kMalformed, "a certificate without an encoding");
  Result<crypto::PublicKey> key = crypto::KeyOfCertificate({der, static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return key;
}

// Stands in for OpenSSL's building and checking of a chain.
int VerifyPeer(X509_STORE_CTX* store, void* argument) noexcept {
  const IsPeer& is_peer = *static_cast<const IsPeer*>(argument);
  X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  const auto* connection = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  X509* const leaf = X509_STORE_CTX_get0_cert(store);
  const STACK_OF(X509)* const chain = X509_STORE_CTX_get0_untrusted(store);
  if (connection == nullptr || leaf == nullptr || chain == nullptr) return 0;
  if (sk_X509_num(chain) != 1 || !HasProtocol(connection)) return 0;
  const Result<crypto::PublicKey> key = KeyOf(leaf);
  if (!key || !is_peer(*key)) return 0;
  X509_STORE_CTX_set_error(store, X509_V_OK);
  return 1;
}

int SelectProtocol(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size,
                   const unsigned char* offered, unsigned int offered_size, void* /*argument*/) {
  unsigned char* chosen = nullptr;
  const int outcome = SSL_select_next_proto(
      &chosen, out_size, reinterpret_cast<const unsigned char*>(kProtocolList.data()),
      static_cast<unsigned int>(kProtocolList.size()), offered, offered_size);
  *out = chosen;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool Restrict(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_clear_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, kPeerCertificateBytesMax);
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") ==
             1 &&
         SSL_CTX_set1_groups_list(context, "X25519") == 1 &&
         SSL_CTX_set1_sigalgs_list(context, "ed25519") == 1 &&
         SSL_CTX_set1_client_sigalgs_list(context, "ed25519") == 1 &&
         SSL_CTX_set_num_tickets(context, 0) == 1 && SSL_CTX_set_max_early_data(context, 0) == 1;
}

void WipeText(std::string& text) {
  crypto::Wipe(std::span(reinterpret_cast<std::uint8_t*>(text.data()), text.size()));
  text.clear();
}

Result<crypto::PublicKey> LoadIdentity(ssl::context& context, const crypto::TlsIdentity& identity) {
  boost::system::error_code error;
  context.use_certificate(boost::asio::buffer(identity.certificate_pem), ssl::context::pem, error);
  if (error) return Fail(Code::kMalformed, "own certificate: " + error.message());
  context.use_private_key(boost::asio::buffer(identity.key_pem), ssl::context::pem, error);
  if (error) return Fail(Code::kMalformed, "own TLS key: " + error.message());
  return KeyOf(SSL_CTX_get0_certificate(context.native_handle()));
}

}  // namespace

Result<crypto::PublicKey> ConfigureTls(ssl::context& context, crypto::TlsIdentity identity,
                                       const IsPeer& is_peer) {
  SSL_CTX* const native = context.native_handle();
  Result<crypto::PublicKey> own = LoadIdentity(context, identity);
  WipeText(identity.certificate_pem);
  WipeText(identity.key_pem);
  if (!own) return own;
  if (!Restrict(native)) return Fail(Code::kInternal, "OpenSSL refuses the TLS settings");
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(native, VerifyPeer, const_cast<IsPeer*>(&is_peer));
  SSL_CTX_set_alpn_select_cb(native, SelectProtocol, nullptr);
  // Unlike its neighbours, this function returns 0 for success.
  if (SSL_CTX_set_alpn_protos(native, reinterpret_cast<const unsigned char*>(kProtocolList.data()),
                              static_cast<unsigned int>(kProtocolList.size())) != 0) {
    return Fail(Code::kInternal, "OpenSSL refuses the ALPN name");
  }
  return own;
}

Result<crypto::PublicKey> PeerOf(SSL* ssl) {
  X509* const certificate = SSL_get0_peer_certificate(ssl);
  if (SSL_version(ssl) != TLS1_3_VERSION || SSL_session_reused(ssl) != 0 || !HasProtocol(ssl) ||
      certificate == nullptr) {
    return Fail(Code::kVerification, "the TLS connection lacks a required property");
  }
  return KeyOf(certificate);
}

}  // namespace geflecht::net
