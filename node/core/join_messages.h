// What is said on a connection that asks to join (docs/formats/join.md): fixed layouts, strict to
// the byte.
#pragma once

#include <string>
#include <variant>

#include "base/result.h"
#include "node/core/join_proof.h"

namespace geflecht::core {

struct JoinOpen {  // the newcomer
  JoinId id;
  crypto::Hash256 commitment;
  bool operator==(const JoinOpen&) const = default;
};
struct JoinChallenge {  // the inviter
  JoinNonce nonce;
  bool operator==(const JoinChallenge&) const = default;
};
struct JoinProof {  // the newcomer
  JoinNonce nonce;
  crypto::Mac128 proof;
  std::string card;  // proven; 1 to limits::kCardBytesMax bytes
  bool operator==(const JoinProof&) const = default;
};
struct JoinWelcome {  // the inviter
  crypto::Mac128 proof;
  log::DeviceId device;  // the inviter's
  std::string founding;  // 1 to log::kFoundingBytesMax bytes
  bool operator==(const JoinWelcome&) const = default;
};
enum class JoinRefusal : std::uint8_t {
  kUnknown = 1,  // no such invitation, or not its secret
  kExpired = 2,
  kUsed = 3,  // by another device
  kCard = 4,  // the card is not that of the device
};
struct JoinRefused {  // the inviter
  JoinRefusal why = JoinRefusal::kUnknown;
  bool operator==(const JoinRefused&) const = default;
};
using JoinMessage = std::variant<JoinOpen, JoinChallenge, JoinProof, JoinWelcome, JoinRefused>;

Bytes EncodeJoin(const JoinMessage& message);    // a frame: type byte and payload
Result<JoinMessage> DecodeJoin(ByteView frame);  // kMalformed

}  // namespace geflecht::core
