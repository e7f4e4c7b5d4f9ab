// Which erasures this device has yet to confirm, and who has confirmed which
// (docs/formats/erasure.md, Receipts). Knows nothing of who may.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "node/log/body.h"
#include "node/store/staged_view.h"

namespace geflecht::replica {

// Not thread-safe. `view` must outlive it.
class EraseReceipts {
 public:
  using Arrivals = std::map<log::SpaceId, std::set<std::uint64_t>>;  // of erase entries
  // Where a receipt stands.
  struct Place {
    log::SpaceId space;
    std::uint64_t arrival = 0;
  };

  explicit EraseReceipts(store::StagedView& view) : view_(view) {}

  // What an earlier process has not confirmed counts as noted again. Once for each space.
  Result<void> Load(const log::SpaceId& space);
  // The erasure is carried out in the open batch.
  void Note(const log::SpaceId& space, std::uint64_t arrival);
  // What has been noted is expunged by the pass that begins now, by the one that has ended, or
  // needs none.
  void PassBegins();
  void PassEnded();
  void NoPassNeeded();
  // What may be confirmed. The caller writes the receipt and calls Written.
  const Arrivals& ready() const { return ready_; }
  void Written(const log::SpaceId& space, const std::vector<std::uint64_t>& arrivals);

  // The receipt in `space` with this arrival number confirms an erasure.
  void NoteConfirmed(const log::EntryId& erasure, const Place& receipt);
  // Ascending by arrival number.
  Result<std::vector<Place>> Of(const log::EntryId& erasure) const;

 private:
  static void Move(Arrivals& from, Arrivals& to);

  store::StagedView& view_;
  Arrivals noted_, passing_, ready_;
};

}  // namespace geflecht::replica
