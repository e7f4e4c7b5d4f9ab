// evaluate(P): the state of a network as a pure function of a causally closed set of entries
// (governance.md). The same set gives the same state in whatever order it arrived.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/governance/graph.h"
#include "node/governance/seals.h"
#include "node/governance/state.h"
#include "node/governance/views.h"

namespace geflecht::governance {

// Holds the entries of one network and what was computed from them. Not movable: its parts refer to
// one another. One thread.
class Evaluator {
 public:
  Evaluator() : views_(graph_), seals_(graph_, views_) {}
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  // Any order in which parents and basis come first; the charter is the first entry of all.
  // kConflict (already there, or a second charter), kNotFound (something it refers to as its past),
  // kMalformed (no past).
  Result<void> Add(Entry entry);
  bool Has(const EntryId& id) const;

  // Of all entries. Valid until the next call of Add or Evaluate.
  const State& Evaluate();
  // Of these root-space entries and their past, without Content. kNotFound.
  Result<State> Evaluate(const std::vector<EntryId>& heads);

  // Whether `device` may write in `space` (as Content::space) in the state of `basis` and its past.
  // kNotFound.
  Result<bool> EntitledAt(const std::vector<EntryId>& basis, const OrgDevice& device,
                          std::string_view space);

  // Whether `device` may write in `space`, which a decision has founded, in that state. kNotFound.
  Result<bool> HasSeatAt(const std::vector<EntryId>& basis, const OrgDevice& device,
                         const log::SpaceId& space);

  // Whether `seal` is one of the contents of the chain in the state of `basis` and its past.
  // kNotFound.
  Result<bool> IsSealedAt(const std::vector<EntryId>& basis, const EntryId& seal) const;

  // What a vote of `org` for `seal` would add to those that are here. kNotFound.
  Result<Seals::Weight> WeightOfVote(const EntryId& seal, const OrgId& org) const;
  // Who may do what in the state of these entries and their past; valid as long as this object.
  Result<const Powers*> PowersAt(const std::vector<EntryId>& heads);
  const Powers& PresentPowers();  // of all entries

  // Of the root space's entries.
  const Graph& graph() const { return graph_; }

 private:
  struct ContentNode {
    EntryId id;
    std::vector<std::size_t> parents;
    std::vector<Index> basis;
    Index org, device;
    std::string space;
  };
  Result<void> AddContent(const Entry& entry, const Content& content);
  bool IsEntitled(const Powers& powers, Index org, Index device, std::string_view space) const;
  const Powers& PowersAt(const std::vector<Index>& basis);
  State Describe(const Clock& set, const std::vector<Index>& heads);
  void DescribeDecisions(const Outcome& outcome, Index chain, State& state);
  void FollowVoid(Index chain);
  void FollowDecisions(Index chain);
  void DescribeAlarms(const Outcome& outcome, const Clock& set, State& state) const;
  void DescribeContent(const Outcome& outcome, State& state);

  Graph graph_;
  Views views_;
  Seals seals_;
  std::vector<ContentNode> contents_;
  std::map<EntryId, std::size_t> content_index_;
  Clock all_;
  std::vector<Index> heads_;  // entries that none has in its past
  // What grows with the chain only, of all entries: nothing is described twice.
  Index void_chain_ = 0;
  Index void_upto_ = 0;
  std::vector<EntryId> void_;  // ascending
  Index decisions_chain_ = 0;
  std::vector<Decision> decisions_;  // closed by a seal, ascending
  std::optional<State> present_;
};

}  // namespace geflecht::governance
