#include "cli/dev_trace_file.h"

#include <malloc.h>

#include <algorithm>
#include <ctime>
#include <string>
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

struct Recorded {
  crdt::Document document;
  crdt::Heads middle;  // when half of the changes were made
};

crdt::ChangeId HashedId(std::size_t number) {
  Bytes bytes;
  AppendBe64(bytes, number);
  crdt::ChangeId id;
  id.bytes = pack::Sha256()(bytes);
  return id;
}

Result<void> Cut(crdt::Document& document, std::vector<crdt::Heads>& versions) {
  if (!document.HasOpen()) return {};
  crdt::Document::Cut cut = document.TakeOpen();
  const crdt::ChangeId id = HashedId(versions.size());
  if (document.Apply({id, TraceAgent("0"), std::move(cut.parents), std::move(cut.edits)}) !=
      crdt::Applied::kNew)
    return Fail(Code::kInternal, "a change of the trace was refused");
  versions.push_back({id});
  return {};
}

Result<void> TypeStep(crdt::Transaction& transaction, const TraceStep& step) {
  for (const TracePatch& patch : step.patches) {
    if (patch.removed > 0) TRY(transaction.RemoveText(kTextPath, patch.position, patch.removed));
    if (!patch.inserted.empty())
      TRY(transaction.InsertText(kTextPath, patch.position, patch.inserted));
  }
  return {};
}

Result<void> RecordSequential(const TraceHistory& history, crdt::Document& document,
                              std::vector<crdt::Heads>& versions) {
  constexpr std::size_t kLook = 128;
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    TRY(document.Edit(
        [&](crdt::Transaction& transaction) { return TypeStep(transaction, history.steps[i]); }));
    if (i % kLook == 0 && document.OpenEdits().size() + kLook > limits::kEditsPerChangeMax)
      TRY(Cut(document, versions));
  }
  return Cut(document, versions);
}

Result<Recorded> Record(const TraceHistory& history) {
  Recorded out{crdt::Document(TraceSchema(), TraceAgent("0")), {}};
  std::vector<crdt::Heads> versions;
  if (history.concurrent) {
    std::vector<crdt::Change> changes = TraceChanges(history);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      crdt::Change& change = changes[i];
      change.id = HashedId(i);
      change.parents.clear();
      for (const std::size_t parent : history.steps[i].parents)
        change.parents.push_back(HashedId(parent));
      std::sort(change.parents.begin(), change.parents.end());
      out.document.Apply(std::move(change));
      if (i == history.steps.size() / 2) out.middle = out.document.heads();
    }
  } else {
    TRY(RecordSequential(history, out.document, versions));
    out.middle = versions[versions.size() / 2];
  }
  return out;
}

Bytes Save(const crdt::Document& document) {
  return crdt::SaveDocument(document, pack::Zstd(kLevel), pack::Sha256());
}

Result<crdt::Document> Load(ByteView file) {
  return crdt::LoadDocument(file, pack::Zstd(kLevel), pack::Sha256(), TraceSchema(),
                            TraceAgent("0"), crdt::Origin::kOwn);
}

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

Result<FileRun> LoadTrace(const TraceHistory& history) {
  FileRun run;
  Bytes file;
  {
    ASSIGN(const Recorded recorded, Record(history));
    file = Save(recorded.document);
  }
  run.bytes = file.size();
  const std::uint64_t heap = HeapBytes();
  const double begin = ThreadCpuMs();
  ASSIGN(const crdt::Document document, Load(file));
  {
    ASSIGN(const std::string text, document.Text(kTextPath));
    run.cpu_ms = ThreadCpuMs() - begin;
    run.final_ok = text == history.end && document.Voids().empty();
  }
  run.live_bytes = HeapBytes() - heap;
  return run;
}

Result<FileRun> CheckoutTrace(const TraceHistory& history) {
  FileRun run;
  ASSIGN(const Recorded recorded, Record(history));
  const Bytes file = Save(recorded.document);
  run.bytes = file.size();
  const std::uint64_t heap = HeapBytes();
  ASSIGN(const crdt::Document document, Load(file));
  run.live_bytes = HeapBytes() - heap;
  const double begin = ThreadCpuMs();
  ASSIGN(const crdt::Document middle, crdt::Checkout(document, recorded.middle));
  ASSIGN(const std::string text, middle.Text(kTextPath));
  run.cpu_ms = ThreadCpuMs() - begin;
  // What follows the middle leads to the recorded text again.
  ASSIGN(const crdt::Document end, crdt::Checkout(document, document.heads()));
  ASSIGN(const std::string last, end.Text(kTextPath));
  run.final_ok = last == history.end && middle.heads() == recorded.middle && !text.empty();
  return run;
}

}  // namespace geflecht::cli
