// Random histories of one document: sites that edit everything that a document can hold, and hear
// of each other late. Made with the oracle, so that they do not depend on the engine under test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/rng.h"
#include "crdt/change.h"
#include "crdt/schema.h"
#include "tests/oracle/document.h"

namespace geflecht::crdt {

struct HistoryShape {
  int sites = 5;
  std::uint64_t actions_max = 300;
  bool text_only = false;  // insertions and removals in one text
  bool has_marks = true;   // marks and block markers
  bool has_moves = true;   // settings and moves of items
  bool has_trees = true;
  std::string focus = "/notes";  // where two of three edits are made
  std::uint64_t keep = 0;        // how many states to note down
};

struct History {
  std::vector<Change> changes;  // parents first
  std::uint64_t actions = 0;
  struct Moment {
    Heads heads;
    std::string state;  // as oracle::Describe
  };
  std::vector<Moment> moments;
};

// A declared field of each type, two plain ones among them.
const Schema& HistorySchema();
AgentId HistoryAgent(std::uint64_t site);

History MakeHistory(Random& random, const HistoryShape& shape);

// A random edit that fits, or mostly does, on top of everything that `site` has.
Edit RandomEdit(oracle::Document& site, Random& random, const HistoryShape& shape);

// What a node may learn of a history, one by one and in any order: changes with parts of their
// content, more of it, less of it for ever, and that some do not count.
struct Facts {
  std::vector<Change> changes;  // several of one id; all content comes at last
  std::vector<ChangeId> excluded;
  std::size_t erased = 0;
};
Facts MakeFacts(const History& history, Random& random);

// What `changes` leave in the oracle, applied in the order given.
std::string OracleState(const std::vector<Change>& changes);

template <class T>
void Shuffle(std::vector<T>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i)
    std::swap(items[i - 1], items[static_cast<std::size_t>(random.Below(i))]);
}

}  // namespace geflecht::crdt
