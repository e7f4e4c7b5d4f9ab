#include "tests/unit/net/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>

#include "base/check.h"
#include "node/crypto/certificate.h"

namespace geflecht::net {
namespace {

void UseKey(SSL_CTX* context, const crypto::SigningKey& key, int chain_length) {
  const crypto::TlsIdentity identity = *crypto::MakeTlsIdentity(key);
  BIO* bio = BIO_new_mem_buf(identity.certificate_pem.data(),
                             static_cast<int>(identity.certificate_pem.size()));
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  bio = BIO_new_mem_buf(identity.key_pem.data(), static_cast<int>(identity.key_pem.size()));
  EVP_PKEY* secret = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  CHECK(SSL_CTX_use_certificate(context, certificate) == 1);
  CHECK(SSL_CTX_use_PrivateKey(context, secret) == 1);
  for (int i = 1; i < chain_length; ++i) CHECK(SSL_CTX_add1_chain_cert(context, certificate) == 1);
  X509_free(certificate);
  EVP_PKEY_free(secret);
}

SSL_CTX* MakeContext(const RawOptions& options) {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_max_proto_version(context, options.version_max);
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set1_groups_list(context, options.groups.c_str());
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
  if (options.key != nullptr) UseKey(context, *options.key, options.chain_length);
  if (!options.alpn.empty()) {
    Bytes list{static_cast<std::uint8_t>(options.alpn.size())};
    Append(list, options.alpn);
    CHECK(SSL_CTX_set_alpn_protos(context, list.data(), static_cast<unsigned>(list.size())) == 0);
  }
  return context;
}

}  // namespace

std::uint16_t PortOf(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

int ConnectTcp(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval limit{5, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return fd;
  ::close(fd);
  return -1;
}

RawOutcome RawTls(std::uint16_t port, const RawOptions& options, ByteView send) {
  std::signal(SIGPIPE, SIG_IGN);  // SSL_write to a server that has closed
  RawOutcome outcome;
  const int fd = ConnectTcp(port);
  if (fd < 0) return outcome;
  outcome.connected = true;
  SSL_CTX* const context = MakeContext(options);
  SSL* const ssl = SSL_new(context);
  SSL_set_fd(ssl, fd);
  if (options.session != nullptr) SSL_set_session(ssl, options.session);
  outcome.handshake = SSL_connect(ssl) == 1;
  if (outcome.handshake) {
    outcome.reused = SSL_session_reused(ssl) == 1;
    if (!send.empty()) SSL_write(ssl, send.data(), static_cast<int>(send.size()));
    std::uint8_t buffer[4096];
    const int got = SSL_read(ssl, buffer, sizeof(buffer));
    if (got > 0) outcome.data.assign(buffer, buffer + got);
    const int error = SSL_get_error(ssl, got);
    outcome.server_closed = got <= 0 && !(error == SSL_ERROR_SYSCALL && errno == EAGAIN) &&
                            error != SSL_ERROR_WANT_READ;
    // A copy, because SSL_free and SSL_CTX_free mark the original as not resumable.
    outcome.session.reset(SSL_SESSION_dup(SSL_get0_session(ssl)), SSL_SESSION_free);
  }
  SSL_free(ssl);
  SSL_CTX_free(context);
  ::close(fd);
  return outcome;
}

bool RawTcp(std::uint16_t port, ByteView bytes) {
  const int fd = ConnectTcp(port);
  if (fd < 0) return false;
  if (!bytes.empty()) ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::uint8_t buffer[4096];
  ssize_t got = 0;
  do {
    got = ::recv(fd, buffer, sizeof(buffer), 0);
  } while (got > 0);
  const bool closed = got == 0 || errno == ECONNRESET;
  ::close(fd);
  return closed;
}

}  // namespace geflecht::net
