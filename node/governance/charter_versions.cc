#include "node/governance/charter_versions.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"

namespace geflecht::governance {
namespace {

bool ChangesTheCharter(const Measure& measure) {
  if (std::holds_alternative<ChangeRule>(measure)) return true;
  const auto* resolve = std::get_if<Resolve>(&measure);
  return resolve != nullptr && resolve->matter == kRule;
}

}  // namespace

std::vector<CharterVersion> CharterVersions(Evaluator& evaluator) {
  const State& state = evaluator.Evaluate();
  const Graph& graph = evaluator.graph();
  CHECK(graph.size() > 0);
  const auto earlier = [&](const EntryId& a, const EntryId& b) {
    const std::uint64_t size_a = graph[graph.Find(a)].past_size;
    const std::uint64_t size_b = graph[graph.Find(b)].past_size;
    return std::tie(size_a, a) < std::tie(size_b, b);
  };
  const auto place = [&](const std::optional<EntryId>& seal) {
    return seal ? std::find(state.seals.begin(), state.seals.end(), *seal) : state.seals.end();
  };
  std::vector<CharterVersion> versions;
  for (const Decision& decision : state.decisions) {
    if (decision.verdict != Verdict::kEffective) continue;
    const auto* proposal = graph[graph.Find(decision.proposal)].As<Proposal>();
    if (!ChangesTheCharter(proposal->measure)) continue;
    const auto first = std::min_element(decision.enacts.begin(), decision.enacts.end(), earlier);
    versions.push_back({decision.proposal, *first, decision.seal, decision.number});
  }
  std::sort(versions.begin(), versions.end(),
            [&](const CharterVersion& a, const CharterVersion& b) {
              const auto at_a = place(a.seal);
              const auto at_b = place(b.seal);
              return at_a != at_b ? at_a < at_b : earlier(a.since, b.since);
            });
  const EntryId& charter = graph.IdOf(0);
  versions.insert(versions.begin(), {charter, charter, std::nullopt, 0});
  return versions;
}

std::map<OrgId, std::uint64_t> KnownVersions(Evaluator& evaluator,
                                             const std::vector<CharterVersion>& versions,
                                             const std::vector<std::pair<OrgId, EntryId>>& said) {
  const Graph& graph = evaluator.graph();
  std::map<OrgId, std::uint64_t> known;
  for (const MemberState& member : evaluator.Evaluate().members) known[member.org] = 0;
  const auto note = [&](const OrgId& org, std::uint64_t version) {
    const auto it = known.find(org);
    if (it != known.end()) it->second = std::max(it->second, version);
  };
  std::map<EntryId, std::uint64_t> numbers;
  for (std::size_t i = 0; i < versions.size(); ++i) numbers[versions[i].about] = i + 1;
  for (const CardKeys& card : graph[0].As<Charter>()->founders) note(card.org, 1);
  for (const auto& [about, number] : numbers)
    for (const Index vote : graph.VotesOn(graph.Find(about)))
      if (graph[vote].As<Vote>()->position == Position::kYes)
        note(graph[vote].entry.author.org, number);
  for (const auto& [org, about] : said)
    if (const auto it = numbers.find(about); it != numbers.end()) note(org, it->second);
  return known;
}

}  // namespace geflecht::governance
