// Belief: which decisions of a set are effective (governance.md, evaluate(P)).
#include "node/governance/belief.h"

#include <algorithm>
#include <utility>

namespace geflecht::governance {
namespace {

class Belief {
 public:
  Belief(Views& views, const Graph& graph, const Clock& set, Index chain, bool judge)
      : views_(views), graph_(graph), set_(set), chain_(chain), judge_(judge) {}

  void Decide(std::vector<Candidate>& candidates) {
    for (Candidate& candidate : candidates) {
      if (!Is<Remove>(candidate)) continue;
      candidate.effective =
          std::any_of(candidate.enacts.begin(), candidate.enacts.end(),
                      [&](Index enact) { return StillHolds(candidate.proposal, enact, false); });
      if (candidate.effective) removals_.push_back(&candidate);
    }
    std::vector<std::pair<Index, Candidate*>> enacts;
    for (Candidate& candidate : candidates)
      if (!Is<Remove>(candidate))
        for (const Index enact : candidate.enacts) enacts.emplace_back(enact, &candidate);
    // What an enact rests on has a smaller number.
    std::sort(enacts.begin(), enacts.end());
    for (const auto& [enact, candidate] : enacts) {
      if (!StillHolds(candidate->proposal, enact, true)) continue;
      candidate->effective = true;
      if (Is<Admit>(*candidate)) admissions_.emplace_back(SubjectOf(*candidate), enact);
    }
    if (judge_) return;
    for (Candidate& candidate : candidates)
      candidate.provisional =
          !candidate.effective &&
          std::any_of(candidate.enacts.begin(), candidate.enacts.end(),
                      [&](Index enact) { return views_.CertificateOf(enact, chain_).provisional; });
  }

 private:
  template <class M>
  bool Is(const Candidate& candidate) const {
    return std::holds_alternative<M>(graph_[candidate.proposal].As<Proposal>()->measure);
  }
  Index SubjectOf(const Candidate& candidate) const {
    return graph_[candidate.proposal].subject.org;
  }

  bool IsLost(const Voice& voice) const {
    bool removed = false;
    for (const Candidate* const removal : removals_) {
      if (SubjectOf(*removal) != voice.org) continue;
      if (IsKnownTo(voice.vote, removal->enacts)) {
        removed = true;
      } else if (ConcurrentWith(removal->enacts, voice.vote)) {
        return true;
      }
    }
    for (Index k = chain_; k != 0 && !graph_.Precedes(k, voice.vote); k = views_.Predecessor(k))
      for (const Removal& removal : views_.Sealed(k).removals.members)
        if (removal.of.first == voice.org && !IsKnownTo(voice.vote, removal.enacts) &&
            ConcurrentWith(removal.enacts, voice.vote))
          return true;
    if (!removed && !LeftBefore(voice) && views_.Sealed(chain_).powers.Find(voice.org) != nullptr)
      return false;
    return std::none_of(admissions_.begin(), admissions_.end(), [&](const auto& admission) {
      return admission.first == voice.org && graph_.Precedes(admission.second, voice.vote);
    });
  }

  // Whoever voted had been admitted again behind the removal: a later certificate of it, which
  // anybody may post, takes nothing back.
  bool IsKnownTo(Index vote, const std::vector<Index>& enacts) const {
    return std::any_of(enacts.begin(), enacts.end(),
                       [&](Index enact) { return graph_.Precedes(enact, vote); });
  }

  bool ConcurrentWith(const std::vector<Index>& enacts, Index vote) const {
    return std::any_of(enacts.begin(), enacts.end(), [&](Index enact) {
      return !graph_.Precedes(enact, vote) && !graph_.Precedes(vote, enact);
    });
  }

  bool LeftBefore(const Voice& voice) const {
    const auto& leaves = graph_.LeavesOf(voice.org);
    return std::any_of(leaves.begin(), leaves.end(), [&](Index leave) {
      return graph_.Precedes(leave, voice.vote) && !graph_.Precedes(leave, chain_) &&
             views_.IsCertified(leave, chain_);
    });
  }

  bool StillHolds(Index proposal, Index enact, bool loses) {
    const Certificate& certificate = views_.CertificateOf(enact, chain_);
    if (certificate.provisional && !judge_) return false;
    std::vector<Voice> voices = certificate.voices;
    if (certificate.provisional) {
      voices = views_.Count(proposal, set_, chain_);
      std::erase_if(voices, [&](const Voice& voice) {
        return !std::binary_search(certificate.electors.begin(), certificate.electors.end(),
                                   voice.org);
      });
    }
    if (loses) std::erase_if(voices, [&](const Voice& voice) { return IsLost(voice); });
    return Holds(certificate.at_proposal, voices) && Holds(certificate.at_enact, voices);
  }

  Views& views_;
  const Graph& graph_;
  const Clock& set_;
  const Index chain_;
  const bool judge_;
  std::vector<const Candidate*> removals_;           // effective
  std::vector<std::pair<Index, Index>> admissions_;  // organisation, enact that holds
};

}  // namespace

void Believe(Views& views, const Graph& graph, const Clock& set, Index chain, bool judge,
             std::vector<Candidate>& candidates) {
  Belief(views, graph, set, chain, judge).Decide(candidates);
}

}  // namespace geflecht::governance
