// Replica's judgement of writers: who was entitled at an entry's basis, and which entries of
// devices that are deprived now stand (docs/formats/kinds.md, Standing).
#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"
#include "node/governance/kinds.h"
#include "node/governance/read_entry.h"
#include "node/replica/replica.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::replica {

std::optional<Admitted> Replica::WhyNotEntitledInRoot(const log::Run& run) const {
  if (run.front().header.kind == "charter") return std::nullopt;
  // What is in the past of the entries, from outside of the run: within a run nothing changes who
  // is a member (AdmitVerified cuts it there).
  std::set<log::EntryId> past;
  std::set<log::EntryId> own;
  for (const log::Entry& entry : run) {
    const std::size_t before = past.size();
    for (const log::EntryId& parent : governance::ParentsOf(entry.header))
      if (!own.contains(parent)) past.insert(parent);
    own.insert(entry.id);
    if (past.empty()) return Admitted{Outcome::kRejected, "an entry without a past"};
    if (past.size() == before) continue;
    std::vector<codec::ShortId> unread;
    for (const log::EntryId& parent : past)
      if (!council_.Counts(parent)) unread.push_back(codec::ShortOf(parent));
    if (!unread.empty())
      return Admitted{Outcome::kWaiting, "entries that it refers to cannot be read yet", unread};
    if (!council_.IsEntitled(entry.header.device, {past.begin(), past.end()}))
      return Admitted{Outcome::kRejected, "device of no member"};
  }
  return std::nullopt;
}

std::optional<Admitted> Replica::WhyNotEntitled(const SpaceLog& log, const log::Run& run,
                                                const std::vector<log::EntryId>& before) const {
  if (log.space() == root_space_) return WhyNotEntitledInRoot(run);
  const std::vector<log::EntryId>* known = &before;
  for (const log::Entry& entry : run) {
    const std::vector<log::EntryId>& basis = entry.header.basis;
    if (basis == *known && known != &before) continue;
    for (const log::EntryId& earlier : *known)
      if (std::none_of(basis.begin(), basis.end(),
                       [&](const log::EntryId& later) { return council_.Covers(later, earlier); }))
        return Admitted{Outcome::kRejected, "a basis does not contain the one before"};
    const bool entitled = log.circle() ? council_.HasSeat(entry.header.device, basis, log.space())
                                       : council_.IsEntitled(entry.header.device, basis);
    if (!entitled) return Admitted{Outcome::kRejected, "device of no member"};
    known = &basis;
  }
  return std::nullopt;
}

bool Replica::IsToBeQuarantined(const SpaceLog& log, const log::Run& run, Writer writer) const {
  if (writer != Writer::kOther || log.space() == root_space_) return false;
  if (members().MayWrite(run.front().header.device, log.space())) return false;
  return std::none_of(run.begin(), run.end(), [&](const log::Entry& entry) {
    return pending_.AwaitedByStanding(codec::ShortOf(entry.id));
  });
}

Admitted Replica::KeepInQuarantine(const log::SpaceId& space, const codec::Run& run,
                                   const log::Run& entries) {
  const bool kept = quarantine_.Add({space, run, {}}, entries);
  // Runs of the same feed may wait for this one: they belong behind it.
  for (const log::Entry& entry : entries)
    if (const codec::ShortId id = codec::ShortOf(entry.id); kept && pending_.Awaits(id))
      arrived_.push_back(id);
  if (!kept)
    return {Outcome::kWaiting, "a deprived device has used up its room", {}, /*no_room=*/true};
  return {Outcome::kWaiting, "the device is a member's no more"};
}

std::optional<Admitted> Replica::AdmitBehindQuarantine(const log::SpaceId& space,
                                                       const codec::Run& run) {
  const auto head = quarantine_.HeadBehind({space, run.device, run.life}, *run.prev);
  if (!head || head->next_seq != run.first_seq) return std::nullopt;
  auto entries = codec::CompleteRun(founding_.network(), space, *head, run);
  if (!entries) return Admitted{Outcome::kRejected, entries.error().detail};
  if (auto verified = log::VerifyFreshRun(founding_.network(), *head, *entries); !verified)
    return Admitted{Outcome::kRejected, verified.error().detail};
  const SpaceLog& log = logs_.at(space);
  if (IsToBeQuarantined(log, *entries, Writer::kOther))
    return KeepInQuarantine(space, run, *entries);
  ReleaseFromQuarantine({*run.prev});
  return AdmitOnce(space, run, Writer::kStanding);
}

void Replica::ReleaseFromQuarantine(std::vector<codec::ShortId> ids) {
  while (!ids.empty()) {
    const codec::ShortId id = ids.back();
    ids.pop_back();
    for (Quarantine::Item& item : quarantine_.TakePast(id)) {
      const Admitted admitted = AdmitOnce(item.space, item.run, Writer::kStanding);
      if (admitted.outcome != Outcome::kWaiting || admitted.missing.empty()) continue;
      ids.insert(ids.end(), admitted.missing.begin(), admitted.missing.end());
      pending_.Add({item.space, std::move(item.run), item.from, /*stands=*/true}, admitted.missing);
    }
  }
}

void Replica::ReleaseDevice(const log::DeviceId& device, Writer writer) {
  for (Quarantine::Item& item : quarantine_.TakeOf(device)) {
    const Admitted admitted = AdmitOnce(item.space, item.run, writer);
    if (admitted.outcome == Outcome::kWaiting)
      Wait({item.space, std::move(item.run), item.from, /*stands=*/true}, admitted);
  }
}

void Replica::NoteCounted() {
  const std::vector<log::EntryId> counted = council_.TakeCounted();
  if (counted.empty()) return;
  decisions_changed_ = true;
  bool may_change = false;
  for (const log::EntryId& id : counted) {
    const Council::Record& record = *council_.Find(id);
    if (record.kind == governance::kVote && record.about) voted_on_.insert(*record.about);
    if (record.kind == governance::kAuditRequest) NoteRequest(id);
    if (record.kind == log::kErase) erasures_.NoteCounted(id);
    may_change = may_change || governance::MayChangeMembers(record.kind);
  }
  for (const log::EntryId& id : counted)
    if (const codec::ShortId shortened = codec::ShortOf(id); pending_.Awaits(shortened))
      arrived_.push_back(shortened);
  if (!may_change || members() == seen_members_) return;
  seen_members_ = members();
  members_changed_ = true;
  CHECK(OpenCircles().has_value());  // a store that fails ends the node
  for (const log::DeviceId& device : quarantine_.Devices())
    if (council_.IsEntitled(device)) ReleaseDevice(device, Writer::kOther);
}

}  // namespace geflecht::replica
