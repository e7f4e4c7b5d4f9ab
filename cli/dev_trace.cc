#include "cli/dev_trace.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>
#include <map>

#include "cli/dev_trace_file.h"
#include "crdt/codec.h"
#include "crdt/document.h"

namespace geflecht::cli {
namespace {

constexpr std::string_view kPath = "/text";

crdt::ChangeId IdOf(std::size_t number) {
  crdt::ChangeId id;
  for (std::size_t i = 0; i < 8; ++i)
    id.bytes[31 - i] = static_cast<std::uint8_t>(std::uint64_t{number} >> (8 * i));
  return id;
}

Result<void> Type(crdt::Transaction& transaction, const TraceStep& step) {
  for (const TracePatch& patch : step.patches) {
    if (patch.removed > 0) TRY(transaction.RemoveText(kPath, patch.position, patch.removed));
    if (!patch.inserted.empty()) TRY(transaction.InsertText(kPath, patch.position, patch.inserted));
  }
  return {};
}

using Encoded = std::vector<std::vector<crdt::EncodedField>>;

Encoded Encode(const std::vector<crdt::Change>& changes) {
  Encoded out;
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

std::uint64_t SizeOf(const Encoded& encoded) {
  std::uint64_t bytes = 0;
  for (const auto& fields : encoded)
    for (const crdt::EncodedField& field : fields) bytes += field.value.size();
  return bytes;
}

// One run of a mode on one history.
struct Run {
  double cpu_ms = 0;
  std::uint64_t bytes = 0;
  std::uint64_t live_bytes = 0;
  bool final_ok = false;
};

Result<void> Perform(const TraceHistory& history, TraceMode mode,
                     std::vector<crdt::Change>& changes, crdt::Document& document) {
  switch (mode) {
    case TraceMode::kLocal:
      return document.Edit([&](crdt::Transaction& transaction) -> Result<void> {
        for (const TraceStep& step : history.steps) TRY(Type(transaction, step));
        return {};
      });
    case TraceMode::kLive:
      for (std::size_t i = 0; i < history.steps.size(); ++i) {
        TRY(document.Edit(
            [&](crdt::Transaction& transaction) { return Type(transaction, history.steps[i]); }));
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

Result<Run> RunOnce(const TraceHistory& history, TraceMode mode) {
  if (mode == TraceMode::kLoad || mode == TraceMode::kCheckout) {
    ASSIGN(const FileRun file,
           mode == TraceMode::kLoad ? LoadTrace(history) : CheckoutTrace(history));
    return Run{file.cpu_ms, file.bytes, file.live_bytes, file.final_ok};
  }
  const bool given = mode == TraceMode::kMerge;
  std::vector<crdt::Change> changes =
      given || mode == TraceMode::kLive ? TraceChanges(history) : std::vector<crdt::Change>();
  const Encoded encoded = Encode(changes);
  Run run;
  run.bytes = SizeOf(encoded);
  const std::uint64_t heap = HeapBytes();
  const double begin = ThreadCpuMs();
  crdt::Document document(TraceSchema(), TraceAgent("0"));
  TRY(Perform(history, mode, changes, document));
  const Result<std::string> text = document.Text(kPath);
  run.cpu_ms = ThreadCpuMs() - begin;
  run.live_bytes = HeapBytes() - heap;
  run.final_ok = text && *text == history.end && document.Voids().empty();
  if (mode == TraceMode::kLocal && document.HasOpen()) {
    const crdt::Change all{IdOf(0), TraceAgent("0"), {}, document.OpenEdits()};
    run.bytes = SizeOf(Encode({all}));
  }
  return run;
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
  report.cpu_ms = std::numeric_limits<double>::infinity();
  for (const TraceHistory& history : histories) {
    if (history.concurrent && (mode == TraceMode::kLocal || mode == TraceMode::kLive))
      return Fail(Code::kUsage, "this mode needs a sequential trace");
    for (const TraceStep& step : history.steps) report.edits += step.patches.size();
  }
  for (int i = 0; i < repeat; ++i) {
    double cpu_ms = 0;
    std::uint64_t bytes = 0, live_bytes = 0;
    for (const TraceHistory& history : histories) {
      const Result<Run> run = RunOnce(history, mode);
      if (!run) return Fail(Code::kInternal, run.error().detail);
      cpu_ms += run->cpu_ms;
      bytes += run->bytes;
      live_bytes += run->live_bytes;
      report.final_ok = report.final_ok && run->final_ok;
    }
    report.cpu_ms = std::min(report.cpu_ms, cpu_ms);
    report.bytes = bytes;
    report.live_bytes = std::max(report.live_bytes, live_bytes);
  }
  if (report.edits > 0)
    report.us_per_edit = report.cpu_ms * 1e3 / static_cast<double>(report.edits);
  if (mode == TraceMode::kLoad) report.load_ms = report.cpu_ms;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  report.peak_rss_kb = static_cast<std::uint64_t>(usage.ru_maxrss);
  return report;
}

}  // namespace geflecht::cli
