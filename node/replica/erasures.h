// Which fields the erasures of a space name, and bodies whose leaves no erasure explains yet
// (docs/formats/erasure.md). Who may erase what is judged by Replica.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crdt/value.h"
#include "node/log/body.h"
#include "node/log/erase.h"
#include "node/store/staged_view.h"

namespace geflecht::replica {

inline constexpr std::size_t kAsideBytesMax = 4 * 1024 * 1024;

// Keys of a document's root map by the erasures that count and name them.
using ErasedContainers = std::map<crdt::ErasureId, std::set<std::string>>;
// Of an entry.
struct ErasedFields {
  std::set<std::uint32_t> fields;
  bool known = true;  // else more may follow when other changes are here
};
// Fields of the changes that are here under a key of the root map, and what else lies in them.
struct ContentOfKey {
  std::vector<log::EraseTarget> targets;
  std::set<std::string> beside;
};

// Not thread-safe. `view` must outlive it.
class Erasures {
 public:
  explicit Erasures(store::StagedView& view) : view_(view) {}

  enum class What : std::uint8_t {
    kFields,      // of an entry
    kDocument,    // as a whole
    kContainers,  // of a document
    kDecision,    // nothing of it: it asks for the erasure
  };
  struct Named {
    std::uint64_t arrival = 0;  // of the erase entry
    What what = What::kDocument;
    std::vector<std::uint32_t> fields = {};
    std::vector<std::string> keys = {};
  };
  // Records what an erase entry says of a document, or of the entry that `target` would be begun
  // by. Neither needs to be here.
  Result<void> Note(const log::SpaceId& space, const crdt::DocumentId& target, Named named);
  // What has been noted about a document and the entry that begins it, in the order in which it
  // came.
  Result<std::vector<Named>> On(const log::SpaceId& space, const crdt::DocumentId& target) const;

  // Keeps a body in memory until the erasure that explains its leaves is here. Bounded: the oldest
  // goes first, and is asked for again when frontiers are compared.
  void KeepAside(const log::EntryId& entry, log::Body body);
  std::optional<log::Body> TakeAside(const log::EntryId& entry);
  std::vector<log::EntryId> Aside() const;  // ascending

  // An erasure of the root space counts: it could not be judged before.
  void NoteCounted(const log::EntryId& erasure) { counted_.push_back(erasure); }
  std::vector<log::EntryId> TakeCounted() { return std::exchange(counted_, {}); }

 private:
  struct Kept {
    std::uint64_t number = 0;
    log::Body body;
    std::size_t bytes = 0;
  };
  void Drop(const log::EntryId& entry);

  store::StagedView& view_;
  std::map<log::EntryId, Kept> aside_;
  std::map<std::uint64_t, log::EntryId> aside_order_;
  std::uint64_t next_ = 0;
  std::size_t aside_bytes_ = 0;
  std::vector<log::EntryId> counted_;
};

}  // namespace geflecht::replica
