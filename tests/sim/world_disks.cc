// Disks that lose their past: put back to a backup, rotten and filled again by others, copied.
#include <algorithm>
#include <utility>

#include "tests/sim/world.h"

namespace geflecht::sim {
namespace {

std::unique_ptr<replica::Replica> ReplicaOn(const Site& site, const log::Founding& founding,
                                            Random& random) {
  auto replica = replica::Replica::Load(founding, {&site.device_key(), site.life()},
                                        site.disk().synced(), random);
  Require(replica.has_value(), "a disk cannot be read");
  return *std::move(replica);
}

bool HasDrafts(const Site& site, const log::Founding& founding) {
  SeededRandom random(0);
  return ReplicaOn(site, founding, random)->NextCutMs().has_value();
}

bool HasAll(const Site& site, const log::SpaceId& space, const log::Frontier& frontier) {
  const replica::Replica* replica = site.up() ? site.node().replica() : nullptr;
  if (replica == nullptr || !site.disk().idle()) return false;
  const replica::SpaceLog& log = replica->Log(space);
  return log.missing_bodies() == 0 &&
         std::all_of(frontier.begin(), frontier.end(), [&](const auto& item) {
           const auto stored = log.EntryOf(item.second.head);
           return stored.has_value() && stored->has_value();
         });
}

}  // namespace

bool World::IsHeldElsewhere(const Site& site) {
  SeededRandom random(0);
  const auto replica = ReplicaOn(site, founding_, random);
  if (replica->NextCutMs()) return false;  // edits that nobody else has
  const log::SpaceId root = replica->members().root_space();
  const log::SpaceId documents = replica->members().network_space();
  return std::any_of(sites_.begin(), sites_.end(), [&](const auto& other) {
    return other.get() != &site && !other->hostile() && other->twin() == nullptr &&
           HasAll(*other, root, replica->Log(root).Frontier()) &&
           HasAll(*other, documents, replica->Log(documents).Frontier());
  });
}

bool World::MayLoseItsPast(std::size_t site) {
  const Site& one = *sites_[site];
  return one.up() && one.twin() == nullptr && one.node().replica() != nullptr &&
         one.disk().idle() && IsHeldElsewhere(one);
}

void World::RestoreBackup(std::size_t site) {
  if (!MayLoseItsPast(site)) return;
  trace_.counts.Hit(Mark::kBackupRestored);
  sites_[site]->LosePower(/*keep_some=*/false, /*unnoticed=*/false);
  SimDisk& disk = sites_[site]->disk();
  const std::vector<store::Batch> history = disk.history();
  // Not in front of the founding, which is in the first batch. Open edits that were cut later would
  // be there twice.
  std::size_t age = 1 + static_cast<std::size_t>(Within(disk.age()));
  do {
    disk.Become({history.begin(), history.begin() + static_cast<std::ptrdiff_t>(age)});
  } while (HasDrafts(*sites_[site], founding_) && ++age <= history.size());
  checkers_.DiskReplaced(*sites_[site]);
  queue_.After(Within(3'000), [this, site] {
    if (!sites_[site]->up()) Start(site);
  });
}

void World::RotRecord(std::size_t site) {
  if (sites_[site]->twin() != nullptr) return;
  trace_.counts.Hit(Mark::kRot);
  sites_[site]->disk().Rot();
}

void World::RepairIfRotten(std::size_t site) {
  if (!sites_[site]->ended_by_rot() || sites_[site]->up()) return;
  SimDisk& disk = sites_[site]->disk();
  disk.Mend();
  // Emptied only if nothing is lost with it; otherwise the record could be read once more.
  if (IsHeldElsewhere(*sites_[site])) {
    trace_.counts.Hit(Mark::kRefetched);
    disk.Become({});
    checkers_.DiskReplaced(*sites_[site]);
  }
  Start(site);
}

void World::CopyMachine() {
  Site& copy = *sites_[honest_ - 1];
  Site& original = *sites_.front();
  if (!original.up() || copy.up() || copy.disk().age() != 0 || original.disk().age() == 0) return;
  if (HasDrafts(original, founding_)) return;  // both would cut them
  trace_.counts.Hit(Mark::kDiskCopied);
  copy.disk().CopyOf(original.disk(), /*with_anchor=*/Within(2) == 0);
  Start(copy.number());
}

// The copy and the original are not reachable at the same time by those who know them by one key.
// What the copy wrote reaches the others, then it is switched off for good.
void World::RetireCopy() {
  Site& copy = *sites_[honest_ - 1];
  Site& original = *sites_.front();
  if (copy.disk().age() == 0) return;
  if (original.up()) original.LosePower(/*keep_some=*/false, /*unnoticed=*/false);
  if (!copy.up()) Start(copy.number());
  AwaitConvergence(&original);
  copy.LosePower(/*keep_some=*/false, /*unnoticed=*/false);
  Start(original.number());
}

}  // namespace geflecht::sim
