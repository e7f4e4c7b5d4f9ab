// The invitations that this device has given out, and the conversations with those who follow one
// (docs/formats/join.md): the inviter's side. Proves to nobody who has not proven first, and tells
// a stranger nothing, not even which invitations there are. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "node/core/events.h"
#include "node/core/join_messages.h"
#include "node/log/charter.h"

namespace geflecht::core {

inline constexpr std::size_t kInvitationsMax = 64;
inline constexpr std::size_t kJoinsAtOnceMax = 4;
inline constexpr std::size_t kJoinsPerMinuteMax = 12;
inline constexpr std::uint32_t kWrongProofsMax = 5;  // then the invitation is closed
inline constexpr std::int64_t kJoinMs = 30'000;      // for a whole conversation

enum class InvitationState { kOpen, kUsed, kExpired, kClosed };

struct Invitation {
  JoinSecret secret;
  std::int64_t expires_s = 0;  // since 1970
  std::uint32_t wrong = 0;     // proofs that did not hold
  std::string card;            // proven, of the one who has used it; "": nobody
  std::string digits;          // as that one's side shows them
  std::int64_t used_s = 0;

  JoinId id() const { return JoinIdOf(secret); }
  InvitationState StateAt(std::int64_t now_s) const;
  bool operator==(const Invitation&) const = default;
};

class Invitations {
 public:
  // What Encode gave. kCorruption.
  static Result<Invitations> Decode(ByteView record);
  Bytes Encode() const;

  const std::vector<Invitation>& all() const { return all_; }  // the oldest first
  const Invitation* Find(const JoinId& id) const;              // or nullptr
  // A new one. Forgets those that ended; kConflict if kInvitationsMax are open or used.
  Result<Invitation> Add(std::int64_t expires_s, std::int64_t now_s, Random& random);
  // Forgets one, used or not. kNotFound.
  Result<void> Withdraw(const JoinId& id);

  // Whether somebody who asks to join is listened to.
  bool TakesNewcomers(Time now) const;
  // A connection with the key that TLS authenticated. False: it is to be dropped.
  bool Begin(ConnId connection, const crypto::PublicKey& tls_key,
             const crypto::ChannelBinding& binding, Time now);
  struct Answer {
    Bytes frame;
    bool ends = true;      // then the connection closes
    bool changed = false;  // the record is to be on the disk before the frame leaves
  };
  // `connection` has begun. `device` is this one.
  Answer OnFrame(ConnId connection, ByteView frame, const log::Founding& founding,
                 const log::DeviceId& device, Time now, Random& random);
  bool Has(ConnId connection) const { return conversations_.contains(connection); }
  void End(ConnId connection) { conversations_.erase(connection); }
  std::vector<ConnId> Overdue(std::int64_t now_ms) const;
  std::optional<std::int64_t> NextDeadlineMs() const;  // mono

 private:
  struct Conversation {
    crypto::PublicKey tls_key;
    crypto::ChannelBinding binding;
    std::int64_t deadline_ms = 0;
    std::optional<JoinOpen> open;
    JoinNonce nonce;  // own
  };
  Answer OnProof(const Conversation& with, const JoinProof& proof, const log::Founding& founding,
                 const log::DeviceId& device, Time now);

  std::vector<Invitation> all_;
  std::map<ConnId, Conversation> conversations_;
  std::vector<std::int64_t> begun_ms_;  // of the last minute
};

}  // namespace geflecht::core
