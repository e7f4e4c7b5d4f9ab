// The TLS settings of connections between nodes: what is offered, what is accepted, who is a peer.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <functional>

#include "base/result.h"
#include "node/crypto/certificate.h"

namespace geflecht::net {

// Decides about the TLS key of the other side during the handshake.
using IsPeer = std::function<bool(const crypto::PublicKey&)>;

// Sets `context` up for both sides of TLS 1.3 (RFC 8446): X25519, Ed25519, ALPN "geflecht/1" (RFC
// 7301) required, certificates required and judged by `is_peer` alone: no chains, names or dates.
// No tickets, no session cache, no early data: a resumed session would skip the judgement.
// `is_peer` must outlive every connection of the context. Wipes the texts of `identity`. kInternal,
// kMalformed.
Result<crypto::PublicKey> ConfigureTls(boost::asio::ssl::context& context,
                                       crypto::TlsIdentity identity, const IsPeer& is_peer);

// The peer's key after the handshake; kVerification if the connection lacks a property that the
// handshake is to guarantee.
Result<crypto::PublicKey> PeerOf(SSL* ssl);

}  // namespace geflecht::net
