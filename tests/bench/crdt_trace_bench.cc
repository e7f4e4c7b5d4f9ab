// Recorded editing histories on the document engine (docs/benchmarks.md, "Engine"). The traces are
// data that the repository does not hold: without them these say so.
#include "tests/bench/crdt_trace_bench.h"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/dev_trace.h"
#include "cli/dev_trace_file.h"
#include "crdt/codec.h"
#include "crdt/document.h"
#include "crdt/history.h"

namespace geflecht::crdt {
namespace {

// Ends the benchmark with a reason instead of measuring something else.
bool Holds(benchmark::State& state, bool condition, const char* otherwise) {
  if (!condition) state.SkipWithError(otherwise);
  return condition;
}

std::optional<cli::TraceHistory> Read(benchmark::State& state, const std::string& name) {
  const auto file = std::filesystem::path(GEFLECHT_SHARED_DIR) / "traces" / (name + ".json.gz");
  auto histories = cli::ReadTraceFile(file);
  if (!Holds(state, histories && !histories->empty(), "the trace is not here")) return std::nullopt;
  return std::move(histories->front());
}

ChangeId IdOf(std::uint64_t number) {
  ChangeId id;
  for (std::size_t i = 0; i < 8; ++i)
    id.bytes[31 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

Document Empty() { return Document(cli::TraceSchema(), cli::TraceAgent("0")); }

void TraceLocal(benchmark::State& state, const std::string& name) {
  const auto history = Read(state, name);
  if (!history) return;
  for (auto _ : state) {
    Document document = Empty();
    const bool done = document
                          .Edit([&](Transaction& edit) -> Result<void> {
                            for (const cli::TraceStep& step : history->steps)
                              TRY(cli::TypeStep(edit, step));
                            return {};
                          })
                          .has_value();
    if (!Holds(state, done && document.Text("/text") == history->end, "another text")) return;
  }
}

// A change for each edit, unsealed: the transaction, the cut, and its taking.
void TraceLive(benchmark::State& state, const std::string& name) {
  const auto history = Read(state, name);
  if (!history) return;
  for (auto _ : state) {
    Document document = Empty();
    std::uint64_t number = 0;
    for (const cli::TraceStep& step : history->steps) {
      benchmark::DoNotOptimize(
          document.Edit([&](Transaction& edit) { return cli::TypeStep(edit, step); }));
      Document::Cut cut = document.TakeOpen();
      document.Apply(
          {IdOf(number++), cli::TraceAgent("0"), std::move(cut.parents), std::move(cut.edits)});
    }
    if (!Holds(state, document.Text("/text") == history->end, "another text")) return;
  }
  state.counters["each_edit"] = benchmark::Counter(
      static_cast<double>(history->steps.size()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void TraceLoad(benchmark::State& state, const std::string& name) {
  const auto history = Read(state, name);
  if (!history) return;
  const auto memory = cli::LoadTrace(*history);
  const auto saved = cli::SaveTrace(*history);
  if (!Holds(state, memory && memory->final_ok && saved, "cannot be saved and loaded")) return;
  for (auto _ : state) {
    const auto document = cli::LoadSaved(saved->file);
    if (!Holds(state, document && document->Text("/text") == history->end, "another text")) return;
  }
  state.counters["file_bytes"] = static_cast<double>(memory->bytes);
  state.counters["cold_bytes"] = static_cast<double>(memory->cold.live_bytes);
  state.counters["hot_bytes"] = static_cast<double>(memory->hot.live_bytes);
  state.counters["cold_rss_kb"] = static_cast<double>(memory->cold.rss_kb);
  state.counters["hot_rss_kb"] = static_cast<double>(memory->hot.rss_kb);
}

void TraceCheckout(benchmark::State& state, const std::string& name) {
  const auto history = Read(state, name);
  if (!history) return;
  const auto saved = cli::SaveTrace(*history);
  if (!Holds(state, saved.has_value(), "cannot be saved")) return;
  const auto document = cli::LoadSaved(saved->file);
  if (!Holds(state, document.has_value(), "cannot be loaded")) return;
  for (auto _ : state) {
    const auto middle = Checkout(*document, saved->middle);
    if (!Holds(state, middle && middle->Text("/text") == saved->middle_text, "another text"))
      return;
  }
}

// Changes of others as values; `observed` if somebody wants to hear of each at once.
void TraceMerge(benchmark::State& state, const std::string& name, bool observed) {
  const auto history = Read(state, name);
  if (!history) return;
  const std::vector<Change> changes = cli::TraceChanges(*history);
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<Change> taken = changes;
    Document document = Empty();
    std::size_t patches = 0;
    if (observed) document.Observe([&](const std::vector<Patch>& more) { patches += more.size(); });
    state.ResumeTiming();
    for (Change& change : taken) document.Apply(std::move(change));
    if (!Holds(state, document.Text("/text") == history->end, "another text")) return;
    benchmark::DoNotOptimize(patches);
  }
  state.counters["each_change"] = benchmark::Counter(
      static_cast<double>(changes.size()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// The same from their bytes, as other engines take them.
void TraceMergeBytes(benchmark::State& state, const std::string& name, bool observed) {
  const auto history = Read(state, name);
  if (!history) return;
  const std::vector<Change> changes = cli::TraceChanges(*history);
  const cli::EncodedTrace messages = cli::EncodeTrace(changes);
  for (auto _ : state) {
    Document document = Empty();
    std::size_t patches = 0;
    if (observed) document.Observe([&](const std::vector<Patch>& more) { patches += more.size(); });
    for (std::size_t i = 0; i < messages.size(); ++i) {
      Result<DecodedChange> decoded = DecodeChange(messages[i], cli::TraceSchema());
      if (!Holds(state, decoded.has_value(), "a change cannot be read")) return;
      // The parent that a distance stands for is looked up in the log.
      document.Apply(
          {changes[i].id, changes[i].agent, changes[i].parents, std::move(decoded->edits)});
    }
    if (!Holds(state, document.Text("/text") == history->end, "another text")) return;
    benchmark::DoNotOptimize(patches);
  }
  state.counters["each_change"] = benchmark::Counter(
      static_cast<double>(changes.size()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

using Task = std::function<void(benchmark::State&, const std::string&)>;
void AddTask(const std::string& task, const std::vector<std::string>& names, const Task& run) {
  for (const std::string& name : names)
    benchmark::RegisterBenchmark((task + "/" + name).c_str(), [=](benchmark::State& state) {
      run(state, name);
    })->Unit(benchmark::kMillisecond);
}

}  // namespace

void RegisterTraces() {
  const std::vector<std::string> typed{"automerge-paper", "seph-blog1", "rustcode"};
  const std::vector<std::string> merged{"friendsforever", "node_nodecc"};
  std::vector<std::string> all = typed;
  all.insert(all.end(), merged.begin(), merged.end());
  AddTask("TraceLocal", typed, TraceLocal);
  AddTask("TraceLive", typed, TraceLive);
  AddTask("TraceLoad", all, TraceLoad);
  AddTask("TraceCheckout", all, TraceCheckout);
  const auto with = [](auto function, bool observed) {
    return
        [=](benchmark::State& state, const std::string& name) { function(state, name, observed); };
  };
  AddTask("TraceMergedAtOnce", merged, with(TraceMerge, false));
  AddTask("TraceMergedEach", merged, with(TraceMerge, true));
  AddTask("TraceBytesMergedAtOnce", merged, with(TraceMergeBytes, false));
  AddTask("TraceBytesMergedEach", merged, with(TraceMergeBytes, true));
}

}  // namespace geflecht::crdt
