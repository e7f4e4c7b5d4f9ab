// Replica's way in: runs and bodies, of others and our own.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "node/log/fork.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::replica {
namespace {

Admitted Rejected(std::string reason) { return {Outcome::kRejected, std::move(reason)}; }
Admitted Rejected(const Error& error) { return {Outcome::kRejected, error.detail}; }

// A failing store is not the peer's fault, and nothing that follows can be trusted.
[[noreturn]] void StoreFailed() { CheckFailed("the store can be read", __FILE__, __LINE__); }

}  // namespace

Admitted Replica::Admit(const log::SpaceId& space, const codec::Run& run) {
  Admitted admitted = AdmitOnce(space, run, Writer::kOther);
  if (admitted.outcome == Outcome::kWaiting) pending_.Add(space, run);
  if (admitted.outcome == Outcome::kNew && pending_.entries() > 0) RetryPending();
  return admitted;
}

void Replica::RetryPending() {
  for (bool progress = true; progress && pending_.entries() > 0;) {
    progress = false;
    for (Pending::Item& item : pending_.TakeAll()) {
      const Admitted admitted = AdmitOnce(item.space, item.run, Writer::kOther);
      if (admitted.outcome == Outcome::kNew) progress = true;
      if (admitted.outcome == Outcome::kWaiting) pending_.Add(item.space, std::move(item.run));
    }
  }
}

Admitted Replica::AdmitOnce(const log::SpaceId& space, const codec::Run& run, Writer writer) {
  SpaceLog* log = FindLog(space);
  if (log == nullptr) return Rejected("unknown space");
  if (run.entries.empty() || run.entries.size() > limits::kRunEntriesMax)
    return Rejected("a run of no or too many entries");
  if (run.entries.front().kind != "charter" || space != members_.root_space()) {
    for (const codec::EntryPart& part : run.entries)
      if (auto why = members_.WhyNotWrite(run.device, space, part.kind)) return Rejected(*why);
  }
  const log::FeedKey feed{space, run.device, run.life};
  if (log->BranchCount(feed) == 0) {
    if (log->feed_count() >= limits::kFeedsPerSpaceMax) return Rejected("too many feeds");
    if (log->LivesOf(run.device) >= limits::kLivesMax)
      return Rejected("too many lives of a device");
  }
  auto front = log->FrontOf(feed, run.first_seq, run.prev);
  if (!front) StoreFailed();
  if (!*front) return {Outcome::kWaiting, "the entry in front of the run is not here"};
  auto completed = codec::CompleteRun(members_.network(), space, (*front)->head, run);
  if (!completed) return Rejected(completed.error());
  if (!(*front)->followed) return AdmitVerified(*log, *std::move(completed), **front, writer);
  return AdmitRest(*log, *std::move(completed), *std::move(*front), writer);
}

Admitted Replica::AdmitRest(SpaceLog& log, log::Run run, SpaceLog::Front front, Writer writer) {
  // If the last one is here, so is everything in front of it.
  auto last = log.EntryOf(run.back().id);
  if (!last) StoreFailed();
  if (*last) return {Outcome::kKnown, {}};
  std::size_t known = 0;
  for (;; ++known) {
    auto stored = log.EntryOf(run[known].id);
    if (!stored) StoreFailed();
    if (!*stored) break;
    front = log.FrontBehind(**stored);
  }
  run.erase(run.begin(), run.begin() + static_cast<std::ptrdiff_t>(known));
  return AdmitVerified(log, std::move(run), front, writer);
}

Result<std::optional<std::string>> Replica::WhyNotCaused(const SpaceLog& log,
                                                         const log::Run& run) const {
  const log::SpaceId& root = members_.root_space();
  const auto here = [&](const SpaceLog& in, const log::EntryId& id) -> Result<bool> {
    ASSIGN(const auto stored, in.EntryOf(id));
    return stored.has_value();
  };
  for (const log::Entry& entry : run) {
    for (const log::EntryId& seen : entry.header.seen) {
      ASSIGN(const bool known, here(log, seen));
      if (!known) return std::optional<std::string>("an entry that it has seen is not here");
    }
    if (entry.header.about) {
      ASSIGN(const bool known, here(log, *entry.header.about));
      if (!known) return std::optional<std::string>("the entry that it is about is not here");
    }
    for (const log::EntryId& basis : entry.header.basis) {
      ASSIGN(const bool known, here(logs_.at(root), basis));
      if (!known) return std::optional<std::string>("an entry of its basis is not here");
    }
  }
  return std::optional<std::string>();
}

Admitted Replica::AdmitVerified(SpaceLog& log, log::Run run, const SpaceLog::Front& front,
                                Writer writer) {
  const log::FeedKey& feed = front.feed;
  const bool forks = feed.branch != 0 && !log.HasFeed(feed);
  if (forks && log.BranchCount(feed) >= limits::kBranchesMax)
    return Rejected("too many branches of a feed");
  auto missing = WhyNotCaused(log, run);
  if (!missing) StoreFailed();
  // A run that waits for causes has a valid signature; one behind a gap cannot be checked before
  // the gap is closed, and is bounded by Pending alone.
  if (auto verified = log::VerifyRun(members_.network(), front.head, run); !verified)
    return Rejected(verified.error());
  if (*missing) return {Outcome::kWaiting, **missing};
  for (const log::Entry& entry : run) {
    for (const log::EntryId& seen : entry.header.seen) {
      auto stored = log.EntryOf(seen);
      if (!stored) StoreFailed();
      if ((*stored)->feed().SameFeed(feed)) return Rejected("an entry has seen its own feed");
    }
  }
  if (auto appended = log.Append(run, front); !appended) StoreFailed();
  if (forks) {
    auto proven = view_.Get(EvidenceKey(feed));
    if (!proven) StoreFailed();
    forks_.Found(feed, proven->has_value());
  }
  // Somebody else has written with this device's key, or this directory is older than what it once
  // wrote: no position that the other one may use is written from now on.
  if (writer == Writer::kOther && feed.device == self() && feed.life == self_.life) EndLife();
  return {Outcome::kNew, {}};
}

Admitted Replica::AdmitBodies(const log::SpaceId& space, const codec::Bodies& bodies, Time now) {
  SpaceLog* log = FindLog(space);
  if (log == nullptr) return Rejected("unknown space");
  Admitted total{Outcome::kKnown, {}};
  for (const codec::BodyItem& item : bodies.items) {
    Admitted admitted =
        AdmitBodyAt(*log, {{space, bodies.device, bodies.life}, item.seq}, item.body, now);
    if (admitted.outcome == Outcome::kRejected) return admitted;
    if (admitted.outcome == Outcome::kNew) total.outcome = Outcome::kNew;
  }
  return total;
}

Admitted Replica::AdmitBodyAt(SpaceLog& log, const codec::Position& at, const log::Body& body,
                              Time now) {
  auto entries = log.EntriesAt(at.feed, at.seq);
  if (!entries) StoreFailed();
  if (entries->empty()) return {Outcome::kWaiting, "a body without its entry"};
  if (std::all_of(entries->begin(), entries->end(),
                  [](const codec::StoredEntry& stored) { return stored.body_here; }))
    return {Outcome::kKnown, {}};
  std::optional<Error> error;
  for (const codec::StoredEntry& stored : *entries) {
    if (auto checked = log::CheckBodyOf(stored.entry.header, body); !checked) {
      error = checked.error();
    } else {
      return stored.body_here ? Admitted{Outcome::kKnown, {}} : AdmitBody(log, stored, body, now);
    }
  }
  return Rejected(*error);
}

Admitted Replica::AdmitBody(SpaceLog& log, const codec::StoredEntry& stored, const log::Body& body,
                            Time now) {
  if (!body.Complete()) return {Outcome::kKnown, "a body with withheld fields counts as missing"};
  std::optional<crdt::ChangeHead> head;
  if (stored.entry.header.kind == "change") {
    if (const Bytes* structure = log::FindField(body, "structure")) {
      auto decoded = crdt::DecodeChangeHead(*structure);
      if (decoded) head = *std::move(decoded);
    }
  }
  std::optional<crdt::DocumentId> document;
  if (head) {
    if (head->type) head->document = DocumentIdOf(stored.entry.id);
    document = head->document;
    // Positions as typed count in the state without this change, so an open change ends here.
    if (!Cut(head->document, now)) StoreFailed();
  }
  if (!log.AddBody(stored, body, document)) StoreFailed();
  if (stored.entry.header.kind == log::kForkEvidence) NoteEvidence(stored, body);
  if (head) {
    auto again = log.EntryAt(stored.feed(), stored.entry.header.seq);
    if (!again || !documents_.Add(log, **again, *head, body)) StoreFailed();
  }
  return {Outcome::kNew, {}};
}

}  // namespace geflecht::replica
