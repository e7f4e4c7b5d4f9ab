// What a state shows once the excluded changes are left out (docs/formats/change.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/oracle/state.h"

namespace geflecht::crdt::oracle {

struct Span {
  std::u32string text;
  std::map<std::string, Value> marks;
  std::optional<std::map<std::string, Value>> block;  // of a block marker, which stands alone
  std::optional<Gap> gap;
  bool operator==(const Span&) const = default;
};

// Several edits that met: the winner first.
struct Contest {
  ContainerId node;  // of a tree; of a list's item its number instead
  std::size_t item = 0;
  std::vector<Stamp> edits;
};

struct TreeNode {
  ContainerId id, parent;
  std::string order;
};
struct Tree {
  std::vector<TreeNode> nodes;    // visible ones, parents first, siblings in order
  std::vector<Stamp> cycles;      // moves without effect, the earlier first
  std::vector<Stamp> kept;        // removals without effect, the earlier first
  std::vector<Contest> contests;  // by node
};

struct Side {
  AgentId agent;
  std::vector<ChangeId> changes;
  std::u32string inserted, removed;
};
struct Passage {
  ContainerId text;
  std::uint64_t position = 0, length = 0;
  std::vector<Side> sides;
};

// A stretch of a text: what one version shows and another does not, or both.
struct Difference {
  enum class Kind : std::uint8_t { kKept, kInserted, kRemoved };
  Kind kind = Kind::kKept;
  std::u32string text;
  ChangeId author;  // that inserted it
  bool operator==(const Difference&) const = default;
};

class Reader {
 public:
  // Both outlive it.
  Reader(const State& state, const std::set<ChangeId>& excluded);

  const State& state() const { return state_; }
  bool Counts(const Stamp& by) const { return !excluded_[by.writer]; }
  bool Counts(Node writer) const { return !excluded_[writer]; }

  // The standing writings of a key, the shown one first, each value once.
  std::vector<Written> Register(const Container& map, const std::string& key) const;
  // Visible items in order, and what one holds.
  std::vector<std::size_t> Items(const Container& list) const;
  std::vector<Written> ItemRegister(const ListItem& item) const;
  std::vector<Contest> Moves(const Container& list) const;
  // Visible elements in order.
  std::vector<Sequence::Item> Elements(const Container& text) const;
  std::vector<Span> Spans(const Container& text) const;
  std::vector<Passage> Passages(const Container& text) const;
  // From what the changes `from` and their past leave to what `to` and its past leave.
  std::vector<Difference> Diff(const Container& text, const Heads& from, const Heads& to) const;
  // Who inserted what is visible, each author's stretches joined.
  std::vector<Difference> Blame(const Container& text) const;
  std::int64_t Sum(const Container& counter) const;
  oracle::Tree Tree(const Container& tree) const;

 private:
  struct Ground;
  struct Run;
  struct Meeting;
  struct TreeEdits;
  struct TreePlace;

  Ground GroundOf(const Container& text) const;
  static std::vector<Run> Runs(const Ground& ground);
  bool IsSettled(const Ground& ground, const Meeting& meeting) const;
  std::vector<Meeting> Meetings(const Ground& ground) const;
  TreeEdits EditsOf(const Container& tree) const;
  // Where each node stands after all edits; `out` gets those without effect.
  std::map<ContainerId, TreePlace> Perform(const TreeEdits& of, oracle::Tree& out) const;
  bool IsVisible(const Point& point) const;
  bool IsVisibleAt(const Point& point, const std::vector<bool>& version) const;
  std::vector<bool> Version(const Heads& heads) const;
  const std::vector<std::size_t>& Places(const Container& text) const;
  bool Covers(const Container& text, const MarkSpan& mark, Sequence::Item item) const;
  bool Stands(const Written& one, const std::vector<Written>& all) const;
  void SortWritings(std::vector<Written>& writings) const;
  std::map<std::string, Value> Attributes(const Point& point) const;

  const State& state_;
  std::vector<bool> excluded_;
  mutable std::map<ContainerId, std::vector<std::size_t>> places_;
};

}  // namespace geflecht::crdt::oracle
