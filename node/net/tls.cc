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

// RFC 7301: each name with its length in front.
constexpr std::string_view kSync = "\x0ageflecht/1";
constexpr std::string_view kJoin = "\x0fgeflecht-join/1";
constexpr std::string_view kBindingLabel = "EXPORTER-geflecht-join";
constexpr long kPeerCertificateBytesMax = 4 * 1024;  // ours has about 200

bool HasProtocol(const SSL* ssl, std::string_view protocol) {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl, &name, &size);
  return name != nullptr && AsText({name, size}) == protocol.substr(1);
}

// Where a connection keeps the key that it insists on.
int PinIndex() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

const crypto::PublicKey* PinOf(const SSL* ssl) {
  return static_cast<const crypto::PublicKey*>(SSL_get_ex_data(ssl, PinIndex()));
}

Result<crypto::PublicKey> KeyOf(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return Fail(Code::kMalformed, "a certificate without an encoding");
  Result<crypto::PublicKey> key = crypto::KeyOfCertificate({der, static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return key;
}

bool IsWelcome(const TlsPolicy& policy, const SSL* ssl, const crypto::PublicKey& key) {
  if (const crypto::PublicKey* pin = PinOf(ssl)) return HasProtocol(ssl, kJoin) && key == *pin;
  if (HasProtocol(ssl, kSync)) return policy.is_peer(key);
  return SSL_is_server(ssl) != 0 && HasProtocol(ssl, kJoin) && policy.takes_newcomers();
}

// Stands in for OpenSSL's building and checking of a chain.
int VerifyPeer(X509_STORE_CTX* store, void* argument) noexcept {
  const TlsPolicy& policy = *static_cast<const TlsPolicy*>(argument);
  X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  const auto* connection = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  X509* const leaf = X509_STORE_CTX_get0_cert(store);
  const STACK_OF(X509)* const chain = X509_STORE_CTX_get0_untrusted(store);
  if (connection == nullptr || leaf == nullptr || chain == nullptr) return 0;
  if (sk_X509_num(chain) != 1) return 0;
  const Result<crypto::PublicKey> key = KeyOf(leaf);
  if (!key || !IsWelcome(policy, connection, *key)) return 0;
  X509_STORE_CTX_set_error(store, X509_V_OK);
  return 1;
}

// A member that is dialled by another one never offers both names.
int SelectProtocol(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size,
                   const unsigned char* offered, unsigned int offered_size, void* argument) {
  const TlsPolicy& policy = *static_cast<const TlsPolicy*>(argument);
  const auto offers = [&](std::string_view protocol) {
    unsigned char* chosen = nullptr;
    const int outcome = SSL_select_next_proto(
        &chosen, out_size, reinterpret_cast<const unsigned char*>(protocol.data()),
        static_cast<unsigned int>(protocol.size()), offered, offered_size);
    *out = chosen;
    return outcome == OPENSSL_NPN_NEGOTIATED;
  };
  if (offers(kSync)) return SSL_TLSEXT_ERR_OK;
  return policy.takes_newcomers() && offers(kJoin) ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
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
                                       const TlsPolicy& policy) {
  SSL_CTX* const native = context.native_handle();
  Result<crypto::PublicKey> own = LoadIdentity(context, identity);
  WipeText(identity.certificate_pem);
  WipeText(identity.key_pem);
  if (!own) return own;
  if (!Restrict(native)) return Fail(Code::kInternal, "OpenSSL refuses the TLS settings");
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(native, VerifyPeer, const_cast<TlsPolicy*>(&policy));
  SSL_CTX_set_alpn_select_cb(native, SelectProtocol, const_cast<TlsPolicy*>(&policy));
  // Unlike its neighbours, this function returns 0 for success.
  if (SSL_CTX_set_alpn_protos(native, reinterpret_cast<const unsigned char*>(kSync.data()),
                              static_cast<unsigned int>(kSync.size())) != 0) {
    return Fail(Code::kInternal, "OpenSSL refuses the ALPN name");
  }
  return own;
}

bool AskToJoin(SSL* ssl, const crypto::PublicKey& pin) {
  return SSL_set_ex_data(ssl, PinIndex(), const_cast<crypto::PublicKey*>(&pin)) == 1 &&
         SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(kJoin.data()),
                             static_cast<unsigned int>(kJoin.size())) == 0;
}

Result<TlsPeer> PeerOf(SSL* ssl) {
  X509* const certificate = SSL_get0_peer_certificate(ssl);
  const bool asks_to_join = HasProtocol(ssl, kJoin);
  const bool may_be = SSL_is_server(ssl) != 0 || (PinOf(ssl) != nullptr) == asks_to_join;
  if (SSL_version(ssl) != TLS1_3_VERSION || SSL_session_reused(ssl) != 0 || !may_be ||
      !(asks_to_join || HasProtocol(ssl, kSync)) || certificate == nullptr) {
    return Fail(Code::kVerification, "the TLS connection lacks a required property");
  }
  ASSIGN(const crypto::PublicKey key, KeyOf(certificate));
  if (!asks_to_join) return TlsPeer{key, std::nullopt};
  crypto::ChannelBinding binding;
  if (SSL_export_keying_material(ssl, binding.bytes.data(), binding.bytes.size(),
                                 kBindingLabel.data(), kBindingLabel.size(), nullptr, 0, 0) != 1)
    return Fail(Code::kInternal, "OpenSSL gives no exported key");
  return TlsPeer{key, binding};
}

}  // namespace geflecht::net
