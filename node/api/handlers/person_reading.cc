#include "node/api/handlers/person_reading.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <iterator>
#include <string_view>

#include "node/governance/kinds.h"

namespace geflecht::api {
namespace {

// A slice is a few milliseconds of work.
constexpr std::size_t kEntriesOfOneSlice = 512, kPlacesOfOneSlice = 16, kForgottenAtOnce = 512;
constexpr std::size_t kReadingsMost = 4;
constexpr std::int64_t kKeptMs = 60'000;

constexpr std::string_view kRootKinds[] = {governance::kProposal, governance::kVote,
                                           governance::kComment};

void Append(boost::json::array& to, boost::json::array& from) {
  for (Json& item : from) to.push_back(std::move(item));
}

void Append(Traces& to, Traces& from) {
  Append(to.sure, from.sure);
  Append(to.unclear, from.unclear);
  Append(to.log, from.log);
}

template <class Id>
void Keep(std::map<Id, Traces>& in, const Id& id, Traces traces) {
  if (traces.IsEmpty()) {
    in.erase(id);
  } else {
    in.insert_or_assign(id, std::move(traces));
  }
}

}  // namespace

Result<void> PersonReading::Begin(replica::Replica& replica) {
  for (const std::string_view type : kPersonTypes) {
    ASSIGN(const auto documents, replica.ListDocuments(type));
    for (const codec::StoredDocument& info : documents) tell_.push_back(info.id);
  }
  phase_ = Phase::kPersons;
  return {};
}

Result<void> PersonReading::ReadPersons(replica::Replica& replica, const crdt::DocumentId& id) {
  const auto open = replica.Open(id);
  if (!open) return IsUnreadable(open.error()) ? Result<void>() : Fail(open.error());
  ASSIGN(people_[id], PersonsIn(**open));
  return {};
}

void PersonReading::Queue(const crdt::DocumentId& id) {
  if (known_.insert(id).second) order_.push_back(id);
  changed_.insert(id);
}

bool PersonReading::Wants(const codec::StoredEntry&) const { return true; }

Result<void> PersonReading::OnEntry(replica::Replica&, const codec::StoredEntry& stored) {
  if (stored.document) Queue(*stored.document);
  // Papers and acts that were read without their bodies.
  if (read_entries_.contains(stored.entry.id)) entries_.insert(stored.entry.id);
  return {};
}

void PersonReading::OnErased(const crdt::DocumentId& document) { Queue(document); }

void PersonReading::OnErased(const log::EntryId& entry) {
  if (read_entries_.contains(entry)) entries_.insert(entry);
}

Result<void> PersonReading::FindSubject(replica::Replica& replica) {
  ASSIGN(Subject subject, SubjectOf(replica, people_, typed_));
  people_changed_ = false;
  const bool same = traces_ && traces_->subject().person == subject.person &&
                    traces_->subject().contacts == subject.contacts;
  traces_ = MakePersonTraces(replica, std::move(subject), mark_);
  if (same) {
    // Where nothing was found it makes no difference who else there is.
    for (const auto& [id, found] : in_documents_) changed_.insert(id);
    for (const auto& [id, found] : in_entries_) entries_.insert(id);
  } else {
    changed_ = known_;
    entries_ = read_entries_;
  }
  return {};
}

Result<void> PersonReading::ReadDocument(replica::Replica& replica, const crdt::DocumentId& id,
                                         Time now) {
  const auto open = replica.Open(id);
  if (!open) {
    in_documents_.erase(id);
    return IsUnreadable(open.error()) ? Result<void>() : Fail(open.error());
  }
  const std::string_view type = (*open)->info.type;
  if (std::find(std::begin(kPersonTypes), std::end(kPersonTypes), type) != std::end(kPersonTypes)) {
    ASSIGN(NamedPersons told, PersonsIn(**open));
    NamedPersons& known = people_[id];
    if (!NameTheSame(known, told)) people_changed_ = true;
    known = std::move(told);
  }
  ASSIGN(Traces traces, traces_->OfDocument(**open, now));
  Keep(in_documents_, id, std::move(traces));
  return {};
}

Result<void> PersonReading::ReadEntry(replica::Replica& replica, const log::EntryId& id, Time now) {
  read_entries_.insert(id);
  if (const replica::Paper* paper = replica.FindPaper(id)) {
    ASSIGN(Traces traces, traces_->OfPaper(*paper, now));
    Keep(in_entries_, id, std::move(traces));
    return {};
  }
  ASSIGN(const auto stored, replica.EntryOf(id));
  if (!stored) return {};
  ASSIGN(Traces traces, traces_->OfRootEntry(id, stored->entry.header.kind));
  Keep(in_entries_, id, std::move(traces));
  return {};
}

void PersonReading::QueueEntries(replica::Replica& replica) {
  for (const replica::Paper* const paper : replica.AllPapers())
    if (!read_entries_.contains(paper->id)) entries_.insert(paper->id);
  for (const std::string_view kind : kRootKinds)
    for (const log::EntryId& id : replica.council().OfKind(kind))
      if (!read_entries_.contains(id)) entries_.insert(id);
}

Result<bool> PersonReading::ReadOn(replica::Replica& replica, Time now) {
  if (phase_ == Phase::kNew) {
    TRY(Begin(replica));
    return false;
  }
  if (phase_ == Phase::kEnding) return Forget();
  std::size_t work = kPlacesOfOneSlice;
  for (; work > 0 && !tell_.empty(); --work) {
    TRY(ReadPersons(replica, tell_.back()));
    tell_.pop_back();
  }
  if (work == 0) return false;
  ASSIGN(const bool followed, log_.ReadOn(replica, kEntriesOfOneSlice, *this));
  if (!followed) return false;
  if (phase_ == Phase::kPersons) {
    TRY(FindSubject(replica));
    phase_ = Phase::kPlaces;
    return false;
  }
  ASSIGN(const bool complete, ReadPlaces(replica, work, now));
  if (!complete) return false;
  ASSIGN(found_, Collect(replica, now));
  traces_.reset();
  phase_ = Phase::kEnding;
  return false;
}

Result<bool> PersonReading::ReadPlaces(replica::Replica& replica, std::size_t work, Time now) {
  for (; work > 0 && !changed_.empty(); --work) {
    TRY(ReadDocument(replica, *changed_.begin(), now));
    changed_.erase(changed_.begin());
  }
  for (; work > 0 && !entries_.empty(); --work) {
    TRY(ReadEntry(replica, *entries_.begin(), now));
    entries_.erase(entries_.begin());
  }
  if (work == 0 || !changed_.empty() || !entries_.empty()) return false;
  if (people_changed_) {
    TRY(FindSubject(replica));
    return false;
  }
  if (!std::exchange(rest_queued_, true)) {
    log_.LookAgain();
    for (const crdt::DocumentId& id : order_)
      if (replica.HasDraft(id)) changed_.insert(id);
    return false;
  }
  QueueEntries(replica);
  return changed_.empty() && entries_.empty();
}

bool PersonReading::Forget() {
  for (std::size_t work = kForgottenAtOnce; work > 0 && !people_.empty(); --work)
    people_.erase(people_.begin());
  for (std::size_t work = kForgottenAtOnce; work > 0 && !known_.empty(); --work)
    known_.erase(known_.begin());
  return people_.empty() && known_.empty();
}

Result<PersonFound> PersonReading::Collect(replica::Replica& replica, Time now) {
  PersonFound out{traces_->subject(), {}};
  for (const crdt::DocumentId& id : order_)
    if (const auto found = in_documents_.find(id); found != in_documents_.end())
      Append(out.traces, found->second);
  const auto take = [&](const log::EntryId& id) {
    const auto found = in_entries_.find(id);
    if (found != in_entries_.end()) Append(out.traces, found->second);
  };
  for (const replica::Paper* const paper : replica.AllPapers()) take(paper->id);
  ASSIGN(Traces mandates, traces_->OfMandates(now));
  Append(out.traces, mandates);
  for (const std::string_view kind : kRootKinds)
    for (const log::EntryId& id : replica.council().OfKind(kind)) take(id);
  return out;
}

void PersonReadings::DropOld(Time now) {
  std::erase_if(held_,
                [&](const auto& held) { return now.mono_ms - held.second.asked_ms > kKeptMs; });
}

Result<PersonReadings::Progress> PersonReadings::ReadOn(replica::Replica& replica,
                                                        const std::string& typed,
                                                        const std::string& mark, Time now) {
  DropOld(now);
  auto held = held_.find({typed, mark});
  if (held != held_.end() && held->second.replica != &replica) {
    held_.erase(held);
    held = held_.end();
  }
  if (held == held_.end()) {
    if (held_.size() == kReadingsMost)
      return Fail(Code::kConflict, "as many readings are under way as are kept",
                  "hint.person-reading-busy");
    held =
        held_.emplace(std::pair(typed, mark), Held{PersonReading(typed, mark), &replica, 0}).first;
  }
  held->second.asked_ms = now.mono_ms;
  PersonReading& reading = held->second.reading;
  const auto done = reading.ReadOn(replica, now);
  if (done && !*done) return Progress{reading.read(), reading.of(), std::nullopt};
  PersonReading last = std::move(reading);
  held_.erase(held);
  if (!done) return Fail(done.error());
  return Progress{last.read(), last.of(), last.Take()};
}

boost::json::object StillReading(const PersonReadings::Progress& progress) {
  return {{"reading", true}, {"read", progress.read}, {"of", progress.of}};
}

}  // namespace geflecht::api
