// The tasks by which document engines are compared (docs/benchmarks.md, "Engine"): many small
// records, marks, many clients at once, random typing, and traces. CPU times are those to compare.
#include <benchmark/benchmark.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "crdt/document.h"
#include "crdt/document_file.h"
#include "node/pack/pack.h"
#include "tests/bench/crdt_trace_bench.h"

namespace geflecht::crdt {
namespace {

const Schema kSchema{
    .type = "bench",
    .version = 1,
    .fields = {{"text", FieldType::kText, false}, {"records", FieldType::kMap, false}}};

ChangeId IdOf(std::uint64_t number) {
  SeededRandom random(number + 1);
  return random.Make<ChangeId>();
}
AgentId AgentOf(std::uint64_t number) {
  SeededRandom random(number + 1'000'000);
  return random.Make<AgentId>();
}

std::string Word(Random& random, std::size_t size) {
  std::string word;
  for (std::size_t i = 0; i < size; ++i) word.push_back(static_cast<char>('a' + random.Below(26)));
  return word;
}

// In a node ids are hashes of entries that exist already: making them here does not count.
const ChangeId& KnownId(std::uint64_t number) {
  static const std::vector<ChangeId> known = [] {
    std::vector<ChangeId> ids;
    for (std::uint64_t i = 0; i < 10'000; ++i) ids.push_back(IdOf(i));
    return ids;
  }();
  return known[number];
}

template <class Edits>
void InOneChange(Document& document, std::uint64_t number, const Edits& edits) {
  static const AgentId agent = AgentOf(0);
  benchmark::DoNotOptimize(document.Edit(edits));
  Document::Cut cut = document.TakeOpen();
  document.Apply({KnownId(number), agent, std::move(cut.parents), std::move(cut.edits)});
}

constexpr std::uint64_t kRecords = 2000, kUpdates = 5000, kClients = 1540;

struct Contact {
  std::string path;
  std::vector<std::pair<std::string, Value>> fields;
};
std::vector<Contact> Contacts() {
  SeededRandom random(7);
  std::vector<Contact> out;
  for (std::uint64_t i = 0; i < kRecords; ++i) {
    const std::string path = "/records/c" + std::to_string(i);
    out.push_back({path,
                   {{path + "/name", Word(random, 12)},
                    {path + "/org", "org" + std::to_string(random.Below(120))},
                    {path + "/role", Word(random, 8)},
                    {path + "/mail", Word(random, 8) + "@" + Word(random, 6) + ".example"},
                    {path + "/phone", "+49" + std::to_string(random.Below(1'000'000'000))},
                    {path + "/note", Word(random, 60)},
                    {path + "/since", static_cast<std::int64_t>(random.Below(100'000'000))},
                    {path + "/active", true}}});
  }
  return out;
}

void Build(Document& document, const std::vector<Contact>& contacts) {
  std::uint64_t number = 0;
  for (const Contact& contact : contacts)
    InOneChange(document, number++, [&](Transaction& edit) -> Result<void> {
      TRY(edit.SetChild(contact.path, ContainerType::kMap));
      for (const auto& [path, value] : contact.fields) TRY(edit.Set(path, value));
      return {};
    });
}

void BM_ContactsBuilt(benchmark::State& state) {
  const std::vector<Contact> contacts = Contacts();
  for (auto _ : state) {
    Document document(kSchema, AgentOf(0));
    Build(document, contacts);
  }
}
BENCHMARK(BM_ContactsBuilt)->Unit(benchmark::kMillisecond);

using Updates = std::vector<std::pair<std::string, std::string>>;
Updates SomeUpdates() {
  SeededRandom random(11);
  Updates updates;
  for (std::uint64_t i = 0; i < kUpdates; ++i)
    updates.emplace_back("/records/c" + std::to_string(random.Below(kRecords)) + "/note",
                         Word(random, 20));
  return updates;
}

void Update(Document& document, const Updates& updates) {
  std::uint64_t number = kRecords;
  for (const auto& [path, value] : updates)
    InOneChange(document, number++,
                [&](Transaction& edit) { return edit.Set(path, Value(value)); });
}

void BM_ContactsUpdated(benchmark::State& state) {
  const std::vector<Contact> contacts = Contacts();
  const Updates updates = SomeUpdates();
  for (auto _ : state) {
    state.PauseTiming();
    Document document(kSchema, AgentOf(0));
    Build(document, contacts);
    state.ResumeTiming();
    Update(document, updates);
  }
}
BENCHMARK(BM_ContactsUpdated)->Unit(benchmark::kMillisecond);

// As a node keeps it: with all history, which stays packed.
void BM_ContactsLoaded(benchmark::State& state) {
  Document document(kSchema, AgentOf(0));
  Build(document, Contacts());
  Update(document, SomeUpdates());
  const Compressor zstd = pack::Zstd(19);
  const Bytes file = SaveDocument(document, zstd, pack::Sha256());
  for (auto _ : state) {
    const auto loaded = LoadDocument(file, zstd, pack::Sha256(), kSchema, AgentOf(0), Origin::kOwn);
    if (!loaded || loaded->Map("/records")->size() != kRecords)
      return state.SkipWithError("other contacts");
  }
  state.counters["file_bytes"] = static_cast<double>(file.size());
}
BENCHMARK(BM_ContactsLoaded)->Unit(benchmark::kMillisecond);

Document Marked(SeededRandom& random, benchmark::State& state) {
  Document document(kSchema, AgentOf(0));
  const std::string text = Word(random, 100'000);
  InOneChange(document, 0, [&](Transaction& edit) { return edit.InsertText("/text", 0, text); });
  state.ResumeTiming();
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    const std::uint64_t from = random.Below(99'000);
    InOneChange(document, i, [&](Transaction& edit) {
      return edit.Mark("/text", from, from + 1 + random.Below(900), "bold", Value(true),
                       Expand::kAfter);
    });
  }
  return document;
}

// Marks are resolved when they are read: the time of both counts.
void BM_MarksMadeAndRead(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    SeededRandom random(9);
    const Document document = Marked(random, state);
    benchmark::DoNotOptimize(document.Spans("/text"));
  }
}
BENCHMARK(BM_MarksMadeAndRead)->Unit(benchmark::kMillisecond);
void BM_MarksMade(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    SeededRandom random(9);
    benchmark::DoNotOptimize(Marked(random, state));
  }
}
BENCHMARK(BM_MarksMade)->Unit(benchmark::kMillisecond);

// Each client makes one change on the empty document; another document takes them all.
void Clients(benchmark::State& state, const std::function<Edit(std::uint64_t)>& edit) {
  std::vector<Change> changes;
  for (std::uint64_t i = 0; i < kClients; ++i)
    changes.push_back({IdOf(i), AgentOf(i), {}, {edit(i)}});
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<Change> taken = changes;
    state.ResumeTiming();
    Document document(kSchema, AgentOf(kClients));
    for (Change& change : taken) document.Apply(std::move(change));
    benchmark::DoNotOptimize(document.Text("/text"));
    benchmark::DoNotOptimize(document.Map("/records"));
  }
}
void BM_ClientsOnOneKey(benchmark::State& state) {
  Clients(state, [](std::uint64_t i) {
    return SetKey{"/records", "v", NewSlot(Value(static_cast<std::int64_t>(i)))};
  });
}
BENCHMARK(BM_ClientsOnOneKey)->Unit(benchmark::kMillisecond);
void BM_ClientsInOneText(benchmark::State& state) {
  Clients(state, [](std::uint64_t i) { return InsertText{"/text", 0, std::to_string(i)}; });
}
BENCHMARK(BM_ClientsInOneText)->Unit(benchmark::kMillisecond);

void BM_TypingAtRandomPlaces(benchmark::State& state) {
  for (auto _ : state) {
    SeededRandom random(3);
    Document document(kSchema, AgentOf(0));
    for (std::uint64_t i = 0; i < 6000; ++i)
      InOneChange(document, i, [&](Transaction& edit) {
        return edit.InsertText("/text", random.Below(i + 1), "x");
      });
  }
}
BENCHMARK(BM_TypingAtRandomPlaces)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace geflecht::crdt

int main(int argc, char** argv) {
  geflecht::crdt::RegisterTraces();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
