// Replica's way in: runs and bodies, of others and our own.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
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
  Admitted admitted = AdmitOnce(space, run);
  if (admitted.outcome == Outcome::kWaiting) pending_.Add(space, run);
  if (admitted.outcome == Outcome::kNew && pending_.entries() > 0) RetryPending();
  return admitted;
}

void Replica::RetryPending() {
  for (bool progress = true; progress && pending_.entries() > 0;) {
    progress = false;
    for (Pending::Item& item : pending_.TakeAll()) {
      const Admitted admitted = AdmitOnce(item.space, item.run);
      if (admitted.outcome == Outcome::kNew) progress = true;
      if (admitted.outcome == Outcome::kWaiting) pending_.Add(item.space, std::move(item.run));
    }
  }
}

Admitted Replica::AdmitOnce(const log::SpaceId& space, const codec::Run& run) {
  SpaceLog* log = FindLog(space);
  if (log == nullptr) return Rejected("unknown space");
  if (run.entries.empty() || run.entries.size() > limits::kRunEntriesMax)
    return Rejected("a run of no or too many entries");
  if (run.entries.front().kind != "charter" || space != members_.root_space()) {
    for (const codec::EntryPart& part : run.entries)
      if (auto why = members_.WhyNotWrite(run.device, space, part.kind)) return Rejected(*why);
  }
  const log::FeedKey feed{space, run.device, run.life};
  const log::FeedHead head = log->Head(feed);
  if (!log->HasFeed(feed)) {
    if (log->feed_count() >= limits::kFeedsPerSpaceMax) return Rejected("too many feeds");
    if (log->LivesOf(run.device) >= limits::kLivesMax)
      return Rejected("too many lives of a device");
  }
  if (run.first_seq > head.next_seq)
    return {Outcome::kWaiting, "the entries in front of the run are not here"};
  const std::uint64_t known = head.next_seq - run.first_seq;
  if (known >= run.entries.size()) return {Outcome::kKnown, {}};
  codec::Run rest = run;
  rest.first_seq = head.next_seq;
  rest.entries.erase(rest.entries.begin(),
                     rest.entries.begin() + static_cast<std::ptrdiff_t>(known));
  auto completed = codec::CompleteRun(members_.network(), space, head, rest);
  if (!completed) return Rejected(completed.error());
  return AdmitVerified(*log, *std::move(completed));
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

Admitted Replica::AdmitVerified(SpaceLog& log, log::Run run) {
  const log::FeedKey feed = run.front().header.feed();
  auto missing = WhyNotCaused(log, run);
  if (!missing) StoreFailed();
  // A run that waits for causes has a valid signature; one behind a gap cannot be checked before
  // the gap is closed, and is bounded by Pending alone.
  if (auto verified = log::VerifyRun(members_.network(), log.Head(feed), run); !verified)
    return Rejected(verified.error());
  if (*missing) return {Outcome::kWaiting, **missing};
  for (const log::Entry& entry : run) {
    for (const log::EntryId& seen : entry.header.seen) {
      auto stored = log.EntryOf(seen);
      if (!stored) StoreFailed();
      if ((*stored)->entry.header.feed() == feed) return Rejected("an entry has seen its own feed");
    }
  }
  if (auto appended = log.Append(run); !appended) StoreFailed();
  return {Outcome::kNew, {}};
}

Admitted Replica::AdmitBodies(const log::SpaceId& space, const codec::Bodies& bodies, Time now) {
  SpaceLog* log = FindLog(space);
  if (log == nullptr) return Rejected("unknown space");
  Admitted total{Outcome::kKnown, {}};
  for (const codec::BodyItem& item : bodies.items) {
    const codec::Position at{{space, bodies.device, bodies.life}, item.seq};
    Admitted admitted = AdmitBody(*log, at, item.body, now);
    if (admitted.outcome == Outcome::kRejected) return admitted;
    if (admitted.outcome == Outcome::kNew) total.outcome = Outcome::kNew;
  }
  return total;
}

Admitted Replica::AdmitBody(SpaceLog& log, const codec::Position& at, const log::Body& body,
                            Time now) {
  auto stored = log.EntryAt(at.feed, at.seq);
  if (!stored) StoreFailed();
  if (!*stored) return {Outcome::kWaiting, "a body without its entry"};
  if ((*stored)->body_here) return {Outcome::kKnown, {}};
  const codec::StoredEntry& entry = **stored;
  if (auto checked = log::CheckBodyOf(entry.entry.header, body); !checked)
    return Rejected(checked.error());
  if (!body.Complete()) return {Outcome::kKnown, "a body with withheld fields counts as missing"};

  std::optional<crdt::ChangeHead> head;
  if (entry.entry.header.kind == "change") {
    if (const Bytes* structure = log::FindField(body, "structure")) {
      auto decoded = crdt::DecodeChangeHead(*structure);
      if (decoded) head = *std::move(decoded);
    }
  }
  std::optional<crdt::DocumentId> document;
  if (head) document = head->document;
  // Positions as typed count in the state without this change, so an open change ends here.
  if (head && !Cut(head->document, now)) StoreFailed();
  if (!log.AddBody(entry, body, document)) StoreFailed();
  if (head) {
    auto again = log.EntryAt(at.feed, at.seq);
    if (!again || !documents_.Add(log, **again, *head, body)) StoreFailed();
  }
  return {Outcome::kNew, {}};
}

}  // namespace geflecht::replica
