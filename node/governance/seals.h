// Seals: two rounds of votes, as in Casper FFG (Buterin and Griffith 2017, arXiv:1710.09437) and
// Tendermint (Buchman, Kwon, Milosevic 2018, arXiv:1807.04938), and the chain of what they seal
// (governance.md, Seals).
#pragma once

#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "node/governance/views.h"

namespace geflecht::governance {

class Seals {
 public:
  Seals(Graph& graph, Views& views) : graph_(graph), views_(views) {}

  // After each entry that has been added to the graph, in the same order.
  void Add(Index entry);

  // The last content of the chain in `set`. `heads` are entries of `set` of which each other one is
  // in the past, or some of them: the chains that they know spare the way from the charter.
  Index ChainOf(const Clock& set, std::span<const Index> heads) const;
  struct Rivals {
    std::vector<Index> contents;  // the winner first
  };
  // Along the chain of `set`.
  std::vector<Rivals> RivalsIn(const Clock& set) const;
  // What a vote of `org` for `seal` adds that has all of `set` in its past: nothing if it is not
  // among those who sign, or if its votes in `set` say as much already.
  enum class Weight { kNothing, kFirst, kSecond };
  Weight WeightOfVote(Index seal, Index org, const Clock& set) const;
  // Organisation -> seals that it voted for in misconduct, all votes in `set`; ascending by number.
  std::map<Index, std::vector<Index>> DoubleSigners(const Clock& set) const;

 private:
  void AddSeal(Index seal);
  void AddVote(Index vote);
  Index ChainBefore(Index entry) const;
  struct SealVoteInfo {
    Index vote;
    Index org;
    bool second;
  };
  struct Info {
    Index content = kNone;
    std::vector<Index> members;       // M, ascending
    std::vector<Index> present;       // K, ascending
    std::size_t left = 0;             // of M, by themselves
    std::vector<SealVoteInfo> votes;  // certified ones of organisations in K
  };
  bool IsEnough(const Info& info, const std::vector<Index>& signers) const;
  std::vector<Index> Signers(const Info& info, const Clock& set, bool second_only) const;
  Index ContentOf(Index seal, Index predecessor) const;
  // Contents of effective seals with this predecessor, the best first.
  std::vector<Index> Contents(Index predecessor, const Clock& set) const;
  std::size_t HonestSigners(Index predecessor, Index content, const Clock& set) const;

  Graph& graph_;
  Views& views_;
  std::vector<Index> known_;  // of each entry: the last content of the chain that it knows
  std::map<Index, std::uint32_t> height_;       // of a seal: contents from the charter up to it
  std::map<Index, std::set<Index>> effective_;  // predecessor -> contents of effective seals
  bool contested_ = false;                      // a predecessor has more than one
  std::map<Index, Info> seals_;
  std::map<Index, std::vector<Index>> followers_;  // predecessor -> seals, ascending
  std::map<Index, std::vector<Index>> votes_of_;   // organisation -> its certified seal-votes
  std::map<Index, std::vector<std::pair<Index, Index>>> misconduct_;  // organisation -> votes
};

}  // namespace geflecht::governance
