// Node's part in invitations (docs/formats/join.md): giving them out, and following one.
#include <utility>

#include "node/core/node.h"
#include "node/replica/records.h"

namespace geflecht::core {
namespace {

store::Key InvitationsKey() { return replica::MetaKey("invitations"); }
store::Key SponsorKey() { return replica::MetaKey("sponsor"); }

// "HOST:PORT" without the port.
std::string HostOf(const std::string& address) { return address.substr(0, address.rfind(':')); }

}  // namespace

Result<void> Node::LoadInvitations() {
  ASSIGN(const auto invitations, durable_.Get(InvitationsKey()));
  if (invitations) {
    ASSIGN(invitations_, Invitations::Decode(*invitations));
  }
  ASSIGN(const auto sponsor, durable_.Get(SponsorKey()));
  if (!sponsor) return {};
  constexpr std::size_t kHalf = crypto::PublicKey::kSize;
  if (sponsor->size() != 2 * kHalf) return Fail(Code::kCorruption, "the inviter is damaged");
  const ByteView record(*sponsor);
  sponsor_ = Sponsor{*log::DeviceId::From(record.first(kHalf)),
                     *crypto::PublicKey::From(record.last(kHalf))};
  return {};
}

void Node::RenewInvitations() {
  if (replica_ == nullptr) return;
  const bool changed = invitations_.BelongTo(
      replica_->life_ended() ? std::nullopt : std::optional(replica_->life()));
  if (changed && !invitations_.all().empty()) SaveInvitations();
}

void Node::SaveInvitations() { own_batch_.push_back({InvitationsKey(), invitations_.Encode()}); }

bool Node::IsSponsor(const crypto::PublicKey& tls_key) const {
  // Only until the admission: whoever was a member once knows the others.
  return sponsor_ && sponsor_->tls_key == tls_key && replica_ != nullptr &&
         replica_->members().EverByDevice(identity_.device->public_key()) == nullptr;
}

Result<JoinLink> Node::Invite(std::vector<std::string> addresses, std::int64_t valid_s, Time now) {
  TRY(MayWrite());
  if (replica_ == nullptr ||
      replica_->members().ByDevice(identity_.device->public_key()) == nullptr)
    return Fail(Code::kNotPermitted, "this device is no member's", "hint.no-member");
  RenewInvitations();
  const std::int64_t now_s = now.wall_ms / 1000;
  ASSIGN(const Invitation made, invitations_.Add(now_s + valid_s, now_s, random_));
  SaveInvitations();
  return JoinLink{replica_->founding().network(), identity_.tls->public_key(), made.secret,
                  made.expires_s, std::move(addresses)};
}

Result<void> Node::WithdrawInvitation(const JoinId& id) {
  TRY(MayWrite());
  TRY(invitations_.Withdraw(id));
  SaveInvitations();
  return {};
}

bool Node::TakesNewcomers(Time now) const {
  return replica_ != nullptr && !disk_full_since_ms_ && invitations_.TakesNewcomers(now) &&
         replica_->members().ByDevice(identity_.device->public_key()) != nullptr;
}

Result<void> Node::FollowInvitation(JoinLink link, std::string card, Time now, Actions& out) {
  TRY(MayWrite());
  if (replica_ != nullptr)
    return Fail(Code::kConflict, "the directory belongs to a network already",
                "hint.one-network-per-directory");
  if (link.pin == identity_.tls->public_key())
    return Fail(Code::kUsage, "an invitation of this device", "hint.join-own");
  if (newcomer_ != nullptr && newcomer_->connection())
    out.push_back(Drop{*newcomer_->connection()});
  newcomer_ = std::make_unique<Newcomer>(std::move(link), std::move(card), now);
  out.push_back(DialToJoin{newcomer_->address(), newcomer_->link().pin});
  return {};
}

Result<void> Node::JoinAsInvited(Time now, Actions& out) {
  if (newcomer_ == nullptr || newcomer_->state() != Newcomer::State::kInvited)
    return Fail(Code::kConflict, "no invitation was followed to its end", "hint.join-unfinished");
  const Sponsor sponsor = newcomer_->sponsor();
  Bytes record;
  Append(record, sponsor.device.view());
  Append(record, sponsor.tls_key.view());
  own_batch_.push_back({SponsorKey(), std::move(record)});
  if (auto joined = Join(newcomer_->founding(), /*admitted=*/true, now, out); !joined) {
    std::erase_if(own_batch_, [](const store::Change& item) { return item.key == SponsorKey(); });
    return joined;
  }
  sponsor_ = sponsor;
  source_->SetSponsor(sponsor.device);
  return {};
}

void Node::On(const JoinConnected& input, Time now, Actions& out) {
  RenewInvitations();
  if (!input.incoming) {
    const bool expected = newcomer_ != nullptr && newcomer_->link().pin == input.tls_key &&
                          newcomer_->NextDeadlineMs() && !newcomer_->connection();
    if (!expected) {
      out.push_back(Drop{input.connection});
      return;
    }
    out.push_back(AllowLargeFrames{input.connection});
    out.push_back(
        Send{input.connection, newcomer_->OnConnected(input.connection, input.binding, random_)});
    return;
  }
  Invitations::Begun begun;
  if (TakesNewcomers(now))
    begun = invitations_.Begin(input.connection, HostOf(input.address), input.tls_key,
                               input.binding, now);
  if (begun.instead_of) out.push_back(Drop{*begun.instead_of});
  if (!begun.taken) out.push_back(Drop{input.connection});
}

bool Node::OnJoinFrame(const Received& input, Time now, Actions& out) {
  if (newcomer_ != nullptr && newcomer_->connection() == input.connection) {
    std::optional<Bytes> frame = newcomer_->OnFrame(input.frame);
    out.push_back(frame ? Action(Send{input.connection, *std::move(frame)})
                        : Action(Drop{input.connection}));
    return true;
  }
  if (!invitations_.Has(input.connection)) return false;
  RenewInvitations();
  if (disk_full_since_ms_ || replica_ == nullptr) {
    invitations_.End(input.connection);
    out.push_back(Drop{input.connection});
    return true;
  }
  Invitations::Answer answer =
      invitations_.OnFrame(input.connection, input.frame, replica_->founding(),
                           identity_.device->public_key(), now, random_);
  if (answer.changed) {
    SaveInvitations();
    TakeBatch(now, out);  // the answer behind it waits for the disk
  }
  out.push_back(Send{input.connection, std::move(answer.frame)});
  if (!answer.ends) return true;
  invitations_.End(input.connection);
  out.push_back(Drop{input.connection});
  return true;
}

bool Node::OnJoinLost(std::optional<ConnId> connection, const std::string& address,
                      const Error& error, Actions& out) {
  if (connection && invitations_.Has(*connection)) {
    invitations_.End(*connection);
    return true;
  }
  if (newcomer_ == nullptr) return false;
  // Whoever has been answered calls the same address like everybody, later.
  const bool its = connection ? newcomer_->connection() == connection
                              : newcomer_->state() == Newcomer::State::kConnecting &&
                                    !newcomer_->connection() && newcomer_->address() == address;
  if (!its) return false;
  if (newcomer_->OnLost(error))
    out.push_back(DialToJoin{newcomer_->address(), newcomer_->link().pin});
  return true;
}

void Node::EndOverdueJoins(Time now, Actions& out) {
  for (const ConnId connection : invitations_.Overdue(now.mono_ms)) {
    invitations_.End(connection);
    out.push_back(Drop{connection});
  }
  if (newcomer_ == nullptr || !newcomer_->NextDeadlineMs() ||
      *newcomer_->NextDeadlineMs() > now.mono_ms)
    return;
  if (newcomer_->connection()) out.push_back(Drop{*newcomer_->connection()});
  newcomer_->OnDeadline();
}

}  // namespace geflecht::core
