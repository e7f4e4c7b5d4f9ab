// Belief: which decisions of a set are effective (governance.md, evaluate(P)).
#include "node/governance/belief.h"

#include <algorithm>
#include <map>
#include <optional>
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
      if (candidate.effective) removals_[SubjectOf(candidate)].push_back(&candidate);
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
      if (Is<Admit>(*candidate)) admissions_[SubjectOf(*candidate)].push_back(enact);
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

  // Whether nothing that is known can take back a vote of the organisation.
  bool IsUntouched(Index org) {
    if (untouched_.empty()) untouched_.resize(graph_.orgs().size());
    std::optional<bool>& known = untouched_[org];
    if (!known) {
      known = !removals_.contains(org) && graph_.LeavesOf(org).empty() &&
              views_.Sealed(chain_).powers.Find(org) != nullptr;
      for (Index k = chain_; *known && k != 0; k = views_.Predecessor(k))
        for (const Removal& removal : views_.Sealed(k).removals.members)
          if (removal.of.first == org) known = false;
    }
    return *known;
  }

  bool IsLost(const Voice& voice) {
    if (IsUntouched(voice.org)) return false;
    bool removed = false;
    if (const auto own = removals_.find(voice.org); own != removals_.end())
      for (const Candidate* const removal : own->second) {
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
    const auto own = admissions_.find(voice.org);
    return own == admissions_.end() ||
           std::none_of(own->second.begin(), own->second.end(),
                        [&](Index enact) { return graph_.Precedes(enact, voice.vote); });
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
    // A valid certificate holds on its own votes.
    if (!certificate.provisional &&
        (!loses || std::all_of(certificate.voices.begin(), certificate.voices.end(),
                               [&](const Voice& voice) { return IsUntouched(voice.org); })))
      return true;
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
  std::vector<std::optional<bool>> untouched_;  // by organisation
  // Of each organisation.
  std::map<Index, std::vector<const Candidate*>> removals_;  // effective
  std::map<Index, std::vector<Index>> admissions_;           // enacts that hold
};

}  // namespace

void Believe(Views& views, const Graph& graph, const Clock& set, Index chain, bool judge,
             std::vector<Candidate>& candidates) {
  Belief(views, graph, set, chain, judge).Decide(candidates);
}

}  // namespace geflecht::governance
