#include "node/core/invitations.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "node/log/card.h"

namespace geflecht::core {
namespace {

constexpr std::uint8_t kRecordVersion = 2;
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::size_t kDigitsBytesMax = 64;

void AppendText(Bytes& out, std::string_view text) {
  AppendBe32(out, static_cast<std::uint32_t>(text.size()));
  Append(out, text);
}

// Reads what Encode wrote; every step after a failed one fails.
class RecordReader {
 public:
  explicit RecordReader(ByteView record) : rest_(record) {}

  ByteView Take(std::size_t size) {
    if (size > rest_.size()) fits_ = false;
    if (!fits_) return {};
    const ByteView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::uint32_t TakeNumber() {
    const ByteView bytes = Take(4);
    return fits_ ? ReadBe32(bytes) : 0;
  }
  std::int64_t TakeTime() {
    const ByteView bytes = Take(8);
    return fits_ ? static_cast<std::int64_t>(ReadBe64(bytes)) : 0;
  }
  std::string TakeText(std::size_t bytes_max) {
    const std::size_t size = TakeNumber();
    if (size > bytes_max) fits_ = false;
    return ToText(Take(size));
  }
  bool fits() const { return fits_; }
  bool ended() const { return rest_.empty(); }

 private:
  ByteView rest_;
  bool fits_ = true;
};

Invitations::Answer Refuse(JoinRefusal why, bool changed = false) {
  return {EncodeJoin(JoinRefused{why}), true, changed};
}

}  // namespace

InvitationState Invitation::StateAt(std::int64_t now_s) const {
  if (!card.empty()) return InvitationState::kUsed;
  if (wrong >= kWrongProofsMax) return InvitationState::kClosed;
  return now_s >= expires_s ? InvitationState::kExpired : InvitationState::kOpen;
}

Bytes Invitations::Encode() const {
  Bytes record{kRecordVersion};
  Append(record, life_.value_or(log::LifeId()).view());
  for (const Invitation& invitation : all_) {
    Append(record, invitation.secret.view());
    AppendBe64(record, static_cast<std::uint64_t>(invitation.expires_s));
    AppendBe32(record, invitation.wrong);
    AppendText(record, invitation.card);
    AppendText(record, invitation.digits);
    AppendBe64(record, static_cast<std::uint64_t>(invitation.used_s));
  }
  return record;
}

Result<Invitations> Invitations::Decode(ByteView record) {
  const auto damaged = [] { return Fail(Code::kCorruption, "the invitations are damaged"); };
  RecordReader reader(record);
  const ByteView version = reader.Take(1);
  if (version.empty() || version.front() != kRecordVersion) return damaged();
  Invitations invitations;
  const auto life = log::LifeId::From(reader.Take(log::LifeId::kSize));
  if (!life) return damaged();
  if (*life != log::LifeId()) invitations.life_ = *life;
  invitations.between_lives_ = !invitations.life_;
  while (reader.fits() && !reader.ended()) {
    Invitation invitation;
    const auto secret = JoinSecret::From(reader.Take(JoinSecret::kSize));
    if (!secret || invitations.all_.size() == kInvitationsMax) return damaged();
    invitation.secret = *secret;
    invitation.expires_s = reader.TakeTime();
    invitation.wrong = reader.TakeNumber();
    invitation.card = reader.TakeText(limits::kCardBytesMax);
    invitation.digits = reader.TakeText(kDigitsBytesMax);
    invitation.used_s = reader.TakeTime();
    invitations.all_.push_back(std::move(invitation));
  }
  if (!reader.fits()) return damaged();
  return invitations;
}

const Invitation* Invitations::Find(const JoinId& id) const {
  const auto at = std::find_if(all_.begin(), all_.end(),
                               [&](const Invitation& invitation) { return invitation.id() == id; });
  return at == all_.end() ? nullptr : &*at;
}

Result<Invitation> Invitations::Add(std::int64_t expires_s, std::int64_t now_s, Random& random) {
  std::erase_if(all_, [&](const Invitation& invitation) {
    const InvitationState state = invitation.StateAt(now_s);
    return state == InvitationState::kExpired || state == InvitationState::kClosed;
  });
  if (all_.size() >= kInvitationsMax)
    return Fail(Code::kConflict, "too many invitations are open or used", "hint.invitations-full");
  Invitation invitation;
  invitation.secret = random.Make<JoinSecret>();
  invitation.expires_s = expires_s;
  all_.push_back(invitation);
  return invitation;
}

Result<void> Invitations::Withdraw(const JoinId& id) {
  const std::size_t before = all_.size();
  std::erase_if(all_, [&](const Invitation& invitation) { return invitation.id() == id; });
  if (all_.size() == before)
    return Fail(Code::kNotFound, "no such invitation", "hint.no-invitation");
  return {};
}

bool Invitations::BelongTo(const std::optional<log::LifeId>& life) {
  const bool same = life ? !life_ || life_ == life : between_lives_;
  const bool changed = life_ != life;
  life_ = life;
  between_lives_ = !life;
  if (same) return changed;
  for (Invitation& invitation : all_)
    if (invitation.card.empty()) invitation.wrong = kWrongProofsMax;
  return true;
}

bool Invitations::TakesNewcomers(Time now) const {
  // Who has used one may come again until it expires: the answer may have been lost.
  return std::any_of(all_.begin(), all_.end(), [&](const Invitation& invitation) {
    return now.wall_ms / 1000 < invitation.expires_s &&
           invitation.StateAt(now.wall_ms / 1000) != InvitationState::kClosed;
  });
}

Invitations::Begun Invitations::Begin(ConnId connection, std::string host,
                                      const crypto::PublicKey& tls_key,
                                      const crypto::ChannelBinding& binding, Time now) {
  while (!begun_.empty() && begun_.front().first <= now.mono_ms - kMinuteMs) begun_.pop_front();
  const auto recent = std::count_if(begun_.begin(), begun_.end(),
                                    [&](const auto& item) { return item.second == host; });
  const bool talks = std::any_of(conversations_.begin(), conversations_.end(),
                                 [&](const auto& item) { return item.second.host == host; });
  if (!TakesNewcomers(now) || talks || static_cast<std::size_t>(recent) >= kJoinsPerMinuteMax)
    return {};
  if (begun_.size() == kRememberedJoinsMax) begun_.pop_front();
  begun_.emplace_back(now.mono_ms, host);
  Begun begun{true, std::nullopt};
  if (conversations_.size() >= kStrangersMax) {
    const auto oldest = std::min_element(
        conversations_.begin(), conversations_.end(),
        [](const auto& a, const auto& b) { return a.second.deadline_ms < b.second.deadline_ms; });
    begun.instead_of = oldest->first;
    conversations_.erase(oldest);
  }
  conversations_[connection] = {std::move(host),        tls_key,      binding,
                                now.mono_ms + kProofMs, std::nullopt, {}};
  return begun;
}

Invitations::Answer Invitations::OnFrame(ConnId connection, ByteView frame,
                                         const log::Founding& founding, const log::DeviceId& device,
                                         Time now, Random& random) {
  Conversation& with = conversations_.at(connection);
  const auto message = DecodeJoin(frame);
  if (!message) return Refuse(JoinRefusal::kUnknown);
  if (const auto* open = std::get_if<JoinOpen>(&*message); open != nullptr && !with.open) {
    // An unknown id is answered like a known one.
    with.open = *open;
    with.nonce = random.Make<JoinNonce>();
    return {EncodeJoin(JoinChallenge{with.nonce}), false, false};
  }
  const auto* proof = std::get_if<JoinProof>(&*message);
  if (proof == nullptr || !with.open) return Refuse(JoinRefusal::kUnknown);
  return OnProof(with, *proof, founding, device, now);
}

Invitations::Answer Invitations::OnProof(const Conversation& with, const JoinProof& proof,
                                         const log::Founding& founding, const log::DeviceId& device,
                                         Time now) {
  const auto at = std::find_if(all_.begin(), all_.end(), [&](const Invitation& invitation) {
    return invitation.id() == with.open->id;
  });
  if (at == all_.end() || at->wrong >= kWrongProofsMax) return Refuse(JoinRefusal::kUnknown);
  const crypto::Hash256 transcript = HashOf(
      {with.binding, founding.network(), with.open->id, proof.nonce, with.nonce, proof.card});
  const crypto::Mac128 right = NewcomerProof(at->secret, transcript);
  if (CommitmentTo(proof.nonce, proof.card) != with.open->commitment ||
      !crypto::ConstantTimeEqual(right.view(), proof.proof.view())) {
    ++at->wrong;
    return Refuse(JoinRefusal::kUnknown, true);
  }
  const std::int64_t now_s = now.wall_ms / 1000;
  if (now_s >= at->expires_s) return Refuse(JoinRefusal::kExpired);
  const auto card = log::ParseProvenCard(proof.card);
  if (!card || card->card.tls_key != with.tls_key) return Refuse(JoinRefusal::kCard);
  if (!at->card.empty() && at->card != proof.card) return Refuse(JoinRefusal::kUsed);
  at->card = proof.card;
  at->digits = JoinDigits(transcript);
  at->used_s = now_s;
  std::string text = log::RenderFounding(founding);
  const crypto::Mac128 own = InviterProof(at->secret, transcript, device, text);
  return {EncodeJoin(JoinWelcome{own, device, std::move(text)}), true, true};
}

std::vector<ConnId> Invitations::Overdue(std::int64_t now_ms) const {
  std::vector<ConnId> overdue;
  for (const auto& [connection, conversation] : conversations_)
    if (conversation.deadline_ms <= now_ms) overdue.push_back(connection);
  return overdue;
}

std::optional<std::int64_t> Invitations::NextDeadlineMs() const {
  std::optional<std::int64_t> next;
  for (const auto& [connection, conversation] : conversations_)
    if (!next || conversation.deadline_ms < *next) next = conversation.deadline_ms;
  return next;
}

}  // namespace geflecht::core
