// The entries of the root space as a graph: numbered in causal order, with constant-time answers to
// "is a in the past of b". Each author's entries are cut into chains (one for each feed that never
// forked), and the past of an entry is one number for each chain: a vector clock (Fidge 1988,
// Mattern 1989).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "node/governance/entry.h"

namespace geflecht::governance {

using Index = std::uint32_t;  // of entries, organisations, devices, ...: from 0, as they appeared
inline constexpr Index kNone = std::numeric_limits<Index>::max();

// A causally closed set: how many entries of each chain, missing ones 0.
using Clock = std::vector<std::uint32_t>;

// Gives equal values equal numbers.
template <class Value>
class Numbering {
 public:
  Index Of(const Value& value) {
    const auto [at, fresh] = numbers_.try_emplace(value, static_cast<Index>(values_.size()));
    if (fresh) values_.push_back(value);
    return at->second;
  }
  Index Find(const Value& value) const {
    const auto at = numbers_.find(value);
    return at == numbers_.end() ? kNone : at->second;
  }
  const Value& operator[](Index index) const { return values_[index]; }
  std::size_t size() const { return values_.size(); }

 private:
  std::map<Value, Index> numbers_;
  std::vector<Value> values_;
};

// What a measure names, as numbers.
struct Subject {
  Index org = kNone;
  Index root = kNone;    // Admit, Rekey
  Index device = kNone;  // Admit, Rekey: of the card
  Index role = kNone;    // ChangeRole; of a matter "body:": its seats
  // The members' role of the circle that decides: ChangeSpace, unless it founds one; the approval
  // of minutes that lie in one.
  Index circle = kNone;
  Index sets = kNone;  // ChangeRule: the matter
};

// A seat in a space, as numbers.
struct SeatChange {
  Index org = kNone;
  Index role = kNone;
  bool give = true;
};

struct Node {
  Entry entry;
  std::vector<Index> parents;
  Index org = kNone;     // the author's
  Index device = kNone;  // the author's; none: signed by a root key
  Index root = kNone;
  Index about = kNone;            // in the past, of the kind that it must be
  std::vector<Index> votes;       // of an Enact, ascending
  bool votes_known = true;        // all of them lie in the past and are about the same proposal
  Index matter = kNone;           // Proposal
  Subject subject;                // Proposal; device of AddDevice, RevokeDevice and ForkEvidence
  std::vector<SeatChange> seats;  // Proposal: ChangeSpace
  Index supersedes = kNone;       // Proposal: one in its past about the same
  Index position = kNone;         // ForkEvidence
  std::uint32_t chain = 0;
  std::uint32_t place = 0;  // in the chain
  std::size_t clock = 0;    // where its clock begins
  std::uint32_t clocks = 0;
  std::uint64_t past_size = 0;  // strict
  std::uint32_t depth = 0;      // longest path from the charter
  std::uint32_t rank = 0;  // greatest rank of a seal in its past or itself (governance.md, Seals)
  Index before = kNone;    // cut of its strict past
  Index after = kNone;     // cut that includes it

  template <class T>
  const T* As() const {
    return std::get_if<T>(&entry.act);
  }
};

// The part of a causally closed set that can change what is in force: its latest entries of the
// kinds that do. Sets that differ in proposals and votes only share a cut.
struct Cut {
  std::vector<Index> heads;  // ascending, none in the past of another
  Clock clock;
};

class Graph {
 public:
  // Any order in which parents come first; the charter is the first. Content does not belong here.
  // kConflict (already there, second charter), kNotFound (a parent), kMalformed (no parent).
  // Time and memory of an entry grow with the number of chains.
  Result<Index> Add(Entry entry);

  std::size_t size() const { return nodes_.size(); }
  const Node& operator[](Index index) const { return nodes_[index]; }
  Index Find(const EntryId& id) const;  // kNone if it is not there
  const EntryId& IdOf(Index index) const { return nodes_[index].entry.id; }
  // Order of entry ids, for ties.
  bool LowerId(Index a, Index b) const { return IdOf(a) < IdOf(b); }

  std::span<const std::uint32_t> ClockOf(Index index) const;  // of its past and itself
  // Whether `of` is `past` or has it in its past.
  bool Covers(Index of, Index past) const;
  bool Covers(const Clock& set, Index past) const;
  bool Precedes(Index past, Index of) const { return past != of && Covers(of, past); }
  // The smallest causally closed set with these entries.
  Clock ClosureOf(std::span<const Index> heads) const;
  Index CutOf(std::span<const Index> heads);  // of ClosureOf
  const Cut& cut(Index index) const { return cuts_[index]; }
  std::size_t cuts() const { return cuts_.size(); }

  // Entries of `set` without those of `but` and its past that can change what is in force;
  // ascending.
  std::vector<Index> Changes(const Clock& set, Index but) const;

  // All entries of `set` without those of `but` and its past; by chain.
  std::vector<Index> Beyond(const Clock& set, Index but) const;

  const std::vector<Index>& seals() const { return seals_; }
  const std::vector<Index>& VotesOn(Index proposal) const { return votes_on_[proposal]; }
  // Proposals that say they take its place, ascending.
  const std::vector<Index>& SuccessorsOf(Index proposal) const;
  const std::vector<Index>& LeavesOf(Index org) const;
  const std::vector<Index>& ForksOf(Index device) const;

  const Numbering<OrgId>& orgs() const { return orgs_; }
  const Numbering<OrgDevice>& devices() const { return devices_; }
  const Numbering<crypto::PublicKey>& keys() const { return keys_; }
  const Numbering<Role>& roles() const { return roles_; }
  const Numbering<Matter>& matters() const { return matters_; }

 private:
  void Place(Node& node, const std::vector<Index>& parents);
  void Resolve(Node& node);
  void ResolveEnact(Node& node, const Enact& enact);
  void ResolveMeasure(Node& node, const Measure& measure);
  void Enlist(Index index);
  bool InPast(const Node& node, Index other) const;  // of a node that has its clock
  Index CutOfHeads(std::vector<Index> heads);

  struct IdHash {
    std::size_t operator()(const EntryId& id) const;
  };
  std::deque<Node> nodes_;
  std::unordered_map<EntryId, Index, IdHash> index_;
  std::vector<std::uint32_t> clocks_;
  std::vector<Index> tips_;                  // of each chain
  std::vector<std::vector<Index>> entries_;  // of each chain
  std::vector<std::vector<Index>> changes_;  // of each chain, ascending
  std::map<std::pair<Index, Index>, std::vector<std::uint32_t>> chains_;  // of each author
  std::deque<Cut> cuts_;
  std::map<std::vector<Index>, Index> cut_index_;
  std::vector<Index> seals_;
  std::vector<std::vector<Index>> votes_on_;
  std::map<Index, std::vector<Index>> leaves_, forks_, successors_;
  Numbering<OrgId> orgs_;
  Numbering<OrgDevice> devices_;
  Numbering<crypto::PublicKey> keys_;
  Numbering<Role> roles_;
  Numbering<Matter> matters_;
  Numbering<ForkPosition> positions_;
};

// Whether entries of that kind are among Graph::Changes.
bool CanChange(const Act& act);

}  // namespace geflecht::governance
