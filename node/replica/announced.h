// Erasures of which a peer has said, in front of everything else, that they are in the log, and
// which are not here yet: what they name is locked (docs/formats/erasure.md, Announced). Knows
// nothing of what is locked by them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "crdt/value.h"
#include "node/governance/members.h"
#include "node/log/erase.h"
#include "node/store/staged_view.h"

namespace geflecht::replica {

// What erasures that an organisation's devices have announced may take, in the store and in memory,
// and what those of devices that nobody here knows may that one organisation's devices have sent.
inline constexpr std::size_t kAnnouncedBytesMax = 32 * 1024 * 1024;
inline constexpr std::size_t kUnknownBytesMax = 4 * 1024 * 1024;
// What an erasure and each of its lines count for beside their record: nodes of maps.
inline constexpr std::size_t kAnnouncedItemBytes = 1024, kAnnouncedLineBytes = 256;
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
    std::optional<log::OrgId> org;   // whose device it is or was; nothing: not known here
    std::optional<log::OrgId> from;  // whose device has sent it; nothing: of nobody
    bool judged = false;             // what stands in front of it counts here
    log::Erasure erasure;
    std::size_t bytes = 0;  // as it is counted
    std::size_t lines() const {
      return erasure.targets.size() + erasure.documents.size() + erasure.containers.size();
    }
    bool NamesWhole(const crdt::DocumentId& document) const;
    std::vector<std::string> KeysOf(const crdt::DocumentId& document) const;  // that it names
    bool Names(const crdt::DocumentId& document) const;                       // all or a part of it
    // Those of which it names all or a part, ascending.
    std::vector<crdt::DocumentId> Documents() const;
  };

  // What an earlier process has recorded. Once for each space.
  Result<void> Load(const log::SpaceId& space, const governance::Members& members);
  // An erase entry, of which nothing but its spelling is checked yet. `from` has sent it.
  static Item Make(const log::Header& header, std::string_view text, const log::Body& body,
                   log::Erasure erasure, const log::DeviceId& from,
                   const governance::Members& members);
  bool HasRoomFor(const Item& item) const;
  // Records one whose signature and body hold and for which there is room. The item is valid until
  // the next call.
  const Item& Add(Item item, std::string_view text, const log::Body& body);
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
  std::size_t bytes() const;  // as they are counted

 private:
  // Who answers for an item's room: the organisation that has signed it, or the one that has sent
  // what nobody here can tell the signer of.
  struct Payer {
    bool signer = false;
    std::optional<log::OrgId> org;
    auto operator<=>(const Payer&) const = default;
  };
  static Payer PayerOf(const Item& item);
  void Index(Item item);

  store::StagedView& view_;
  std::map<log::EntryId, Item> items_;
  std::multimap<log::EntryId, log::EntryId> by_target_;
  std::multimap<crdt::DocumentId, log::EntryId> by_document_;
  std::map<Payer, std::size_t> bytes_;
  std::map<log::SpaceId, std::uint64_t> next_number_;
  std::vector<log::EntryId> looked_at_;  // tips
};

}  // namespace geflecht::replica
