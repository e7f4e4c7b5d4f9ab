#include <algorithm>

#include "node/governance/belief.h"
#include "node/governance/presence.h"
#include "node/governance/views.h"

namespace geflecht::governance {
namespace {

// Numbers by (longest path from the charter, id).
void Number(const Graph& graph, Outcome& outcome) {
  std::vector<Candidate*> effective;
  for (Candidate& candidate : outcome.candidates)
    if (candidate.effective) effective.push_back(&candidate);
  std::sort(effective.begin(), effective.end(), [&](const Candidate* a, const Candidate* b) {
    const auto depth_a = graph[a->proposal].depth;
    const auto depth_b = graph[b->proposal].depth;
    return depth_a != depth_b ? depth_a < depth_b : graph.LowerId(a->proposal, b->proposal);
  });
  for (Candidate* const candidate : effective) candidate->number = ++outcome.numbers;
}

}  // namespace

Outcome Views::Build(const Clock& set, Index chain, bool judge) {
  const Outcome& sealed = Sealed(chain);
  const std::vector<Index> changes = graph_.Changes(set, chain);
  // In causal order, so that each question finds the answers that it needs, however deep the graph.
  for (const Index change : changes) {
    const Act& act = graph_[change].entry.act;
    if (std::holds_alternative<Enact>(act)) CertificateOf(change, LastBefore(change, chain));
    if (std::holds_alternative<Leave>(act) || std::holds_alternative<RevokeDevice>(act))
      IsCertified(change, chain);
  }
  Outcome outcome = sealed;
  outcome.candidates.clear();
  outcome.removals = {};
  std::map<Index, std::size_t> at;
  for (const Index change : changes) {
    if (graph_[change].As<Enact>() == nullptr || IsVoid(change, chain)) continue;
    const Index proposal = graph_[change].about;
    if (!CertificateOf(change, chain).valid || IsClosed(proposal, chain)) continue;
    const auto [known, fresh] = at.try_emplace(proposal, outcome.candidates.size());
    if (fresh) outcome.candidates.push_back({proposal, {}, false, false, 0});
    outcome.candidates[known->second].enacts.push_back(change);
  }
  const auto earlier = [&](Index a, Index b) {
    const auto size_a = graph_[a].past_size;
    const auto size_b = graph_[b].past_size;
    return size_a != size_b ? size_a < size_b : graph_.LowerId(a, b);
  };
  for (Candidate& candidate : outcome.candidates)
    std::sort(candidate.enacts.begin(), candidate.enacts.end(), earlier);
  std::sort(outcome.candidates.begin(), outcome.candidates.end(),
            [&](const Candidate& a, const Candidate& b) {
              return earlier(a.enacts.front(), b.enacts.front());
            });
  Believe(*this, graph_, set, chain, judge, outcome.candidates);
  Appear(*this, graph_, set, changes, chain, outcome);
  if (judge) Number(graph_, outcome);
  std::sort(outcome.candidates.begin(), outcome.candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.proposal < b.proposal; });
  return outcome;
}

}  // namespace geflecht::governance
