// How the votes on a proposal stand: what a certificate would say that is written now. For screens
// and for nodes that write certificates; whether one is valid is judged by evaluate() alone.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "node/governance/evaluate.h"

namespace geflecht::governance {

struct Ballot {
  struct Terms {  // by the state in front of the proposal, and by the present one
    Rule rule;
    std::size_t n = 0;        // organisations that count, with the subject
    std::size_t need = 0;     // yes; of kVotesCast: all who have voted
    std::vector<OrgId> orgs;  // who may vote, ascending
  };
  struct Cast {
    OrgId org;
    EntryId vote;
    Position position = Position::kYes;
  };
  Terms then, now;
  std::vector<OrgId> electors;  // of both: their votes count
  std::vector<Cast> cast;       // the latest vote of each elector, ascending by organisation
  std::vector<OrgId> silent;    // electors whose latest votes contradict each other
  bool voided = false;          // the proposal, by a seal: its author's node repeats it
  bool holds = false;           // by both terms
  bool provisional = false;     // one of the rules counts absence
  std::vector<EntryId> listed;  // what a certificate written now lists

  std::size_t CountOf(Position position) const;
};

// kNotFound if there is no such proposal.
Result<Ballot> BallotOn(Evaluator& evaluator, const EntryId& proposal);

// Whether an effective decision meets the rule of another matter too, one without an effect: by the
// votes that one of its valid certificates lists, in the state at the proposal and at the
// certificate. Under a rule that counts absence it has to be sealed, and all votes in the seal's
// past count.
bool MeetsRuleOf(Evaluator& evaluator, const EntryId& proposal, const Matter& matter);

}  // namespace geflecht::governance
