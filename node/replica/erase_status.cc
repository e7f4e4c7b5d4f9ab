// Replica's part in receipts of erasures: its own, and what is known of the others'
// (docs/formats/erasure.md, Receipts).
#include <algorithm>
#include <set>
#include <utility>

#include "node/replica/records.h"
#include "node/replica/replica.h"

namespace geflecht::replica {

Result<void> Replica::ConfirmErasures(Time now) {
  if (!expunging_.HasAny()) erase_receipts_.NoPassNeeded();
  while (!erase_receipts_.ready().empty()) {
    const log::SpaceId space = erase_receipts_.ready().begin()->first;
    const auto& due = erase_receipts_.ready().begin()->second;
    std::vector<std::uint64_t> arrivals;
    std::vector<log::EntryId> erasures;
    for (const std::uint64_t arrival : due) {
      if (arrivals.size() == log::kEraseTargetsMax) break;
      ASSIGN(const auto stored, Log(space).Arrival(arrival));
      if (!stored) return Fail(Code::kCorruption, "an erasure is not in the log");
      arrivals.push_back(arrival);
      erasures.push_back(stored->entry.id);
    }
    std::sort(erasures.begin(), erasures.end());
    ASSIGN(const log::Body body, log::SayEraseReceipt(erasures, random_));
    // The root space decides who is a member; whoever is one reads the space of the documents.
    SpaceLog& log = *FindLog(space == root_space_ ? network_space_ : space);
    // Whoever only reads a circle cannot confirm in it.
    if (MayWriteIn(log.space()))
      TRY(WriteOwn(log, {log::kEraseReceipt, std::nullopt, &body, log::kEraseReceiptEvidence},
                   now));
    erase_receipts_.Written(space, arrivals);
  }
  return {};
}

void Replica::NoteEraseReceipt(const SpaceLog& log, const codec::StoredEntry& receipt,
                               const log::Body& body) {
  const auto erasures = log::ReadEraseReceipt(receipt.entry.header, body);
  if (!erasures) return;
  for (const log::EntryId& erasure : *erasures) {
    const auto named = EntryOf(erasure);
    // One of another space says nothing about it; those of the root space are confirmed elsewhere.
    if (named && *named && (*named)->entry.header.space != root_space_ &&
        (*named)->entry.header.space != log.space())
      continue;
    erase_receipts_.NoteConfirmed(erasure, {log.space(), receipt.arrival});
  }
}

Result<ErasureStanding> Replica::StandingOf(const log::EntryId& erasure) const {
  ASSIGN(const auto stored, EntryOf(erasure));
  if (!stored || stored->entry.header.kind != log::kErase || !stored->body_here)
    return Fail(Code::kNotFound, "no erasure " + erasure.Hex(), "hint.no-erasure");
  const log::Header& header = stored->entry.header;
  ASSIGN(const auto body, Log(header.space).BodyOf(*stored));
  ASSIGN(const log::Erasure said, log::ReadErasure(header, *body));
  ErasureStanding standing{
      erasure, header.space, header.device, header.time_s, said.reason, said.decision, {}};
  ASSIGN(const auto places, erase_receipts_.Of(erasure));
  for (const EraseReceipts::Place& place : places) {
    ASSIGN(const auto receipt, Log(place.space).Arrival(place.arrival));
    if (!receipt) return Fail(Code::kCorruption, "a receipt of an erasure is not in the log");
    // Its first word counts: whoever was restored confirms again.
    standing.confirmed.try_emplace(receipt->entry.header.device, receipt->entry.header.time_s);
  }
  return standing;
}

Result<std::vector<log::EntryId>> Replica::ErasuresOf(const crdt::DocumentId& document) {
  const SpaceLog& log = LogOf(document);
  std::set<std::uint64_t> arrivals;
  const auto take = [&](const crdt::DocumentId& target) -> Result<void> {
    ASSIGN(const auto named, erasures_.On(log.space(), target));
    for (const Erasures::Named& one : named) arrivals.insert(one.arrival);
    return {};
  };
  TRY(take(document));
  ASSIGN(const auto changes, documents_.Changes(log, document));
  for (const codec::StoredEntry& change : changes) TRY(take(DocumentIdOf(change.entry.id)));
  std::vector<log::EntryId> erasures;
  for (const std::uint64_t arrival : arrivals) {
    ASSIGN(const auto stored, log.Arrival(arrival));
    if (!stored) return Fail(Code::kCorruption, "an erasure is not in the log");
    erasures.push_back(stored->entry.id);
  }
  return erasures;
}

}  // namespace geflecht::replica
