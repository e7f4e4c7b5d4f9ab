// The event graph of the changes that have been merged: causality by dense numbers, run-length
// coded. A run is a stretch of changes of one agent, each made on the one in front of it alone.
//
// Gentle and Kleppmann, Collaborative Text Editing with Eg-walker, EuroSys 2025, sections 3.3 and
// 3.5 (differences of versions, critical versions).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "crdt/id_table.h"
#include "crdt/value.h"

namespace geflecht::crdt {

// Number of a change in the order in which changes were merged here; parents have lower numbers
// than their children. Differs from node to node.
using Node = std::uint32_t;
inline constexpr Node kNoNode = 0xFFFFFFFF;

// Changes from `first` up to and without `end`.
struct NodeRange {
  Node first = 0, end = 0;
  bool operator==(const NodeRange&) const = default;
};

class EventGraph {
 public:
  struct Run {
    Node first = 0;
    std::uint32_t agent = 0;    // number of the agent
    std::uint64_t depth = 0;    // of the first change: one more than its deepest parent
    std::uint32_t parents = 0;  // of the first change: begin in the table of parents
    std::uint32_t parent_count = 0;
  };

  // Makes room for `more` changes.
  void Reserve(std::size_t more) {
    if (more < ids_.size() / 8) return;
    ids_.reserve(ids_.size() + more);
    table_.Reserve(more);
  }
  // A change will be looked for or added soon.
  void Fetch(const ChangeId& id) const { table_.Fetch(id); }
  // Adds a change whose parents are here. `parents` ascending, none twice. The change is not here.
  Node Append(const ChangeId& id, const AgentId& agent, std::span<const Node> parents);

  std::size_t size() const { return ids_.size(); }
  const ChangeId& id(Node node) const { return ids_[node]; }
  const AgentId& agent(Node node) const { return agents_[RunOf(node).agent]; }
  std::uint64_t depth(Node node) const;
  // The parents, ascending. `own` holds the one parent of a change inside a run.
  std::span<const Node> Parents(Node node, Node& own) const;
  std::optional<Node> Find(const ChangeId& id) const;
  // Ascending.
  const std::vector<Node>& heads() const { return heads_; }
  std::uint32_t AgentOf(Node node) const { return RunOf(node).agent; }
  bool AgentLess(std::uint32_t left, std::uint32_t right) const {
    if (agent_keys_[left] != agent_keys_[right]) return agent_keys_[left] < agent_keys_[right];
    return agents_[left] < agents_[right];
  }
  // Whether the writer of the first change comes before that of the second: by agent, then by id.
  bool WriterLess(Node left, Node right) const;

  // Whether `change` lies in the causal past of `other` or is it.
  bool Contains(Node other, Node change) const;
  // The same for the past of any of `others`, ascending.
  bool Contains(std::span<const Node> others, Node change) const;

  // The same where it is known without going through the graph; nothing elsewhere.
  std::optional<bool> ContainsAtOnce(std::span<const Node> others, Node change) const;

  // What only one of two causal pasts holds, the versions themselves included. Descending.
  struct Difference {
    std::vector<NodeRange> only_left, only_right;
  };
  void Diff(std::span<const Node> left, std::span<const Node> right, Difference& out) const;

  // The last change at or in front of `node` that every other change has in its past or is in the
  // past of; kNoNode if there is none.
  Node LastCritical(Node node) const;

  // For reading and writing of files: all runs, and the changes of one.
  const std::vector<Run>& runs() const { return runs_; }
  NodeRange Range(std::size_t run) const;
  // The run that `node` lies in.
  NodeRange RangeOf(Node node) const { return Range(RunIndex(node)); }
  const std::vector<AgentId>& agents() const { return agents_; }
  std::span<const Node> ParentsOfRun(std::size_t run) const {
    return std::span(parents_).subspan(runs_[run].parents, runs_[run].parent_count);
  }

 private:
  const Run& RunOf(Node node) const { return runs_[RunIndex(node)]; }
  std::size_t RunIndex(Node node) const;
  std::uint32_t AgentNumber(const AgentId& agent);
  bool Search(std::span<const Node> others, Node change) const;

  std::vector<ChangeId> ids_;
  IdTable table_;
  std::vector<Run> runs_;
  std::vector<Node> parents_;
  std::vector<AgentId> agents_;
  std::vector<std::uint64_t> agent_keys_;  // their first eight bytes, most significant first
  std::vector<std::uint32_t> agents_by_id_;
  std::vector<Node> heads_;
  std::vector<NodeRange> critical_;  // ascending, not adjacent
};

}  // namespace geflecht::crdt
