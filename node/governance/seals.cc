#include "node/governance/seals.h"

#include <algorithm>
#include <set>

namespace geflecht::governance {

void Seals::Add(Index entry) {
  const Node& node = graph_[entry];
  if (node.As<Seal>() != nullptr) AddSeal(entry);
  if (node.As<SealVote>() != nullptr) AddVote(entry);
  const auto clock = graph_.ClockOf(entry);
  known_.push_back(ChainOf(Clock(clock.begin(), clock.end()), node.parents));
}

Index Seals::ChainBefore(Index entry) const {
  const Node& node = graph_[entry];
  const auto clock = graph_.ClockOf(entry);
  Clock past(clock.begin(), clock.end());
  past[node.chain] = node.place;
  return ChainOf(past, node.parents);
}

void Seals::AddSeal(Index seal) {
  const auto span = graph_.ClockOf(seal);
  Clock past(span.begin(), span.end());
  const Node& node = graph_[seal];
  past[node.chain] = node.place;
  const Index predecessor = ChainBefore(seal);
  views_.SetPredecessor(seal, predecessor);
  height_[seal] = predecessor == 0 ? 1 : height_.at(predecessor) + 1;
  Info info;
  const Powers then = views_.Build(past, predecessor, true).powers;
  for (const Powers::Member& member : views_.Sealed(predecessor).powers.members) {
    if (!member.active) continue;
    info.members.push_back(member.org);
    if (then.IsActive(member.org)) {
      info.present.push_back(member.org);
    } else if (then.HasLeft(member.org)) {
      ++info.left;
    }
  }
  if (info.present.empty())
    for (const Powers::Member& member : then.members)
      if (member.active) info.present.push_back(member.org);
  info.content = ContentOf(seal, predecessor);
  seals_.emplace(seal, std::move(info));
  followers_[predecessor].push_back(seal);
}

Index Seals::ContentOf(Index seal, Index predecessor) const {
  const auto span = graph_.ClockOf(seal);
  const Clock past(span.begin(), span.end());
  Index highest = kNone;
  const auto rivals = followers_.find(predecessor);
  if (rivals == followers_.end()) return seal;
  for (const Index rival : rivals->second) {
    const Info& info = seals_.at(rival);
    if (!graph_.Precedes(rival, seal) || !IsEnough(info, Signers(info, past, false))) continue;
    if (highest == kNone || graph_[rival].rank > graph_[highest].rank ||
        (graph_[rival].rank == graph_[highest].rank && graph_.LowerId(rival, highest)))
      highest = rival;
  }
  return highest == kNone ? seal : seals_.at(highest).content;
}

void Seals::AddVote(Index vote) {
  const Node& node = graph_[vote];
  const Index seal = node.about;
  if (seal == kNone || node.device == kNone) return;
  if (!views_.IsCertified(vote, ChainBefore(vote))) return;
  auto& own = votes_of_[node.org];
  bool elsewhere = false;
  for (const Index other : own) {
    if (graph_[other].about == seal || graph_.Precedes(other, seal)) continue;
    misconduct_[node.org].emplace_back(other, vote);
    if (graph_.Precedes(other, vote) && !graph_.Precedes(graph_[other].about, seal))
      elsewhere = true;
  }
  own.push_back(vote);
  Info& info = seals_.at(seal);
  if (!std::binary_search(info.present.begin(), info.present.end(), node.org)) return;
  const auto span = graph_.ClockOf(vote);
  Clock past(span.begin(), span.end());
  past[node.chain] = node.place;
  const bool second = !elsewhere && IsEnough(info, Signers(info, past, false));
  info.votes.push_back({vote, node.org, second});
  if (!second) return;
  std::vector<Index> seconds;
  for (const SealVoteInfo& known : info.votes)
    if (known.second) seconds.push_back(known.org);
  std::sort(seconds.begin(), seconds.end());
  seconds.erase(std::unique(seconds.begin(), seconds.end()), seconds.end());
  if (!IsEnough(info, seconds)) return;
  auto& contents = effective_[views_.Predecessor(seal)];
  contents.insert(info.content);
  contested_ = contested_ || contents.size() > 1;
}

std::vector<Index> Seals::Signers(const Info& info, const Clock& set, bool second_only) const {
  std::vector<Index> signers;
  for (const SealVoteInfo& vote : info.votes)
    if ((vote.second || !second_only) && graph_.Covers(set, vote.vote)) signers.push_back(vote.org);
  std::sort(signers.begin(), signers.end());
  signers.erase(std::unique(signers.begin(), signers.end()), signers.end());
  return signers;
}

bool Seals::IsEnough(const Info& info, const std::vector<Index>& signers) const {
  const auto of_members =
      static_cast<std::size_t>(std::count_if(signers.begin(), signers.end(), [&](Index org) {
        return std::binary_search(info.members.begin(), info.members.end(), org);
      }));
  return 3 * signers.size() > 2 * info.present.size() &&
         2 * (of_members + info.left) > info.members.size();
}

Seals::Weight Seals::WeightOfVote(Index seal, Index org, const Clock& set) const {
  const Info& info = seals_.at(seal);
  if (!std::binary_search(info.present.begin(), info.present.end(), org)) return Weight::kNothing;
  bool voted = false;
  for (const SealVoteInfo& vote : info.votes) {
    if (vote.org != org || !graph_.Covers(set, vote.vote)) continue;
    if (vote.second) return Weight::kNothing;
    voted = true;
  }
  if (IsEnough(info, Signers(info, set, false))) return Weight::kSecond;
  return voted ? Weight::kNothing : Weight::kFirst;
}

std::size_t Seals::HonestSigners(Index predecessor, Index content, const Clock& set) const {
  const auto double_signers = DoubleSigners(set);
  std::set<Index> honest;
  for (const Index seal : followers_.at(predecessor)) {
    const Info& info = seals_.at(seal);
    if (info.content != content || !graph_.Covers(set, seal) ||
        !IsEnough(info, Signers(info, set, true)))
      continue;
    for (const Index org : Signers(info, set, false))
      if (!double_signers.contains(org)) honest.insert(org);
  }
  return honest.size();
}

std::vector<Index> Seals::Contents(Index predecessor, const Clock& set) const {
  std::vector<Index> contents;
  const auto followers = followers_.find(predecessor);
  if (followers == followers_.end()) return contents;
  for (const Index seal : followers->second) {
    const Info& info = seals_.at(seal);
    if (!graph_.Covers(set, seal) || !IsEnough(info, Signers(info, set, true))) continue;
    if (std::find(contents.begin(), contents.end(), info.content) == contents.end())
      contents.push_back(info.content);
  }
  if (contents.size() < 2) return contents;
  std::vector<std::pair<std::size_t, Index>> ranked;
  for (const Index content : contents)
    ranked.emplace_back(HonestSigners(predecessor, content, set), content);
  std::sort(ranked.begin(), ranked.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : graph_.LowerId(a.second, b.second);
  });
  for (std::size_t i = 0; i < ranked.size(); ++i) contents[i] = ranked[i].second;
  return contents;
}

Index Seals::ChainOf(const Clock& set, std::span<const Index> heads) const {
  Index chain = 0;
  // Where two contents exclude one another, a larger set may choose the other one.
  if (!contested_)
    for (const Index head : heads) {
      const Index known = known_[head];
      if (known != 0 && (chain == 0 || height_.at(known) > height_.at(chain))) chain = known;
    }
  while (true) {
    const std::vector<Index> contents = Contents(chain, set);
    if (contents.empty()) return chain;
    chain = contents.front();
  }
}

std::vector<Seals::Rivals> Seals::RivalsIn(const Clock& set) const {
  std::vector<Rivals> rivals;
  if (!contested_) return rivals;
  Index chain = 0;
  while (true) {
    std::vector<Index> contents = Contents(chain, set);
    if (contents.empty()) return rivals;
    chain = contents.front();
    if (contents.size() > 1) rivals.push_back({std::move(contents)});
  }
}

std::map<Index, std::vector<Index>> Seals::DoubleSigners(const Clock& set) const {
  std::map<Index, std::vector<Index>> signers;
  for (const auto& [org, pairs] : misconduct_) {
    std::set<Index> seals;
    for (const auto& [a, b] : pairs) {
      if (!graph_.Covers(set, a) || !graph_.Covers(set, b)) continue;
      seals.insert(graph_[a].about);
      seals.insert(graph_[b].about);
    }
    if (!seals.empty()) signers[org].assign(seals.begin(), seals.end());
  }
  return signers;
}

}  // namespace geflecht::governance
