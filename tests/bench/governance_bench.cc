// Measures evaluate() on networks that decide and seal as people do.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "node/governance/evaluate.h"

namespace geflecht::governance {
namespace {

template <class Id>
Id IdOf(std::uint64_t number, std::uint8_t kind) {
  Id id;
  for (std::size_t i = 0; i < 8; ++i)
    id.bytes[31 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  id.bytes[0] = static_cast<std::uint8_t>(number * 2654435761U >> 24);
  id.bytes[1] = kind;
  return id;
}

// A network of `orgs` organisations, one device each. Every proposal is voted on by more than half
// of them, most votes without knowing of one another, and enacted; a seal with its votes follows
// every `seal_every` entries (0: never). One decision in ten changes a member or a role.
std::vector<Entry> Network(std::uint64_t orgs, std::size_t entries, std::size_t seal_every) {
  std::vector<Entry> out;
  std::vector<EntryId> last(orgs);
  const auto org = [](std::uint64_t number) { return IdOf<OrgId>(number, 1); };
  const auto key = [](std::uint64_t number) { return IdOf<crypto::PublicKey>(number, 2); };
  const auto add = [&](std::uint64_t by, std::vector<EntryId> parents, Act act) {
    const EntryId id = IdOf<EntryId>(out.size(), 3);
    if (by < orgs && !last[by].IsZero() &&
        std::find(parents.begin(), parents.end(), last[by]) == parents.end())
      parents.push_back(last[by]);
    out.push_back({id, std::move(parents), {org(by), key(by), false}, std::move(act)});
    if (by < orgs) last[by] = id;
    return id;
  };
  Charter charter;
  for (std::uint64_t i = 0; i < orgs; ++i) charter.founders.push_back({org(i), key(i), key(i)});
  const EntryId founding = add(orgs, {}, charter);
  std::vector<EntryId> heads{founding};
  std::uint64_t newcomer = orgs;
  std::size_t sealed = 0;
  for (std::uint64_t turn = 0; out.size() < entries; ++turn) {
    Measure measure = Resolve{"content"};
    if (turn % 20 == 7) measure = Admit{{org(newcomer), key(newcomer), key(newcomer)}};
    if (turn % 20 == 17) measure = Remove{org(newcomer++)};
    const EntryId proposal = add(turn % orgs, heads, Proposal{measure});
    std::vector<EntryId> votes;
    for (std::uint64_t i = 0; i <= (orgs + 1) / 2; ++i)
      votes.push_back(add((turn + i) % orgs, {proposal}, Vote{proposal, Position::kYes}));
    heads = {add((turn + 1) % orgs, votes, Enact{proposal, votes})};
    if (seal_every == 0 || out.size() - sealed < seal_every) continue;
    sealed = out.size();
    const EntryId seal = add(turn % orgs, heads, Seal{});
    std::vector<EntryId> round{seal};
    for (int i = 0; i < 2; ++i) {
      std::vector<EntryId> next;
      for (std::uint64_t by = 0; by <= (2 * orgs + 2) / 3; ++by)
        next.push_back(add((turn + by) % orgs, round, SealVote{seal}));
      round = next;
    }
    heads = round;
  }
  out.resize(entries);
  return out;
}

void Cold(benchmark::State& state) {
  const auto entries =
      Network(static_cast<std::uint64_t>(state.range(0)), static_cast<std::size_t>(state.range(1)),
              static_cast<std::size_t>(state.range(2)));
  std::size_t effective = 0, seals = 0;
  for (auto _ : state) {
    Evaluator evaluator;
    for (const Entry& entry : entries) (void)evaluator.Add(entry);
    const State& result = evaluator.Evaluate();
    effective = result.With(Verdict::kEffective).size();
    seals = result.seals.size();
  }
  state.counters["effective"] = static_cast<double>(effective);
  state.counters["seals"] = static_cast<double>(seals);
}
BENCHMARK(Cold)
    ->ArgNames({"orgs", "entries", "seal_every"})
    ->Args({12, 10000, 50})
    ->Args({24, 10000, 50})
    ->Args({60, 10000, 200})
    ->Args({24, 10000, 0})
    ->Unit(benchmark::kMillisecond);

// Adds the next entry and asks for the state, after 10,000 of them.
void Next(benchmark::State& state) {
  const auto entries = Network(static_cast<std::uint64_t>(state.range(0)), 11000,
                               static_cast<std::size_t>(state.range(1)));
  while (state.KeepRunningBatch(1000)) {
    state.PauseTiming();
    Evaluator evaluator;
    for (std::size_t i = 0; i < 10000; ++i) (void)evaluator.Add(entries[i]);
    (void)evaluator.Evaluate();
    state.ResumeTiming();
    for (std::size_t i = 10000; i < entries.size(); ++i) {
      (void)evaluator.Add(entries[i]);
      benchmark::DoNotOptimize(&evaluator.Evaluate());
    }
  }
}
BENCHMARK(Next)
    ->ArgNames({"orgs", "seal_every"})
    ->Args({12, 50})
    ->Args({24, 50})
    ->Args({60, 200})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace geflecht::governance

BENCHMARK_MAIN();
