// What an entry refers to, as numbers.
#include <algorithm>

#include "node/governance/graph.h"
#include "node/governance/minutes.h"
#include "node/governance/space.h"

namespace geflecht::governance {

void Graph::Resolve(Node& node) {
  const auto about = [&](const EntryId& id, auto* kind) {
    using Kind = std::remove_pointer_t<decltype(kind)>;
    const Index found = Find(id);
    const bool fits = found != kNone && InPast(node, found) &&
                      std::holds_alternative<Kind>(nodes_[found].entry.act);
    return fits ? found : kNone;
  };
  if (const auto* const charter = node.As<Charter>()) {
    for (const CardKeys& card : charter->founders) {
      orgs_.Of(card.org);
      keys_.Of(card.root);
      devices_.Of({card.org, card.device});
    }
    matters_.Of(Matter(kEveryMatter));
    for (const auto& [matter, rule] : charter->rules.by_matter) matters_.Of(matter);
  } else if (const auto* const proposal = node.As<Proposal>()) {
    ResolveMeasure(node, proposal->measure);
    const auto& minutes = proposal->terms.freeze;
    const log::NetworkId network{nodes_.front().entry.id.bytes};
    if (minutes && MatterOf(proposal->measure) == kMinutesMatter &&
        minutes->space != log::NetworkSpace(network))
      node.subject.circle = roles_.Of(MemberRole(minutes->space));
    if (const auto& earlier = proposal->terms.supersedes) {
      const Index found = about(*earlier, static_cast<Proposal*>(nullptr));
      const bool same = found != kNone && nodes_[found].matter == node.matter &&
                        nodes_[found].subject.org == node.subject.org &&
                        nodes_[found].subject.role == node.subject.role &&
                        nodes_[found].subject.circle == node.subject.circle &&
                        nodes_[found].subject.sets == node.subject.sets;
      if (same) node.supersedes = found;
    }
  } else if (const auto* const vote = node.As<Vote>()) {
    node.about = about(vote->about, static_cast<Proposal*>(nullptr));
  } else if (const auto* const enact = node.As<Enact>()) {
    node.about = about(enact->about, static_cast<Proposal*>(nullptr));
    ResolveEnact(node, *enact);
  } else if (const auto* const seal_vote = node.As<SealVote>()) {
    node.about = about(seal_vote->about, static_cast<Seal*>(nullptr));
  } else if (const auto* const add = node.As<AddDevice>()) {
    node.subject.device = devices_.Of({node.entry.author.org, add->device});
  } else if (const auto* const revoke = node.As<RevokeDevice>()) {
    node.subject.device = devices_.Of({node.entry.author.org, revoke->device});
  } else if (const auto* const fork = node.As<ForkEvidence>()) {
    node.subject.device = devices_.Of(fork->device);
    node.position = positions_.Of(fork->position);
  }
}

void Graph::ResolveEnact(Node& node, const Enact& enact) {
  for (const EntryId& id : enact.votes) {
    const Index vote = Find(id);
    if (vote == kNone || !InPast(node, vote) || nodes_[vote].As<Vote>() == nullptr ||
        nodes_[vote].about == kNone || nodes_[vote].about != node.about) {
      node.votes_known = false;
    } else {
      node.votes.push_back(vote);
    }
  }
  std::sort(node.votes.begin(), node.votes.end());
  node.votes.erase(std::unique(node.votes.begin(), node.votes.end()), node.votes.end());
}

void Graph::ResolveMeasure(Node& node, const Measure& measure) {
  Subject& subject = node.subject;
  node.matter = matters_.Of(Matter(MatterOf(measure)));
  const auto card = [&](const CardKeys& keys) {
    subject.org = orgs_.Of(keys.org);
    subject.root = keys_.Of(keys.root);
    subject.device = devices_.Of({keys.org, keys.device});
  };
  if (const auto* const admit = std::get_if<Admit>(&measure)) {
    card(admit->card);
  } else if (const auto* const rekey = std::get_if<Rekey>(&measure)) {
    card(rekey->card);
  } else if (const auto* const remove = std::get_if<Remove>(&measure)) {
    subject.org = orgs_.Of(remove->org);
  } else if (const auto* const inactive = std::get_if<SetInactive>(&measure)) {
    subject.org = orgs_.Of(inactive->org);
  } else if (const auto* const role = std::get_if<ChangeRole>(&measure)) {
    subject.org = orgs_.Of(role->org);
    subject.role = roles_.Of(role->role);
  } else if (const auto* const rule = std::get_if<ChangeRule>(&measure)) {
    subject.sets = matters_.Of(rule->matter);
  } else if (const auto* const change = std::get_if<ChangeSpace>(&measure)) {
    const log::SpaceId space = change->space ? *change->space : SpaceOf(node.entry.id);
    if (change->space) subject.circle = roles_.Of(MemberRole(space));
    for (const Seat& seat : change->seats)
      node.seats.push_back({orgs_.Of(seat.org), roles_.Of(RoleOf(space, seat)), seat.give});
  }
  if (MatterOf(measure).starts_with(kBodyPrefix)) subject.role = roles_.Of(Role(MatterOf(measure)));
}

}  // namespace geflecht::governance
