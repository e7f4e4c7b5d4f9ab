// Node's part in being held back until a partner has said what is erased (holding.h).
#include <algorithm>

#include "node/core/node.h"
#include "node/replica/records.h"

namespace geflecht::core {

void Node::LookAtHolding(Time now) {
  if (replica_ == nullptr) return;
  const auto& all = replica_->members().all();
  const bool has_partners = std::any_of(all.begin(), all.end(), [&](const auto& member) {
    return member.device != identity_.device->public_key();
  });
  const std::uint32_t days = replica_->founding().text.offline_days.value_or(kOfflineDaysDefault);
  if (holding_.Look(now.wall_ms, days, has_partners)) SaveHolding();
}

void Node::SaveHolding() {
  own_batch_.push_back({replica::MetaKey("holding"), holding_.Encode()});
  if (source_ == nullptr) return;
  opened_ = opened_ || (source_->HeldBack() && !holding_.is_held());
  source_->SetHeldBack(holding_.is_held());
}

bool Node::IsTold(const log::SpaceId& space) const {
  const auto told = told_.find(space);
  bool all = true;
  for (const governance::Member& member : replica_->members().all()) {
    if (member.device == identity_.device->public_key()) continue;
    const std::vector<log::SpaceId> served = replica_->SpacesFor(member.device);
    if (std::find(served.begin(), served.end(), space) == served.end()) continue;
    if (told == told_.end()) return false;
    const auto by = told->second.find(member.device);
    if (by != told->second.end() && by->second) return true;
    all = all && by != told->second.end();
  }
  // Where all were away, what all of them know is all that there is. What is served to nobody
  // nobody can tell.
  return all;
}

void Node::NoteExchanges(Time now) {
  const governance::Members& members = replica_->members();
  bool known = false;
  for (const auto& [connection, state] : connections_) {
    const auto& progress = state.session->progress();
    const auto root = progress.find(members.root_space());
    const auto network = progress.find(members.network_space());
    // With the root space all devices are known, so that nothing announced is left unjudged.
    if (!state.session->established() || root == progress.end() || !root->second.equal) continue;
    bool all = network != progress.end() && network->second.peer_serves;
    for (const auto& [space, item] : progress) {
      if (!item.peer_serves) continue;
      all = all && item.erasures_known();
      if (!holding_.is_held() || !item.erasures_told) continue;
      bool& open = told_[space][state.session->peer()];
      open = open || !item.peer_held_back;
    }
    known = known || all;
  }
  if (holding_.is_held()) {
    std::vector<log::SpaceId> held = replica_->DocumentSpaces();
    held.push_back(members.root_space());
    known = std::all_of(held.begin(), held.end(),
                        [&](const log::SpaceId& space) { return IsTold(space); });
  }
  if (!known || !holding_.NoteExchange(now.wall_ms)) return;
  told_.clear();
  SaveHolding();
}

void Node::TellThatOpened(Time now, Actions& out) {
  if (!std::exchange(opened_, false)) return;
  out.push_back(Note{"no longer held back"});
  retention_->AnnounceAnew(now);
  std::vector<ConnId> all;
  for (const auto& [connection, state] : connections_) all.push_back(connection);
  for (const ConnId connection : all) {
    const auto it = connections_.find(connection);
    if (it == connections_.end()) continue;
    sync::Outputs outputs;
    it->second.session->OnOpened(now, outputs);
    Execute(connection, std::move(outputs), now, out);
  }
}

Result<void> Node::MayShow(Time now) {
  LookAtHolding(now);
  switch (holding_.why()) {
    case Holding::Why::kNot:
      return {};
    case Holding::Why::kOffline:
      return Fail(Code::kLocked, "no exchange for longer than the charter allows",
                  "hint.held-back-offline");
    case Holding::Why::kRestored:
      return Fail(Code::kLocked, "restored from a backup and no partner met since",
                  "hint.held-back-restored");
  }
  return {};
}

Result<void> Node::OpenWithoutErasures(Time now, Actions& out) {
  TRY(MayWrite());
  LookAtHolding(now);
  if (!holding_.OpenByHand(now.wall_ms))
    return Fail(Code::kConflict, "the node is not held back", "hint.not-held-back");
  SaveHolding();
  out.push_back(Note{"opened by hand without the erasures of a partner"});
  Finish(now, out);
  return {};
}

}  // namespace geflecht::core
