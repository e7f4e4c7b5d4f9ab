// How many votes it takes, in whole numbers (governance.md, Charter and Life of a decision).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "node/governance/entry.h"
#include "node/governance/rule.h"

namespace geflecht::governance {

// One organisation's counted vote, by its number in the graph.
struct Voice {
  std::uint32_t org = 0;
  std::uint32_t vote = 0;  // entry
  Position position = Position::kYes;
};

// A rule applied to an electorate.
struct Requirement {
  RuleKind kind = RuleKind::kMajority;
  std::size_t need = 0;                 // yes; of kVotesCast: all who have voted
  std::vector<std::uint32_t> carriers;  // who must say yes, those of both electorates
};

// `n` active members (or seats), of whom `electors` may vote.
std::size_t VotesNeeded(const Rule& rule, std::string_view matter, std::size_t n,
                        std::size_t electors);

// `voices` has each organisation at most once.
bool Holds(const Requirement& requirement, const std::vector<Voice>& voices);

}  // namespace geflecht::governance
