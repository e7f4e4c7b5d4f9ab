// Changes that have arrived: those that wait for a parent, and those that are ready but not merged
// yet. Merging them together, branch by branch, saves most of the moving between versions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "crdt/change.h"
#include "crdt/engine.h"

namespace geflecht::crdt {

class Inbox {
 public:
  enum class Taken { kReady, kKnown, kWaiting };

  // Takes a change, and makes all ready that waited for it. Changes with one id are one change: the
  // first counts.
  Taken Add(Change&& change, const EventGraph& graph);
  // A change was merged that never lay here: makes all ready that waited for it.
  void Release(const ChangeId& id, const EventGraph& graph);
  // Merges all that are ready.
  void Flush(Engine& engine);

  bool empty() const { return ready_.empty(); }
  std::size_t size() const { return ready_.size(); }
  // The edits of a change that waits or is ready; nullptr for any other.
  std::vector<Edit>* FindEdits(const ChangeId& id);
  bool IsWaiting(const ChangeId& id) const { return waiting_.contains(id); }
  std::vector<ChangeId> Waiting() const;

 private:
  std::uint32_t FindReady(const ChangeId& id) const;
  // Finds the parents; nullptr, or one that is not here.
  const ChangeId* MissingParent(const Change& change, const EventGraph& graph);
  void Put(Change&& change);  // whose parents were found just now
  std::vector<std::uint32_t> Order() const;
  void FindParents(const EventGraph& graph, std::uint32_t number, std::size_t begin);
  void FlushMany(Engine& engine);

  std::vector<Change> ready_;
  IdTable ready_table_;
  // The parents of all that are ready, one after the other: their places in `ready_`, or
  // IdTable::kNone for a merged one.
  std::vector<std::uint32_t> parents_;
  std::vector<std::uint32_t> found_;  // the same of the change that is looked at
  std::vector<Node> nodes_;           // of those that are merged now, by place
  std::vector<Node> merged_parents_;
  std::map<ChangeId, Change> waiting_;
  std::multimap<ChangeId, ChangeId> waits_for_;  // missing parent -> waiting change
};

}  // namespace geflecht::crdt
