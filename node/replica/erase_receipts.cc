#include "node/replica/erase_receipts.h"

#include "node/replica/records.h"

namespace geflecht::replica {

Result<void> EraseReceipts::Load(const log::SpaceId& space) {
  ASSIGN(const auto arrivals, OrdersFrom(view_, UnconfirmedKey(space, 0)));
  if (!arrivals.empty()) noted_[space].insert(arrivals.begin(), arrivals.end());
  return {};
}

void EraseReceipts::Note(const log::SpaceId& space, std::uint64_t arrival) {
  noted_[space].insert(arrival);
  view_.Put(UnconfirmedKey(space, arrival), {});
}

void EraseReceipts::Move(Arrivals& from, Arrivals& to) {
  for (const auto& [space, arrivals] : from) to[space].insert(arrivals.begin(), arrivals.end());
  from.clear();
}

void EraseReceipts::PassBegins() { Move(noted_, passing_); }
void EraseReceipts::PassEnded() { Move(passing_, ready_); }
void EraseReceipts::NoPassNeeded() { Move(noted_, ready_); }

void EraseReceipts::Written(const log::SpaceId& space, const std::vector<std::uint64_t>& arrivals) {
  const auto it = ready_.find(space);
  for (const std::uint64_t arrival : arrivals) {
    it->second.erase(arrival);
    view_.Delete(UnconfirmedKey(space, arrival));
  }
  if (it->second.empty()) ready_.erase(it);
}

void EraseReceipts::NoteConfirmed(const log::EntryId& erasure, const Place& receipt) {
  view_.Put(ConfirmedKey(erasure, receipt.arrival),
            Bytes(receipt.space.bytes.begin(), receipt.space.bytes.end()));
}

Result<std::vector<EraseReceipts::Place>> EraseReceipts::Of(const log::EntryId& erasure) const {
  const store::Key first = ConfirmedKey(erasure, 0);
  std::vector<Place> places;
  bool damaged = false;
  TRY(view_.Scan(first.table, first.group, 0, [&](const store::Record& record) {
    const auto space = log::SpaceId::From(record.value);
    damaged = !space;
    if (space) places.push_back({*space, record.order});
    return !damaged;
  }));
  if (damaged) return Fail(Code::kCorruption, "where a receipt of an erasure stands");
  return places;
}

}  // namespace geflecht::replica
