// The TLS settings of connections between nodes: what is offered, what is accepted, who is a peer.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <optional>

#include "base/result.h"
#include "node/crypto/certificate.h"
#include "node/crypto/channel_binding.h"

namespace geflecht::net {

// Who is spoken to.
struct TlsPolicy {
  // Decides about the TLS key of the other side during the handshake.
  std::function<bool(const crypto::PublicKey&)> is_peer;
  // Whether an incoming connection may ask to join, whatever its key.
  std::function<bool()> takes_newcomers;
};

// Sets `context` up for both sides of TLS 1.3 (RFC 8446): X25519, Ed25519, an ALPN name (RFC 7301)
// required, certificates required and judged by `policy` alone: no chains, names or dates. ALPN
// "geflecht/1" is for peers, "geflecht-join/1" for those who ask to join.
// No tickets, no session cache, no early data: a resumed session would skip the judgement.
// `policy` must outlive every connection of the context. Wipes the texts of `identity`. kInternal,
// kMalformed.
Result<crypto::PublicKey> ConfigureTls(boost::asio::ssl::context& context,
                                       crypto::TlsIdentity identity, const TlsPolicy& policy);

// Before the handshake of an outgoing connection on which this node asks to join: the other side
// must have the key `pin`, which has to outlive the connection. False if OpenSSL refuses.
bool AskToJoin(SSL* ssl, const crypto::PublicKey& pin);

struct TlsPeer {
  crypto::PublicKey key;
  std::optional<crypto::ChannelBinding> joins;  // if the connection is one for asking to join
};

// The peer after the handshake; kVerification if the connection lacks a property that the handshake
// is to guarantee.
Result<TlsPeer> PeerOf(SSL* ssl);

}  // namespace geflecht::net
