// Belief: which decisions of a set are effective (governance.md, evaluate(P)).
#include "node/governance/belief.h"

#include <algorithm>

namespace geflecht::governance {
namespace {

class Belief {
 public:
  Belief(Views& views, const Graph& graph, const Clock& set, Index chain, bool judge)
      : views_(views), graph_(graph), set_(set), chain_(chain), judge_(judge) {}

  void Decide(std::vector<Candidate>& candidates) {
    for (Candidate& candidate : candidates)
      if (Is<Remove>(candidate)) Remember(candidate);
    for (Candidate& candidate : candidates) {
      if (Is<Remove>(candidate)) continue;
      candidate.effective = StillHolds(candidate, true);
      if (Is<Admit>(candidate)) admissions_.push_back(&candidate);
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

  void Remember(Candidate& removal) {
    removal.effective = StillHolds(removal, false);
    if (removal.effective) removals_.push_back(&removal);
  }

  bool IsLost(const Voice& voice) const {
    for (const Candidate* const removal : removals_) {
      if (SubjectOf(*removal) != voice.org) continue;
      for (const Index enact : removal->enacts)
        if (!graph_.Precedes(enact, voice.vote) && !graph_.Precedes(voice.vote, enact)) return true;
    }
    if (views_.Sealed(chain_).powers.Find(voice.org) != nullptr) return false;
    bool any = false;
    for (const Candidate* const admission : admissions_) {
      if (SubjectOf(*admission) != voice.org) continue;
      if (admission->effective) return false;
      any = true;
    }
    return any;
  }

  bool StillHolds(const Candidate& candidate, bool loses) {
    return std::any_of(candidate.enacts.begin(), candidate.enacts.end(), [&](Index enact) {
      const Certificate& certificate = views_.CertificateOf(enact, chain_);
      if (certificate.provisional && !judge_) return false;
      std::vector<Voice> voices = certificate.voices;
      if (certificate.provisional) {
        voices = views_.Count(candidate.proposal, set_, chain_);
        std::erase_if(voices, [&](const Voice& voice) {
          return !std::binary_search(certificate.electors.begin(), certificate.electors.end(),
                                     voice.org);
        });
      }
      if (loses) std::erase_if(voices, [&](const Voice& voice) { return IsLost(voice); });
      return Holds(certificate.at_proposal, voices) && Holds(certificate.at_enact, voices);
    });
  }

  Views& views_;
  const Graph& graph_;
  const Clock& set_;
  const Index chain_;
  const bool judge_;
  std::vector<const Candidate*> removals_;    // effective
  std::vector<const Candidate*> admissions_;  // decided so far
};

}  // namespace

void Believe(Views& views, const Graph& graph, const Clock& set, Index chain, bool judge,
             std::vector<Candidate>& candidates) {
  Belief(views, graph, set, chain, judge).Decide(candidates);
}

}  // namespace geflecht::governance
