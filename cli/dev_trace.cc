#include "cli/dev_trace.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstddef>
#include <map>

#include "cli/dev_trace_file.h"

namespace geflecht::cli {
namespace {

constexpr std::string_view kPath = "/text";

crdt::ChangeId IdOf(std::size_t number) {
  crdt::ChangeId id;
  for (std::size_t i = 0; i < 8; ++i)
    id.bytes[31 - i] = static_cast<std::uint8_t>(std::uint64_t{number} >> (8 * i));
  return id;
}

std::uint64_t SizeOf(const EncodedTrace& encoded) {
  std::uint64_t bytes = 0;
  for (const auto& fields : encoded)
    for (const crdt::EncodedField& field : fields) bytes += field.value.size();
  return bytes;
}

Result<void> Perform(const TraceHistory& history, TraceMode mode,
                     std::vector<crdt::Change>& changes, crdt::Document& document) {
  switch (mode) {
    case TraceMode::kLocal:
      return document.Edit([&](crdt::Transaction& transaction) -> Result<void> {
        for (const TraceStep& step : history.steps) TRY(TypeStep(transaction, step));
        return {};
      });
    case TraceMode::kLive:
      for (std::size_t i = 0; i < history.steps.size(); ++i) {
        TRY(document.Edit([&](crdt::Transaction& transaction) {
          return TypeStep(transaction, history.steps[i]);
        }));
        if (!document.HasOpen()) continue;
        crdt::Document::Cut cut = document.TakeOpen();
        document.Apply({IdOf(i), TraceAgent("0"), std::move(cut.parents), std::move(cut.edits)});
      }
      break;
    case TraceMode::kMerge:
      for (crdt::Change& change : changes) document.Apply(std::move(change));
      break;
    case TraceMode::kLoad:
    case TraceMode::kCheckout:
      break;
  }
  return {};
}

Result<FileRun> RunOnce(const TraceHistory& history, TraceMode mode) {
  if (mode == TraceMode::kLoad) return LoadTrace(history);
  if (mode == TraceMode::kCheckout) return CheckoutTrace(history);
  FileRun run;
  if (mode != TraceMode::kLocal) run.bytes = SizeOf(EncodeTrace(TraceChanges(history)));
  const std::uint64_t heap = HeapBytes();
  std::vector<crdt::Change> changes;
  if (mode == TraceMode::kMerge) changes = TraceChanges(history);
  const double begin = ThreadCpuMs();
  crdt::Document document(TraceSchema(), TraceAgent("0"));
  TRY(Perform(history, mode, changes, document));
  {
    const Result<std::string> text = document.Text(kPath);
    run.cpu_ms = ThreadCpuMs() - begin;
    run.final_ok = text && *text == history.end && document.Voids().empty();
  }
  changes = {};
  run.cold.live_bytes = HeapBytes() - heap;
  if (mode == TraceMode::kLocal && document.HasOpen()) {
    const crdt::Change all{IdOf(0), TraceAgent("0"), {}, document.OpenEdits()};
    run.bytes = SizeOf(EncodeTrace({all}));
  }
  return run;
}

// One repetition: all histories of the file.
Result<FileRun> RunAll(const std::vector<TraceHistory>& histories, TraceMode mode) {
  FileRun all;
  all.final_ok = true;
  for (const TraceHistory& history : histories) {
    const Result<FileRun> run = RunOnce(history, mode);
    if (!run) return Fail(Code::kMalformed, run.error().detail, "hint.trace-file");
    all.cpu_ms += run->cpu_ms;
    all.bytes += run->bytes;
    all.cold.live_bytes += run->cold.live_bytes;
    all.cold.rss_kb += run->cold.rss_kb;
    all.hot.live_bytes += run->hot.live_bytes;
    all.hot.rss_kb += run->hot.rss_kb;
    all.final_ok = all.final_ok && run->final_ok;
  }
  return all;
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

const crdt::Schema& TraceSchema() {
  static const crdt::Schema schema{
      .type = "trace", .version = 1, .fields = {{"text", crdt::FieldType::kText, false}}};
  return schema;
}

crdt::AgentId TraceAgent(std::string_view name) {
  crdt::AgentId id;
  std::transform(name.begin(), name.end(), id.bytes.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return id;
}

std::optional<TraceMode> ParseTraceMode(std::string_view name) {
  if (name == "local") return TraceMode::kLocal;
  if (name == "live") return TraceMode::kLive;
  if (name == "merge") return TraceMode::kMerge;
  if (name == "load") return TraceMode::kLoad;
  if (name == "checkout") return TraceMode::kCheckout;
  return std::nullopt;
}

EncodedTrace EncodeTrace(const std::vector<crdt::Change>& changes) {
  EncodedTrace out;
  std::map<crdt::AgentId, std::pair<crdt::ChangeId, std::size_t>> own;  // last change, its number
  std::map<crdt::AgentId, std::size_t> written;
  for (const crdt::Change& change : changes) {
    crdt::ChangeHead head;
    if (change.parents.empty()) {
      head.type = TraceSchema().type;
      head.schema_version = TraceSchema().version;
    }
    const auto last = own.find(change.agent);
    for (const crdt::ChangeId& parent : change.parents) {
      if (last != own.end() && last->second.first == parent) {
        head.own_distance = 1;
      } else {
        head.parents.push_back(parent);
      }
    }
    own[change.agent] = {change.id, ++written[change.agent]};
    out.push_back(crdt::EncodeChange(head, change.edits, TraceSchema()));
  }
  return out;
}

Result<void> TypeStep(crdt::Transaction& transaction, const TraceStep& step) {
  for (const TracePatch& patch : step.patches) {
    if (patch.removed > 0) TRY(transaction.RemoveText(kPath, patch.position, patch.removed));
    if (!patch.inserted.empty()) TRY(transaction.InsertText(kPath, patch.position, patch.inserted));
  }
  return {};
}

std::vector<crdt::Change> TraceChanges(const TraceHistory& history) {
  std::vector<crdt::Change> out;
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    const TraceStep& step = history.steps[i];
    crdt::Change change{IdOf(i), TraceAgent(step.agent), {}, {}};
    for (const std::size_t parent : step.parents) change.parents.push_back(IdOf(parent));
    std::sort(change.parents.begin(), change.parents.end());
    for (const TracePatch& patch : step.patches) {
      if (patch.removed > 0)
        change.edits.push_back(crdt::Remove{std::string(kPath), patch.position, patch.removed});
      if (!patch.inserted.empty())
        change.edits.push_back(
            crdt::InsertText{std::string(kPath), patch.position, patch.inserted});
    }
    out.push_back(std::move(change));
  }
  return out;
}

Result<TraceReport> RunTrace(const std::filesystem::path& file, TraceMode mode, int repeat) {
  if (repeat < 1) return Fail(Code::kUsage, "repeat is at least 1");
  ASSIGN(const std::vector<TraceHistory> histories, ReadTraceFile(file));
  TraceReport report;
  report.final_ok = true;
  for (const TraceHistory& history : histories) {
    if (history.concurrent && (mode == TraceMode::kLocal || mode == TraceMode::kLive))
      return Fail(Code::kUsage, "this mode needs a sequential trace", "hint.trace-mode");
    for (const TraceStep& step : history.steps) report.edits += step.patches.size();
  }
  std::vector<double> times;
  for (int i = 0; i < repeat; ++i) {
    ASSIGN(const FileRun run, RunAll(histories, mode));
    times.push_back(run.cpu_ms);
    report.bytes = run.bytes;
    report.live_bytes = run.cold.live_bytes;
    if (mode == TraceMode::kLoad) {
      report.hot_bytes = run.hot.live_bytes;
      report.rss_kb = std::max(report.rss_kb.value_or(0), run.cold.rss_kb);
      report.hot_rss_kb = std::max(report.hot_rss_kb.value_or(0), run.hot.rss_kb);
    }
    report.final_ok = report.final_ok && run.final_ok;
  }
  report.cpu_ms = Median(std::move(times));
  if (report.edits > 0)
    report.us_per_edit = report.cpu_ms * 1e3 / static_cast<double>(report.edits);
  if (mode == TraceMode::kLoad) report.load_ms = report.cpu_ms;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  report.peak_rss_kb = static_cast<std::uint64_t>(usage.ru_maxrss);
  return report;
}

}  // namespace geflecht::cli
