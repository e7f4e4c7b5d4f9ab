#include "node/core/newcomer.h"

#include <utility>

#include "node/crypto/secret.h"

namespace geflecht::core {
namespace {

constexpr std::int64_t kGiveUpMs = 60'000;

}  // namespace

Newcomer::Newcomer(JoinLink link, std::string card, Time now)
    : link_(std::move(link)), card_(std::move(card)), deadline_ms_(now.mono_ms + kGiveUpMs) {}

std::optional<std::int64_t> Newcomer::NextDeadlineMs() const {
  if (state_ != State::kConnecting) return std::nullopt;
  return deadline_ms_;
}

void Newcomer::Give(Error error) {
  state_ = State::kFailed;
  error_ = std::move(error);
}

Bytes Newcomer::OnConnected(ConnId connection, const crypto::ChannelBinding& binding,
                            Random& random) {
  connection_ = connection;
  hash_.reset();
  transcript_ = {binding, link_.network, JoinIdOf(link_.secret), random.Make<JoinNonce>(),
                 {},      card_};
  return EncodeJoin(JoinOpen{transcript_.id, CommitmentTo(transcript_.newcomer, card_)});
}

std::optional<Bytes> Newcomer::OnFrame(ByteView frame) {
  const auto message = DecodeJoin(frame);
  if (message) {
    if (const auto* challenge = std::get_if<JoinChallenge>(&*message); challenge && !hash_)
      return OnChallenge(*challenge);
    if (const auto* welcome = std::get_if<JoinWelcome>(&*message); welcome && hash_) {
      OnWelcome(*welcome);
      return std::nullopt;
    }
    if (const auto* refused = std::get_if<JoinRefused>(&*message)) {
      OnRefused(refused->why);
      return std::nullopt;
    }
  }
  Give({Code::kMalformed, "the other side says something unexpected", "hint.join-other-side"});
  return std::nullopt;
}

std::optional<Bytes> Newcomer::OnChallenge(const JoinChallenge& challenge) {
  transcript_.inviter = challenge.nonce;
  hash_ = HashOf(transcript_);
  return EncodeJoin(JoinProof{transcript_.newcomer, NewcomerProof(link_.secret, *hash_), card_});
}

void Newcomer::OnWelcome(const JoinWelcome& welcome) {
  const crypto::Mac128 right = InviterProof(link_.secret, *hash_, welcome.device, welcome.founding);
  if (!crypto::ConstantTimeEqual(right.view(), welcome.proof.view()))
    return Give({Code::kVerification, "the other side does not know the invitation",
                 "hint.join-other-side"});
  auto founding = log::ParseFounding(welcome.founding);
  if (!founding || founding->network() != link_.network || !founding->Missing().empty())
    return Give({Code::kVerification, "not the founding of the network in the invitation",
                 "hint.join-other-side"});
  founding_ = *std::move(founding);
  sponsor_ = {welcome.device, link_.pin};
  digits_ = JoinDigits(*hash_);
  state_ = State::kInvited;
}

void Newcomer::OnRefused(JoinRefusal why) {
  switch (why) {
    case JoinRefusal::kUnknown:
      return Give({Code::kNotPermitted, "no such invitation", "hint.join-unknown"});
    case JoinRefusal::kExpired:
      return Give({Code::kNotPermitted, "the invitation has expired", "hint.join-expired"});
    case JoinRefusal::kUsed:
      return Give({Code::kConflict, "the invitation has been used", "hint.join-used"});
    case JoinRefusal::kCard:
      return Give({Code::kVerification, "the card is not that of this device", "hint.join-card"});
  }
}

bool Newcomer::OnLost(const Error& error) {
  connection_.reset();
  if (state_ != State::kConnecting) return false;
  if (address_ + 1 < link_.addresses.size()) {
    ++address_;
    return true;
  }
  Give({Code::kUnreachable, error.detail, "hint.join-unreachable"});
  return false;
}

void Newcomer::OnDeadline() {
  if (state_ == State::kConnecting)
    Give({Code::kUnreachable, "no answer in time", "hint.join-unreachable"});
}

}  // namespace geflecht::core
