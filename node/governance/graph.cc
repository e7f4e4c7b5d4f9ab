#include "node/governance/graph.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/check.h"

namespace geflecht::governance {
namespace {

const std::vector<Index> kNoEntries;

const std::vector<Index>& ListOf(const std::map<Index, std::vector<Index>>& lists, Index key) {
  const auto at = lists.find(key);
  return at == lists.end() ? kNoEntries : at->second;
}

}  // namespace

bool CanChange(const Act& act) {
  return std::holds_alternative<Charter>(act) || std::holds_alternative<Enact>(act) ||
         std::holds_alternative<AddDevice>(act) || std::holds_alternative<RevokeDevice>(act) ||
         std::holds_alternative<Leave>(act) || std::holds_alternative<ForkEvidence>(act);
}

std::size_t Graph::IdHash::operator()(const EntryId& id) const {
  std::size_t hash = 0;
  for (std::size_t at = 0; at < EntryId::kSize; at += sizeof(hash)) {
    std::size_t part;
    std::memcpy(&part, id.bytes.data() + at, sizeof(part));
    hash = (hash ^ part) * 0x9E3779B97F4A7C15U;
  }
  return hash;
}

Index Graph::Find(const EntryId& id) const {
  const auto at = index_.find(id);
  return at == index_.end() ? kNone : at->second;
}

std::span<const std::uint32_t> Graph::ClockOf(Index index) const {
  const Node& node = nodes_[index];
  return {clocks_.data() + node.clock, node.clocks};
}

bool Graph::Covers(Index of, Index past) const {
  const Node& node = nodes_[past];
  const Node& by = nodes_[of];
  return node.chain < by.clocks && clocks_[by.clock + node.chain] > node.place;
}

bool Graph::Covers(const Clock& set, Index past) const {
  const Node& node = nodes_[past];
  return node.chain < set.size() && set[node.chain] > node.place;
}

bool Graph::InPast(const Node& node, Index other) const {
  const Node& past = nodes_[other];
  return past.chain < node.clocks && clocks_[node.clock + past.chain] > past.place;
}

Clock Graph::ClosureOf(std::span<const Index> heads) const {
  Clock set;
  for (const Index head : heads) {
    const auto clock = ClockOf(head);
    if (clock.size() > set.size()) set.resize(clock.size());
    for (std::size_t i = 0; i < clock.size(); ++i) set[i] = std::max(set[i], clock[i]);
  }
  return set;
}

Index Graph::CutOfHeads(std::vector<Index> heads) {
  std::sort(heads.begin(), heads.end());
  heads.erase(std::unique(heads.begin(), heads.end()), heads.end());
  if (heads.size() > 1) {
    std::vector<Index> maximal;
    for (const Index head : heads)
      if (std::none_of(heads.begin(), heads.end(),
                       [&](Index other) { return Precedes(head, other); }))
        maximal.push_back(head);
    heads = std::move(maximal);
  }
  const auto [at, fresh] = cut_index_.try_emplace(heads, static_cast<Index>(cuts_.size()));
  if (fresh) {
    Clock clock = ClosureOf(heads);
    cuts_.push_back({std::move(heads), std::move(clock)});
  }
  return at->second;
}

Index Graph::CutOf(std::span<const Index> heads) {
  std::vector<Index> cut_numbers;
  for (const Index head : heads) cut_numbers.push_back(nodes_[head].after);
  std::sort(cut_numbers.begin(), cut_numbers.end());
  cut_numbers.erase(std::unique(cut_numbers.begin(), cut_numbers.end()), cut_numbers.end());
  if (cut_numbers.size() == 1) return cut_numbers.front();
  std::vector<Index> all;
  for (const Index number : cut_numbers)
    all.insert(all.end(), cuts_[number].heads.begin(), cuts_[number].heads.end());
  return CutOfHeads(std::move(all));
}

Result<Index> Graph::Add(Entry entry) {
  const bool charter = std::holds_alternative<Charter>(entry.act);
  CHECK(!std::holds_alternative<Content>(entry.act));
  if (Find(entry.id) != kNone) return Fail(Code::kConflict, "the entry is already there");
  if (charter != nodes_.empty()) return Fail(Code::kConflict, "the charter is the first entry");
  if (charter != entry.parents.empty()) return Fail(Code::kMalformed, "an entry has no past");
  std::vector<Index> parents;
  for (const EntryId& id : entry.parents) {
    parents.push_back(Find(id));
    if (parents.back() == kNone) return Fail(Code::kNotFound, "the entry's past is not there");
  }
  const Index index = static_cast<Index>(nodes_.size());
  Node node;
  node.entry = std::move(entry);
  node.org = orgs_.Of(node.entry.author.org);
  if (node.entry.author.root) {
    node.root = keys_.Of(node.entry.author.key);
  } else {
    node.device = devices_.Of({node.entry.author.org, node.entry.author.key});
  }
  Place(node, parents);
  Resolve(node);
  node.before = CutOf(parents);
  node.parents = std::move(parents);
  index_.emplace(node.entry.id, index);
  nodes_.push_back(std::move(node));
  Enlist(index);
  return index;
}

void Graph::Place(Node& node, const std::vector<Index>& parents) {
  Clock past = ClosureOf(parents);
  for (const std::uint32_t count : past) node.past_size += count;
  for (const Index parent : parents) {
    node.depth = std::max(node.depth, nodes_[parent].depth + 1);
    node.rank = std::max(node.rank, nodes_[parent].rank);
  }
  auto& own = chains_[{node.device, node.root}];
  const auto chain = std::find_if(
      own.begin(), own.end(), [&](std::uint32_t number) { return Covers(past, tips_[number]); });
  const Index index = static_cast<Index>(nodes_.size());
  if (chain != own.end()) {
    node.chain = *chain;
    node.place = past[*chain];
    tips_[*chain] = index;
  } else {
    node.chain = static_cast<std::uint32_t>(tips_.size());
    own.push_back(node.chain);
    tips_.push_back(index);
    entries_.emplace_back();
    changes_.emplace_back();
  }
  if (past.size() <= node.chain) past.resize(node.chain + 1);
  past[node.chain] = node.place + 1;
  node.clock = clocks_.size();
  node.clocks = static_cast<std::uint32_t>(past.size());
  clocks_.insert(clocks_.end(), past.begin(), past.end());
}

void Graph::Enlist(Index index) {
  Node& node = nodes_[index];
  votes_on_.emplace_back();
  entries_[node.chain].push_back(index);
  if (CanChange(node.entry.act)) {
    changes_[node.chain].push_back(index);
    node.after = CutOfHeads({index});
  } else {
    node.after = node.before;
  }
  if (node.As<Vote>() != nullptr && node.about != kNone) votes_on_[node.about].push_back(index);
  if (node.supersedes != kNone) successors_[node.supersedes].push_back(index);
  if (node.As<Leave>() != nullptr) leaves_[node.org].push_back(index);
  if (node.As<ForkEvidence>() != nullptr) forks_[node.subject.device].push_back(index);
  if (node.As<Seal>() != nullptr) {
    ++node.rank;
    seals_.push_back(index);
  }
}

std::vector<Index> Graph::Changes(const Clock& set, Index but) const {
  std::vector<Index> out;
  const auto left = ClockOf(but);
  for (std::size_t chain = 0; chain < set.size(); ++chain) {
    const std::uint32_t from = chain < left.size() ? left[chain] : 0;
    if (from >= set[chain]) continue;
    const auto& all = changes_[chain];
    auto at = std::partition_point(all.begin(), all.end(),
                                   [&](Index entry) { return nodes_[entry].place < from; });
    for (; at != all.end() && nodes_[*at].place < set[chain]; ++at) out.push_back(*at);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<Index> Graph::Beyond(const Clock& set, Index but) const {
  std::vector<Index> out;
  const auto known = ClockOf(but);
  for (std::size_t chain = 0; chain < set.size(); ++chain)
    for (std::uint32_t at = chain < known.size() ? known[chain] : 0; at < set[chain]; ++at)
      out.push_back(entries_[chain][at]);
  return out;
}

const std::vector<Index>& Graph::SuccessorsOf(Index proposal) const {
  return ListOf(successors_, proposal);
}
const std::vector<Index>& Graph::LeavesOf(Index org) const { return ListOf(leaves_, org); }
const std::vector<Index>& Graph::ForksOf(Index device) const { return ListOf(forks_, device); }

}  // namespace geflecht::governance
