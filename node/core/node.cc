#include "node/core/node.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "node/governance/charter_rules.h"
#include "node/replica/records.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::core {
namespace {

// Confirmations only feed the status screen: they are written in passing.
constexpr std::int64_t kConfirmationsDelayMs = 5'000;

}  // namespace

Result<std::unique_ptr<Node>> Node::Load(Identity identity, const store::View& durable,
                                         Random& random) {
  std::unique_ptr<Node> node(new Node(identity, durable, random));
  node->instance_ = random.Make<codec::InstanceId>();
  ASSIGN(const auto backup, durable.Get(replica::MetaKey("backup")));
  if (backup) {
    if (backup->size() != 8) return Fail(Code::kCorruption, "the time of the backup is damaged");
    node->backup_ms_ = static_cast<std::int64_t>(ReadBe64(*backup));
  }
  ASSIGN(const auto holding, durable.Get(replica::MetaKey("holding")));
  if (holding) {
    ASSIGN(node->holding_, Holding::Decode(*holding));
  }
  ASSIGN(node->acts_, Acts::Load(durable));
  TRY(node->LoadInvitations());
  ASSIGN(const auto text, durable.Get(replica::MetaKey("founding")));
  if (text) {
    ASSIGN(const log::Founding founding, log::ParseFounding(AsText(*text)));
    TRY(node->Attach(founding));
  }
  return node;
}

Result<void> Node::Attach(const log::Founding& founding) {
  TRY(governance::RulesOf(founding.text));
  ASSIGN(const auto life, durable_.Get(replica::MetaKey("life")));
  if (life) {
    const auto id = log::LifeId::From(*life);
    if (!id) return Fail(Code::kCorruption, "the device's life is damaged");
    identity_.life = *id;
  }
  std::optional<replica::Anchor> anchor;
  if (identity_.anchor) anchor = replica::DecodeAnchor(*identity_.anchor);
  ASSIGN(const bool fits,
         replica::AnchorFits(anchor, identity_.device->public_key(), identity_.life, durable_));
  if (fits) anchor_ = *anchor;
  ASSIGN(replica_, replica::Replica::Load(founding, {identity_.device, identity_.life, !fits},
                                          durable_, random_));
  RenewInvitations();
  source_ = std::make_unique<ReplicaSource>(*replica_);
  ASSIGN(retention_, Retention::Load(durable_, random_));
  source_->SetHeldBack(holding_.is_held());
  if (sponsor_) source_->SetSponsor(sponsor_->device);
  for (const governance::Member& member : replica_->members().all()) {
    if (member.device == identity_.device->public_key()) continue;
    ASSIGN(const auto record, durable_.Get(replica::MetaKey("confirmed/" + member.device.Hex())));
    if (!record) continue;
    if (record->size() != 16) return Fail(Code::kCorruption, "a confirmation is damaged");
    confirmations_[member.device] = {
        ReadBe64(*record), static_cast<std::int64_t>(ReadBe64(ByteView(*record).subspan(8)))};
  }
  return {};
}

Result<void> Node::Join(const log::Founding& founding, bool admitted, Time now, Actions& out) {
  TRY(MayWrite());
  if (replica_ != nullptr) {
    if (replica_->members().network() == founding.network()) return {};
    return Fail(Code::kConflict, "the directory belongs to another network",
                "hint.one-network-per-directory");
  }
  const auto& cards = founding.text.founders;
  const bool in = std::any_of(cards.begin(), cards.end(), [&](const log::Card& card) {
    return card.device == identity_.device->public_key() &&
           card.tls_key == identity_.tls->public_key();
  });
  if (!in && !admitted)
    return Fail(Code::kNotPermitted, "the card of this directory is not among the founders",
                "hint.card-not-in-founding");
  TRY(Attach(founding));
  own_batch_.push_back({replica::MetaKey("founding"), ToBytes(log::RenderFounding(founding))});
  if (erases_daily_) retention_->RunDaily(now);
  Finish(now, out);
  return {};
}

void Node::EraseDaily(Time now) {
  erases_daily_ = true;
  if (retention_ != nullptr) retention_->RunDaily(now);
}

void Node::Step(const Input& input, Time now, Actions& out) {
  // Before anything goes out: whose last day has passed gets nothing more.
  if (replica_ != nullptr && replica_->NoteTime(now)) ShowEntitlement(now, out);
  LookAtHolding(now);
  std::visit([&](const auto& event) { On(event, now, out); }, input);
  Govern(now, out);
  TellThatOpened(now, out);
  // The timer and dials stand in front of the batch: they need not wait for the disk.
  DialDue(now, out);
  ArmTimer(now, out);
  // While a batch is under way the next one grows; the end of that batch is an input.
  if (last_ticket_ == persisted_ticket_) TakeBatch(now, out);
}

void Node::Finish(Time now, Actions& out) {
  if (replica_ != nullptr && replica_->NoteTime(now)) ShowEntitlement(now, out);
  LookAtHolding(now);
  Govern(now, out);
  TellThatOpened(now, out);
  DialDue(now, out);
  ArmTimer(now, out);
  TakeBatch(now, out);
}

void Node::TakeBatch(Time now, Actions& out) {
  std::vector<store::GroupName> expunge;
  if (replica_ != nullptr && !disk_full_since_ms_) {
    CHECK(replica_->StageFiles().has_value());
    expunge = replica_->TakeExpunge(now, last_ticket_ + 1);
  }
  if (retention_ != nullptr)
    for (store::Change& change : retention_->TakeChanges()) own_batch_.push_back(std::move(change));
  const bool more = replica_ != nullptr && replica_->HasBatch();
  if (own_batch_.empty() && !more && expunge.empty()) return;
  ++last_ticket_;
  store::SharedBatch batch;
  if (more) batch = replica_->TakeBatch(last_ticket_);
  if (!own_batch_.empty() || !more) {
    store::Batch joined = std::exchange(own_batch_, {});
    if (more) joined.insert(joined.end(), batch->begin(), batch->end());
    batch = std::make_shared<const store::Batch>(std::move(joined));
  }
  out.push_back(Persist{last_ticket_, std::move(batch), NewAnchor(), std::move(expunge)});
}

std::optional<Bytes> Node::NewAnchor() {
  if (replica_ == nullptr || !replica_->last_own()) return std::nullopt;
  replica::Anchor anchor{identity_.device->public_key(), replica_->life(), replica_->last_own()};
  if (anchor == anchor_) return std::nullopt;
  anchor_ = anchor;
  return replica::EncodeAnchor(anchor_);
}

void Node::Connect(const std::string& address, bool keep, Time now, Actions& out) {
  peer_book_.Want(address, keep, now.mono_ms);
  Finish(now, out);
}

void Node::NoteBackup(std::int64_t wall_ms) {
  if (backup_ms_ && *backup_ms_ >= wall_ms) return;
  backup_ms_ = wall_ms;
  Bytes record;
  AppendBe64(record, static_cast<std::uint64_t>(wall_ms));
  own_batch_.push_back({replica::MetaKey("backup"), std::move(record)});
}

void Node::NoteAct(std::string_view name, std::string_view object, std::int64_t wall_ms) {
  acts_.Note(name, object, wall_ms);
  for (store::Change& change : acts_.TakeChanges()) own_batch_.push_back(std::move(change));
}

Result<void> Node::MayWrite() const {
  if (!disk_full_since_ms_) return {};
  return Fail(Code::kNoSpace, "the disk is full", "hint.disk-full");
}

Result<void> Node::Stop(Time now, Actions& out) {
  if (!disk_full_since_ms_) {
    if (replica_ != nullptr) {
      TRY(replica_->CutAll(now));
      replica_->HastenExpunging();
    }
    SaveConfirmations();
  }
  std::vector<ConnId> all;
  for (const auto& [connection, state] : connections_) all.push_back(connection);
  for (const ConnId connection : all)
    CloseConnection(connection, codec::ErrorCode::kShutdown, "the node stops", out);
  Finish(now, out);
  return {};
}

void Node::EndIfStoreFails(const Result<void>& done, std::string_view what, Actions& out) {
  if (done) return;
  CHECK(!FailsTheStore(done.error().code));
  out.push_back(Note{std::string(what) + ": " + done.error().detail});
}

void Node::On(const TimerFired&, Time now, Actions& out) {
  armed_ms_.reset();
  EndOverdueJoins(now, out);
  if (replica_ == nullptr) return;
  if (!disk_full_since_ms_) {
    EndIfStoreFails(replica_->CutDue(now), "an edit could not be kept in the log", out);
    EndIfStoreFails(replica_->GiveEvidence(now), "a fork could not be proven", out);
    // What has restricted a record meanwhile may not be here.
    if (!holding_.is_held())
      EndIfStoreFails(retention_->Step(*replica_, now), "retention could not go on", out);
  }
  std::vector<ConnId> due;
  for (const auto& [connection, state] : connections_)
    if (state.session->NextDeadlineMs() <= now.mono_ms) due.push_back(connection);
  for (const ConnId connection : due) {
    const auto it = connections_.find(connection);
    if (it == connections_.end()) continue;
    sync::Outputs outputs;
    it->second.session->OnTimer(now, outputs);
    Execute(connection, std::move(outputs), now, out);
  }
  if (!disk_full_since_ms_ && confirmations_changed_ && confirmations_due_ms_ <= now.mono_ms)
    SaveConfirmations();
}

void Node::On(const DiskFull&, Time now, Actions& out) {
  if (disk_full_since_ms_) return;
  disk_full_since_ms_ = now.wall_ms;
  out.push_back(Note{"the disk is full: nothing new is taken until there is space"});
}

void Node::On(const DiskWritable&, Time now, Actions& out) {
  if (!disk_full_since_ms_) return;
  disk_full_since_ms_.reset();
  out.push_back(Note{"the disk can be written again"});
  std::vector<ConnId> all;
  for (const auto& [connection, state] : connections_) all.push_back(connection);
  for (const ConnId connection : all) {
    const auto it = connections_.find(connection);
    if (it == connections_.end()) continue;
    Execute(connection, std::exchange(it->second.held, {}), now, out);
    OnSession(connection, now, out);
  }
}

void Node::On(const Persisted& input, Time now, Actions& out) {
  persisted_ticket_ = std::max(persisted_ticket_, input.ticket);
  if (replica_ == nullptr) return;
  const std::vector<log::SpaceId> changed = replica_->Persisted(input.ticket);
  while (!awaited_.empty() && awaited_.front().ticket <= persisted_ticket_) {
    const Awaited awaited = awaited_.front();
    awaited_.pop_front();
    const auto it = connections_.find(awaited.connection);
    if (it == connections_.end()) continue;
    sync::Outputs outputs;
    it->second.session->OnAdmitted(awaited.session_ticket, awaited.admission, now, outputs);
    Execute(awaited.connection, std::move(outputs), now, out);
  }
  std::vector<ConnId> all;
  for (const auto& [connection, state] : connections_) all.push_back(connection);
  for (const log::SpaceId& space : changed) {
    for (const ConnId connection : all) {
      const auto it = connections_.find(connection);
      if (it == connections_.end()) continue;
      sync::Outputs outputs;
      it->second.session->OnStored(space, now, outputs);
      Execute(connection, std::move(outputs), now, out);
    }
  }
  NoteConfirmations(now);
}

void Node::NoteConfirmations(Time now) {
  if (replica_ == nullptr) return;
  const log::SpaceId& root = replica_->members().root_space();
  for (const auto& [connection, state] : connections_) {
    const auto& progress = state.session->progress();
    const auto it = progress.find(root);
    if (state.session->established() && it != progress.end() && it->second.equal)
      replica_->NotePartnerIsEqual();
  }
  NoteExchanges(now);
  const log::SpaceId& space = replica_->members().network_space();
  const std::uint64_t held = replica_->Log(space).durable_arrival();
  for (const auto& [connection, state] : connections_) {
    const auto& progress = state.session->progress();
    const auto it = progress.find(space);
    if (!state.session->established() || it == progress.end()) continue;
    // An acknowledged entry may still lack its body there; only an equal and complete state counts.
    if (!it->second.equal || it->second.peer_bodies_missing > 0) continue;
    Confirmation& known = confirmations_[state.session->peer()];
    if (held > known.arrival || known.wall_ms == 0) {
      known = {held, now.wall_ms};
      if (!confirmations_changed_) confirmations_due_ms_ = now.mono_ms + kConfirmationsDelayMs;
      confirmations_changed_ = true;
    }
  }
}

void Node::SaveConfirmations() {
  if (!confirmations_changed_) return;
  confirmations_changed_ = false;
  for (const auto& [device, confirmation] : confirmations_) {
    Bytes record;
    AppendBe64(record, confirmation.arrival);
    AppendBe64(record, static_cast<std::uint64_t>(confirmation.wall_ms));
    own_batch_.push_back({replica::MetaKey("confirmed/" + device.Hex()), std::move(record)});
  }
}

void Node::DialDue(Time now, Actions& out) {
  if (replica_ == nullptr) return;
  for (std::string& address : peer_book_.TakeDue(now.mono_ms)) out.push_back(Dial{address});
}

void Node::ArmTimer(Time now, Actions& out) {
  std::optional<std::int64_t> next;
  const auto consider = [&](std::optional<std::int64_t> at_ms) {
    if (at_ms && (!next || *at_ms < *next)) next = at_ms;
  };
  consider(invitations_.NextDeadlineMs());
  if (newcomer_ != nullptr) consider(newcomer_->NextDeadlineMs());
  if (replica_ != nullptr) {
    if (!disk_full_since_ms_) {
      consider(replica_->NextGovernMs());
      consider(replica_->NextCutMs());
      consider(replica_->NextEvidenceMs());
      if (!holding_.is_held()) consider(retention_->NextDueMs());
      // While a batch is under way, its end is what takes the next one.
      if (last_ticket_ == persisted_ticket_) consider(replica_->NextExpungeMs());
    }
    consider(peer_book_.NextDueMs());
    for (const auto& [connection, state] : connections_) consider(state.session->NextDeadlineMs());
    if (confirmations_changed_ && !disk_full_since_ms_) consider(confirmations_due_ms_);
  }
  if (!next) return;
  const std::int64_t at_ms = std::max(*next, now.mono_ms);
  if (armed_ms_ && *armed_ms_ <= at_ms && *armed_ms_ > now.mono_ms) return;
  armed_ms_ = at_ms;
  out.push_back(Arm{at_ms});
}

}  // namespace geflecht::core
