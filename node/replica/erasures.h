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
// Of these, bodies of one document: all are looked at again when something of it comes.
inline constexpr std::size_t kAsideOfOneMax = 64;
// What erasures of one organisation's devices may name that nobody can judge yet.
inline constexpr std::size_t kUnjudgedLinesMax = 65'536;
inline constexpr std::size_t kUnjudgedBytesMax = 16 * 1024 * 1024;
// Erasures that are noted of one entry or document although they take nothing that others leave.
inline constexpr std::size_t kNotedOfOneMax = 64;

// Keys of a document's root map by the erasures that count and name them.
using ErasedContainers = std::map<crdt::ErasureId, std::set<std::string>>;
// Of a document: what erasures that count have said of it.
struct ErasedDocument {
  bool whole = false;
  ErasedContainers containers = {};
};
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
    crdt::ErasureId named_as = {};  // of kContainers: what changes name that know it
    log::OrgId signer = {};         // of an unjudged one: whose device has signed it
  };
  // What is unjudged, as it is counted.
  struct Room {
    std::uint64_t lines = 0, bytes = 0;
    Room& operator+=(const Room& other) {
      lines += other.lines;
      bytes += other.bytes;
      return *this;
    }
  };
  static constexpr std::size_t kLineBytesMax = 192;  // of an unjudged one without fields
  static Room RoomOf(const Named& named);
  // Records that an erasure which counts names a document, or the entry that `target` would be
  // begun by. Of those that add nothing, at most kNotedOfOneMax. Costs the same however often the
  // target was named, but for what was noted of it.
  Result<void> Note(const log::SpaceId& space, const crdt::DocumentId& target, Named named);
  // What has been noted about a document and the entry that begins it, in the order in which it
  // came.
  Result<std::vector<Named>> On(const log::SpaceId& space, const crdt::DocumentId& target) const;
  // The same in sum, of a document.
  Result<ErasedDocument> OnDocument(const log::SpaceId& space,
                                    const crdt::DocumentId& document) const;
  // Whether so much more may be unjudged that devices of `signer` have signed.
  Result<bool> HasRoomFor(const log::OrgId& signer, const Room& more) const;
  // Nobody can say yet whether the erasure counts for the target. Such are not On it.
  Result<void> NoteUnjudged(const log::SpaceId& space, const crdt::DocumentId& target,
                            const Named& named);
  Result<bool> HasUnjudged(const log::SpaceId& space, const crdt::DocumentId& target) const;
  Result<std::vector<Named>> Unjudged(const log::SpaceId& space,
                                      const crdt::DocumentId& target) const;
  // Only these are left of them.
  Result<void> SetUnjudged(const log::SpaceId& space, const crdt::DocumentId& target,
                           const std::vector<Named>& left);

  // Keeps a body in memory until the erasure that explains its leaves is here. Bounded: the oldest
  // goes first, and is asked for again when frontiers are compared. `document`: of a change.
  void KeepAside(const log::EntryId& entry, const std::optional<crdt::DocumentId>& document,
                 log::Body body);
  // Puts fields that are kept aside into the place of the body's leaves: of two who give a body
  // each may have left out another part.
  void Complete(const log::EntryId& entry, log::Body& body) const;
  std::optional<log::Body> TakeAside(const log::EntryId& entry);
  std::vector<log::EntryId> AsideOf(const crdt::DocumentId& document) const;  // ascending
  std::size_t aside_bytes() const { return aside_bytes_; }

  // An erasure of the root space counts: it could not be judged before.
  void NoteCounted(const log::EntryId& erasure) { counted_.push_back(erasure); }
  std::vector<log::EntryId> TakeCounted() { return std::exchange(counted_, {}); }

 private:
  struct Kept {
    std::uint64_t number = 0;
    std::optional<crdt::DocumentId> document;
    log::Body body;
    std::size_t bytes = 0;
  };
  void Drop(const log::EntryId& entry);
  Result<Room> UnjudgedBy(const log::OrgId& signer) const;
  void PutUnjudgedBy(const log::OrgId& signer, const Room& room);

  store::StagedView& view_;
  std::map<log::EntryId, Kept> aside_;
  std::map<std::uint64_t, log::EntryId> aside_order_;
  std::map<crdt::DocumentId, std::set<log::EntryId>> aside_of_;
  std::uint64_t next_ = 0;
  std::size_t aside_bytes_ = 0;
  std::vector<log::EntryId> counted_;
};

}  // namespace geflecht::replica
