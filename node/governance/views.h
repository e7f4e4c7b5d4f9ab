// What is in force at any point of the graph, under a chain of seals: each question is answered
// once. Governance.md calls it knowledge (certificates on their own past), belief (which decisions
// of a set are effective) and presence (who is there by them).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "node/governance/graph.h"
#include "node/governance/powers.h"
#include "node/governance/tally.h"

namespace geflecht::governance {

// Whether and on whose votes an enact is valid.
struct Certificate {
  bool valid = false;
  bool provisional = false;  // one of the two rules counts absence
  Requirement at_proposal, at_enact;
  std::vector<Index> electors;  // of both electorates
  std::vector<Voice> voices;    // counted votes, of electors only
};

// A proposal with valid certificates that no seal has closed before.
struct Candidate {
  Index proposal = kNone;
  std::vector<Index> enacts;  // valid, by (size of past, id)
  bool effective = false;
  bool provisional = false;  // not judged yet
  std::uint64_t number = 0;
};

// A decision that gives something; the charter's has no proposal.
struct Grant {
  Index proposal = kNone;
  std::vector<Index> enacts;
};
struct RuleGrant {
  Grant grant;
  Index matter = kNone;
  const Rule* rule = nullptr;
};
struct RootGrant {
  Grant grant;
  Index org = kNone;
  Index root = kNone;
};
struct DeviceGrant {
  Index device = kNone;
  Index root = kNone;
  std::vector<Index> forks;  // positions of proven forks outside its past
};

// What takes something away: the enacts of one decision, or one leave or revocation.
struct Removal {
  std::pair<Index, Index> of;
  std::vector<Index> enacts;
};
struct Removals {
  std::vector<Removal> members, leaves, activity, roles, devices;
};

// Everything that is in force in a set, and what is needed to go on from there.
struct Outcome {
  Powers powers;
  std::vector<Index> reactivable;              // members by whose adds activity is there, ascending
  std::vector<std::pair<Index, Index>> roles;  // also of former members
  std::vector<RuleGrant> rules;                // none superseded
  std::vector<RootGrant> roots;                // none superseded
  std::vector<DeviceGrant> devices;            // not revoked
  std::vector<Index> certified;                // devices that ever were, ascending
  std::vector<Index> suspended;                // by forks, ascending
  std::vector<Candidate> candidates;           // since the last seal, by proposal
  Removals removals;                           // since the last seal
  std::uint64_t numbers = 0;                   // given so far
};

class Views {
 public:
  explicit Views(Graph& graph) : graph_(graph) {}

  // Before anything else is asked about `seal` as part of a chain. The charter has none.
  void SetPredecessor(Index seal, Index predecessor);
  Index Predecessor(Index seal) const { return predecessors_.at(seal); }

  // A chain of seals is named by its last content, `chain`; 0 is the charter.
  // The last content of the chain in the strict past of `entry`.
  Index LastBefore(Index entry, Index chain) const;
  Index LastIn(const Clock& set, Index chain) const;
  // Concurrent with a content of the chain, and of a kind that this makes void.
  bool IsVoid(Index entry, Index chain) const;

  // What is in force where `entry` was written.
  const Powers& Before(Index entry, Index chain);
  const Powers& At(Index cut, Index chain);
  // Whether the author's device was certified there, or its root key in force.
  bool IsCertified(Index entry, Index chain);
  // `chain` lies in the past of `enact`.
  const Certificate& CertificateOf(Index enact, Index chain);
  // The latest vote of each organisation in `set`, without those that contradict themselves.
  std::vector<Voice> Count(Index proposal, const Clock& set, Index chain);
  // With provisional decisions judged: what the chain fixes for ever.
  const Outcome& Sealed(Index chain);
  // Of a set that contains `chain`. `judge`: provisional decisions are decided on all votes there.
  Outcome Build(const Clock& set, Index chain, bool judge);
  // Whether a seal of the chain has decided on it.
  bool IsClosed(Index proposal, Index chain);

 private:
  Certificate Judge(Index enact, Index chain);
  // Of a removal or inactivation: more than half of the last seal's active members stay active or
  // are gone by their own leave, also when what is provisional in the enact's past takes effect.
  bool LeavesMoreThanHalf(Index enact, Index chain);
  std::unique_ptr<Outcome> Found();

  Graph& graph_;
  std::map<Index, Index> predecessors_;
  std::vector<std::vector<std::pair<Index, std::unique_ptr<Powers>>>> powers_;  // by cut
  std::unordered_map<std::uint64_t, Certificate> certificates_;                 // enact, chain
  std::map<Index, std::unique_ptr<Outcome>> sealed_;
};

}  // namespace geflecht::governance
