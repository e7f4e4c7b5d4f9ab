// Replica's part in forks: what it says about those that it finds, and what others have said.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "node/log/fork.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

// From an entry on to the first one whose signature is here; the feed's rules give at most 256.
Result<log::Run> SignedRunFrom(const SpaceLog& log, const codec::StoredEntry& first) {
  log::Run run{first.entry};
  while (!run.back().signature) {
    if (run.size() == limits::kRunEntriesMax)
      return Fail(Code::kCorruption, "entries that no signature covers");
    ASSIGN(const auto next, log.EntryAt(first.feed(), run.back().header.seq + 1));
    if (!next) return Fail(Code::kCorruption, "entries that no signature covers");
    run.push_back(next->entry);
  }
  return run;
}

}  // namespace

Result<void> Replica::FindForks(const SpaceLog& log) {
  for (const log::FeedKey& feed : log.ForkedFeeds()) {
    ASSIGN(const auto proven, view_.Get(EvidenceKey(feed)));
    forks_.Found(feed, proven.has_value());
  }
  return {};
}

void Replica::NoteEvidence(const codec::StoredEntry& stored, const log::Body& body) {
  const Bytes* lower = log::FindField(body, log::kLowerBranch);
  const Bytes* higher = log::FindField(body, log::kHigherBranch);
  if (lower == nullptr || higher == nullptr) return;
  // What proves nothing counts for nothing; the entry stays, like every other.
  const auto fork = log::CheckFork(founding_.network(), AsText(*lower), AsText(*higher));
  if (!fork || fork->feed.space != stored.entry.header.space) return;
  view_.Put(EvidenceKey(fork->feed), {1});
  forks_.Proven(fork->feed);
}

Result<void> Replica::WriteEvidence(SpaceLog& log, const log::FeedKey& feed, Time now) {
  log::FeedKey branch = feed;
  branch.branch = 1;
  ASSIGN(auto entries, log.EntriesAt(feed, log.BeginOf(branch)));
  if (entries.size() < 2) return Fail(Code::kCorruption, "a fork without two entries");
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.entry.id < b.entry.id; });
  ASSIGN(const log::Run lower, SignedRunFrom(log, entries[0]));
  ASSIGN(const log::Run higher, SignedRunFrom(log, entries[1]));
  log::Body body;
  body.slots.emplace_back(
      log::MakeField(std::string(log::kLowerBranch), ToBytes(log::RenderBranch(lower)), random_));
  body.slots.emplace_back(
      log::MakeField(std::string(log::kHigherBranch), ToBytes(log::RenderBranch(higher)), random_));
  // Headers at their limits can make a proof larger than a body. Then both branches in the log,
  // and in every bundle, have to do.
  if (!log::CheckBody(body)) {
    forks_.Proven(feed);
    return {};
  }
  // In the root space an entry counts only if what it names does, and its author may hold back the
  // body of the lower one.
  std::optional<log::EntryId> about = entries[0].entry.id;
  if (log.space() == root_space_ && !council_.Counts(*about)) about.reset();
  TRY(WriteOwn(log, {log::kForkEvidence, about, &body, 2}, now));
  return {};
}

std::optional<std::int64_t> Replica::NextEvidenceMs() const {
  return CheckMayWrite() ? forks_.NextDueMs() : std::nullopt;
}

Result<void> Replica::GiveEvidence(Time now) {
  if (!CheckMayWrite()) return {};
  for (const log::FeedKey& feed : forks_.TakeDue(now, random_)) {
    if (MayWriteIn(feed.space)) {
      TRY(WriteEvidence(*FindLog(feed.space), feed, now));
    } else {
      forks_.Proven(feed);  // others have to
    }
  }
  return {};
}

}  // namespace geflecht::replica
