// Follows an invitation (docs/formats/join.md): the newcomer's side. Not thread-safe.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/rng.h"
#include "node/core/events.h"
#include "node/core/join_messages.h"
#include "node/log/charter.h"

namespace geflecht::core {

// The inviting device: trusted until this one has learned who is a member.
struct Sponsor {
  log::DeviceId device;
  crypto::PublicKey tls_key;
  bool operator==(const Sponsor&) const = default;
};

class Newcomer {
 public:
  enum class State {
    kConnecting,
    kInvited,  // `founding` and `sponsor` are proven, the digits wait to be compared
    kFailed,
  };

  // `card` is this device's, proven.
  Newcomer(JoinLink link, std::string card, Time now);

  State state() const { return state_; }
  const JoinLink& link() const { return link_; }
  const std::string& address() const { return link_.addresses[address_]; }
  const std::string& digits() const { return digits_; }             // kInvited
  const log::Founding& founding() const { return *founding_; }      // kInvited
  const Sponsor& sponsor() const { return sponsor_; }               // kInvited
  const std::optional<Error>& error() const { return error_; }      // kFailed
  std::optional<std::int64_t> NextDeadlineMs() const;               // mono
  std::optional<ConnId> connection() const { return connection_; }  // while it is in use

  // The first frame to send.
  Bytes OnConnected(ConnId connection, const crypto::ChannelBinding& binding, Random& random);
  // The next frame, or nothing: the connection is of no more use.
  std::optional<Bytes> OnFrame(ByteView frame);
  // The connection or an attempt to make one has ended. True: `address` is to be dialled.
  bool OnLost(const Error& error);
  void OnDeadline();

 private:
  std::optional<Bytes> OnChallenge(const JoinChallenge& challenge);
  void OnWelcome(const JoinWelcome& welcome);
  void OnRefused(JoinRefusal why);
  void Give(Error error);

  JoinLink link_;
  std::string card_;
  std::int64_t deadline_ms_;
  State state_ = State::kConnecting;
  std::size_t address_ = 0;
  std::optional<ConnId> connection_;
  JoinTranscript transcript_;
  std::optional<crypto::Hash256> hash_;  // of the transcript, once the other nonce is there
  std::string digits_;
  std::optional<log::Founding> founding_;
  Sponsor sponsor_;
  std::optional<Error> error_;
};

}  // namespace geflecht::core
