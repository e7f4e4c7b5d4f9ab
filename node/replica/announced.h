// Erasures of which a peer has said, in front of everything else, that they are in the log, and
// which are not here yet: what they name is locked (docs/formats/erasure.md, Announced). Knows
// nothing of what is locked by them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "crdt/value.h"
#include "node/governance/members.h"
#include "node/log/erase.h"
#include "node/store/staged_view.h"

namespace geflecht::replica {

// Lines of erasures that an organisation's devices may have announced, and those of devices that
// nobody here knows together.
inline constexpr std::size_t kAnnouncedLinesMax = 65'536;
inline constexpr std::size_t kUnknownLinesMax = 16'384;
// Of these, erasures that name the same entry or document: each is looked at when something of it
// comes or goes.
inline constexpr std::size_t kAnnouncedOfOneMax = 64;

// Not thread-safe. `view` must outlive it.
class Announced {
 public:
  explicit Announced(store::StagedView& view) : view_(view) {}

  struct Item {
    log::SpaceId space;
    std::uint64_t number = 0;  // of its record
    log::EntryId id;
    log::Entry entry;  // without its signature
    std::optional<log::OrgId> org;  // whose device it is or was; nothing: not known here
    bool judged = false;            // what stands in front of it counts here
    log::Erasure erasure;
    std::size_t lines() const {
      return erasure.targets.size() + erasure.documents.size() + erasure.containers.size();
    }
    bool NamesWhole(const crdt::DocumentId& document) const;
  };

  // What an earlier process has recorded. Once for each space.
  Result<void> Load(const log::SpaceId& space, const governance::Members& members);
  // Records an erase entry whose signature and body hold. Nullptr if there is no room; the item is
  // valid until the next call.
  const Item* Add(const log::Header& header, const log::Body& body, log::Erasure erasure,
                  const governance::Members& members);
  bool Has(const log::EntryId& id) const { return items_.contains(id); }
  // The entry is in the log now.
  void Remove(const log::EntryId& id);
  // Those that name the entry, and those that name the document.
  std::vector<const Item*> On(const log::EntryId& entry,
                              const std::optional<crdt::DocumentId>& document) const;
  // Items whose devices have become known since they were added, and those for which `counts` is
  // true for the first time. Looks only if `tips` of the root space are others than before.
  std::vector<log::EntryId> TakeKnown(const governance::Members& members,
                                      const std::vector<log::EntryId>& tips,
                                      const std::function<bool(const log::Entry&)>& counts);
  const Item& At(const log::EntryId& id) const { return items_.at(id); }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }

 private:
  bool HasRoomFor(const Item& item) const;
  void Index(Item item);

  store::StagedView& view_;
  std::map<log::EntryId, Item> items_;
  std::multimap<log::EntryId, log::EntryId> by_target_;
  std::multimap<log::RecordId, log::EntryId> by_document_;
  std::map<std::optional<log::OrgId>, std::size_t> lines_;
  std::map<log::SpaceId, std::uint64_t> next_number_;
  std::vector<log::EntryId> looked_at_;  // tips
};

}  // namespace geflecht::replica
