// Replica's way in: runs and bodies, of others and our own.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "node/governance/kinds.h"
#include "node/log/fork.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::replica {
namespace {

Admitted Rejected(std::string reason) { return {Outcome::kRejected, std::move(reason)}; }
// Which lives and branches fill a limit depends on the order in which they came: whoever sends one
// more is not at fault. Nothing is kept, and nothing is acknowledged.
Admitted NotTaken(std::string reason) { return {Outcome::kWaiting, std::move(reason)}; }
Admitted Rejected(const Error& error) { return {Outcome::kRejected, error.detail}; }

// A failing store is not the peer's fault, and nothing that follows can be trusted.
[[noreturn]] void StoreFailed() { CheckFailed("the store can be read", __FILE__, __LINE__); }

}  // namespace

Admitted Replica::Admit(const log::SpaceId& space, const codec::Run& run,
                        const log::DeviceId& from) {
  Admitted admitted = AdmitOnce(space, run, Writer::kOther);
  if (admitted.no_room && council_.IsEntitled(from)) {
    // So much is no tail that nobody has seen: a member hands over what its log holds. It could
    // refer to all of it with one entry; Govern does so here.
    ReleaseDevice(run.device, Writer::kStanding);
    admitted = AdmitOnce(space, run, Writer::kStanding);
  }
  if (admitted.outcome == Outcome::kWaiting)
    Wait({space, run, from, members().MayWrite(run.device, space)}, admitted);
  ReleasePending();
  return admitted;
}

void Replica::Wait(Pending::Item item, const Admitted& admitted) {
  if (admitted.missing.empty()) return;
  item.stands = item.stands || admitted.stands;
  const bool stands = item.stands;
  pending_.Add(std::move(item), admitted.missing);
  if (stands) ReleaseFromQuarantine(admitted.missing);
}

Admitted Replica::AdmitSalvaged(const log::SpaceId& space, const codec::Run& run) {
  Admitted admitted = AdmitOnce(space, run, Writer::kStanding);
  if (admitted.outcome == Outcome::kWaiting) Wait({space, run, {}, /*stands=*/true}, admitted);
  ReleasePending();
  return admitted;
}

void Replica::ReleasePending() {
  while (!arrived_.empty()) {
    const codec::ShortId id = arrived_.back();
    arrived_.pop_back();
    for (Pending::Item& item : pending_.Arrived(id)) {
      const Admitted admitted =
          AdmitOnce(item.space, item.run, item.stands ? Writer::kStanding : Writer::kOther);
      item.stands = item.stands || members().MayWrite(item.run.device, item.space);
      if (admitted.outcome == Outcome::kWaiting) Wait(std::move(item), admitted);
    }
  }
}

Admitted Replica::AdmitOnce(const log::SpaceId& space, const codec::Run& run, Writer writer) {
  SpaceLog* log = FindLog(space);
  if (log == nullptr) return Rejected("unknown space");
  if (run.entries.empty() || run.entries.size() > limits::kRunEntriesMax)
    return Rejected("a run of no or too many entries");
  if (run.entries.front().kind != "charter" || space != root_space_) {
    for (const codec::EntryPart& part : run.entries)
      if (auto why = members().WhyNoKind(space, part.kind)) return Rejected(*why);
  }
  const log::FeedKey feed{space, run.device, run.life};
  // What others have filled must not keep this device from writing.
  if (log->BranchCount(feed) == 0 && writer != Writer::kSelf) {
    if (log->feed_count() >= limits::kFeedsPerSpaceMax) return NotTaken("too many feeds");
    if (log->LivesOf(run.device) >= limits::kLivesMax)
      return NotTaken("too many lives of a device");
  }
  auto front = log->FrontOf(feed, run.first_seq, run.prev);
  if (!front) StoreFailed();
  if (!*front) {
    if (!run.prev) return Rejected("a run without the entry in front of it");
    if (auto admitted = AdmitBehindQuarantine(space, run)) return *std::move(admitted);
    return {Outcome::kWaiting, "the entry in front of the run is not here", {*run.prev}};
  }
  auto completed = codec::CompleteRun(founding_.network(), space, (*front)->head, run);
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

Result<std::vector<codec::ShortId>> Replica::MissingCauses(const SpaceLog& log,
                                                           const log::Run& run) const {
  std::vector<codec::ShortId> missing;
  const auto note = [&](const SpaceLog& in, const log::EntryId& id) -> Result<void> {
    ASSIGN(const auto stored, in.EntryOf(id));
    if (!stored) missing.push_back(codec::ShortOf(id));
    return {};
  };
  std::set<log::EntryId> own;
  const std::vector<log::EntryId>* looked_up = nullptr;
  for (const log::Entry& entry : run) {
    for (const log::EntryId& seen : entry.header.seen) TRY(note(log, seen));
    // It may stand in front of it in the same run.
    if (entry.header.about && !own.contains(*entry.header.about))
      TRY(note(log, *entry.header.about));
    own.insert(entry.id);
    if (looked_up != nullptr && *looked_up == entry.header.basis) continue;
    // What the writer relied on has to be understood, not only stored.
    for (const log::EntryId& basis : entry.header.basis)
      if (!council_.Counts(basis)) missing.push_back(codec::ShortOf(basis));
    looked_up = &entry.header.basis;
  }
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  return missing;
}

Admitted Replica::AdmitVerified(SpaceLog& log, log::Run run, const SpaceLog::Front& front,
                                Writer writer) {
  if (log.space() != root_space_) return AdmitPart(log, std::move(run), front, writer);
  // Who is entitled may change with an entry: what follows it is judged when it counts. Such
  // entries are signed themselves.
  SpaceLog::Front at = front;
  Admitted admitted;
  for (std::size_t begin = 0; begin < run.size();) {
    std::size_t end = begin + 1;
    while (end < run.size() && !governance::MayChangeWriters(run[end - 1].header.kind)) ++end;
    const log::EntryId last = run[end - 1].id;
    const auto from = run.begin() + static_cast<std::ptrdiff_t>(begin);
    admitted =
        AdmitPart(log, log::Run(from, run.begin() + static_cast<std::ptrdiff_t>(end)), at, writer);
    if (admitted.outcome != Outcome::kNew) return admitted;
    begin = end;
    if (begin == run.size()) break;
    const auto stored = log.EntryOf(last);
    if (!stored || !*stored) StoreFailed();
    at = log.FrontBehind(**stored);
  }
  return admitted;
}

Admitted Replica::AdmitPart(SpaceLog& log, log::Run run, const SpaceLog::Front& front,
                            Writer writer) {
  const log::FeedKey& feed = front.feed;
  const bool forks = feed.branch != 0 && !log.HasFeed(feed);
  if (forks && (log.FurtherBranchesOf(feed.device) + 1 >= limits::kBranchesMax ||
                log.feed_count() >= limits::kBranchRoomMax))
    return NotTaken("too many branches");
  auto missing = MissingCauses(log, run);
  if (!missing) StoreFailed();
  // A run that waits for causes has a valid signature; one behind a gap cannot be checked before
  // the gap is closed, and is bounded by Pending alone.
  if (auto verified = log::VerifyFreshRun(founding_.network(), front.head, run); !verified)
    return Rejected(verified.error());
  const bool ever = members().EverByDevice(feed.device) != nullptr;
  if (ever && !missing->empty() && IsToBeQuarantined(log, run, writer))
    return KeepInQuarantine(log.space(), codec::PartsOf(front.head, run, 0), run);
  if (!missing->empty())
    return {Outcome::kWaiting, "entries that it refers to are not here", *std::move(missing),
            /*no_room=*/false, ever};
  if (auto why = WhyNotEntitled(log, run, front.head.basis)) return *std::move(why);
  if (IsToBeQuarantined(log, run, writer))
    return KeepInQuarantine(log.space(), codec::PartsOf(front.head, run, 0), run);
  for (const log::Entry& entry : run) {
    for (const log::EntryId& seen : entry.header.seen) {
      auto stored = log.EntryOf(seen);
      if (!stored) StoreFailed();
      if ((*stored)->feed().SameFeed(feed)) return Rejected("an entry has seen its own feed");
    }
  }
  // Entries of other spaces wait until one of the root space counts.
  if (log.space() == root_space_) {
    for (const log::Entry& entry : run) council_.Append(entry);
    NoteCounted();
  }
  for (const log::Entry& entry : run)
    if (const codec::ShortId id = codec::ShortOf(entry.id); pending_.Awaits(id))
      arrived_.push_back(id);
  if (log.space() != root_space_ && !members().MayWrite(feed.device, log.space()))
    refers_due_ = true;
  if (log.space() != root_space_ && !papers_.at(log.space()).Add(log, run, front)) StoreFailed();
  log.Append(std::move(run), front);
  if (forks) {
    auto proven = view_.Get(EvidenceKey(feed));
    if (!proven) StoreFailed();
    forks_.Found(feed, proven->has_value());
  }
  // Somebody else has written with this device's key, or this directory is older than what it once
  // wrote: no position that the other one may use is written from now on.
  if (writer != Writer::kSelf && feed.device == self() && feed.life == self_.life) EndLife();
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
  // Two branches may commit to one body. One that fits none may be that of a branch that is not
  // here yet, so its sender is not to blame.
  Admitted total{Outcome::kWaiting, "a body that no entry at its position commits to"};
  for (codec::StoredEntry& stored : *entries) {
    if (!log::CheckBodyOf(stored.entry.header, body)) continue;
    Admitted admitted{Outcome::kKnown, {}};
    if (!stored.body_here) admitted = AdmitBody(log, std::move(stored), body, now);
    if (total.outcome != Outcome::kNew) total = std::move(admitted);
  }
  return total;
}

Admitted Replica::AdmitBody(SpaceLog& log, codec::StoredEntry stored, const log::Body& offered,
                            Time now) {
  log::Body body = offered;
  // With what somebody else has given of it before, which may be the structure.
  erasures_.Complete(stored.entry.id, body);
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
  }
  if (!JudgeNoted(log, stored.entry, document)) StoreFailed();
  const auto of_document = document ? erasures_.OnDocument(log.space(), *document)
                                    : Result<ErasedDocument>(ErasedDocument{});
  if (!of_document) StoreFailed();
  const auto erased = ErasedFieldsOf(log, stored.entry, document, *of_document, body);
  if (!erased) StoreFailed();
  log::TakeOut(body, erased->fields);
  // What cannot be judged yet is not stored.
  if (!erased->known) {
    erasures_.KeepAside(stored.entry.id, document, body);
    return {Outcome::kKnown, "a body that lies where something is erased waits for another one"};
  }
  for (std::uint32_t i = 0; i < body.slots.size(); ++i)
    if (!std::holds_alternative<log::Field>(body.slots[i]) && !erased->fields.contains(i)) {
      Admitted kept = KeepWithheld(log, stored, document, body);
      if (!EraseWhatCountsNow(now)) StoreFailed();
      return kept;
    }
  if (stored.entry.header.kind == log::kErase) {
    const auto room = HasRoomToNote(log, stored.entry, body);
    if (!room) StoreFailed();
    if (!*room) return KeepWithheld(log, stored, document, body);
  }
  if (head) {
    conflict_counts_.erase(head->document);
    // Positions as typed count in the state without this change, so an open change ends here.
    if (!CutFirst(head->document, now)) StoreFailed();
  }
  log.AddBody(stored, body, document);
  // Nothing that may be erased one day lies anywhere else.
  erasures_.TakeAside(stored.entry.id);
  if (log.space() == root_space_) {
    council_.AddBody(stored.entry.id, body);
    NoteCounted();
    ReleasePending();
  }
  if (stored.entry.header.kind == log::kForkEvidence) NoteEvidence(stored, body);
  if (head && !documents_.Add(log, stored, *head, body)) StoreFailed();
  // Changes may have come before the one that says whose document it is, or made what they lie in.
  if (head && !EraseAgain(log, *head, body, now)) StoreFailed();
  if (stored.entry.header.kind == log::kErase && !ApplyErasure(log, stored, body, now))
    StoreFailed();
  if (stored.entry.header.kind == log::kEraseReceipt) NoteEraseReceipt(log, stored, body);
  if (!LockFrom(log, stored, now)) StoreFailed();
  if (!EraseWhatCountsNow(now)) StoreFailed();
  return {Outcome::kNew, {}};
}

Admitted Replica::KeepWithheld(SpaceLog& log, const codec::StoredEntry& stored,
                               const std::optional<crdt::DocumentId>& document,
                               const log::Body& body) {
  const auto& slots = body.slots;
  const bool evidence =
      std::all_of(slots.begin(), slots.begin() + log::FirstErasable(stored.entry.header),
                  [](const log::Slot& slot) { return std::holds_alternative<log::Field>(slot); });
  if (log.space() == root_space_ && evidence && !council_.Counts(stored.entry.id)) {
    // The erasure that explains the leaves stands behind it, and waits until it counts. Nothing but
    // evidence decides anything.
    auto known = log.EvidenceOf(stored);
    if (!known) StoreFailed();
    if (!*known) log.KeepEvidence(stored, body);
    council_.AddBody(stored.entry.id, body);
    NoteCounted();
    ReleasePending();
  }
  erasures_.KeepAside(stored.entry.id, document, body);
  return {Outcome::kKnown, "a body with withheld fields counts as missing"};
}

}  // namespace geflecht::replica
