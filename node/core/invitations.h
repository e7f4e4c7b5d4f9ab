// The invitations that this device has given out, and the conversations with those who follow one
// (docs/formats/join.md): the inviter's side. Proves to nobody who has not proven first, and tells
// a stranger nothing, not even which invitations there are. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "node/core/events.h"
#include "node/core/join_messages.h"
#include "node/log/charter.h"

namespace geflecht::core {

inline constexpr std::size_t kInvitationsMax = 64;
// Connections that have proven nothing. Whoever comes when all are taken takes the place of the one
// that has been silent for longest, so strangers keep nobody away who knows a secret.
inline constexpr std::size_t kStrangersMax = 32;
inline constexpr std::size_t kJoinsPerMinuteMax = 12;  // of one address
inline constexpr std::size_t kRememberedJoinsMax = 1024;
inline constexpr std::uint32_t kWrongProofsMax = 5;  // then the invitation is closed
inline constexpr std::int64_t kProofMs = 10'000;     // until the proof

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

  // Closes those that nobody has used if they are of another life of the device: a directory that
  // is older than what it once wrote does not know which were used since. `life`: nothing between
  // the end of one and the beginning of the next. True if the record changed.
  bool BelongTo(const std::optional<log::LifeId>& life);
  // Whether somebody who asks to join is listened to.
  bool TakesNewcomers(Time now) const;
  // A connection from `host` with the key that TLS authenticated. `false`: it is to be dropped, as
  // the one in whose place it comes is.
  struct Begun {
    bool taken = false;
    std::optional<ConnId> instead_of;
  };
  Begun Begin(ConnId connection, std::string host, const crypto::PublicKey& tls_key,
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
    std::string host;
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
  std::optional<log::LifeId> life_;
  bool between_lives_ = false;
  std::deque<std::pair<std::int64_t, std::string>> begun_;  // of the last minute: mono, host
};

}  // namespace geflecht::core
