// How an invited device and the inviting one prove to each other that they know the invitation's
// secret, and the digits that people compare (docs/formats/join.md). Commitment before disclosure
// as in ZRTP (RFC 6189 section 4.4.1.1): nobody in the middle can search for nonces that give both
// sides the same digits. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/strong_id.h"
#include "node/core/join_link.h"
#include "node/crypto/channel_binding.h"
#include "node/crypto/hash.h"
#include "node/crypto/kdf.h"
#include "node/log/ids.h"

namespace geflecht::core {

using JoinId = StrongId<struct JoinIdTag, 16>;
using JoinNonce = StrongId<struct JoinNonceTag, 32>;

// Names an invitation without telling its secret.
JoinId JoinIdOf(const JoinSecret& secret);

// What the newcomer says of its nonce and its card before it knows the other nonce.
crypto::Hash256 CommitmentTo(const JoinNonce& nonce, std::string_view card);

// Everything that one attempt consists of.
struct JoinTranscript {
  crypto::ChannelBinding binding;
  log::NetworkId network;
  JoinId id;
  JoinNonce newcomer, inviter;
  std::string_view card;  // the newcomer's, proven; must outlive this
};
crypto::Hash256 HashOf(const JoinTranscript& transcript);

crypto::Mac128 NewcomerProof(const JoinSecret& secret, const crypto::Hash256& transcript);
// Covers what the newcomer is handed, too.
crypto::Mac128 InviterProof(const JoinSecret& secret, const crypto::Hash256& transcript,
                            const log::DeviceId& device, std::string_view founding);

// "4711 0815 2342": the same on both sides unless somebody is in the middle.
std::string JoinDigits(const crypto::Hash256& transcript);

}  // namespace geflecht::core
