#include "cli/dev_trace_file.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "cli/dev_trace.h"
#include "crdt/document_file.h"
#include "crdt/history.h"
#include "node/pack/pack.h"

namespace geflecht::cli {
namespace {

constexpr std::string_view kTextPath = "/text";
constexpr int kLevel = 19;

constexpr std::size_t kPatchesMax = limits::kEditsPerChangeMax / 2;  // one makes up to two edits

struct Recorded {
  crdt::Document document;
  crdt::Heads middle;  // when half of the changes were made
  std::string middle_text;
  crdt::Heads without_last;  // in front of the last change; empty if there is no other
};

// Names like hashes, which no packer makes smaller. Ascending: where a writer was in two places at
// once, the order of its changes is that of their names.
std::vector<crdt::ChangeId> Names(std::size_t count) {
  std::vector<crdt::ChangeId> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    Bytes bytes;
    AppendBe64(bytes, i);
    out[i].bytes = pack::Sha256()(bytes);
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Typed like a user's: what continues the edit in front is one edit with it.
Result<void> RecordSequential(const TraceHistory& history, Recorded& out) {
  constexpr std::size_t kLook = 128;
  const std::vector<crdt::ChangeId> names = Names(history.steps.size() / kLook + 2);
  std::vector<std::pair<crdt::Heads, std::string>> versions;
  crdt::Document& document = out.document;
  const auto cut = [&]() -> Result<void> {
    if (!document.HasOpen()) return {};
    out.without_last = document.heads();
    crdt::Document::Cut taken = document.TakeOpen();
    const crdt::ChangeId id = names[versions.size()];
    if (document.Apply({id, TraceAgent("0"), std::move(taken.parents), std::move(taken.edits)}) !=
        crdt::Applied::kNew)
      return Fail(Code::kInternal, "a change of the trace was refused");
    ASSIGN(std::string text, document.Text(kTextPath));
    versions.emplace_back(crdt::Heads{id}, std::move(text));
    return {};
  };
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    TRY(document.Edit(
        [&](crdt::Transaction& transaction) { return TypeStep(transaction, history.steps[i]); }));
    if (i % kLook == 0 && document.OpenEdits().size() + kLook > limits::kEditsPerChangeMax)
      TRY(cut());
  }
  TRY(cut());
  if (!versions.empty())
    std::tie(out.middle, out.middle_text) = std::move(versions[versions.size() / 2]);
  return {};
}

Result<void> RecordConcurrent(const TraceHistory& history, Recorded& out) {
  const TraceHistory joined = JoinedSteps(history);
  std::vector<crdt::Change> changes = TraceChanges(joined);
  const std::vector<crdt::ChangeId> names = Names(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    crdt::Change& change = changes[i];
    change.id = names[i];
    change.parents.clear();
    for (const std::size_t parent : joined.steps[i].parents)
      change.parents.push_back(names[parent]);
    std::sort(change.parents.begin(), change.parents.end());
    out.without_last = out.document.heads();
    if (out.document.Apply(std::move(change)) != crdt::Applied::kNew)
      return Fail(Code::kInternal, "a change of the trace was refused");
    if (i != changes.size() / 2) continue;
    out.middle = out.document.heads();
    ASSIGN(out.middle_text, out.document.Text(kTextPath));
  }
  return {};
}

Result<Recorded> Record(const TraceHistory& history) {
  Recorded out{crdt::Document(TraceSchema(), TraceAgent("0")), {}, {}, {}};
  TRY(history.concurrent ? RecordConcurrent(history, out) : RecordSequential(history, out));
  return out;
}

class MemoryBefore {
 public:
  FileRun::Memory Taken() const {
    const std::uint64_t heap = HeapBytes(), rss = ResidentKb();
    return {heap - heap_, rss > rss_ ? rss - rss_ : 0};
  }

 private:
  static std::uint64_t ResidentKb() {
    ::malloc_trim(0);
    std::uint64_t all = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 1024;
  }
  std::uint64_t rss_ = ResidentKb(), heap_ = HeapBytes();
};

}  // namespace

std::uint64_t HeapBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

double ThreadCpuMs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

TraceHistory JoinedSteps(const TraceHistory& history) {
  if (!history.ordered_agents) return history;
  const std::vector<TraceStep>& steps = history.steps;
  std::vector<std::size_t> children(steps.size());
  for (const TraceStep& step : steps)
    for (const std::size_t parent : step.parents) ++children[parent];
  std::vector<TraceStep> runs;
  std::vector<std::size_t> run_of(steps.size()), last(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const TraceStep& step = steps[i];
    const std::size_t front = step.parents.size() == 1 ? run_of[step.parents[0]] : runs.size();
    if (front < runs.size() && children[step.parents[0]] == 1 && runs[front].agent == step.agent &&
        runs[front].patches.size() + step.patches.size() <= kPatchesMax) {
      std::vector<TracePatch>& all = runs[front].patches;
      all.insert(all.end(), step.patches.begin(), step.patches.end());
      run_of[i] = front;
    } else {
      run_of[i] = runs.size();
      runs.push_back(step);
    }
    last[run_of[i]] = i;
  }
  // By their last steps, which alone others have as parents.
  std::vector<std::size_t> order(runs.size()), place(runs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t left, std::size_t right) { return last[left] < last[right]; });
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  TraceHistory out{.concurrent = history.concurrent, .steps = {}, .end = history.end};
  for (const std::size_t run : order) {
    for (std::size_t& parent : runs[run].parents) parent = place[run_of[parent]];
    out.steps.push_back(std::move(runs[run]));
  }
  return out;
}

Result<SavedTrace> SaveTrace(const TraceHistory& history) {
  ASSIGN(Recorded recorded, Record(history));
  SavedTrace out{.file = crdt::SaveDocument(recorded.document, pack::Zstd(kLevel), pack::Sha256()),
                 .middle = std::move(recorded.middle),
                 .middle_text = std::move(recorded.middle_text),
                 .late = {Names(1)[0],
                          TraceAgent("late"),
                          std::move(recorded.without_last),
                          {crdt::InsertText{std::string(kTextPath), 0, "x"}}},
                 .late_text = {}};
  out.late.id.bytes.back() ^= 1;
  if (out.late.parents.empty()) return out;
  recorded.document.Apply(out.late);
  ASSIGN(out.late_text, recorded.document.Text(kTextPath));
  return out;
}

Result<crdt::Document> LoadSaved(ByteView file) {
  return crdt::LoadDocument(file, pack::Zstd(kLevel), pack::Sha256(), TraceSchema(),
                            TraceAgent("0"), crdt::Origin::kOwn);
}

Result<FileRun> LoadTrace(const TraceHistory& history) {
  FileRun run;
  ASSIGN(SavedTrace saved, SaveTrace(history));
  run.bytes = saved.file.size();
  const MemoryBefore before;
  const double begin = ThreadCpuMs();
  ASSIGN(crdt::Document document, LoadSaved(saved.file));
  {
    ASSIGN(const std::string text, document.Text(kTextPath));
    run.cpu_ms = ThreadCpuMs() - begin;
    run.final_ok = text == history.end && document.Voids().empty();
  }
  run.cold = run.hot = before.Taken();
  if (saved.late.parents.empty()) return run;
  document.Apply(saved.late);
  {
    ASSIGN(const std::string text, document.Text(kTextPath));
    run.final_ok = run.final_ok && text == saved.late_text;
  }
  run.hot = before.Taken();
  return run;
}

Result<FileRun> CheckoutTrace(const TraceHistory& history) {
  FileRun run;
  ASSIGN(const SavedTrace saved, SaveTrace(history));
  run.bytes = saved.file.size();
  const MemoryBefore before;
  ASSIGN(const crdt::Document document, LoadSaved(saved.file));
  run.cold = before.Taken();
  const double begin = ThreadCpuMs();
  ASSIGN(const crdt::Document middle, crdt::Checkout(document, saved.middle));
  ASSIGN(const std::string text, middle.Text(kTextPath));
  run.cpu_ms = ThreadCpuMs() - begin;
  // What follows the middle leads to the recorded text again.
  ASSIGN(const crdt::Document end, crdt::Checkout(document, document.heads()));
  ASSIGN(const std::string last, end.Text(kTextPath));
  run.final_ok = last == history.end && text == saved.middle_text;
  return run;
}

}  // namespace geflecht::cli
